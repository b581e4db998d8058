"""Stories in which others act, too: staff, the account's rules, hosts who leave, other programs.

A story has two phases (TigerBeetle's way): first everything happens, drawn from a random subset of the actors with
random weights, beside edits, faults and crashes; then faults stop, one actor stays hostile for ever, and everything
else must fall silent.
"""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simulation.actors import ACTORS, Actor
from simulation.invariants import (
    CAPACITY,
    EFFECTS,
    FORGOTTEN,
    GOES_ON,
    IN_STEP,
    INVARIANTS,
    PUBLISHED,
    ROOMS,
    SHORT_LISTS,
    SILENCE,
    Broken,
    check_in_step,
    check_nothing_forgotten,
    check_run,
    check_silence,
    overloads,
    snapshot,
)
from simulation.marks import counted
from simulation.scene import OTHER_EVENT, Scene
from simulation.scheduler import START
from simulation.world import EVENT, EVERYTHING, LATE_LIST, SETTLE, World
from zoom_sync.adapters.zoom.limits import ZoomPlan
from zoom_sync.domain.meeting import TIME_FIELDS
from zoom_sync.domain.plan import Action, HeldBack, Plan, Policy
from zoom_sync.errors import ZoomSyncError
from zoom_sync.service_layer.apply import carry_out, start_run
from zoom_sync.service_layer.sync import plan_event

# How long after the last look we look again once the world stands still, in seconds; and where somebody stays hostile,
# for more than a day, so that what is repaired ever more rarely is repaired for the last time.
_SOON = SETTLE.total_seconds() + LATE_LIST
STILL = (_SOON,) * 4
HOSTILE = (*STILL, 3700.0, 3700.0, 14_500.0, _SOON, 3700.0, 50_000.0, _SOON, 3700.0)
SUFFICE = 2
_DAY = 86_400


def play_inhabited(seed: int, actors: Iterable[str] = tuple(ACTORS), invariants: Iterable[str] = INVARIANTS) -> Scene:
    """One story from a seed with these actors; raises Broken where one of these invariants does not hold."""
    scene = _begin(seed)
    names = frozenset(invariants)
    cast = _cast(scene.rng, [ACTORS[name] for name in actors])
    try:
        for _ in range(scene.rng.randrange(2, 5)):
            _step(scene, cast, names)
        _stand_still(scene, names)
    except BaseException as error:
        error.add_note(f"seed {seed}, hostile at the end: {scene.hostile or 'nobody'}, played: {dict(scene.played)}")
        raise
    return scene


def _begin(seed: int) -> Scene:
    world = World(seed, ZoomPlan.BUSINESS)
    rng = random.Random(f"{seed}:actors")
    start = f"{START:%Y-%m-%dT%H:%M:%SZ}"
    webinars = rng.random() < 0.5
    world.control("reset", {"seed": seed, "hosts": 3, "start": start, "ticking": False, "webinars": webinars})
    scene = Scene(world, rng)
    for _ in range(rng.randrange(2, 5)):
        scene.add_session()
    world.save()
    return scene


def _cast(rng: random.Random, actors: list[Actor]) -> list[tuple[Actor, int]]:
    """A random part of the actors, never none of them, each with a weight; how many stay away is drawn first."""
    share = rng.random()
    chosen = [actor for actor in actors if rng.random() >= share] or [rng.choice(actors)] if actors else []
    return [(actor, rng.randrange(1, 101)) for actor in chosen]


def _step(scene: Scene, cast: list[tuple[Actor, int]], names: frozenset[str]) -> None:
    world, rng = scene.world, scene.rng
    for change in (scene.add_session, world.edit_session, world.remove_session):
        if rng.random() < 0.35:
            change()
    world.save()
    if rng.random() < 0.4:
        world.make_faults()
    policy = rng.choice([Policy(), Policy(), EVERYTHING])
    crash = rng.choice([0.0, 0.0, 0.02, 0.08])
    works = [lambda: _sync(scene, policy)] * rng.choice([1, 1, 2])
    if scene.other_sessions:
        works.append(lambda: _sync(scene, policy, event=OTHER_EVENT))
    _watched(scene, lambda: world.run(works, crash), names)
    world.clear_faults()
    for _ in range(rng.randrange(0, 3)):
        _act(scene, cast)
    scene.rewrite()
    world.clock.advance(rng.choice([5, 70, 3600]))


def _act(scene: Scene, cast: list[tuple[Actor, int]]) -> None:
    if not cast or not scene.hosts():
        return
    actor = scene.rng.choices([actor for actor, _ in cast], [weight for _, weight in cast])[0]
    before = scene.fingerprint()
    # Only what has changed the world counts: an actor that says so and does nothing is noticed as one never played.
    if actor.act(scene, actor.name) and scene.fingerprint() != before:
        scene.played[actor.name] += 1
        scene.world.save()


