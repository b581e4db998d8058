"""Recurring meetings with fixed times: which occurrences a recurrence has, and what may be done to one of them.

https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings (recurrence). An occurrence is
at the same time on the clock of the meeting's zone, whatever daylight saving does.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from .clock import iso
from .refusals import invalid_field, refusal
from .start_times import read_start, read_zone
from .world import Meeting

DAILY, WEEKLY, MONTHLY = 1, 2, 3
# "For a daily meeting, the maximum interval you can set is 99 days. For a weekly meeting … 50 weeks. For a monthly
# meeting, there is a maximum of 10 months." Webinars: 90 days, 12 weeks, 3 months.
_LONGEST = {False: {DAILY: 99, WEEKLY: 50, MONTHLY: 10}, True: {DAILY: 90, WEEKLY: 12, MONTHLY: 3}}
_MOST = 60
_AVAILABLE, _DELETED = "available", "deleted"
# "PATCH with occurrence_id only changes …": the operation's own description.
OF_ONE = frozenset({"agenda", "start_time", "duration", "timezone", "settings"})
SETTINGS_OF_ONE = frozenset(
    {
        "host_video", "participant_video", "join_before_host", "mute_upon_entry", "waiting_room", "watermark",
        "auto_recording",
    }
)  # fmt: skip


def occurrences_of(
    start: float, duration: int, zone: str, recurrence: Mapping[str, Any], *, webinar: bool
) -> list[Any]:
    """The occurrences of a series whose first day is that of `start`. Raises Refusal for a recurrence that has none."""
    kind = recurrence.get("type")
    interval = recurrence.get("repeat_interval", 1)
    if interval > _LONGEST[webinar].get(kind or 0, 0):
        raise invalid_field("recurrence.repeat_interval")
    if "end_times" in recurrence and "end_date_time" in recurrence:
        raise invalid_field("recurrence.end_times")
    place = read_zone(zone)
    first = datetime.fromtimestamp(start, place)
    last = _last(recurrence)
    most = min(recurrence.get("end_times", 1 if last is None else _MOST) or _MOST, _MOST)
    values: list[Any] = []
    for day in _days(first.date(), recurrence, interval):
        moment = _on(day, first, place)
        if len(values) >= most or (last is not None and moment > last):
            break
        values.append(_occurrence(moment, duration))
    if not values:
        raise invalid_field("recurrence.end_date_time")
    return values


def _occurrence(start: float, duration: int) -> dict[str, Any]:
    """The id is its first start in milliseconds; it stays when the occurrence is moved."""
    return {"occurrence_id": str(int(start * 1000)), "start": start, "duration": duration, "status": _AVAILABLE}


def _last(recurrence: Mapping[str, Any]) -> float | None:
    text = recurrence.get("end_date_time")
    if text is None:
        return None
    try:
        return read_start(text, ZoneInfo("UTC"))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, this field is
        raise invalid_field("recurrence.end_date_time") from None


def _on(day: date, first: datetime, place: ZoneInfo) -> float:
    return datetime.combine(day, first.time(), place).astimezone(UTC).timestamp()


def _days(first: date, recurrence: Mapping[str, Any], interval: int) -> Iterator[date]:
    kind = recurrence["type"]
    if kind == DAILY:
        return (first + timedelta(days=interval * number) for number in count())
    if kind == WEEKLY:
        return _weekly(first, recurrence, interval)
    return _monthly(first, recurrence, interval)


def _weekly(first: date, recurrence: Mapping[str, Any], interval: int) -> Iterator[date]:
    """Days are numbered from 1, which is Sunday; a week begins with it."""
    value = recurrence.get("weekly_days")
    if not value:
        raise invalid_field("recurrence.weekly_days")
    days = sorted({int(number) - 1 for number in value.split(",")})
    sunday = first - timedelta(days=(first.weekday() + 1) % 7)
    for week in count():
        for day in days:
            found = sunday + timedelta(weeks=interval * week, days=day)
            if found >= first:
                yield found


def _monthly(first: date, recurrence: Mapping[str, Any], interval: int) -> Iterator[date]:
    week, weekday, day = (recurrence.get(name) for name in ("monthly_week", "monthly_week_day", "monthly_day"))
    if (week is None) != (weekday is None):
        raise invalid_field("recurrence.monthly_week_day" if weekday is None else "recurrence.monthly_week")
    for number in count():
        year, month = divmod(first.year * 12 + first.month - 1 + number * interval, 12)
        found = _day_of_week(year, month + 1, week, weekday) if week is not None else _day(year, month + 1, day or 1)
        if found is not None and found >= first:
            yield found


def _day(year: int, month: int, day: int) -> date | None:
    """That day; a month without it has no occurrence."""
    return date(year, month, day) if day <= calendar.monthrange(year, month)[1] else None


def _day_of_week(year: int, month: int, week: int, weekday: Any) -> date:
    days = [day for day in calendar.Calendar().itermonthdates(year, month) if day.month == month]
    fitting = [day for day in days if (day.weekday() + 1) % 7 + 1 == weekday]
    return fitting[-1] if week == -1 else fitting[week - 1]


def shown(meeting: Meeting, now: float, *, previous: bool) -> list[dict[str, Any]]:
    """The occurrences as an answer shows them; those of the past only where they are asked for."""
    return [
        {
            "occurrence_id": occurrence["occurrence_id"],
            "start_time": iso(occurrence["start"]),
            "duration": occurrence["duration"],
            "status": occurrence["status"],
        }
        for occurrence in meeting.occurrences
        if previous or occurrence["start"] + occurrence["duration"] * 60 > now
    ]


def next_of(meeting: Meeting, now: float) -> float | None:
    """When the series is held next, or was held last."""
    there = [occurrence for occurrence in meeting.occurrences if occurrence["status"] == _AVAILABLE]
    to_come = [values["start"] for values in there if values["start"] + values["duration"] * 60 > now]
    return min(to_come) if to_come else max((values["start"] for values in there), default=meeting.start)


def occurrence(meeting: Meeting, identity: str) -> dict[str, Any]:
    """The occurrence of an id. Raises Refusal 300."""
    values = next((occurrence for occurrence in meeting.occurrences if occurrence["occurrence_id"] == identity), None)
    if values is None or values["status"] == _DELETED:
        raise refusal(400, 300, "Invalid occurrence_id.")
    return values


def change_one(meeting: Meeting, identity: str, body: Mapping[str, Any], now: float) -> None:
    """Change one occurrence: what may not differ from the series is refused, a past start ignored, as for a meeting."""
    values = occurrence(meeting, identity)
    wrong = sorted(set(body) - OF_ONE) + sorted(
        f"settings.{name}" for name in set(body.get("settings", {})) - SETTINGS_OF_ONE
    )
    if wrong:
        raise invalid_field(wrong[0])
    start = (
        read_start(body["start_time"], read_zone(body.get("timezone", meeting.timezone)))
        if body.get("start_time")
        else 0
    )
    values["start"] = start if start >= now else values["start"]
    values["duration"] = body.get("duration", values["duration"])
    values |= {name: body[name] for name in ("agenda", "settings") if name in body}


def delete_one(meeting: Meeting, identity: str) -> None:
    """A deleted occurrence stays in the list, marked so."""
    occurrence(meeting, identity)["status"] = _DELETED
