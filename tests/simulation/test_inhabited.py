"""Stories beside others who act, and proof that each promise in them would be noticed if it were broken."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest

from simulation import marks
from simulation.actors import ACTORS, Actor
from simulation.holding import HOLDING, PROMISES, PROMISES_WAITING, WAITING
from simulation.inhabited import play_inhabited, play_many
from simulation.invariants import (
    CAPACITY,
    EFFECTS,
    FORGOTTEN,
    GOES_ON,
    IN_STEP,
    INVARIANTS,
    PUBLISHED,
    ROOMS,
    SILENCE,
    Broken,
)
from simulation.world import PROFILES
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.zoom.client import ZoomReader, ZoomWriter
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.errors import ConfigurationError
from zoom_sync.service_layer.sync import Profiles

SEEDS = int(os.environ.get("ZOOM_SYNC_TEST_SEEDS", "200")) // 4
STEP = 25
SOON_CAUGHT = 40  # seeds within which a planted bug has to show


@pytest.mark.parametrize("first", range(0, SEEDS, STEP))
def test_promises_hold_whoever_else_acts(first: int):
    broken, _, _ = play_many(first, min(STEP, SEEDS - first), HOLDING, PROMISES)

    assert not broken, "\n".join(failure.text for failure in broken.values())


# A creation in doubt whose host's list has a row without an ID; one whose meeting no list shows.
@pytest.mark.parametrize("seed", [1003, 1031])
def test_a_creation_that_cannot_be_sought_waits_and_is_not_forgotten(seed: int):
    play_inhabited(seed, HOLDING, PROMISES)


# A late creation on an account that gives passcodes of its own; a meeting that is deleted while all lists stay short.
@pytest.mark.parametrize("seed", [30330, 30158])
def test_what_cannot_be_proven_is_told_and_neither_taken_nor_forgotten(seed: int):
    play_inhabited(seed, HOLDING, PROMISES)


# A webinar that the organiser moves beside a meeting of its host, while another host is free.
def test_a_link_changes_where_its_host_is_taken_and_replacing_is_allowed():
    play_inhabited(2002, HOLDING, PROMISES)


def test_a_meeting_that_is_replaced_though_its_host_is_free_is_noticed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("zoom_sync.domain.plan.deciding._why_another", lambda *_: Phrase("another one is nicer"))

    assert _caught((), PUBLISHED) == PUBLISHED


def test_what_waits_is_an_actor_or_a_promise():
    assert set(WAITING) <= set(ACTORS)
    assert set(PROMISES_WAITING) <= set(INVARIANTS)


@pytest.mark.parametrize("actor", ACTORS)
def test_every_actor_acts_and_the_world_is_another_afterwards(actor: str):
    played: Counter[str] = Counter()
    for seed in range(20):
        scene = play_inhabited(seed, [actor], ())
        played += scene.played
        if played[actor]:
            break

    assert played[actor]


def test_an_actor_that_does_nothing_counts_as_never_played(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(ACTORS, "idle", Actor("idle", lambda _scene, _me: True))

    _, played, _ = play_many(0, 5, ["idle"], ())

    assert not played


def test_the_rows_of_a_decision_table_are_counted(monkeypatch: pytest.MonkeyPatch):
    class Row(StrEnum):
        MET = "met"
        NEVER = "never"

    table = SimpleNamespace(row_of=lambda: Row.MET, Row=Row)
    monkeypatch.setitem(sys.modules, "a_table", table)
    monkeypatch.setattr(marks, "DECIDING", (("a_table", "row_of", "Row"), ("no_such_module", "row_of", "Row")))

    with marks.counted() as met:
        table.row_of()

    assert (met, marks.known_marks()) == ({"met": 1}, {"met", "never"})


# By whose acts each row of the table of a field's values is met, and in how many stories surely.
OF_VALUES = {"edit_both": 10, "lock_setting": 10, "refuse_field": 10, "edit_by_hand": 10, "change_opinion": 140}


def test_stories_meet_every_row_of_the_product_s_decision_tables():
    rows, met = marks.known_marks(), set[str]()
    if not rows:
        pytest.skip("no table is watched")
    for actor, stories in OF_VALUES.items():
        _, _, counted = play_many(100, stories, [actor], ())
        met |= set(counted)
        if met >= rows:
            break

    assert not rows - met


# --- bugs, planted on purpose --------------------------------------------------------------------------------------


def one_host_for_all(patch: pytest.MonkeyPatch) -> None:
    """Every meeting is made for the same host, whatever he has."""
    create = ZoomWriter.create
    patch.setattr(ZoomWriter, "create", lambda self, _, *rest: create(self, "host1@example.org", *rest))


def registration_off(patch: pytest.MonkeyPatch) -> None:
    """Every update switches registration off."""
    update = ZoomWriter.update

    def wrong(self: ZoomWriter, meeting_id: str, kind: Kind, values: Mapping[str, Any], *rest: Any) -> Any:
        return update(self, meeting_id, kind, {**values, "settings.approval_type": 2}, *rest)

    patch.setattr(ZoomWriter, "update", wrong)


def rooms_are_meetings(patch: pytest.MonkeyPatch) -> None:
    """Who names a personal room has it changed."""
    known, update, named = PROFILES.desired, ZoomWriter.update, {}

    def remembered(self: Profiles, session: Session, *others: Session) -> Any:
        if session.known is not None:
            named["room"] = session.known.meeting_id
        return known.__func__(self, session, *others)  # type: ignore[attr-defined]

    def wrong(self: ZoomWriter, meeting_id: str, *rest: Any) -> Any:
        return update(self, named.pop("room", meeting_id), *rest)

    patch.setattr(Profiles, "desired", remembered)
    patch.setattr(ZoomWriter, "update", wrong)


def titles_stay(patch: pytest.MonkeyPatch) -> None:
    """An update leaves the title out."""
    update = ZoomWriter.update

    def wrong(self: ZoomWriter, meeting_id: str, kind: Kind, values: Mapping[str, Any], *rest: Any) -> Any:
        kept = {name: value for name, value in values.items() if name != "topic"}
        return update(self, meeting_id, kind, kept or {"agenda": "x"}, *rest)

    patch.setattr(ZoomWriter, "update", wrong)


def everything_is_written(patch: pytest.MonkeyPatch) -> None:
    """Whatever the table says of a field, it is written."""
    from zoom_sync.domain.plan import looking

    patch.setattr(looking, "act_of", lambda *_: looking.Act.WRITE)


def links_are_lost(patch: pytest.MonkeyPatch) -> None:
    """What was created is not noted."""

    def finish(self: Links, event: str, _link: Any, intent: Any, _now: Any) -> None:
        if intent is not None:
            self.close(event, intent)

    patch.setattr(Links, "finish", finish)


def basic_stops_all(patch: pytest.MonkeyPatch) -> None:
    """One host without a licence stops the whole event."""
    users = ZoomReader.users

    def strict(self: ZoomReader) -> Any:
        hosts = users(self)
        if sum(host.licensed for host in hosts) < 3:
            raise ConfigurationError("a host has lost his licence")
        return hosts

    patch.setattr(ZoomReader, "users", strict)


def links_change(patch: pytest.MonkeyPatch) -> None:
    """A link is kept otherwise than it was published."""
    applied = Links.applied

    def wrong(self: Links, event: str, link: Any, *rest: Any) -> Any:
        return applied(self, event, replace(link, join_url=link.join_url + "x"), *rest)

    patch.setattr(Links, "applied", wrong)


@dataclass(frozen=True)
class Planted:
    """A bug, the actors it takes for it to show, and the promise that it breaks."""

    breaks: str
    plant: Callable[[pytest.MonkeyPatch], None]
    actors: tuple[str, ...] = ()


PLANTED = (
    Planted(CAPACITY, one_host_for_all),
    Planted(EFFECTS, registration_off, ("register_people", "lengthen")),
    Planted(ROOMS, rooms_are_meetings, ("name_room", "lengthen")),
    Planted(IN_STEP, titles_stay),
    Planted(SILENCE, everything_is_written),
    Planted(FORGOTTEN, links_are_lost),
    Planted(GOES_ON, basic_stops_all, ("become_basic",)),
    Planted(PUBLISHED, links_change),
)


@dataclass(frozen=True)
class Removed:
    """What guards a promise and is taken away, by module and name, with what stands in for it; and who has to act.

    Where planning and applying both look, either is enough, and only without both the promise breaks.
    """

    breaks: str
    guards: Mapping[tuple[str, str], Callable[..., Any]]
    actors: tuple[str, ...]


def only_wanted_and_shown(want: Any, _sent: Any, _made: Any, shown: Any, same: Any, _refused: Any = None) -> Any:
    """A table with two rows: in step, and somebody edited."""
    from zoom_sync.domain.plan.reconciling import ABSENT, Row

    if want is ABSENT:
        return Row.NO_OPINION
    return Row.IN_STEP if shown is not ABSENT and same(shown, want) else Row.CHANGED


_DECIDING = "zoom_sync.domain.plan.deciding"
_APPLY = "zoom_sync.service_layer.apply"
REMOVED = (
    Removed(
        CAPACITY,
        {
            (_DECIDING, "by_calendar"): lambda allowed, *_: (allowed, []),
            (f"{_APPLY}.claiming", "_judge"): lambda *_: None,
        },
        ("lengthen", "second_event"),
    ),
    Removed(
        EFFECTS,
        {(_DECIDING, "by_effects"): lambda items, *_: items, (f"{_APPLY}.guarding", "_unforeseen"): lambda *_: None},
        ("register_people", "adopt_series"),
    ),
    Removed(SILENCE, {("zoom_sync.domain.plan.looking", "row_of"): only_wanted_and_shown}, ("lock_setting",)),
)


@pytest.mark.parametrize("removed", REMOVED, ids=lambda removed: removed.breaks)
def test_a_guard_that_is_taken_away_is_missed(removed: Removed, monkeypatch: pytest.MonkeyPatch):
    for (name, guard), instead in removed.guards.items():
        module = pytest.importorskip(name)
        if not hasattr(module, guard):
            pytest.skip(f"{name} has no {guard}")
        monkeypatch.setattr(module, guard, instead)

    assert _caught(removed.actors, removed.breaks) == removed.breaks


def _caught(actors: tuple[str, ...], promise: str) -> str | None:
    """The promise that the first story that goes wrong breaks."""
    for seed in range(SOON_CAUGHT):
        try:
            play_inhabited(seed, actors, (promise,))
        except Broken as broken:
            return broken.name
    return None


def test_for_every_promise_a_bug_is_planted():
    assert {bug.breaks for bug in PLANTED} == set(INVARIANTS)


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: f"{bug.breaks}:{bug.plant.__name__}")
def test_a_planted_bug_is_caught_by_the_promise_that_it_breaks(bug: Planted, monkeypatch: pytest.MonkeyPatch):
    bug.plant(monkeypatch)

    assert _caught(bug.actors, bug.breaks) == bug.breaks
