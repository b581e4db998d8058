"""Dates and times as people write them in English and Chinese announcements, taken apart without guessing.

"November 6th, 20:30-22:00 (UTC+8)", "Monday, 6 November 2023, 8:30 - 10:00 pm", "Time: November 6th - 9th 2023",
"2023年11月6日 20:30-22:00 北京时间"; in further languages by `written_words`. What is left over
and not understood is an error. Every pattern is linear in the length of the text.

Imports the standard library, and from this room how dates are spelt in other languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from zoom_sync.adapters.sources.chinese_dates import spelt_in_english
from zoom_sync.adapters.sources.written_words import in_english
from zoom_sync.adapters.sources.zoom_places import take_place

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 300
NOON = 12 * 60
NIGHT_MOST = 8 * 60
FARTHEST = timedelta(hours=14)

_FILLERS = {"on", "at", "the", "of", "from", "to", "until", "till", "and", "hrs", "h"}
_DASH = r"[-\u2010-\u2015\u2212~]"
_CLOCK = r"([0-9]{{1,2}})(?:[:.]([0-9]{{2}}))?\s?(am\b|pm\b|a\.m\.|p\.m\.)?".format()
_OFFSET = re.compile(
    rf"\(?\s?\b(?:UTC|GMT)(?:\s?([+]|{_DASH})\s?([0-9]{{1,2}})(?::?([0-9]{{2}}))?(?![0-9:])|\b)\s?\)?", re.IGNORECASE
)
_ISO = re.compile(r"(?<![0-9])([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?![0-9])T?")
_RANGE = re.compile(rf"(?<![0-9:.]){_CLOCK}\s?(?:{_DASH}|to|until|till)\s?{_CLOCK}(?![0-9:]|\.[0-9])", re.IGNORECASE)
_SINGLE = re.compile(rf"(?<![0-9:.]){_CLOCK}(?![0-9:]|\.[0-9])", re.IGNORECASE)
_WORD = re.compile(r"[0-9]+|[^\W\d_]+|\S")


class CannotRead(ValueError):
    """The text is no date or time in a known form; says what to write instead."""


@dataclass(frozen=True, slots=True)
class When:
    """What a text tells of a date and time: minutes since midnight, the offset as minutes, each None if not told."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    starts: int | None = None
    ends: int | None = None
    offset: timedelta | None = None
    zone_word: str | None = None
    place: str | None = None  # the IANA zone, where the words name one
    loosely: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The days of an event, as far as they are told."""

    first: date | None = None
    last: date | None = None
    year: int | None = None
    offset: timedelta | None = None
    place: str | None = None


def read_when(text: str) -> When:
    """The parts of a date and time."""
    rest, named = take_place(_bounded(text))
    rest, place = spelt_in_english(in_english(rest))
    place = place or named
    rest, offset = _take_offset(rest)
    rest = _spell_iso(rest)
    rest, starts, ends, loosely = _take_times(rest)
    return replace(_read_day(rest), starts=starts, ends=ends, offset=offset, place=place, loosely=loosely)


def read_period(text: str) -> Period:
    """The days of "November 6th - 9th 2023 (UTC+8)": what one side leaves out is taken from the other."""
    rest, place = spelt_in_english(in_english(_bounded(text)))
    rest, offset = _take_offset(rest)
    rest, *_ = _take_times(_spell_iso(rest), partly=False)
    sides = [_read_day(side) for side in re.split(rf"{_DASH}|\bto\b|\buntil\b", rest) if _WORD.search(side)]
    if not 1 <= len(sides) <= 2:  # noqa: PLR2004
        raise CannotRead("the days cannot be read: write them like `November 6th - 9th 2023 (UTC+8)`")
    left, right = sides[0], sides[-1]
    last_year = right.year or left.year
    first_month, last_month = left.month or right.month, right.month or left.month
    first_year = left.year or last_year
    if left.year is None and first_year and first_month and last_month and first_month > last_month:
        first_year -= 1
    first = calendar_day(first_year, first_month, left.day)
    last = calendar_day(last_year, last_month, right.day)
    return Period(first, last, last_year, offset, place)


def calendar_day(year: int | None, month: int | None, day: int | None) -> date | None:
    """The date, or None where a part is missing; an impossible one cannot be read."""
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        raise CannotRead("this date is not in the calendar: correct day, month or year") from None


def merged(when: When, other: When) -> When:
    """Two lines about one session put together; a part that both tell, differently, cannot be read."""
    parts = {}
    for name in (each.name for each in fields(When)):
        mine, theirs = getattr(when, name), getattr(other, name)
        if None not in (mine, theirs) and mine != theirs and name != "loosely":
            raise CannotRead("two lines of this session give different dates or times: keep one of them")
        parts[name] = mine if mine is not None else theirs
    return When(**parts)


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise CannotRead("this line is too long for a date and time: write only them here")
    return text


def _take_offset(text: str) -> tuple[str, timedelta | None]:
    matches = list(_OFFSET.finditer(text))
    if not matches:
        return text, None
    offsets = {_offset(match) for match in matches}
    if len(offsets) > 1:
        raise CannotRead("two different UTC offsets stand here: keep one of them")
    return " ".join(_OFFSET.sub(" ", text).split()), offsets.pop()


def _offset(match: re.Match[str]) -> timedelta:
    sign, hours, minutes = match.groups()
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if away > FARTHEST or int(minutes or 0) >= 60:  # noqa: PLR2004
        raise CannotRead("no place has this UTC offset: write one from UTC-12 to UTC+14")
    return away if sign in (None, "+") else -away


def _spell_iso(text: str) -> str:
    """ISO dates with the month as a word, as all others are read."""

    def spelled(match: re.Match[str]) -> str:
        year, month, day = match.groups()
        if not 1 <= int(month) <= len(MONTHS):
            raise CannotRead("this date is not in the calendar: correct day, month or year")
        return f" {year} {MONTHS[int(month) - 1]} {day} "

    return _ISO.sub(spelled, text)


# --- times of day --------------------------------------------------------------------------------------------------


def _take_times(text: str, *, partly: bool = True) -> tuple[str, int | None, int | None, str | None]:
    """The text without its times, begin, end, and a remark where they were read loosely."""
    match = _full_range(text) or (_half_range(text) if partly else None)
    if match:
        h1, m1, half1, h2, m2, half2 = match.groups()
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        return rest, *_span(_clock(h1, m1), half1, _clock(h2, m2), half2)
    for match in _SINGLE.finditer(text):
        hour, minute, half = match.groups()
        if minute or half:
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return rest, _at(_clock(hour, minute), half), None, None
    return text, None, None, None


def _full_range(text: str) -> re.Match[str] | None:
    """The first "20:30-22:00", both sides with minutes, am or pm; so "Nov 6 - 20:30-22:00" is not taken from the 6."""
    starts = (_RANGE.match(text, place) for place in range(len(text)))
    return next((match for match in starts if match and (match[2] or match[3]) and (match[5] or match[6])), None)


def _half_range(text: str) -> re.Match[str] | None:
    """The first "8-10 pm", where the second side tells the half of the day for both."""
    return next((match for match in _RANGE.finditer(text) if match[6]), None)


def _span(first: int, half1: str | None, last: int, half2: str | None) -> tuple[int, int, str | None]:
    ends = _at(last, half2)
    if half1 is None and half2 is not None and first < NOON + 60:
        starts = _at(first, half2)
        if starts >= ends:
            starts = _at(first, "am" if half2[0] in "pP" else "pm")
        remark = f"the time is read as {starts // 60:02}:{starts % 60:02}-{ends // 60:02}:{ends % 60:02}"
    else:
        starts, remark = _at(first, half1), None
    if ends <= starts:
        ends += 24 * 60
        if ends - starts > NIGHT_MOST:
            raise CannotRead("the session ends before it starts: correct the times")
        remark = "the session is read as ending on the next day"
    return starts, ends, remark


def _clock(hour: str, minute: str | None) -> int:
    clock = int(hour) * 60 + int(minute or 0)
    if clock > 24 * 60 or int(minute or 0) >= 60:  # noqa: PLR2004
        raise CannotRead("there is no such time of day: write it like 20:30-22:00")
    return clock


def _at(clock: int, half: str | None) -> int:
    if half is None:
        return clock
    if not 60 <= clock < NOON + 60:  # noqa: PLR2004
        raise CannotRead("a time with am or pm has an hour from 1 to 12: write it like 20:30-22:00")
    return clock % NOON + (NOON if half[0] in "pP" else 0)


# --- days ----------------------------------------------------------------------------------------------------------


def _read_day(text: str) -> When:
    """Month, day, year and weekday of a text that holds nothing else, apart from one zone's abbreviation."""
    told: dict[str, int | str] = {}
    for word in _WORD.findall(text):
        name, value = _part(word)
        if name in told:
            raise CannotRead("more than one date can be read here: write one date with the month as a word")
        if name:
            told[name] = value
    return When(**told)  # type: ignore[arg-type]


def _part(word: str) -> tuple[str, int | str]:
    """Which part of a date a word is, and its value; no name for what may be skipped."""
    lower = word.lower()
    if word.isascii() and word.isdigit():
        return _number(word)
    for name, names in (("month", MONTHS), ("weekday", WEEKDAYS)):
        for place, full in enumerate(names):
            if len(lower) >= 3 and full.startswith(lower):  # noqa: PLR2004
                return name, place + (name == "month")
    if lower in _FILLERS or lower in {"st", "nd", "rd", "th"} or word in ",.:;()@|-\u2013\u2014":
        return "", 0
    if word.isascii() and word.isupper() and 2 <= len(word) <= 5:  # noqa: PLR2004
        return "zone_word", word
    raise CannotRead("the date cannot be read: write it like `November 6th 2023, 20:30-22:00 (UTC+8)`")


def _number(word: str) -> tuple[str, int]:
    if len(word) == 4 and word[0] in "12":  # noqa: PLR2004
        return "year", int(word)
    if len(word) <= 2 and 1 <= int(word) <= 31:  # noqa: PLR2004
        return "day", int(word)
    raise CannotRead("the date cannot be read: write it like `November 6th 2023, 20:30-22:00 (UTC+8)`")
