"""Zoom's times as whole seconds since 1970 (UTC), which is what the merge counts in; standard library only."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

EARLIEST = 86_400  # 1970-01-02 and 9999-12-30: inside these every zone's local time exists too
LATEST = 253_402_214_400


@lru_cache(maxsize=1 << 16)
def read_seconds(text: str) -> tuple[int, bool] | None:
    """Seconds since 1970 and whether the text had no offset (then it is taken as UTC); None where it is no time.

    Zoom documents ISO 8601 with `Z`; its Q&A example has a blank for the `T` and no offset
    (https://developers.zoom.us/docs/api/meetings/#tag/reports). Parts of a second are cut off.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        naive = moment.tzinfo is None
        seconds = int((moment.replace(tzinfo=UTC) if naive else moment).timestamp())
    except (ValueError, OverflowError):
        return None
    return (seconds, naive) if EARLIEST <= seconds <= LATEST else None


@lru_cache(maxsize=1 << 16)
def to_datetime(seconds: int) -> datetime:
    """The moment as an aware datetime in UTC; `seconds` lies between `EARLIEST` and `LATEST`."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def to_seconds(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware datetime. Raises ValueError for a naive one: its instant is unknown."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without an offset has no instant: {moment.isoformat()}")
    return int(moment.timestamp())
