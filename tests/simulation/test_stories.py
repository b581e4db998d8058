"""Stories from seeds. A broken promise names its seed; `make seeds` plays more of them."""

from __future__ import annotations

import os

import pytest

from simulation.seeds import play_range

SEEDS = int(os.environ.get("ZOOM_SYNC_TEST_SEEDS", "50"))
STEP = 50


@pytest.mark.parametrize("first", range(0, SEEDS, STEP))
def test_promises_hold_whatever_fails_dies_or_meddles(first: int):
    broken, _, _ = play_range(first, min(STEP, SEEDS - first))

    assert not broken, "\n".join(broken)


# Its reports are asked for two days late, and the token is refused just then.
def test_a_report_that_could_not_be_had_at_first_is_had_soon():
    broken, _, _ = play_range(910054, 1)

    assert not broken, "\n".join(broken)
