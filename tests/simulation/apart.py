"""Stories of clocks that differ and of requests that arrive late: nothing is doubled, and nothing forgotten.

The time in Zoom's answers is seconds to hours ahead of or behind what it dates meetings by, and jumps between runs.
Creations are carried out and their answers lost, or are cut off and reach Zoom after any delay.
"""

from __future__ import annotations

from datetime import timedelta

from simulation.world import EVERYTHING, LATE_LIST, World
from zoom_sync.domain.plan import Policy

SKEWS = (0.0, 0.0, 2.0, 5.0, 75.0, 330.0, 3600.0, 7200.0, 18_000.0)
DELAYS = (1.0, 20.0, 31.0, 45.0, 61.0, 90.0, 125.0, 600.0, 3000.0)


def play_apart(seed: int) -> World:
    """One story from a seed. Once every request has arrived, each session has one meeting, and we made no other.

    What it raises names the seed, and the seed alone makes the same story again.
    """
    world = World(seed)
    try:
        for _ in range(world.rng.randrange(1, 5)):
            world.add_session()
        world.save()
        for _ in range(world.rng.randrange(1, 4)):
            _step(world)
        _let_everything_arrive(world)
        world.heal()
        world.check()
        world.check_cost()
    except BaseException as error:
        error.add_note(f"seed {seed}; play it again: python tests/simulation/seeds.py --apart --first {seed} --count 1")
        raise
    return world


def _step(world: World) -> None:
    rng = world.rng
    for change in rng.sample([world.add_session, world.edit_session, world.remove_session], 1):
        if rng.random() < 0.4:
            change()
    world.save()
    _set_clock(world)
    _lose_creations(world)
    policy = rng.choice([Policy(), Policy(), EVERYTHING])
    crash = rng.choice([0.0, 0.0, 0.02, 0.08])
    works = [lambda: world.sync(policy)] * rng.choice([1, 1, 2, 3])
    if rng.random() < 0.4:
        works.append(lambda: _let_clock_jump(world))
    world.run(works, crash)
    world.clear_faults()
    if rng.random() < 0.3:
        world.meddle()
    _set_clock(world)
    world.clock.advance(rng.choice([1, 5, 32, 70, 700, 3600]))


def _set_clock(world: World) -> None:
    if world.rng.random() < 0.7:
        ahead = world.rng.choice(SKEWS) * world.rng.choice([1, -1])
        world.clock.skew = timedelta(seconds=ahead)


def _let_clock_jump(world: World) -> None:
    """While runs go on."""
    for _ in range(world.rng.randrange(1, 4)):
        world.clock.sleep(world.rng.choice([0.2, 1.0, 10.0, 31.0]))
        _set_clock(world)


def _lose_creations(world: World) -> None:
    rng = world.rng
    about = {"operation": "meetingCreate", "times": None, "probability": rng.choice([0.2, 0.4, 0.7])}
    if rng.random() < 0.7:
        world.control("faults", {"kind": rng.choice(["drop_after", "garbage_after", "drop_before"]), **about})
    for _ in range(rng.randrange(0, 4)):
        late = {"kind": "deliver_late", "seconds": rng.choice(DELAYS), "times": 1}
        world.control("faults", {**about, **late, "after": rng.randrange(0, 3)})
    if rng.random() < 0.3:
        world.control("faults", {"kind": "late_list", "seconds": LATE_LIST, "times": None})


def _let_everything_arrive(world: World) -> None:
    under_way = world.simulator.world.under_way
    if under_way:
        world.clock.advance(max(0.0, under_way[-1][0] - world.clock.time.timestamp()) + 1)
    world.control("clock", method="GET")
