"""One meeting for several sessions: which sessions share it, when it is held, and how its reports are divided.

Sessions on one day share one meeting that lasts from the first to the last. Sessions on several days share a series,
which Zoom holds at regular times only. Pure; standard library and the domain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from zoom_sync.domain.programme import KnownMeeting, Programme, Session

T = TypeVar("T")

DAILY, WEEKLY, MONTHLY = 1, 2, 3
# Zoom's longest intervals, the narrower of those for meetings and webinars, and how often a series is held at most:
# https://developers.zoom.us/docs/api/webinars/#tag/webinars/POST/users/{userId}/webinars (recurrence)
LONGEST = {DAILY: 90, WEEKLY: 12, MONTHLY: 3}
MOST_OCCURRENCES = 50
SAFE_DAY = 28  # of a month: every month has it
MINUTES_MAX = 1440
DAYS_OF_WEEK = 7
IRREGULAR = (
    "these sessions share a meeting, but are not at regular times as Zoom's series must be (every so many days, on days"
    " of the week or of the month, at the same time)"
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When a series is held, in Zoom's terms. `weekdays` count from 1, which is Sunday; `week` -1 is a month's last."""

    kind: int
    interval: int
    times: int
    weekdays: tuple[int, ...] = ()
    day: int | None = None
    week: int | None = None

    def as_zoom_has_it(self) -> dict[str, Any]:
        """The `recurrence` of a request or an answer."""
        values: dict[str, Any] = {"type": self.kind, "repeat_interval": self.interval, "end_times": self.times}
        if self.kind == WEEKLY:
            values["weekly_days"] = ",".join(map(str, self.weekdays))
        elif self.day is not None:
            values["monthly_day"] = self.day
        elif self.kind == MONTHLY:
            values |= {"monthly_week": self.week, "monthly_week_day": self.weekdays[0]}
        return values


def recurrence_of(starts: Sequence[datetime], zone: str) -> Recurrence | None:
    """The rule by which a series is held at exactly these times, on the clock of `zone`; None where there is none."""
    local = sorted(start.astimezone(ZoneInfo(zone)) for start in starts)
    if (
        not 1 < len(local) <= MOST_OCCURRENCES
        or len({(moment.hour, moment.minute, moment.second) for moment in local}) > 1
    ):
        return None
    days = [moment.date() for moment in local]
    rules = (*_daily(days), *_weekly(days), *_monthly(days))
    return next((rule for rule in rules if list(_days_of(rule, days[0])) == days), None)


def _daily(days: Sequence[date]) -> Iterator[Recurrence]:
    gap = (days[1] - days[0]).days
    if 0 < gap <= LONGEST[DAILY] and gap % DAYS_OF_WEEK:  # every seventh day is said as a day of the week
        yield Recurrence(DAILY, gap, len(days))


def _weekly(days: Sequence[date]) -> Iterator[Recurrence]:
    weekdays = tuple(sorted({_weekday(day) for day in days}))
    for interval in range(1, LONGEST[WEEKLY] + 1):
        yield Recurrence(WEEKLY, interval, len(days), weekdays)


