"""How many people were there when: a step curve from the exact times present. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.attendance.attendee import ROLES_OF_PEOPLE, Attendance, Attendee, Role
from zoom_sync.domain.attendance.times import to_datetime, to_seconds

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` (UTC) on, up to the next step, `people` people were present."""

    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Curve:
    """`peak` people at most, first at `peak_at`; `median_stay` is in seconds inside the session, of who had any."""

    steps: tuple[Step, ...]
    peak: int
    peak_at: datetime | None
    median_stay: float

    def by_minute(self, start: datetime, end: datetime) -> list[int]:
        """The most people at one time in each minute from `start` (aware) up to `end`."""
        low, high = to_seconds(start), to_seconds(end)
        counts = [0] * max(0, -((low - high) // MINUTE))
        for number, step in enumerate(self.steps):
            until = to_seconds(self.steps[number + 1].at) if number + 1 < len(self.steps) else high
            first = max(to_seconds(step.at), low)
            for minute in range((first - low) // MINUTE, -((low - min(until, high)) // MINUTE)):
                counts[minute] = max(counts[minute], step.people)
        return counts

    def mean(self, start: datetime, end: datetime) -> float:
        """How many people were present on average from `start` up to `end` (both aware); 0 for no time at all."""
        low, high = to_seconds(start), to_seconds(end)
        total = 0
        for number, step in enumerate(self.steps):
            until = to_seconds(self.steps[number + 1].at) if number + 1 < len(self.steps) else high
            total += step.people * max(0, min(until, high) - max(to_seconds(step.at), low))
        return total / (high - low) if high > low else 0


class Presence:
    """Gathers a curve from people taken one at a time: memory grows with the seconds that differ, not with people."""

    def __init__(self) -> None:
        self._changes: dict[int, int] = {}
        self._stays: dict[int, int] = {}

    def add(self, attendee: Attendee) -> None:
        """Count one person. A stay without length adds nobody."""
        for start, end in attendee.intervals:
            self._changes[start] = self._changes.get(start, 0) + 1
            self._changes[end] = self._changes.get(end, 0) - 1
        if attendee.seconds_inside:
            self._stays[attendee.seconds_inside] = self._stays.get(attendee.seconds_inside, 0) + 1

    def curve(self) -> Curve:
        """The curve of everybody added so far."""
        steps: list[Step] = []
        present = 0
        for at in sorted(at for at, change in self._changes.items() if change):
            present += self._changes[at]
            steps.append(Step(to_datetime(at), present))
        top = max(steps, key=lambda step: step.people, default=None)
        return Curve(tuple(steps), top.people if top else 0, top.at if top else None, _median(self._stays))


def audience_curve(attendance: Attendance, *, roles: frozenset[Role] = ROLES_OF_PEOPLE) -> Curve:
    """The curve of the people with one of `roles`: of all but bots if not told. A stay without length adds nobody."""
    presence = Presence()
    for attendee in attendance.attendees:
        if attendee.role in roles:
            presence.add(attendee)
    return presence.curve()


def _median(counts: Mapping[int, int]) -> float:
    """The median of values of which each comes as often as `counts` says; 0 of none."""
    total = sum(counts.values())
    seen, low = 0, None
    for value in sorted(counts):
        seen += counts[value]
        if low is not None:
            return (low + value) / 2
        if 2 * seen > total:
            return value
        if 2 * seen == total:
            low = value
    return 0
