"""Which of the times that a meeting was held are a session: its own, a rehearsal before, a stray one after. Pure.

A meeting's link outlives the evening: hosts rehearse on it the day before, somebody opens it again next week, and
sessions share one. Only the session's own instances count in its figures. Where people know better, they say so, and
that wins over what is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# An instance is the session's own where it overlaps the session, or begins from so long before the session's start
# until so long after its end: people gather before it begins, and one that broke off near its end is begun again.
EARLY = timedelta(minutes=15)
LATE = timedelta(minutes=30)
# Longer than any meeting lasts, which is 30 hours: https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0067972
LONGEST = timedelta(hours=30)
# What was held further away from every session is not asked for: how many people were there is not told.
AROUND = timedelta(days=14)


class Place(StrEnum):
    """What an instance is to a session."""

    OWN = "own"
    REHEARSAL = "rehearsal"  # before it
    STRAY = "stray"  # after it
    OTHER = "other"  # of another session that shares the link or the series
    UNDATED = "undated"  # Zoom tells no time of it, and has no rows that would


@dataclass(frozen=True, slots=True)
class Times:
    """When an instance was held, as far as is known: the start by Zoom's list or its rows, the end by its rows."""

    start: datetime | None
    end: datetime | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A session's time by the programme. `end` is after `start`; both are aware."""

    start: datetime
    end: datetime

    def meets(self, start: datetime, end: datetime) -> bool:
        return (start < self.end and end > self.start) or self.start <= start < self.end

    def distance(self, start: datetime, end: datetime) -> timedelta:
        return max(self.start - end, start - self.end, timedelta(0))


@dataclass(frozen=True, slots=True)
class Held:
    """One time that the meeting was held, as it is to one session.

    `place` is computed; `chosen` is what somebody (`chosen_by`) said instead. `of` is the session that one of another
    session belongs to. `people` are those of an instance that is not the session's own, None where nobody asked.
    """

    key: str
    uuid: str
    start: datetime | None
    end: datetime | None
    place: Place
    of: str = ""
    people: int | None = None
    chosen: Place | None = None
    chosen_by: str = ""

    @property
    def counts_as(self) -> Place:
        return self.chosen or self.place

    @property
    def counts(self) -> bool:
        """Whether it counts in the session's figures."""
        return self.counts_as is Place.OWN


def place_all(key: str, windows: Mapping[str, Window], times: Mapping[str, Times]) -> dict[str, tuple[Place, str]]:
    """What each instance (by its UUID) is to the session `key`, and whose it is where it is another one's.

    `windows` are the times of all sessions that are held in the meeting, `key` among them. One that begins within
    `LATE` of the end of an own one goes on with it, however late that is.
    """
    own, values = windows[key], dict[str, tuple[Place, str]]()
    until = own.end
    undated = [uuid for uuid, time in times.items() if time.start is None]
    for uuid, (start, end) in _in_order(times):
        others = [name for name, window in windows.items() if name != key and window.meets(start, end)]
        if own.meets(start, end):
            values[uuid] = Place.OWN, ""
        elif others:
            values[uuid] = Place.OTHER, others[0]
        elif start >= own.start - EARLY and start <= until + LATE and _is_nearest(key, windows, start, end, until):
            values[uuid] = Place.OWN, ""
        else:
            nearest = min(windows, key=lambda name: (windows[name].distance(start, end), name != key, name))
            before = Place.REHEARSAL if end <= own.start else Place.STRAY
            values[uuid] = (before, "") if nearest == key else (Place.OTHER, nearest)
        if values[uuid][0] is Place.OWN:
            until = max(until, end)
    return values | dict.fromkeys(undated, (Place.UNDATED, ""))


def _is_nearest(key: str, windows: Mapping[str, Window], start: datetime, end: datetime, until: datetime) -> bool:
    """Whether no other session is nearer, that one's own instance before it reckoned in."""
    own = min(windows[key].distance(start, end), max(start - until, timedelta(0)))
    return all(window.distance(start, end) >= own for name, window in windows.items() if name != key)


def _in_order(times: Mapping[str, Times]) -> Iterable[tuple[str, tuple[datetime, datetime]]]:
    dated = ((uuid, time.start, time.end) for uuid, time in times.items() if time.start is not None)
    spans = [(uuid, (start, max(start, end or start))) for uuid, start, end in dated]
    return sorted(spans, key=lambda one: (one[1], one[0]))


def may_reach(window: Window, times: Times) -> bool:
    """Whether an instance whose end is not known may have lasted into the session."""
    return times.start is None or (times.end is None and window.start - LONGEST < times.start < window.start)


def is_around(windows: Iterable[Window], times: Times) -> bool:
    """Whether an instance was held near enough to a session to be asked about."""
    start = times.start
    return start is None or any(window.start - AROUND <= start <= window.end + AROUND for window in windows)
