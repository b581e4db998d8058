"""A run that dies at any single boundary, of each kind of change, leaves nothing that the next runs do not put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from simulation.world import EVERYTHING, START, World
from zoom_sync.adapters.store.links import Links
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting


def nothing_yet(world: World) -> None:
    """Two sessions without a meeting."""


def edited(world: World) -> None:
    """A session was renamed since its meeting was made, another one left the programme."""
    world.sync()
    world.sessions["s1"] = replace(world.sessions["s1"], title="Another title")
    del world.sessions["s2"]


def gone_from_zoom(world: World) -> None:
    """Somebody deleted a meeting on Zoom; a new one is allowed."""
    world.sync()
    world.control(f"meetings/{_meeting_of(world, 's1')}", method="DELETE")
    world.released.add("s1")


def another_host(world: World) -> None:
    """The programme names another host: only a new meeting can do that."""
    world.sync()
    holder = Links(world.database).known("event", "").links["s1"].host_id
    users = world.control("state", method="GET")["users"]
    other = next(user["id"] for user in users if user["id"] != holder and user["type"] == 2)
    world.sessions["s1"] = replace(world.sessions["s1"], host=other)
    world.released.add("s1")


def passcode_changed(world: World) -> None:
    """Somebody changed the passcode that was announced."""
    world.sync()
    world.control(f"meetings/{_meeting_of(world, 's1')}", {"password": "handmade"}, "PATCH")


def made_by_hand(world: World) -> None:
    """The programme names a meeting that somebody made by hand: it is adopted."""
    host = next(user["id"] for user in world.control("state", method="GET")["users"] if user["type"] == 2)
    session = world.sessions["s1"]
    start = session.start.strftime("%Y-%m-%dT%H:%M:%SZ")
    made = world.control("meetings", {"host": host, "topic": "By hand", "start_time": start, "duration": 60})
    world.sessions["s1"] = replace(session, known=KnownMeeting(str(made["id"])))
    world.adopted.add(str(made["id"]))


def other_presenters(world: World) -> None:
    """A webinar with panelists, one of them added by hand; since then other people present."""
    start = f"{START:%Y-%m-%dT%H:%M:%SZ}"
    world.control("reset", {"seed": 1, "hosts": 3, "start": start, "ticking": False, "webinars": True})
    _present(world, range(2))
    world.save()
    world.sync()
    webinar = world.simulator.world.meetings[int(_meeting_of(world, "s1"))]
    webinar.panelists.append({"id": "by-hand", "email": "hand@example.org", "name": "Hand", "join_url": "x"})
    world.panelists_by_hand["s1"] = {"hand@example.org"}
    _present(world, range(1, 33))


def _present(world: World, numbers: range) -> None:
    items = tuple(AgendaItem(f"P {n}", "Park", emails=(f"p{n}@example.org",)) for n in numbers)
    world.sessions["s1"] = replace(world.sessions["s1"], kind=Kind.WEBINAR, items=items)


def _meeting_of(world: World, key: str) -> str:
    return Links(world.database).known("event", "").links[key].meeting_id


def _world(prepare: Callable[[World], None]) -> World:
    world = World(seed=1)
    world.add_session()
    world.add_session()
    world.save()
    prepare(world)
    world.save()
    return world


def _boundaries_of(prepare: Callable[[World], None]) -> int:
    world = _world(prepare)
    before = sum(world.boundaries.passed.values())
    world.run([lambda: world.sync(EVERYTHING)], crash=0.0)
    return sum(world.boundaries.passed.values()) - before


SITUATIONS = [nothing_yet, edited, gone_from_zoom, another_host, passcode_changed, made_by_hand, other_presenters]


@pytest.mark.parametrize("prepare", SITUATIONS, ids=lambda prepare: prepare.__name__)
def test_a_run_that_dies_at_any_boundary_is_put_right_by_the_next(prepare: Callable[[World], None]):
    count = _boundaries_of(prepare)
    assert count > 20

    for boundary in range(1, count + 1):
        world = _world(prepare)
        world.boundaries.countdown = boundary
        world.run([lambda world=world: world.sync(EVERYTHING)], crash=0.0)
        assert sum(world.boundaries.crashed.values()) == 1, boundary

        world.heal()
        world.check()
        world.check_cost()


def test_a_process_that_stalls_longer_than_a_creation_is_in_doubt_removes_its_own_second_meeting():
    """It wakes up after another run has created the meeting, creates it too, and sees that it lost."""
    world = World(seed=3)
    world.add_session()
    world.save()
    planning, applying, _ = world.process()
    stalled = world.stalling_writer(applying)

    world.run([lambda: world.sync_with(planning, stalled)], crash=0.0)

    world.heal()
    world.check()
