"""What templates are given: an announcement as plain texts, cleaned and in its language.

The names here are a contract with the templates that organisers keep: add to them, and change none.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from zoom_sync.adapters.exports import qr
from zoom_sync.adapters.exports.announcement.languages import wording_of
from zoom_sync.adapters.exports.announcement.wording import Wording, grouped, tells_years
from zoom_sync.adapters.exports.cleaning import clean, one_line, web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement
from zoom_sync.domain.revision import Revision


def view(announcement: Announcement) -> dict[str, object]:
    """The values of a template. Raises UserError for a link too long for a QR code."""
    event, words, year = announcement.programme.event, wording_of(announcement.language), tells_years(announcement)
    return {
        "language": words.tag,
        "words": words,
        "title": one_line(event.title),
        "paragraphs": paragraphs(event.description),
        "timezone": event.timezone,
        "days": words.days_line(announcement),
        "published": f"{announcement.published_at.astimezone(announcement.zone):%Y-%m-%d %H:%M}",
        "public": announcement.public,
        "sessions": [_session(announcement, announced, words, year=year) for announced in announcement.sessions()],
        "called_off": [_called_off(announcement, revision, words, year=year) for revision in announcement.called_off()],
    }


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a description, each on one line."""
    parts = (one_line(part) for part in re.split(r"\n\s*\n", clean(text or "")))
    return [part for part in parts if part]


def _session(
    announcement: Announcement, announced: AnnouncedSession, words: Wording, *, year: bool
) -> dict[str, object]:
    session, link = announced.session, web_link(announced.join_url)
    return {
        "key": session.key,
        "label": words.label(announced),
        "title": one_line(session.title),
        "long_title": one_line(session.long_title or ""),
        "description": one_line(session.description or ""),
        "start": announced.start.isoformat(),
        "end": announced.end.isoformat(),
        "date": words.date_line(announced.start, announced.end, year=year),
        "elsewhere": words.zone_lines(announcement, announced, year=year),
        "id_label": words.id_label(session),
        "meeting_id": grouped(announced.meeting_id or ""),
        "passcode": one_line(announced.passcode or ""),
        "link": link,
        "address": link.partition("?")[0] if link else None,  # short enough to be typed
        "code": _code(link, session.title, words) if link else None,
        "cancelled": words.called_off if session.cancelled else "",
        "details": words.details(session),
        "items_label": words.items_label(session),
        "items": [(one_line(item.presenter), one_line(item.title)) for item in session.items],
    }


def _called_off(announcement: Announcement, gone: Revision, words: Wording, *, year: bool) -> dict[str, str]:
    start, end = gone.start.astimezone(announcement.zone), gone.end.astimezone(announcement.zone)
    return {"title": one_line(gone.title), "date": words.date_line(start, end, year=year)}


def _code(link: str, title: str, words: Wording) -> Markup:
    """Segno draws and escapes the picture itself, so it goes into the page as it is."""
    return Markup(qr.svg(link, title=f"{words.qr_code}{words.colon}{one_line(title)}").decode())  # noqa: S704
