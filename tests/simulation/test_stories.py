"""Stories from seeds. A broken promise names its seed; `make seeds` plays more of them."""

from __future__ import annotations

import os

import pytest

from simulation.seeds import play_range

SEEDS = int(os.environ.get("ZOOM_SYNC_TEST_SEEDS", "200"))
STEP = 50


@pytest.mark.parametrize("first", range(0, SEEDS, STEP))
def test_promises_hold_whatever_fails_dies_or_meddles(first: int):
    broken, _, _ = play_range(first, min(STEP, SEEDS - first))

    assert not broken, "\n".join(broken)
