"""The announcement as Markdown (CommonMark), with what text from outside could mark up escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zoom_sync.adapters.exports.announcement.languages import wording_of
from zoom_sync.adapters.exports.announcement.templates import MARKDOWN, Templates
from zoom_sync.adapters.exports.announcement.view import paragraphs, view
from zoom_sync.adapters.exports.announcement.wording import Wording, grouped, tells_years
from zoom_sync.adapters.exports.cleaning import one_line, web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&$]|^\s*(?:[-+=]|\d+[.)]))")


@dataclass(frozen=True, slots=True)
class MarkdownWriter:
    """Writes Markdown."""

    templates: Templates = field(default_factory=Templates)
    media_type: str = "text/markdown; charset=utf-8"
    suffix: str = ".md"

    def write(self, announcement: Announcement) -> bytes:
        """The whole announcement as UTF-8. Raises UserError where the organiser's template is broken."""
        if self.templates.has_own(MARKDOWN):
            return self.templates.render(MARKDOWN, {**view(announcement), "escaped": escaped})
        return ("\n".join(_lines(announcement)) + "\n").encode()


def writers(templates: Templates) -> dict[str, MarkdownWriter]:
    """What this file offers."""
    return {"markdown": MarkdownWriter(templates)}


def escaped(text: str) -> str:
    """`text` on one line, so that it reads as itself in Markdown."""
    return _MARKS.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], one_line(text))


def _lines(announcement: Announcement) -> Iterator[str]:
    event, words = announcement.programme.event, wording_of(announcement.language)
    yield from (f"# {escaped(event.title)}", "")
    for paragraph in paragraphs(event.description):
        yield from (escaped(paragraph), "")
    yield _labelled(words, words.days, words.days_line(announcement))
    year = tells_years(announcement)
    for announced in announcement.sessions():
        yield from _session(announcement, announced, words, year=year)


def _session(announcement: Announcement, announced: AnnouncedSession, words: Wording, *, year: bool) -> Iterator[str]:
    session = announced.session
    yield from ("", f"## {words.label(announced)}{words.colon}{escaped(session.title)}", "")
    if session.long_title:
        yield from (f"*{escaped(session.long_title)}*", "")
    if session.cancelled:
        yield f"- {_labelled(words, words.status, words.called_off)}"
    date = words.date_line(announced.start, announced.end, year=year)
    yield f"- {_labelled(words, words.when, date)}"
    for place, elsewhere in words.zone_lines(announcement, announced, year=year):
        yield f"- {_labelled(words, escaped(place), elsewhere)}"
    for label, value in words.details(session):
        yield f"- {_labelled(words, label, escaped(value))}"
    if link := web_link(announced.join_url):
        yield f"- {_labelled(words, words.link, f'<{link}>')}"
    if announced.meeting_id:
        yield f"- {_labelled(words, words.id_label(session), grouped(announced.meeting_id))}"
    if announced.passcode:
        yield f"- {_labelled(words, words.passcode, escaped(announced.passcode))}"
    if session.items:
        yield ""
    for item in session.items:
        yield f"* {_labelled(words, escaped(item.presenter), escaped(item.title))}"


def _labelled(words: Wording, label: str, value: str) -> str:
    """A label in bold: `**Date:** …`. After a full-width colon, bold ends only where a blank follows."""
    return f"**{label}{words.colon.strip()}** {value}"
