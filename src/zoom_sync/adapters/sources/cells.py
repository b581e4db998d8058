"""What stands in a cell of a table: dates, times and lengths as spreadsheets and people write them.

A date that can be read in two ways is not guessed: 11/06/2023 is refused until the mapping tells `day_first`.
6.11.2023 is not doubtful: with points the day is always first.

Imports the standard library and this room.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from zoom_sync.adapters.sources.moments import NotAMoment, written_moment
from zoom_sync.adapters.sources.written_dates import MONTHS, WEEKDAYS, CannotRead, calendar_day, read_when

Cell = str | int | float | datetime | date | time | timedelta | None


class Whole(str):
    """A name that a list told by itself: it is never taken apart at a comma."""

    __slots__ = ()


SERIALS = range(18_000, 110_000)  # the days from 1949 to 2201, as spreadsheets count them
EPOCH_1900 = date(1899, 12, 30)
UNIX_SECONDS = range(10**9, 10**10)  # the years from 2001 to 2286
DAY_MINUTES = 24 * 60

_NUMERIC = re.compile(r"(?<![0-9./-])([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9./-]|:)[.,]?")
_SECONDS = re.compile(r"(?<![0-9:])([0-9]{1,2}:[0-9]{2}):[0-9]{2}(?:\.[0-9]{1,6})?(?![0-9:])")
_LONG = re.compile(
    r"(?:([0-9]{1,3}(?:[.,][0-9]{1,3})?) ?(?:h|hrs?|hours?|std\.?|小时))? ?"
    r"(?:([0-9]{1,4}) ?(?:m|min|mins|minutes?|minuten|分钟|分)?\.?)?",
    re.IGNORECASE,
)
_ISO_LENGTH = re.compile(r"P(?:0D)?T(?=[0-9])(?:([0-9]{1,3})H)?(?:([0-9]{1,4})M)?(?:0+S)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class CellTime:
    """What a cell tells of a time: a day, minutes since its midnight, a second time after a dash, a zone."""

    day: date | None = None
    starts: int | None = None
    ends: int | None = None
    offset: timedelta | None = None
    place: str | None = None


def cell_time(cell: Cell, *, day_first: bool | None = None, epoch: date = EPOCH_1900) -> CellTime:
    """The date and times of a cell. Raises CannotRead with a reason that follows the name of the field."""
    if cell is None:
        return CellTime()
    if isinstance(cell, datetime):
        return _of_moment(cell)
    if isinstance(cell, date):
        return CellTime(day=cell)
    if isinstance(cell, time):
        return CellTime(starts=cell.hour * 60 + cell.minute + (cell.second >= 30))  # noqa: PLR2004
    if isinstance(cell, timedelta):
        return CellTime(starts=_minutes_of_day(cell / timedelta(days=1)))
    if isinstance(cell, int | float):
        return _of_serial(cell, epoch)
    return _of_text(cell, day_first=day_first)


def cell_length(cell: Cell, *, in_hours: bool = False) -> timedelta | None:
    """The length that a cell tells; a bare number is minutes, or hours if the heading says so. Raises CannotRead."""
    if isinstance(cell, timedelta):
        return cell
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute)
    if isinstance(cell, int | float):
        return _number_length(float(cell), in_hours=in_hours)
    text = cell_text(cell)
    if not text:
        return None
    clock = _CLOCK.fullmatch(text) or _ISO_LENGTH.fullmatch(text)
    if clock:
        return timedelta(hours=int(clock[1] or 0), minutes=int(clock[2] or 0))
    if re.fullmatch(r"[0-9]{1,6}(?:[.,][0-9]{1,3})?", text):
        return _number_length(float(text.replace(",", ".")), in_hours=in_hours)
    parts = _LONG.fullmatch(text)
    if parts is None or not any(parts.groups()):
        raise CannotRead("is not a length: write minutes, such as 90, or 1:30")
    hours, minutes = parts.groups()
    return timedelta(hours=float((hours or "0").replace(",", ".")), minutes=int(minutes or 0))


def cell_text(cell: Any) -> str:
    """A cell as the text that its owner sees, on one or more lines."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    return str(cell).strip()


