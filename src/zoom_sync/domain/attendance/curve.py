"""How many people were there when: a step curve from the exact times present. Pure; standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from zoom_sync.domain.attendance.attendee import Attendance, Role
from zoom_sync.domain.attendance.times import to_datetime, to_seconds

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` (UTC) on, up to the next step, `people` people were present."""

    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Curve:
    """`peak` people at most, first at `peak_at`; `median_stay` is in seconds, of those who were in at all."""

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


def audience_curve(attendance: Attendance, *, roles: frozenset[Role] = frozenset(Role)) -> Curve:
    """The curve of the people with one of `roles`. A stay without length adds nobody."""
    people = [attendee for attendee in attendance.attendees if attendee.role in roles]
    changes: dict[int, int] = {}
    for start, end in (interval for attendee in people for interval in attendee.intervals):
        changes[start] = changes.get(start, 0) + 1
        changes[end] = changes.get(end, 0) - 1
    steps: list[Step] = []
    present = 0
    for at in sorted(at for at, change in changes.items() if change):
        present += changes[at]
        steps.append(Step(to_datetime(at), present))
    top = max(steps, key=lambda step: step.people, default=None)
    stays = [attendee.seconds for attendee in people if attendee.seconds]
    return Curve(tuple(steps), top.people if top else 0, top.at if top else None, median(stays) if stays else 0)
