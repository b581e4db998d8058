"""The announcement as HTML pages that need nothing else: style and QR codes inline, no script.

One for readers and mail clients, which know tables and `style` attributes and little else, and a poster for print. All
text goes through the template's escaping; only http and https links become links.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from zoom_sync.adapters.exports.announcement.templates import PAGE, POSTER, Templates
from zoom_sync.adapters.exports.announcement.view import view
from zoom_sync.domain.publication import Announcement


@dataclass(frozen=True, slots=True)
class PageWriter:
    """Writes an HTML page."""

    templates: Templates = field(default_factory=Templates)
    media_type: str = "text/html; charset=utf-8"
    suffix: str = ".html"

    def write(self, announcement: Announcement) -> bytes:
        """The whole page as UTF-8. Raises UserError for a link too long for a QR code, and for a broken template."""
        return self.templates.render(PAGE, view(announcement))


@dataclass(frozen=True, slots=True)
class PosterWriter:
    """Writes an HTML page for print: a sheet per session, which fills A4 and A3 alike."""

    templates: Templates = field(default_factory=Templates)
    media_type: str = "text/html; charset=utf-8"
    suffix: str = ".poster.html"

    def write(self, announcement: Announcement) -> bytes:
        """The whole page as UTF-8. Raises UserError as the other page does."""
        return self.templates.render(POSTER, view(announcement))


def writers(templates: Templates) -> dict[str, PageWriter | PosterWriter]:
    """What this file offers."""
    return {"html": PageWriter(templates), "poster": PosterWriter(templates)}