def _number_length(number: float, *, in_hours: bool) -> timedelta:
    if not math.isfinite(number) or not 0 < number <= 100_000:  # noqa: PLR2004
        raise CannotRead("is not a length: write minutes, such as 90, or 1:30")
    return timedelta(hours=number) if in_hours else timedelta(minutes=number)


def _of_moment(moment: datetime) -> CellTime:
    nearest = moment + timedelta(seconds=30)  # what is stored as a fraction of a day is a little off
    return CellTime(nearest.date(), nearest.hour * 60 + nearest.minute, offset=nearest.utcoffset())


def _of_serial(number: float, epoch: date) -> CellTime:
    """A number as spreadsheets count: whole days since their epoch, and the fraction of a day. Or as Unix counts."""
    for unit in (1, 1000):
        if math.isfinite(number) and int(number) // unit in UNIX_SECONDS:
            return _of_moment(datetime.fromtimestamp(number / unit, UTC))
    if not math.isfinite(number) or not (0 <= number < 1 or int(number) in SERIALS):
        raise CannotRead("is a number, and none that a spreadsheet keeps a date as: write it like 2023-11-06 20:30")
    if number < 1:
        return CellTime(starts=_minutes_of_day(number))
    minutes = _minutes_of_day(number % 1) if number % 1 else None
    day = epoch + timedelta(days=int(number))
    if minutes == DAY_MINUTES:
        return CellTime(day + timedelta(days=1), 0)
    return CellTime(day, minutes)


def _minutes_of_day(fraction: float) -> int:
    if not 0 <= fraction <= 1:
        raise CannotRead("is not a time of day: write it like 20:30")
    return round(fraction * DAY_MINUTES)


def _of_text(text: str, *, day_first: bool | None) -> CellTime:
    told = " ".join(text.split())
    if not told:
        return CellTime()
    try:
        return _of_written(written_moment(told))
    except NotAMoment:
        when = read_when(_spelt(_SECONDS.sub(r"\1", told), day_first=day_first))
    if when.zone_word:
        raise CannotRead("has a zone that is ambiguous: write the offset, as (UTC+8)")
    if when.month and when.year is None:
        raise CannotRead("has no year: write it like 2023-11-06")
    day = calendar_day(when.year, when.month, when.day)
    if day is None and (when.day or when.year):
        raise CannotRead("is not a whole date: write it like 2023-11-06")
    if day and when.weekday is not None and when.weekday != day.weekday():
        raise CannotRead(f"tells {WEEKDAYS[when.weekday].capitalize()}, but {day.isoformat()} is a"
                         f" {WEEKDAYS[day.weekday()].capitalize()}: correct one of them")  # fmt: skip
    return CellTime(day, when.starts, when.ends, when.offset, when.place)


def _of_written(moment: datetime) -> CellTime:
    return CellTime(moment.date(), moment.hour * 60 + moment.minute, offset=moment.utcoffset())


def _spelt(text: str, *, day_first: bool | None) -> str:
    """The text with a numeric date spelt with its month as a word."""

    def spell(match: re.Match[str]) -> str:
        first, between, second, year = match.groups()
        if len(year) == 2:  # noqa: PLR2004
            raise CannotRead("has a year of two digits: write all four")
        day, month = _day_and_month(int(first), int(second), dots=between == ".", day_first=day_first)
        if not 1 <= month <= len(MONTHS):
            raise CannotRead("is not in the calendar: correct it")
        return f" {year} {MONTHS[month - 1]} {day} "

    return _NUMERIC.sub(spell, text)


def _day_and_month(first: int, second: int, *, dots: bool, day_first: bool | None) -> tuple[int, int]:
    if dots or day_first:
        return first, second
    if day_first is False:
        return second, first
    months = len(MONTHS)
    if first > months or first == second:
        return first, second
    if second > months:
        return second, first
    raise CannotRead("can be read with the day or the month first: tell `day_first: true` or `false` in a mapping")
