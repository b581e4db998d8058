"""The announcement as a calendar (iCalendar, RFC 5545): an event per session, at UTC instants, so no zone can be lost.

A session's UID comes from event key and session key alone, and SEQUENCE from the announcement: calendars that took an
earlier one update their entry and do not add a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from zoom_sync.adapters.exports.announcement.wording import grouped, id_label
from zoom_sync.adapters.exports.cleaning import clean, web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement

LONGEST_LINE = 75  # octets without the line end, RFC 5545 section 3.1
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None, "\t": " "})


@dataclass(frozen=True, slots=True)
class CalendarWriter:
    """Writes iCalendar text."""

    media_type: str = "text/calendar; charset=utf-8"
    suffix: str = ".ics"

    def write(self, announcement: Announcement) -> bytes:
        """The calendar as UTF-8 with folded lines."""
        return b"".join(folded(line) for line in _lines(announcement))


def escaped(text: str) -> str:
    """`text` as a TEXT value, RFC 5545 section 3.3.11."""
    return clean(text.replace("\r\n", "\n")).translate(_ESCAPES)


def folded(line: str) -> bytes:
    """A content line cut to 75 octets each, never inside a character, with its line ends."""
    parts: list[bytes] = []
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > LONGEST_LINE:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"


def _lines(announcement: Announcement) -> Iterator[str]:
    event = announcement.programme.event
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//zoom_sync//announcement//EN", "CALSCALE:GREGORIAN")
    yield from ("METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(event.title)}")
    for announced in announcement.sessions():
        yield from _event(announcement, announced)
    yield "END:VCALENDAR"


def _event(announcement: Announcement, announced: AnnouncedSession) -> Iterator[str]:
    session, link = announced.session, web_link(announced.join_url)
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(f'{session.key}@{announcement.programme.event.key}.zoom-sync')}"
    yield f"SEQUENCE:{announcement.sequence}"
    yield f"DTSTAMP:{_instant(announcement.published_at)}"
    yield f"DTSTART:{_instant(session.start)}"
    yield f"DTEND:{_instant(session.end)}"
    yield f"SUMMARY:{escaped(session.title)}"
    yield f"DESCRIPTION:{escaped(chr(10).join(_description(announced, link)))}"
    yield f"LOCATION:{escaped(link or 'Online')}"
    if link:
        yield f"URL:{link}"
    yield from ("STATUS:CONFIRMED", "END:VEVENT")


def _description(announced: AnnouncedSession, link: str | None) -> Iterator[str]:
    session = announced.session
    if session.long_title:
        yield session.long_title
    if link:
        yield f"Zoom link: {link}"
    if announced.meeting_id:
        yield f"{id_label(session)}: {grouped(announced.meeting_id)}"
    if announced.passcode:
        yield f"Passcode: {announced.passcode}"
    for item in session.items:
        yield f"- {item.presenter}: {item.title}"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
