"""From the dates of an announcement to instants: which year, and which zone.

Imports the standard library and this room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from zoom_sync.adapters.sources.announcement_block import Block
from zoom_sync.adapters.sources.moments import NotAMoment, fixed_zone, in_reach, in_zone, on_clock
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.written_dates import WEEKDAYS, CannotRead, Period, When, calendar_day


@dataclass(frozen=True, slots=True)
class Span:
    """Begin and end of a session, in its zone."""

    start: datetime
    end: datetime
    zone: str


class Spans:
    """Places sessions in time, with what is common to them: the event's days, its offset, the caller's zone."""

    def __init__(
        self,
        period: Period,
        period_line: int | None,
        timezone: str | None,
        findings: Findings,
        default_length: int | None = None,
    ) -> None:
        self.default_length = default_length
        self.period = period
        self.timezone = timezone
        self.findings = findings
        self.told_no_zone = self.told_offset = False
        self.event_zone = timezone
        if timezone is None and period.place:
            self.event_zone = period.place
        elif timezone is None and fixed_zone(period.offset) and period.offset is not None:
            self.event_zone = self.offset_zone(period.offset, period_line)

    def place(self, block: Block) -> Span | None:
        """The session's span, or None; then the findings say why."""
        if block.when_flawed:
            return None
        line = block.when_line or block.line
        try:
            day = self.day_of(block.when)
            starts, ends = self.clock_of(block.when, line)
            return self.span(block.when, on_clock(day, starts), on_clock(day, ends), line)
        except (CannotRead, NotAMoment) as reason:
            self.findings.problem(line, str(reason))
            return None

    def clock_of(self, when: When, line: int) -> tuple[int, int]:
        """Begin and end in minutes since midnight."""
        if when.starts is not None and when.ends is None and self.default_length is not None:
            text = (
                f"no end is given: {self.default_length} minutes are assumed; give the length with `--default-length`"
            )
            self.findings.note(line, text)
            return when.starts, when.starts + self.default_length
        return _clock_of(when)

    def day_of(self, when: When) -> date:
        if when.month is None or when.day is None:
            raise CannotRead("the session has no date: write `Date: November 6th 2023, 20:30-22:00 (UTC+8)`")
        day = calendar_day(when.year or self.year_of(when.month, when.day), when.month, when.day)
        if day is None:
            raise CannotRead("the year is not given: write it in the date, or before the sessions as"
                             " `Time: November 6th - 9th 2023`")  # fmt: skip
        in_reach(on_clock(day, 0))
        if when.weekday is not None and when.weekday != day.weekday():
            text, real = (WEEKDAYS[number].capitalize() for number in (when.weekday, day.weekday()))
            raise CannotRead(f"{day.isoformat()} is a {real}, not a {text}: correct the day or the date")
        first, last = self.period.first, self.period.last
        if first and last and not first <= day <= last:
            raise CannotRead(f"{day.isoformat()} is outside the days given before the sessions ({first} to {last}):"
                             " correct one of them")  # fmt: skip
        return day

    def year_of(self, month: int, day: int) -> int | None:
        """The year of the event; of two years that in which the day lies within the event."""
        first, last = self.period.first, self.period.last
        if first and last and first.year != last.year and (month, day) >= (first.month, first.day):
            return first.year
        return self.period.year

    def span(self, when: When, start: datetime, end: datetime, line: int) -> Span:
        offset = when.offset if when.offset is not None else self.period.offset
        if self.timezone is None:
            zone = self.zone_of(when, offset, line)
            return Span(in_zone(start, zone), in_zone(end, zone), zone)
        if offset is not None:
            fixed = timezone(offset)
            start, end = start.replace(tzinfo=fixed), end.replace(tzinfo=fixed)
        begins = in_zone(start, self.timezone)
        if offset is not None and begins.utcoffset() != offset:
            raise CannotRead(f"{_utc_name(offset)} is written, but {self.timezone} has"
                             f" {_utc_name(begins.utcoffset())} at that time: correct one of them")  # fmt: skip
        if when.zone_word and begins.tzname() != when.zone_word:
            raise CannotRead(f"the zone `{when.zone_word}` does not fit {self.timezone}: write the offset, as (UTC+8)")
        return Span(begins, in_zone(end, self.timezone), self.timezone)

    def zone_of(self, when: When, offset: timedelta | None, line: int) -> str:
        place = when.place or (self.period.place if when.offset is None else None)
        if place:
            return place
        if when.zone_word and when.offset is None:
            raise CannotRead(f"the zone `{when.zone_word}` is ambiguous: write the offset, as (UTC+8), or name the"
                             " place with `--timezone`, for example `--timezone Asia/Shanghai`")  # fmt: skip
        if offset is None:
            raise CannotRead("no time zone is given: write the offset, as (UTC+8), or name the place with `--timezone`,"
                             " for example `--timezone Asia/Shanghai`")  # fmt: skip
        return self.offset_zone(offset, line)

    def offset_zone(self, offset: timedelta, line: int | None) -> str:
        """The offset as an IANA zone without a place."""
        zone = fixed_zone(offset)
        if zone is None:
            raise CannotRead(f"{_utc_name(offset)} has no zone without a place: name the place with `--timezone`,"
                             " for example `--timezone Asia/Kolkata`")  # fmt: skip
        if not self.told_offset:
            self.told_offset = True
            self.findings.note(
                line,
                f"only the offset {_utc_name(offset)} is given, so times are kept in `{zone}`; name the place with"
                " `--timezone`, for example `--timezone Asia/Shanghai`",
            )
        return zone


def _clock_of(when: When) -> tuple[int, int]:
    if when.starts is None:
        raise CannotRead("the session has no time of day: write the start and end times, such as 20:30-22:00")
    if when.ends is None:
        raise CannotRead("the session has no end: write the start and end times, such as 20:30-22:00")
    return when.starts, when.ends


def _utc_name(offset: timedelta | None) -> str:
    minutes = int((offset or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
