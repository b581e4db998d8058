"""The announcement as plain text, in the form of the seminar's announcement, which the announcement reader reads back.

A link stands behind "Zoom Link:", and "QR code:" stays empty: the code is a picture beside the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zoom_sync.adapters.exports.announcement.wording import (
    date_line,
    days_line,
    grouped,
    id_label,
    items_label,
    label,
    over_new_year,
)
from zoom_sync.adapters.exports.cleaning import clean, one_line
from zoom_sync.domain.publication import AnnouncedSession, Announcement


@dataclass(frozen=True, slots=True)
class TextWriter:
    """Writes plain text."""

    media_type: str = "text/plain; charset=utf-8"
    suffix: str = ".txt"

    def write(self, announcement: Announcement) -> bytes:
        """The whole announcement as UTF-8."""
        return ("\n".join(_lines(announcement)) + "\n").encode()


def _lines(announcement: Announcement) -> Iterator[str]:
    programme = announcement.programme
    yield f"Upcoming Event: {one_line(programme.event.title)}"
    published = announcement.published_at.astimezone(ZoneInfo(programme.event.timezone))
    yield from ("", f"{published:%Y-%m-%d %H:%M:%S}", "")
    if programme.event.description:
        yield from (clean(programme.event.description).strip(), "")
    yield "About the Presentation"
    yield f"Time: {days_line(programme.sessions)}"
    yield "Form: Online"
    for announced in announcement.sessions():
        yield ""
        yield from _session(announced, year=over_new_year(programme.sessions))


def _session(announced: AnnouncedSession, *, year: bool) -> Iterator[str]:
    session = announced.session
    yield f"{label(announced.number, session)}:"
    yield one_line(session.title)
    if session.long_title:
        yield one_line(session.long_title)
    yield f"Date: {date_line(session, year=year)}"
    yield f"Zoom Link: {one_line(announced.join_url or '')}".rstrip()
    if announced.meeting_id:
        yield from (f"{id_label(session)}: {grouped(announced.meeting_id)}", "")
    if announced.passcode:
        yield from (f"Passcode: {one_line(announced.passcode)}", "")
    yield from ("QR code:", "")
    if session.items:
        yield f"{items_label(session)}:"
    for item in session.items:
        yield f"  • {one_line(item.presenter)}: {one_line(item.title)}"