def _sync(scene: Scene, policy: Policy, *, deep: bool = False, event: str = "event") -> Plan:
    planning, applying, _ = scene.world.process()
    planned = plan_event(planning, event, policy, deep=deep)
    if event == EVENT:
        scene.world.release(planned.plan, policy)
    run = start_run(applying, planned.plan)
    carry_out(applying, run, lambda _progress: None, lambda _until, _items: None)
    return planned.plan


def _watched(scene: Scene, work: Callable[[], Any], names: frozenset[str]) -> None:
    """A run of ours, held against what was there before."""
    before, loads = snapshot(scene), overloads(scene)
    try:
        work()
    except Broken:
        raise
    except AssertionError as error:
        if PUBLISHED in names and not scene.links_moved:
            raise Broken(PUBLISHED, str(error)) from error
    except Exception as error:
        if GOES_ON in names:
            raise Broken(GOES_ON, f"not foreseen: {error!r}") from error
    check_run(scene, before, loads, names & {CAPACITY, EFFECTS, ROOMS})


def _stand_still(scene: Scene, names: frozenset[str]) -> None:
    """Faults stop; of the actors one goes on for ever. Then it must become quiet."""
    world = scene.world
    world.clear_faults()
    standing = sorted(name for name in scene.played if ACTORS[name].standing)
    scene.hostile = scene.rng.choice(["", *standing])
    scene.make_twists_end()
    if scene.hostile != "second_program":
        scene.rewrites.clear()
    # The organiser's last changes, in the world as it will stay.
    scene.add_session()
    world.edit_session()
    world.save()
    # To the next day: what yesterday's writes left over for a host says nothing of today.
    world.clock.advance(_DAY - world.clock.now().timestamp() % _DAY + 1)
    scene.listen()
    for number, pause in enumerate(HOSTILE if scene.hostile else STILL):
        scene.look = number
        world.clock.advance(pause)
        _watched(scene, lambda: _one_sync(scene, names), names)
        scene.rewrite()
    if IN_STEP in names:
        check_in_step(scene)
    if FORGOTTEN in names:
        check_nothing_forgotten(scene)
    if SILENCE in names:
        check_silence(scene, SUFFICE)


def _one_sync(scene: Scene, names: frozenset[str]) -> None:
    """The store's events, each planned in full and applied."""
    scene.waiting.clear()
    scene.held.clear()
    for event in scene.events():
        try:
            plan = _sync(scene, EVERYTHING, deep=True, event=event)
        except ZoomSyncError as error:
            if GOES_ON in names:
                raise Broken(GOES_ON, f"the whole event stops: {type(error).__name__}: {error}") from error
            continue
        scene.waiting |= {held.change.key for held in plan.held_back if _waits(scene, held)}
        scene.held |= {held.change.key for held in plan.held_back if held.asks}


def _waits(scene: Scene, held: HeldBack) -> bool:
    """For want of a host's time; or, where lists stay short for ever, because nobody can tell what time there is."""
    if held.change.action is Action.CREATE or (held.needs or "").startswith("--allow-overload"):
        return True
    times = bool(held.change.fields) and all(one.name in TIME_FIELDS for one in held.change.fields)
    return scene.hostile == SHORT_LISTS and held.passing and times


@dataclass(frozen=True)
class Failure:
    """A story that ended badly: the promise that was broken (or the error's kind), and the traceback."""

    promise: str
    text: str


def play_many(
    first: int, count: int, actors: Iterable[str], invariants: Iterable[str] = INVARIANTS
) -> tuple[dict[int, Failure], Counter[str], Counter[str]]:
    """Stories of a range of seeds: what broke, by seed, how often each actor acted, and which marks were met."""
    actors, invariants = tuple(actors), tuple(invariants)
    broken: dict[int, Failure] = {}
    played: Counter[str] = Counter()
    with counted() as marks:
        for seed in range(first, first + count):
            _play(seed, actors, invariants, broken, played)
    return broken, played, marks


def _play(
    seed: int,
    actors: tuple[str, ...],
    invariants: tuple[str, ...],
    broken: dict[int, Failure],
    played: Counter[str],
) -> None:
    try:
        played.update(play_inhabited(seed, actors, invariants).played)
    except Exception as error:  # noqa: BLE001 - whatever broke is what is looked for
        name = error.name if isinstance(error, Broken) else type(error).__name__
        broken[seed] = Failure(name, "".join(traceback.format_exception(error)))
