"""How many people heard each item of a session, and who heard which: from the exact times present. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.agenda import TimedItem
from zoom_sync.domain.attendance.attendee import ROLES_OF_PEOPLE, Attendee, Role
from zoom_sync.domain.attendance.intervals import overlap
from zoom_sync.domain.attendance.times import to_datetime, to_seconds


@dataclass(frozen=True, slots=True)
class ItemAudience:
    """One item and its audience: `present` people at any time of it, `average` at one time, `peak` at most.

    `peak` people were there first at `peak_at` (UTC), None where nobody was.
    """

    item: TimedItem
    present: int
    average: float
    peak: int
    peak_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemHearer:
    """One person's presence at one item: seconds of it, and their share (0 to 1) of its length.

    `heard`: whether the share is that which counts as having attended.
    """

    item: TimedItem
    attendee: Attendee
    seconds: int
    share: float
    heard: bool


def audience_by_item(
    attendees: Iterable[Attendee], items: Sequence[TimedItem], *, roles: frozenset[Role] = ROLES_OF_PEOPLE
) -> tuple[ItemAudience, ...]:
    """The audience of each item, in their order, of the people with one of `roles`.

    Takes the attendees one at a time; memory grows with the moments that differ and not with the people. A stay without
    length adds nobody.
    """
    tallies = [_Tally(to_seconds(item.start), to_seconds(item.end)) for item in items]
    for attendee in attendees:
        if attendee.role in roles:
            for tally in tallies:
                tally.add(attendee)
    return tuple(ItemAudience(timed_item, *tally.told()) for timed_item, tally in zip(items, tallies, strict=True))


def hearers(attendees: Iterable[Attendee], items: Sequence[TimedItem], least_share: float) -> Iterator[ItemHearer]:
    """Who heard which item: a value for each person and item with any time of it, person by person."""
    bounds = [(timed_item, to_seconds(timed_item.start), to_seconds(timed_item.end)) for timed_item in items]
    for attendee in attendees:
        for item, low, high in bounds:
            seconds = overlap(attendee.intervals, low, high)
            if seconds:
                share = seconds / (high - low)
                yield ItemHearer(item, attendee, seconds, share, share >= least_share)


class _Tally:
    """Gathers one item's audience."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high
        self._present = self._seconds = 0
        self._changes: dict[int, int] = {}

    def add(self, attendee: Attendee) -> None:
        here = False
        for start, end in attendee.intervals:
            begin, stop = max(start, self._low), min(end, self._high)
            if begin < stop:
                here = True
                self._seconds += stop - begin
                self._changes[begin] = self._changes.get(begin, 0) + 1
                self._changes[stop] = self._changes.get(stop, 0) - 1
        self._present += here

    def told(self) -> tuple[int, float, int, datetime | None]:
        count = peak = 0
        peak_at: datetime | None = None
        for moment in sorted(self._changes):
            count += self._changes[moment]
            if count > peak:
                peak, peak_at = count, to_datetime(moment)
        length = self._high - self._low
        return self._present, self._seconds / length if length > 0 else 0.0, peak, peak_at
