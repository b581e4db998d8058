"""How often a series is held, in words, from the `recurrence` that Zoom takes and tells. Pure.

Imports `domain.phrases` and `domain.series`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.series import DAILY, MONTHLY, WEEKLY

# As Zoom counts them, from 1.
WEEKDAYS = (
    Phrase("Sunday"), Phrase("Monday"), Phrase("Tuesday"), Phrase("Wednesday"), Phrase("Thursday"), Phrase("Friday"),
    Phrase("Saturday"),
)  # fmt: skip
WEEKS = {1: Phrase("first"), 2: Phrase("second"), 3: Phrase("third"), 4: Phrase("fourth"), -1: Phrase("last")}


def rhythm(recurrence: Mapping[str, Any]) -> Phrase | None:
    """`weekly on Monday and Thursday, 8 times`; None for a rule that Zoom's description does not have."""
    try:
        rule = _rule(recurrence, int(recurrence.get("repeat_interval") or 1))
    except (KeyError, ValueError, TypeError, IndexError):
        return None
    if rule is None:
        return None
    if times := recurrence.get("end_times"):
        return Phrase("{rule}, {times} times", rule=rule, times=times)
    if until := recurrence.get("end_date_time"):
        return Phrase("{rule}, until {day}", rule=rule, day=str(until)[: len("2023-11-06")])
    return rule


def _rule(recurrence: Mapping[str, Any], interval: int) -> Phrase | None:
    kind = recurrence["type"]
    if kind == DAILY:
        return Phrase("daily") if interval == 1 else Phrase("every {interval} days", interval=interval)
    if kind == WEEKLY:
        days = tuple(WEEKDAYS[_day(part)] for part in str(recurrence["weekly_days"]).split(","))
        if interval == 1:
            return Phrase("weekly on {days}", days=days)
        return Phrase("every {interval} weeks on {days}", interval=interval, days=days)
    return _monthly(recurrence, interval) if kind == MONTHLY else None


def _monthly(recurrence: Mapping[str, Any], interval: int) -> Phrase:
    if day := recurrence.get("monthly_day"):
        if interval == 1:
            return Phrase("monthly on day {day}", day=day)
        return Phrase("every {interval} months on day {day}", interval=interval, day=day)
    week, weekday = WEEKS[recurrence["monthly_week"]], WEEKDAYS[_day(recurrence["monthly_week_day"])]
    if interval == 1:
        return Phrase("monthly on the {week} {weekday}", week=week, weekday=weekday)
    return Phrase("every {interval} months on the {week} {weekday}", interval=interval, week=week, weekday=weekday)


def _day(told: str | int) -> int:
    """The place among the days of the week."""
    number = int(told) - 1
    if not 0 <= number < len(WEEKDAYS):
        raise IndexError(number)
    return number
