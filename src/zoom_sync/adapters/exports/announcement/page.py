"""The announcement as one HTML page that needs nothing else: its style inline, its QR codes inline as SVG, no script.

All text goes through the template's escaping; only http and https links become links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from zoom_sync.adapters.exports import qr
from zoom_sync.adapters.exports.announcement.wording import (
    date_line,
    days_line,
    grouped,
    id_label,
    label,
    over_new_year,
)
from zoom_sync.adapters.exports.cleaning import clean, one_line, web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement

_TEMPLATES = Environment(
    loader=PackageLoader("zoom_sync.adapters.exports.announcement"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Writes an HTML page."""

    media_type: str = "text/html; charset=utf-8"
    suffix: str = ".html"

    def write(self, announcement: Announcement) -> bytes:
        """The whole page as UTF-8. Raises UserError for a link too long for a QR code."""
        programme = announcement.programme
        year = over_new_year(programme.sessions)
        page = _TEMPLATES.get_template("announcement.html.j2").render(
            title=one_line(programme.event.title),
            paragraphs=[one_line(part) for part in re.split(r"\n\s*\n", clean(programme.event.description or ""))],
            days=days_line(programme.sessions),
            sessions=[_session(announced, year=year) for announced in announcement.sessions()],
        )
        return page.encode()


def _session(announced: AnnouncedSession, *, year: bool) -> dict[str, object]:
    session, link = announced.session, web_link(announced.join_url)
    return {
        "label": label(announced.number, session),
        "title": one_line(session.title),
        "long_title": one_line(session.long_title or ""),
        "start": session.start.isoformat(),
        "date": date_line(session, year=year),
        "id_label": id_label(session),
        "meeting_id": grouped(announced.meeting_id or ""),
        "passcode": one_line(announced.passcode or ""),
        "link": link,
        "code": _code(link, session.title) if link else None,
        "items": [(one_line(item.presenter), one_line(item.title)) for item in session.items],
    }


def _code(link: str, title: str) -> Markup:
    """Segno draws and escapes the picture itself, so it goes into the page as it is."""
    return Markup(qr.svg(link, title=f"QR code: {one_line(title)}").decode())  # noqa: S704
