"""What is the same in every language of an announcement, and what a language has to say for itself.

Standard library and babel, which knows the names of places. Months are written out by each language, because strftime
follows the machine's locale.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.publication import AnnouncedSession, Announcement

# Keys like "seminar-1" name their session; any other word before a number might not be read as a heading.
_NUMBERED = re.compile(
    r"(seminar|session|day|webinar|workshop|panel|meeting|lecture|module|part|forum)-([1-9][0-9]{0,2})"
)
# A night from "23:00-00:30" is understood; of a longer one, each end tells its day.
NIGHT_MOST = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Wording:
    """A language: its tag (BCP 47) and babel's name for it, its labels, and how it says days, times and headings."""

    tag: str
    locale: str
    colon: str
    event: str
    about: str
    days: str
    form: str
    online: str
    when: str
    elsewhere: str
    link: str
    link_in_text: str
    meeting_id: str
    webinar_id: str
    passcode: str
    qr_code: str
    cities: str
    speakers: str
    called_off: str
    status: str
    room: str
    track: str
    moderators: str
    spoken: str
    names_between: str
    scan: str
    bracketed: Callable[[str], str]
    day: Callable[[datetime, bool], str]
    days_between: Callable[[datetime, datetime], str]
    heading: Callable[[str, int], str]
    separator: str = ", "

    def label(self, announced: AnnouncedSession) -> str:
        """What the session is called: "Seminar 1" of the key `seminar-1`, else "Session" and its number."""
        return self.name(announced.session, announced.number)

    def name(self, session: Session, number: int) -> str:
        """The same of the session that is the `number`th, from 1."""
        named = _NUMBERED.fullmatch(session.key)
        return self.heading(named[1], int(named[2])) if named else self.heading("session", number)

    def id_label(self, session: Session) -> str:
        """What the number to join with is called."""
        return self.webinar_id if session.kind is Kind.WEBINAR else self.meeting_id

    def items_label(self, session: Session) -> str:
        """What stands above the items: presenters with a country are cities, others are speakers."""
        return self.cities if any(item.country for item in session.items) else self.speakers

    def details(self, session: Session) -> list[tuple[str, str]]:
        """What is told of a session beside its time and its meeting: a label and a value each, on one line."""
        told = (
            (self.room, session.room),
            (self.track, session.track),
            (self.moderators, self.names_between.join(session.moderators)),
            (self.spoken, session.language),
        )
        return [(label, one_line(value)) for label, value in told if value]

    def date_line(self, start: datetime, end: datetime, *, year: bool = False) -> str:
        """When it is, as "November 6th, 20:30-22:00 (UTC+8)"; each end has its own offset where they differ."""
        text = f"{self.day(start, year)}{self.separator}{start:%H:%M}"
        if start.utcoffset() != end.utcoffset():
            text += self.bracketed(offset(start))
        until = f"{end:%H:%M}"
        if _tells_its_day(start, end):
            until = f" {self.day(end, year)}{self.separator}{until}"
            text += " "
        return f"{text}-{until}{self.bracketed(offset(end))}"

    def one_offset_line(self, start: datetime, end: datetime, *, year: bool = False) -> str:
        """The same with one offset, the start's, for both ends: the form that is read back."""
        return self.date_line(start, end.astimezone(timezone(start.utcoffset() or timedelta())), year=year)

    def days_line(self, told: Announcement) -> str:
        """From the first session's day to the last one's: "November 6th - 9th 2023 (UTC+8)"; empty without sessions."""
        starts = [announced.start for announced in told.sessions()]
        if not starts:
            return ""
        first, last = min(starts, key=_instant), max(starts, key=_instant)
        days = self.day(first, True) if first.date() == last.date() else self.days_between(first, last)
        return f"{days}{self.bracketed(offset(first))}"

    def zone_lines(self, told: Announcement, announced: AnnouncedSession, *, year: bool) -> list[tuple[str, str]]:
        """The session's time in the further zones: the place's name, and the date line there."""
        spans = [(zone, announced.start.astimezone(zone), announced.end.astimezone(zone)) for zone in _zones(told)]
        return [(self.place(zone.key), self.date_line(start, end, year=year)) for zone, start, end in spans]

    def place(self, zone: str) -> str:
        """The name of a zone's city: "New York"."""
        from babel.dates import get_timezone_location  # noqa: PLC0415 - reads tables when it is first asked

        return get_timezone_location(zone, locale=self.locale, return_city=True).rpartition("/")[2]


def offset(moment: datetime) -> str:
    """The offset of an aware datetime as "UTC+8", "UTC+5:30", "UTC-3" or "UTC"."""
    gone = moment.utcoffset()
    minutes = int(gone.total_seconds() // 60) if gone else 0
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def tells_years(announcement: Announcement) -> bool:
    """Whether the sessions' days need their year told, because they lie in two."""
    zones = (announcement.zone, *_zones(announcement))
    return len({announced.start.astimezone(zone).year for announced in announcement.sessions() for zone in zones}) > 1


def grouped(meeting_id: str) -> str:
    """A meeting ID in Zoom's own groups: "823 1893 7943", "123 456 7890" of ten digits, "123 456 789" of nine."""
    head = 4 if len(meeting_id) > 10 else 3  # noqa: PLR2004
    return " ".join(part for part in (meeting_id[:3], meeting_id[3 : 3 + head], meeting_id[3 + head :]) if part)


def _zones(announcement: Announcement) -> list[ZoneInfo]:
    return [ZoneInfo(name) for name in announcement.zones if name != announcement.programme.event.timezone]


def _tells_its_day(start: datetime, end: datetime) -> bool:
    if start.date() == end.date():
        return False
    return end.replace(tzinfo=None) - start.replace(tzinfo=None) > NIGHT_MOST


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
