"""The announcement as Markdown (CommonMark), with what text from outside could mark up escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&$]|^\s*(?:[-+=]|\d+[.)]))")


@dataclass(frozen=True, slots=True)
class MarkdownWriter:
    """Writes Markdown."""

    media_type: str = "text/markdown; charset=utf-8"
    suffix: str = ".md"

    def write(self, announcement: Announcement) -> bytes:
        """The whole announcement as UTF-8."""
        return ("\n".join(_lines(announcement)) + "\n").encode()


def escaped(text: str) -> str:
    """`text` on one line, so that it reads as itself in Markdown."""
    return _MARKS.sub(lambda found: found[0][:-1] + "\\" + found[0][-1], one_line(text))


def _lines(announcement: Announcement) -> Iterator[str]:
    programme = announcement.programme
    yield from (f"# {escaped(programme.event.title)}", "")
    for paragraph in re.split(r"\n\s*\n", clean(programme.event.description or "").strip()):
        if paragraph:
            yield from (escaped(paragraph), "")
    yield f"**Time:** {days_line(programme.sessions)}"
    for announced in announcement.sessions():
        yield from _session(announced, year=over_new_year(programme.sessions))


def _session(announced: AnnouncedSession, *, year: bool) -> Iterator[str]:
    session = announced.session
    yield from ("", f"## {label(announced.number, session)}: {escaped(session.title)}", "")
    if session.long_title:
        yield from (f"*{escaped(session.long_title)}*", "")
    yield f"- **Date:** {date_line(session, year=year)}"
    if link := web_link(announced.join_url):
        yield f"- **Zoom link:** <{link}>"
    if announced.meeting_id:
        yield f"- **{id_label(session)}:** {grouped(announced.meeting_id)}"
    if announced.passcode:
        yield f"- **Passcode:** {escaped(announced.passcode)}"
    if session.items:
        yield ""
    for item in session.items:
        yield f"* **{escaped(item.presenter)}:** {escaped(item.title)}"
