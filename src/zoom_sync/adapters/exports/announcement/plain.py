"""The announcement as plain text, in the form of the seminar's announcement, which the announcement reader reads back.

A link stands behind "Zoom Link:", and "QR code:" stays empty: the code is a picture beside the text. Times in further
zones stand before the sessions, where a reader passes over what it does not know; in a session every line counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from zoom_sync.adapters.exports.announcement.languages import wording_of
from zoom_sync.adapters.exports.announcement.templates import TEXT, Templates
from zoom_sync.adapters.exports.announcement.view import view
from zoom_sync.adapters.exports.announcement.wording import Wording, grouped, tells_years
from zoom_sync.adapters.exports.cleaning import clean, one_line, web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement


@dataclass(frozen=True, slots=True)
class TextWriter:
    """Writes plain text."""

    templates: Templates = field(default_factory=Templates)
    media_type: str = "text/plain; charset=utf-8"
    suffix: str = ".txt"

    def write(self, announcement: Announcement) -> bytes:
        """The whole announcement as UTF-8. Raises UserError where the organiser's template is broken."""
        if self.templates.has_own(TEXT):
            return self.templates.render(TEXT, view(announcement))
        return ("\n".join(_lines(announcement)) + "\n").encode()


def writers(templates: Templates) -> dict[str, TextWriter]:
    """What this file offers."""
    return {"text": TextWriter(templates)}


def _lines(announcement: Announcement) -> Iterator[str]:
    event, words = announcement.programme.event, wording_of(announcement.language)
    yield f"{words.event}{words.colon}{one_line(event.title)}"
    yield from ("", f"{announcement.published_at.astimezone(announcement.zone):%Y-%m-%d %H:%M:%S}", "")
    if event.description:
        yield from (clean(event.description).strip(), "")
    yield words.about
    yield f"{words.days}{words.colon}{words.days_line(announcement)}"
    yield f"{words.form}{words.colon}{words.online}"
    year = tells_years(announcement)
    yield from _elsewhere(announcement, words, year=year)
    for announced in announcement.sessions():
        yield ""
        yield from _session(announced, words, year=year)


def _elsewhere(announcement: Announcement, words: Wording, *, year: bool) -> Iterator[str]:
    """For each further zone one line with all sessions."""
    lines: dict[str, list[str]] = {}
    for announced in announcement.sessions():
        for place, date in words.zone_lines(announcement, announced, year=year):
            lines.setdefault(place, []).append(f"{words.label(announced)} {date}")
    if lines:
        yield from ("", words.elsewhere)
    for place, dates in lines.items():
        yield f"{place}{words.colon}{'; '.join(dates)}"


def _session(announced: AnnouncedSession, words: Wording, *, year: bool) -> Iterator[str]:
    session = announced.session
    yield f"{words.label(announced)}{words.colon}".rstrip()
    yield one_line(session.title)
    if session.long_title:
        yield one_line(session.long_title)
    if session.cancelled:
        yield f"{words.status}{words.colon}{words.called_off}"
    yield f"{words.when}{words.colon}{words.one_offset_line(announced.start, announced.end, year=year)}"
    for label, value in words.details(session):
        yield f"{label}{words.colon}{value}"
    yield f"{words.link_in_text}{words.colon}{web_link(announced.join_url) or ''}".rstrip()
    if announced.meeting_id:
        yield from (f"{words.id_label(session)}{words.colon}{grouped(announced.meeting_id)}", "")
    if announced.passcode:
        yield from (f"{words.passcode}{words.colon}{one_line(announced.passcode)}", "")
    yield from (f"{words.qr_code}{words.colon}".rstrip(), "")
    if session.items:
        yield f"{words.items_label(session)}{words.colon}".rstrip()
    for item in session.items:
        yield f"  • {one_line(item.presenter)}{words.colon}{one_line(item.title)}"
