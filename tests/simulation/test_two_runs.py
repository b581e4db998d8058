"""Two runs of the same plan at the same time, in many orders of their steps."""

from __future__ import annotations

import pytest

from simulation.scheduler import Crash
from simulation.world import SETTLE, World
from zoom_sync.adapters.zoom.limits import ZoomPlan


@pytest.mark.parametrize("seed", range(40))
def test_two_runs_at_once_create_each_meeting_once(seed: int):
    world = World(seed)
    for _ in range(3):
        world.add_session()
    world.save()

    world.run([world.sync, world.sync], crash=0.0)

    calls = [entry["operation"] for entry in world.control("journal", method="GET")["requests"]]
    assert calls.count("meetingCreate") == 3
    assert calls.count("meetingDelete") == 0
    world.heal()
    world.check()


@pytest.mark.parametrize("seed", range(40))
def test_two_runs_at_once_take_up_a_creation_that_died_and_make_it_once(seed: int):
    world = World(seed)
    world.add_session()
    world.save()
    world.boundaries.dies_at = "POST /users/*/meetings before"
    world.run([world.sync], crash=0.0)
    assert isinstance(world.ended[0], Crash)
    world.clock.advance(SETTLE.total_seconds())

    world.run([world.sync, world.sync], crash=0.0)

    calls = [entry["operation"] for entry in world.control("journal", method="GET")["requests"]]
    assert calls.count("meetingCreate") == 1
    assert calls.count("meetingDelete") == 0
    world.heal()
    world.check()


@pytest.mark.parametrize("plan", list(ZoomPlan))
def test_two_runs_at_once_stay_under_the_account_s_limits(plan: ZoomPlan):
    world = World(1, plan)
    for _ in range(40):
        world.add_session()
    world.save()

    # Not slow between reserving a place and sending: that is what an answer of 429 is obeyed for.
    world.run([world.sync, world.sync], crash=0.0, slow=0.0)

    statuses = [entry["status"] for entry in world.control("journal", method="GET")["requests"]]
    assert len(statuses) > 40
    assert 429 not in statuses
