"""How dates, times, offsets and meeting IDs are said in an announcement, in the form of the seminar's own.

Standard library only. English month names are written out here, because strftime follows the machine's locale.
"""

from __future__ import annotations

import re
from datetime import datetime

from zoom_sync.domain.programme import Kind, Session

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


# Keys like "seminar-1" name their session; any other word before a number might not be read as a heading.
_NUMBERED = re.compile(
    r"(seminar|session|day|webinar|workshop|panel|meeting|lecture|module|part|forum)-([1-9][0-9]{0,2})"
)


def label(number: int, session: Session) -> str:
    """What the session is called: "Seminar 1" of the key `seminar-1`, else "Session" and its number."""
    named = _NUMBERED.fullmatch(session.key)
    return f"{named[1].capitalize()} {named[2]}" if named else f"Session {number}"


def id_label(session: Session) -> str:
    """What the number to join with is called."""
    return "Webinar ID" if session.kind is Kind.WEBINAR else "Meeting ID"


def items_label(session: Session) -> str:
    """What stands above the items: presenters with a country are cities, others are speakers."""
    return "Cities and Initiatives" if any(item.country for item in session.items) else "Speakers"


def day(moment: datetime, *, year: bool = False) -> str:
    """A day as "November 6th", with `year` "November 6th 2023"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10 if moment.day // 10 != 1 else 0, "th")
    told = f"{MONTHS[moment.month - 1]} {moment.day}{ending}"
    return f"{told} {moment.year}" if year else told


def offset(moment: datetime) -> str:
    """The offset of an aware datetime as "UTC+8", "UTC+5:30", "UTC-3" or "UTC"."""
    gone = moment.utcoffset()
    minutes = int(gone.total_seconds() // 60) if gone else 0
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def date_line(session: Session, *, year: bool = False) -> str:
    """When the session is, as "November 6th, 20:30-22:00 (UTC+8)", in the session's own zone."""
    return f"{day(session.start, year=year)}, {session.start:%H:%M}-{session.end:%H:%M} ({offset(session.start)})"


def days_line(sessions: tuple[Session, ...]) -> str:
    """From the first session's day to the last one's: "November 6th - 9th 2023 (UTC+8)"; empty without sessions."""
    if not sessions:
        return ""
    first = min(session.start for session in sessions)
    last = max(session.start for session in sessions)
    zone = f"({offset(first)})"
    if first.date() == last.date():
        return f"{day(first, year=True)} {zone}"
    if first.year != last.year:
        return f"{day(first, year=True)} - {day(last, year=True)} {zone}"
    until = day(last, year=True)
    return f"{day(first)} - {until.split(' ', 1)[1] if first.month == last.month else until} {zone}"


def over_new_year(sessions: tuple[Session, ...]) -> bool:
    """Whether the sessions' days need their year told."""
    return len({session.start.year for session in sessions}) > 1


def grouped(meeting_id: str) -> str:
    """A meeting ID in Zoom's own groups: "823 1893 7943", "123 456 7890" of ten digits, "123 456 789" of nine."""
    head = 4 if len(meeting_id) > 10 else 3  # noqa: PLR2004
    return " ".join(part for part in (meeting_id[:3], meeting_id[3 : 3 + head], meeting_id[3 + head :]) if part)
