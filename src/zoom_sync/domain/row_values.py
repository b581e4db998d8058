"""What stands in a row of questions or answers as Zoom returned it, whatever that is; standard library only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zoom_sync.domain.attendance.times import read_seconds, to_datetime


def text_in(value: object) -> str:
    """A text without blanks at its ends; empty where there is none."""
    return value.strip() if isinstance(value, str) else ""


def time_in(value: object) -> datetime | None:
    """A time in UTC; None where there is none that can be read."""
    read = read_seconds(value) if isinstance(value, str) else None
    return to_datetime(read[0]) if read else None


def objects_in(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none of what is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
