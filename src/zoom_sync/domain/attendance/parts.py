"""How much of each part of a session a person was present for, as of the items of its agenda. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zoom_sync.domain.attendance.attendee import Attendee
from zoom_sync.domain.attendance.intervals import overlap
from zoom_sync.domain.attendance.times import to_seconds


def shares_of_parts(attendee: Attendee, parts: Sequence[tuple[datetime, datetime]]) -> tuple[float, ...]:
    """The share (0 to 1) of each part, given as (start, end), aware, that `attendee` was present for.

    Raises ValueError for a part that is naive or does not end after it starts.
    """
    return tuple(_share(attendee, to_seconds(start), to_seconds(end)) for start, end in parts)


def _share(attendee: Attendee, low: int, high: int) -> float:
    if high <= low:
        raise ValueError("a part of a session ends after it starts")
    return overlap(attendee.intervals, low, high) / (high - low)