def _monthly(days: Sequence[date]) -> Iterator[Recurrence]:
    first = days[0]
    for interval in range(1, LONGEST[MONTHLY] + 1):
        if first.day <= SAFE_DAY:
            yield Recurrence(MONTHLY, interval, len(days), day=first.day)
        weekdays = (_weekday(first),)
        for week in ((first.day - 1) // 7 + 1, -1):
            if week <= 4:  # noqa: PLR2004 - Zoom counts four weeks of a month, and its last
                yield Recurrence(MONTHLY, interval, len(days), weekdays, week=week)


def _weekday(day: date) -> int:
    return (day.weekday() + 1) % 7 + 1


def _days_of(rule: Recurrence, first: date) -> Iterator[date]:
    """The days of a rule that begins on `first`."""
    if rule.kind == DAILY:
        for number in range(rule.times):
            yield first + timedelta(days=rule.interval * number)
    elif rule.kind == WEEKLY:
        yield from _days_of_weeks(rule, first)
    else:
        for number in range(rule.times):
            year, month = divmod(first.year * 12 + first.month - 1 + number * rule.interval, 12)
            yield _day_of_month(rule, year, month + 1)


def _days_of_weeks(rule: Recurrence, first: date) -> Iterator[date]:
    sunday = first - timedelta(days=_weekday(first) - 1)
    left = rule.times
    while left:
        for weekday in rule.weekdays:
            day = sunday + timedelta(days=weekday - 1)
            if day >= first and left:
                yield day
                left -= 1
        sunday += timedelta(weeks=rule.interval)


def _day_of_month(rule: Recurrence, year: int, month: int) -> date:
    if rule.day is not None:
        return date(year, month, rule.day)
    assert rule.week is not None
    if rule.week > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(rule.weekdays[0] - _weekday(first)) % 7 + 7 * (rule.week - 1))
    following = date(year + month // 12, month % 12 + 1, 1)
    last = following - timedelta(days=1)
    return last - timedelta(days=(_weekday(last) - rule.weekdays[0]) % 7)


# --- which sessions share a meeting --------------------------------------------------------------------------------


def by_meeting(sessions: Iterable[Session]) -> dict[str, tuple[Session, ...]]:
    """The sessions by the key of their meeting: the owner's own key. The owner comes first, the rest by time."""
    groups: dict[str, list[Session]] = {}
    for session in sessions:
        groups.setdefault(session.meeting_key, []).append(session)
    return {
        key: tuple(sorted(group, key=lambda one: (one.key != key, one.start, one.key))) for key, group in groups.items()
    }


def of_meeting(session: Session, by_key: Mapping[str, T]) -> T | None:
    """What is kept of the meeting that a session is held in, such as its link; it is kept under the owner's key."""
    return by_key.get(session.meeting_key)


def known_meetings(programme: Programme) -> dict[str, KnownMeeting]:
    """The meetings that a programme tells of itself, by the key of the session that owns each."""
    return {session.key: session.known for session in programme.sessions if session.known}


def as_one_meeting(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Sessions that tell the very meeting of an earlier one, its passcode included, are held in that one's."""
    owners: dict[str, Session] = {}
    found = []
    for session in sessions:
        owner = owners.setdefault(session.known.meeting_id, session) if session.known else session
        shared = owner.key != session.key and owner.known == session.known
        found.append(replace(session, known=None, meeting_of=owner.key) if shared else session)
    return tuple(found)


def is_series(sessions: Sequence[Session]) -> bool:
    """Whether the sessions of one meeting are on several days, so that the meeting has to recur."""
    length = max(session.end for session in sessions) - min(session.start for session in sessions)
    return length > timedelta(minutes=MINUTES_MAX)


def group_flaws(sessions: Sequence[Session]) -> Iterator[tuple[str, int | None]]:
    """What is wrong with the sessions of one meeting taken together, each with the line of the session it is about."""
    owner, *members = sessions
    for member in members:
        if member.kind != owner.kind:
            yield f"a {member.kind} cannot share the meeting of `{owner.key}`, which is a {owner.kind}", member.line
        if member.host or member.profile or member.settings or member.registration or member.known:
            what = "`host`, `profile`, `settings`, `registration` and an ID are those of the meeting"
            yield f"{what}: write them at session `{owner.key}`, which owns it", member.line
    by_time = sorted(sessions, key=lambda session: (session.start, session.key))
    for before, after in pairwise(by_time):
        if after.start < before.end:
            yield f"it overlaps session `{before.key}`, which is held in the same meeting", after.line
    if is_series(sessions):
        yield from _series_flaws(owner, sessions)


def _series_flaws(owner: Session, sessions: Sequence[Session]) -> Iterator[tuple[str, int | None]]:
    lengths = {session.minutes for session in sessions}
    if len(lengths) > 1:
        yield "sessions on several days that share a meeting must be equally long: Zoom's series are", owner.line
    elif recurrence_of([session.start for session in sessions], owner.timezone) is None:
        yield f"{IRREGULAR}: give those that are not a meeting of their own", owner.line


# --- dividing what was reported ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Division:
    """Cuts the time of a meeting among its sessions, in the middle between the end of one and the start of the next.

    So whoever came early or stayed late counts for the session he came for, nothing is lost and nothing counts twice.
    """

    keys: tuple[str, ...]
    cuts: tuple[float, ...]  # whole seconds since 1970, one fewer than keys

    def at(self, moment: datetime) -> str:
        """The session that a moment belongs to."""
        return self.keys[bisect_right(self.cuts, moment.timestamp())]

    def bounds(self, key: str) -> tuple[float, float]:
        """From when to when (seconds since 1970) everything belongs to a session; infinite at the two ends."""
        place = self.keys.index(key)
        before = self.cuts[place - 1] if place else float("-inf")
        after = self.cuts[place] if place < len(self.cuts) else float("inf")
        return before, after


def division(sessions: Sequence[Session]) -> Division:
    """How the sessions of one meeting divide its time; a single one has all of it."""
    by_time = sorted(sessions, key=lambda session: (session.start, session.key))
    cuts = tuple(
        float((before.end.astimezone(UTC).timestamp() + after.start.astimezone(UTC).timestamp()) // 2)
        for before, after in pairwise(by_time)
    )
    return Division(tuple(session.key for session in by_time), cuts)
