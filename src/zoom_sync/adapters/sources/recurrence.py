"""When a repeated event of a calendar occurs, within bounds: no rule can keep the machine busy.

dateutil looks for the next match until the year 9999, UNTIL or not: a rule that never matches would cost millions of
steps. So the search is done at the end of its calendar: the Gregorian calendar repeats after 400 years, with its
weekdays, and what lies before the year 9999 there is the same, but short.

Imports dateutil where something repeats, and the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

MOST_OCCURRENCES = 400
HORIZON = timedelta(days=3 * 366)  # from the first occurrence
CYCLE = 400  # years after which the calendar repeats
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
MOST_VALUES = 60  # of one part of a rule
_ONE_VALUE = ("BYHOUR", "BYMINUTE", "BYSECOND")
_SELDOM = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}  # have no place in a rule by days or weeks


class CannotRepeat(Exception):
    """The rule is not followed; the text follows the event's name."""


def occurrences(rule: Any, start: datetime, first: date | None = None, last: date | None = None) -> Iterator[datetime]:
    """The times of an RRULE (icalendar's `vRecur`), on the clock of the start's zone. Raises CannotRepeat.

    `first` and `last` are the days that are asked for: a rule without an end ends on the `last`, and of a rule without
    COUNT nothing before the `first` is answered.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - only what repeats needs it

    count, until = _bounds(rule, start, last)
    begin = start.replace(tzinfo=None)
    if count is None and first is not None and first > begin.date():
        begin = datetime.combine(first, time.min)
    ahead = CYCLE * ((MAXYEAR - (begin + HORIZON).year) // CYCLE)
    naive = _years_on(start.replace(tzinfo=None), ahead)
    until = until and _years_on(until, min(ahead, MAXYEAR - until.year))
    try:
        parts = {name: value for name, value in rule.items() if name not in {"COUNT", "UNTIL"}}
        text = type(rule)(parts).to_ical().decode()
        opens = _years_on(begin, ahead)
        horizon = opens + HORIZON
        limit = f"UNTIL={min(until, horizon) if until else horizon:%Y%m%dT%H%M%S}"
        all_of_them = (moment for moment in rrulestr(f"{text};{limit}", dtstart=naive) if moment >= opens)
        moments = list(islice(all_of_them, (count or MOST_OCCURRENCES) + 1))
    except Exception:  # noqa: BLE001 - dateutil tells a wrong rule with whatever it stumbles over
        raise CannotRepeat("repeats by a rule that cannot be read") from None
    if count:
        moments = moments[:count]
        if len(moments) < count:
            raise CannotRepeat(f"repeats for more than {HORIZON.days // 366} years: end its rule earlier")
    if len(moments) > MOST_OCCURRENCES or (until and until > horizon):
        raise CannotRepeat(f"repeats more than {MOST_OCCURRENCES} times or too long: end its rule earlier")
    return (_years_on(moment, -ahead).replace(tzinfo=start.tzinfo) for moment in moments)


def _years_on(moment: datetime, years: int) -> datetime:
    day = 28 if (moment.month, moment.day) == (2, 29) and years % CYCLE else moment.day
    return moment.replace(year=moment.year + years, day=day)


def _bounds(rule: Any, start: datetime, last: date | None) -> tuple[int | None, datetime | None]:
    """COUNT and UNTIL, the latter on the start's clock. Raises CannotRepeat where a rule has no end or no sense."""
    frequency = str(_only(rule, "FREQ") or "").upper()
    if frequency not in FREQUENCIES:
        raise CannotRepeat("repeats more often than daily, or by no known rule: that is not a programme")
    if frequency in {"DAILY", "WEEKLY"} and _SELDOM & {str(name).upper() for name in rule}:
        raise CannotRepeat("repeats by days or weeks and by days of months or years at once: write each date")
    for name, values in rule.items():
        most = 1 if name in _ONE_VALUE else MOST_VALUES
        if isinstance(values, list) and len(values) > most:
            raise CannotRepeat(f"repeats by a rule with more than {most} values of {name}")
    interval, count, until = _only(rule, "INTERVAL"), _only(rule, "COUNT"), _only(rule, "UNTIL")
    if interval is not None and not (isinstance(interval, int) and 1 <= interval <= 10_000):  # noqa: PLR2004
        raise CannotRepeat("repeats by a rule whose INTERVAL is not a number above 0")
    if count is None and until is None:
        if last is None:
            raise CannotRepeat("repeats without an end: add COUNT or UNTIL to its rule, or name the last day that is"
                               " meant with `--until`")  # fmt: skip
        until = max(last, start.date())
    if count is None and last is not None and isinstance(until, datetime | date):
        until = until if _on_clock(until, start).date() <= last else max(last, start.date())
    if count is not None and not (isinstance(count, int) and 1 <= count <= MOST_OCCURRENCES):
        raise CannotRepeat(f"repeats by a rule whose COUNT is not from 1 to {MOST_OCCURRENCES}")
    return count, None if until is None else _on_clock(until, start)


def _on_clock(until: Any, start: datetime) -> datetime:
    if isinstance(until, datetime):
        moment = until.astimezone(start.tzinfo) if until.tzinfo and start.tzinfo else until
        return moment.replace(tzinfo=None)
    if isinstance(until, date):
        return datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=UTC).replace(tzinfo=None)
    raise CannotRepeat("repeats by a rule whose UNTIL is not a date")


def _only(rule: Any, name: str) -> Any:
    value = rule.get(name)
    return value[0] if isinstance(value, list) and value else value
