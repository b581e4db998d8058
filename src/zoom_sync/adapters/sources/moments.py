"""Written times and the instants they mean in a zone, with a clear word where a clock change makes them doubtful.

Imports the standard library only.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

YEARS = range(1970, 2200)
EXAMPLE = "2023-11-06T20:30:00"
HOUR = timedelta(hours=1)
WESTERNMOST, EASTERNMOST = -12 * HOUR, 14 * HOUR  # of the zones Etc/GMT+12 to Etc/GMT-14

_WRITTEN = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?)?"
    r"\s*(?P<zone>[Zz]|(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2})(?::?(?P<seconds>\d{2}))?)?)?",
    re.ASCII,
)
_DATE_ONLY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)


class NotAMoment(ValueError):
    """A written time that cannot be used; the text says why and what to write."""


def written_moment(text: str) -> datetime:
    """The date and time of an ISO-like text, aware where it carries an offset."""
    if _DATE_ONLY.fullmatch(text):
        raise NotAMoment(f"has a date but no time of day: write it like {EXAMPLE}")
    parts = _WRITTEN.fullmatch(text)
    if parts is None:
        raise NotAMoment(
            f"is not a date with a time: write it like {EXAMPLE}, with an offset such as +08:00 if need be"
        )
    try:
        day = date(*(int(part) for part in parts["date"].split("-")))
        fraction = int((parts["fraction"] or "").ljust(6, "0"))
        hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
        moment = datetime.combine(day, time(hour, minute, second, fraction, tzinfo=_offset(parts)))
    except ValueError as error:
        raise NotAMoment(f"does not exist in the calendar or on the clock ({error}): correct it") from None
    return in_reach(moment)


def in_reach(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise NotAMoment(f"is in the year {moment.year}: correct the year")
    return moment


def in_zone(moment: datetime, zone: str) -> datetime:
    """The instant of a written time, told in the zone. Without an offset it must occur exactly once there."""
    place = ZoneInfo(zone)
    if moment.tzinfo is not None:
        return moment.astimezone(place)
    first, second = (moment.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return first
    text = f"{moment:%H:%M} on {moment:%Y-%m-%d}"
    instants = sorted(_utc(each) for each in (first, second))
    choice = " or ".join(_both_ways(instant.astimezone(place)) for instant in instants)
    if before < after:
        raise NotAMoment(
            f"{text} does not exist in {zone}, the clocks are put forward then: write with an offset {choice}"
        )
    raise NotAMoment(f"{text} occurs twice in {zone}, the clocks are put back then: write with an offset {choice}")


def fixed_zone(offset: timedelta | None) -> str | None:
    """A whole-hour offset as an IANA zone without a place, whose signs are the other way round; None for others."""
    if offset is None or offset % HOUR or not WESTERNMOST <= offset <= EASTERNMOST:
        return None
    hours = offset // HOUR
    return f"Etc/GMT{-hours:+}" if hours else "Etc/UTC"


def later(moment: datetime, minutes: int) -> datetime:
    """The instant so many real minutes later, in the same zone."""
    return (_utc(moment) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def on_clock(day: date, minutes: int) -> datetime:
    """A naive time from a date and the minutes since its midnight; 24:00 and more is the next day."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001


def _offset(parts: re.Match[str]) -> timezone | None:
    if parts["zone"] is None:
        return None
    if parts["sign"] is None:
        return UTC
    hours, minutes, seconds = (int(parts[name] or 0) for name in ("hours", "minutes", "seconds"))
    away = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-away if parts["sign"] == "-" else away)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _both_ways(instant: datetime) -> str:
    return f"{instant.isoformat()} ({_utc(instant):%H:%M} UTC)"
