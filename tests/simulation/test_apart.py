"""Clocks apart and late requests, from seeds. A broken promise names its seed; `make seeds` plays more of them."""

from __future__ import annotations

import os

import pytest

from simulation.seeds import play_range

SEEDS = int(os.environ.get("ZOOM_SYNC_TEST_SEEDS", "50"))
STEP = 50


@pytest.mark.parametrize("first", range(0, SEEDS, STEP))
def test_nothing_is_doubled_or_forgotten_whatever_the_clocks_say_and_whenever_requests_arrive(first: int):
    broken, _, _ = play_range(first, min(STEP, SEEDS - first), "apart")

    assert not broken, "\n".join(broken)


# An edit that is put back while Zoom's clock is hours ahead, and made again once that is set right; a session that is
# moved beside a creation in doubt, of which its host holds one meeting, not two.
@pytest.mark.parametrize("seed", [269, 447])
def test_a_clock_that_is_set_back_and_a_creation_in_doubt_mislead_nobody(seed: int):
    broken, _, _ = play_range(seed, 1, "apart")

    assert not broken, "\n".join(broken)
