"""When a row of a table begins: every reading of its cells, to be compared with sessions and never trusted alone.

A text such as 06.11.2023 is read both ways; which of them is meant, the sessions of the same title tell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from itertools import product
from typing import Any

from dateutil import parser

from zoom_sync.domain.headers import Column

LONGEST = 60
_CLOCK = re.compile(r"(?<![0-9:.])([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?(?![0-9.])\s*([ap])?\.?m?\b", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?<![0-9])([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"(?<![0-9])([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?![0-9])")
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "号": " ", "点": ":", "时": ":", "分": " ", "秒": " "})


def starts_of(cells: Mapping[Column, Any], years: AbstractSet[int]) -> frozenset[datetime]:
    """All readings of the cells START, DATE and TIME. `years` are tried where a text tells none."""
    days: set[date] = set()
    clocks: set[time] = set()
    for column in (Column.START, Column.DATE, Column.TIME):
        value = cells.get(column)
        if isinstance(value, datetime):
            if column is Column.START or value.time() != time():
                return frozenset({value.replace(second=0, microsecond=0)})
            days.add(value.date())
        elif isinstance(value, date):
            days.add(value)
        elif isinstance(value, time):
            clocks.add(value.replace(second=0, microsecond=0))
        elif isinstance(value, str) and 0 < len(value) <= LONGEST:
            whole = _iso(value)
            if whole is not None:
                return frozenset({whole})
            text = unicodedata.normalize("NFKC", value).translate(_CHINESE)
            days |= _days(text, years)
            clocks |= _clocks(text)
    return frozenset(datetime.combine(day, clock) for day, clock in product(days, clocks))


def _iso(text: str) -> datetime | None:
    """A date and time in ISO 8601, aware where it has an offset."""
    if not re.search(r"[0-9][T ][0-9]{2}:", text):
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _clocks(text: str) -> set[time]:
    """The first time of day: of a span the second one is its end."""
    match = _CLOCK.search(text)
    if match is None:
        return set()
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half and 1 <= hour <= 12:  # noqa: PLR2004
        hour = hour % 12 + (12 if half == "p" else 0)
    return {time(hour, minute)} if hour < 24 and minute < 60 else set()  # noqa: PLR2004


def _days(text: str, years: AbstractSet[int]) -> set[date]:
    for pattern, orders in ((_YEAR_FIRST, ((0, 1, 2),)), (_YEAR_LAST, ((2, 1, 0), (2, 0, 1)))):
        match = pattern.search(text)
        if match:
            read = (_day(*(int(match.groups()[place]) for place in order)) for order in orders)
            return {day for day in read if day is not None}
    words = _CLOCK.sub(" ", text).partition("(")[0]
    if not re.search(r"[^\W\d_]{3}", words):
        return set()
    return {day for year in years if (day := _in_words(words, year))}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_words(text: str, year: int) -> date | None:
    """A date with the month as a word, such as "Monday, 6 November"."""
    try:
        return parser.parse(text.strip(" -\u2013,"), default=datetime(year, 1, 1), ignoretz=True).date()  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None
