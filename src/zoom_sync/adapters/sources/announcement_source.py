"""The announcement that an organiser publishes, read back as a programme: labelled text, a session after each heading.

    Upcoming Event: International Seminar on Learning from Urban Innovation
    Time: November 6th - 9th 2023 (UTC+8)
    Seminar 1:
    Making our cities and regions safe and resilient for all
    Date: November 6th, 20:30-22:00 (UTC+8)
    Meeting ID: 823 1893 7943
    Passcode: 807001
    Cities and Initiatives:
      • Kazan, Russian: Park to rest and recuperate

or in Chinese, with labels such as 主题, 时间, 会议号, 密码 and 议程. A text without any heading, such as Zoom's own
invitation, has a session after each `Topic:` or 主题.

A problem is what could make a meeting wrong; a note is what was passed over or read loosely. A UTC offset is not a
place: without a zone from the caller it is kept as it is (`Etc/GMT-8`), and a note says so.

Imports the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count

from zoom_sync.adapters.sources.announcement_block import Block, read_block
from zoom_sync.adapters.sources.announcement_lines import (
    EVENT_TIME_LABELS,
    EVENT_TITLE_LABELS,
    TOPIC_LABELS,
    Heading,
    Label,
    Line,
    label_of,
    plain_label,
    read_heading,
    read_lines,
    split_label,
)
from zoom_sync.adapters.sources.announcement_span import Spans
from zoom_sync.adapters.sources.mapping import Part
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Source
from zoom_sync.adapters.sources.written_dates import CannotRead, Period, read_period
from zoom_sync.domain.keys import key_of_event
from zoom_sync.domain.programme import Event, Session
from zoom_sync.domain.series import as_one_meeting
from zoom_sync.domain.validate import span_flaw
from zoom_sync.domain.zoom_links import zoom_links

PROSE_LENGTH = 60
LENGTH_OF_INVITATION = 60  # minutes; an invitation does not tell how long a meeting is, and Zoom plans an hour
BEGINNING = 200_000  # characters in which an announcement must show itself
MOST_LINES = 50_000
LONGEST_LINE = 20_000

_EVENT_LINE = re.compile(
    r"^[^\w\n]{0,20}(?:(?:upcoming )?event(?: title)?|活动(?:名称|预告)?|会议名称)[ ]?[:\uff1a]",
    re.IGNORECASE | re.MULTILINE,
)
_YEAR = re.compile(r"(?<![0-9])(?:19|20|21)[0-9]{2}(?![0-9])")
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:]{4,8})?")
_COUNT = re.compile(
    r"\bthe ([0-9]{1,3}) (?:\w{1,30} ){0,2}(?:cities|initiatives|presentations|projects|items|speakers|presenters)\b",
    re.IGNORECASE,
)


def looks_like_announcement(text: str) -> bool:
    beginning = text[:BEGINNING]
    if _EVENT_LINE.search(beginning):
        return True
    lines = read_lines(beginning)
    return any(read_heading(line.text) for line in lines) or _is_invitation(lines)


def read_announcement(source: Source, findings: Findings) -> Draft:
    if source.text.count("\n") + source.text.count("\r") > 4 * MOST_LINES:  # before anything is made of each
        findings.problem(None, f"more than {4 * MOST_LINES} lines: is this text really an announcement?")
        return Draft()
    lines = read_lines(source.text)
    too_long = next((line.number for line in lines if len(line.text) > LONGEST_LINE), None)
    if too_long or len(lines) > MOST_LINES:
        told = f"more than {MOST_LINES} lines, or one of more than {LONGEST_LINE} characters"
        findings.problem(too_long, f"this text has {told}: is it really an announcement?")
        return Draft()
    preamble, groups = _divided(lines, read_heading)
    invited = False
    if not groups:
        preamble, groups = _divided(lines, _topics())
        invited = any(zoom_links(line.text) for _, group in groups for line in group)
    if invited:
        preamble, groups = [], [(heading, _of_invitation(group, findings)) for heading, group in groups]
    opening = _read_opening(preamble, findings, groups, invited=invited)
    blocks = [
        read_block(heading, lines, findings, last=place == len(groups))
        for place, (heading, lines) in enumerate(groups, start=1)
    ]
    if not blocks:
        findings.problem(None, "no session is found: begin each with a heading such as `Seminar 1:` on its own line")
    length = source.mapping.default_length or (LENGTH_OF_INVITATION if invited else None)
    spans = Spans(opening.period, opening.period_line, source.timezone, findings, length)
    sessions = [(block, _session(block, spans, findings)) for block in blocks]
    _compare_count(opening, blocks, findings)
    built = as_one_meeting([session for _, session in sessions if session])
    unfinished = tuple((block.key, block.line) for block, session in sessions if session is None)
    return Draft(_event(opening, built, source, spans, findings), built, unfinished)


FORMAT = Format("announcement", looks_like_announcement, read_announcement, takes=frozenset({Part.LENGTH}), guess=3)


def _of_invitation(lines: list[Line], findings: Findings) -> list[Line]:
    """The lines of an invitation of Zoom's that tell the session; telephone numbers and the like are ignored.

    Only the first of each kind counts: what is said again is for those who dial in.
    """
    kept, met = [lines[0]], set[Label]()
    for line in lines[1:]:
        label = label_of((split_label(line.text) or (line.text, ""))[0])
        if label is None and zoom_links(line.text):
            label = Label.LINK
        known = label in {Label.WHEN, Label.LINK, Label.MEETING_ID, Label.WEBINAR_ID, Label.PASSCODE}
        says = split_label(line.text) is not None or bool(zoom_links(line.text))
        if label is None or not known or not says or label in met:
            continue
        met.add(label)
        kept.append(line)
    passed = len(lines) - len(kept)
    if passed:
        findings.note(lines[0].number, f"this is an invitation of Zoom's: {passed} of its lines are ignored")
    return kept


@dataclass(slots=True)
class _Opening:
    """What stands before the first session."""

    title: str | None = None
    period: Period = field(default_factory=Period)
    period_line: int | None = None
    prose: list[Line] = field(default_factory=list)


def _divided(
    lines: Iterable[Line], heading_of: Callable[[str], Heading | None]
) -> tuple[list[Line], list[tuple[Heading, list[Line]]]]:
    """The lines before the first heading, and for each heading the lines that begin with it."""
    preamble: list[Line] = []
    groups: list[tuple[Heading, list[Line]]] = []
    for line in lines:
        heading = heading_of(line.text)
        if heading:
            groups.append((heading, [line]))
        elif groups:
            groups[-1][1].append(line)
        else:
            preamble.append(line)
    return preamble, groups


def _topics() -> Callable[[str], Heading | None]:
    """Reads `Topic: ...` as the heading of the next session."""
    numbers = count(1)

    def heading_of(text: str) -> Heading | None:
        title = _topic(text)
        return Heading("session", next(numbers), title) if title else None

    return heading_of


def _topic(text: str) -> str:
    words, value = split_label(text) or ("", "")
    return value if plain_label(words) in TOPIC_LABELS else ""


def _is_invitation(lines: list[Line]) -> bool:
    """Whether a text without headings tells a topic and, labelled, a time or a meeting."""
    labels = {label_of((split_label(line.text) or ("", ""))[0]) for line in lines}
    return any(_topic(line.text) for line in lines) and bool(labels & {Label.WHEN, Label.MEETING_ID})


def _read_opening(
    lines: list[Line], findings: Findings, groups: list[tuple[Heading, list[Line]]], *, invited: bool
) -> _Opening:
    opening = _Opening()
    if not lines and (len(groups) == 1 or invited):
        opening.title = groups[0][0].rest or None  # an invitation has no other title
    for line in lines:
        words, value = split_label(line.text) or ("", "")
        label = plain_label(words)
        if value and label in EVENT_TITLE_LABELS and opening.title is None:
            opening.title = value
        elif value and label in EVENT_TIME_LABELS and opening.period_line is None:
            _read_period(opening, value, line.number, findings)
        elif (
            not label and (len(line.text) > PROSE_LENGTH or line.text[-1] in ".!?\u3002") and not _is_first(line, lines)
        ):
            opening.prose.append(line)
        elif (
            _is_first(line, lines) and not any(_tells_title(each) for each in lines) and not _STAMP.fullmatch(line.text)
        ):
            opening.title = line.text
            findings.note(line.number, "this line is taken as the event's title: write `Event: ...` to be sure")
        else:
            findings.note(line.number, "this line before the sessions is ignored")
    return opening


def _is_first(line: Line, lines: list[Line]) -> bool:
    return line is lines[0]


def _tells_title(line: Line) -> bool:
    words, value = split_label(line.text) or ("", "")
    return bool(value) and plain_label(words) in EVENT_TITLE_LABELS


def _read_period(opening: _Opening, value: str, line: int, findings: Findings) -> None:
    opening.period_line = line
    try:
        opening.period = read_period(value)
    except CannotRead as reason:
        findings.problem(line, f"the days of the event: {reason}")
        year = _YEAR.search(value)  # so that the sessions are not told to lack one as well
        opening.period = Period(year=int(year.group()) if year else None)


def _session(block: Block, spans: Spans, findings: Findings) -> Session | None:
    span = spans.place(block)
    if span is None or block.title is None or not block.sound:
        return None
    flaw = span_flaw(span.start, span.end)
    if flaw:
        findings.problem(block.when_line, flaw)
        return None
    return Session(
        key=block.key,
        title=block.title,
        long_title=block.long_title,
        start=span.start,
        end=span.end,
        timezone=span.zone,
        kind=block.kind,
        items=tuple(block.items),
        room=block.room,
        track=block.track,
        moderators=block.moderators,
        language=block.spoken,
        cancelled=block.cancelled,
        known=block.known,
        line=block.line,
    )


def _event(
    opening: _Opening, sessions: tuple[Session, ...], source: Source, spans: Spans, findings: Findings
) -> Event | None:
    if opening.title is None:
        findings.problem(1, "the event has no title: begin with a line such as `Event: ...`")
        return None
    year = sessions[0].start.year if sessions else opening.period.year
    zone = source.timezone or spans.event_zone or (sessions[0].timezone if sessions else None)
    if zone is None or (year is None and source.event_key is None):
        return None
    key = source.event_key or key_of_event(opening.title, year or 0)
    prose = "\n\n".join(line.text for line in opening.prose)
    return Event(key, opening.title, zone, prose or None)


def _compare_count(opening: _Opening, blocks: list[Block], findings: Findings) -> None:
    found = sum(len(block.items) for block in blocks)
    for line in opening.prose:
        match = _COUNT.search(line.text)
        if match and int(match[1]) != found:
            findings.note(
                line.number, f"the text speaks of {int(match[1])}, but {found} items are found in the sessions"
            )
            return
