"""The first page of a day: what waits for a person, what runs, what comes next, what ended lately, and the events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zoom_sync.domain.overview import EventLine, Line, Phase, Wait, Waiting, gathered
from zoom_sync.service_layer.ports.pages import OverviewStore

LATELY = timedelta(days=3)
AHEAD = timedelta(days=7)
READY_BEFORE = timedelta(days=2)
MOST = 40
SHOWN_NEXT, SHOWN_ENDED = 6, 6
NOW = (Phase.LATE, Phase.OVER_TIME, Phase.DUE, Phase.RUNNING)


@dataclass(frozen=True, slots=True)
class Today:
    """What the page shows."""

    now: datetime
    waiting: Sequence[Waiting]
    running: Sequence[tuple[Line, Phase]]
    coming: Sequence[Line]
    ended: Sequence[tuple[Line, Phase]]
    events: Sequence[EventLine]


def today(store: OverviewStore, now: datetime, *, watched: bool, expected_basic: frozenset[str] = frozenset()) -> Today:
    """What the store knows at `now`. `expected_basic` are hosts who need no licence, by id."""
    lines = store.around(now, now - LATELY, now + AHEAD, MOST)
    phases = [(line, line.phase(now, watched=watched)) for line in lines]
    running = [(line, phase) for line, phase in phases if phase in NOW]
    running.sort(key=lambda one: (NOW.index(one[1]), one[0].start))
    coming = [line for line, phase in phases if phase is Phase.TO_COME]
    ended = [(line, phase) for line, phase in phases if phase in (Phase.ENDED, Phase.NOT_HELD)]
    ended.sort(key=lambda one: one[0].end, reverse=True)
    waiting = [*store.waiting(now, now + READY_BEFORE), *_unlicensed(phases, expected_basic)]
    return Today(now, gathered(waiting), running, coming[:SHOWN_NEXT], ended[:SHOWN_ENDED], store.events(now))


def waiting_in(
    store: OverviewStore,
    event: str,
    lines: Sequence[Line],
    now: datetime,
    expected_basic: frozenset[str],
    most: int = 3,
) -> Sequence[Waiting]:
    """What of one event waits for a person; `lines` are its sessions. More than `most` of a kind become one."""
    phases = [(line, line.phase(now)) for line in lines]
    return gathered([*store.waiting(now, now + READY_BEFORE, event), *_unlicensed(phases, expected_basic)], most)


def _unlicensed(phases: Sequence[tuple[Line, Phase]], expected: frozenset[str]) -> list[Waiting]:
    """Sessions to be held whose host has no licence: Zoom ends their meetings after 40 minutes."""
    return [
        Waiting(Wait.NO_LICENCE, line.event, line.event_title, line.key, line.title, why=line.host)
        for line, phase in phases
        if phase in (*NOW, Phase.TO_COME) and line.licensed is False and line.host_id not in expected
    ]
