"""When a meeting is held: once, or as a series at several times. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Span = tuple[datetime, datetime]


def spans_of(starts: Iterable[datetime], minutes: int) -> tuple[Span, ...]:
    """The times of a meeting that is held at each of `starts` for so long, in their order."""
    length = timedelta(minutes=minutes)
    return tuple((start, start + length) for start in sorted(starts))


def current(spans: Sequence[Span], now: datetime) -> Span:
    """The time that is on now or comes next, or else the last. `spans` are in their order, and not empty."""
    return next((span for span in spans if span[1] > now), spans[-1])


def under_way(spans: Sequence[Span], now: datetime) -> bool:
    """Whether one of the times is on now."""
    return any(start <= now < end for start, end in spans)


def merged(spans: Iterable[Span], gap: timedelta = timedelta()) -> tuple[Span, ...]:
    """The same times in their order, those that are at most `gap` apart as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def one_form(recurrence: Mapping[str, Any]) -> dict[str, Any]:
    """A recurrence as it is compared: Zoom may leave out an interval of 1, and tells days in any order."""
    values = {"repeat_interval": 1} | {name: value for name, value in recurrence.items() if value not in (None, "")}
    if "weekly_days" in values:
        values["weekly_days"] = ",".join(sorted(part.strip() for part in str(values["weekly_days"]).split(",")))
    return values
