"""One session of an announcement: its lines, sorted into title, date, meeting and items.

A line that cannot be placed is told with its number and never guessed at. Messages name labels, not values: a value
may be a passcode or a link. Imports the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from zoom_sync.adapters.sources.announcement_lines import (
    LABELS,
    SPEAKERS_LABELS,
    Heading,
    Label,
    Line,
    label_of,
    plain_label,
    split_colon,
    split_label,
    without_bullet,
)
from zoom_sync.adapters.sources.announcement_words import CALLED_OFF
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.timetable import split_names
from zoom_sync.adapters.sources.written_dates import CannotRead, When, merged, read_when
from zoom_sync.adapters.sources.yaml_form import meeting_digits
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode
from zoom_sync.domain.validate import meeting_id_flaw, passcode_flaw, shown

_URL = re.compile(r"https?://\S{1,2000}", re.IGNORECASE)
_JOIN = re.compile(r"/(?:j|w|wc/join|wc)/([0-9]{9,11})(?![0-9])")
_START = re.compile(r"/s/[0-9]{9,11}")
_COMMA = re.compile("[,\uff0c]")
_TIME_FIRST = re.compile(r"[0-9]{1,2}[:.][0-9]{2}")
_NOT_YET = {
    "",
    "tba",
    "tbd",
    "tbc",
    "none",
    "n a",
    "to be announced",
    "to be confirmed",
    "to be decided",
    "coming soon",
    "待定",
    "待公布",
    "待通知",
    "暂无",
}
_TAKES_NEXT_LINE = {Label.WHEN, Label.LINK, Label.MEETING_ID, Label.WEBINAR_ID, Label.PASSCODE, Label.TITLE}
_DETAILS = {Label.ROOM: "room", Label.TRACK: "track", Label.SPOKEN: "spoken", Label.MODERATORS: "", Label.STATUS: ""}
_RULES = {"meeting_id": meeting_id_flaw, "passcode": passcode_flaw}
_PEOPLE = {
    "speakers",
    "presenters",
    "panellists",
    "panelists",
    "演讲嘉宾",
    "嘉宾",
    "演讲人",
    "主讲人",
} | SPEAKERS_LABELS
BEIJING_TIME = "北京时间"  # may be the label of a time, and tells its zone then


@dataclass(slots=True)
class Block:
    """A session as its lines tell it, before its date is placed in a year and a zone."""

    heading: Heading
    line: int
    last: bool
    title: str | None = None
    long_title: str | None = None
    when: When = field(default_factory=When)
    when_line: int | None = None
    when_flawed: bool = False
    kind: Kind = Kind.MEETING
    meeting_id: str | None = None
    linked_id: str | None = None
    passcode: str | None = None
    items: list[AgendaItem] = field(default_factory=list)
    room: str | None = None
    track: str | None = None
    spoken: str | None = None
    moderators: tuple[str, ...] = ()
    cancelled: bool = False
    sound: bool = True

    @property
    def key(self) -> str:
        return f"{self.heading.word}-{self.heading.number}"

    @property
    def known(self) -> KnownMeeting | None:
        meeting_id = self.meeting_id or self.linked_id
        passcode = Passcode(self.passcode) if self.passcode else None
        return KnownMeeting(meeting_id, passcode) if meeting_id else None


def read_block(heading: Heading, lines: list[Line], findings: Findings, *, last: bool) -> Block:
    """Sort the lines of one session; the first of them is its heading."""
    reader = _BlockReader(Block(heading, lines[0].number, last), findings)
    reader.take_heading()
    for line in lines[1:]:
        reader.take(line)
    reader.finish()
    return reader.block


class _BlockReader:
    """What has been met so far in a session decides what its next line can be."""

    def __init__(self, block: Block, findings: Findings) -> None:
        self.block = block
        self.findings = findings
        self.told: dict[Label, int] = {}
        self.pending: Label | None = None
        self.people = False
        self.closing = False  # after the items and a blank line only prose is met

    def take_heading(self) -> None:
        rest = self.block.heading.rest
        if rest and _is_date(rest):
            self.take_when(rest, self.block.line)
        else:
            self.block.title = rest or None

    def take(self, line: Line) -> None:
        pending, self.pending = self.pending, None
        bulleted = without_bullet(line.text)
        text = line.text if bulleted is None else bulleted
        parts = split_label(text)
        label = label_of(parts[0]) if parts else None
        if parts and label:
            self.people = plain_label(parts[0]) in _PEOPLE if label is Label.ITEMS else self.people
            value = f"{parts[1]} {BEIJING_TIME}" if BEIJING_TIME in parts[0] and parts[1] else parts[1]
            self.take_label(label, value, line.number)
        elif bulleted is not None:
            self.take_item(text, line.number)
        elif pending and not line.after_blank:
            self.take_label(pending, text, line.number)
        elif _URL.match(text):
            self.take_label(Label.LINK, text, line.number)
        elif not self.told and not self.block.items:
            self.take_title(text, line.number)
        else:
            self.take_unplaced(line, parts)

    def take_label(self, label: Label, value: str, line: int) -> None:
        if not value:
            self.told.setdefault(label, line)
            self.pending = label if label in _TAKES_NEXT_LINE else None
        elif label is Label.WHEN:
            self.take_when(value, line)
        elif label is Label.LINK:
            self.take_link(value, line)
        elif label is Label.ITEMS:
            self.problem(line, "text stands after the heading of the items: write each item on a line of its own, "
                               "`• Presenter: title`")  # fmt: skip
        elif label in _DETAILS:
            self.take_detail(label, value, line)
        elif label is not Label.QR_CODE:
            self.take_once(label, value, line)
        self.told.setdefault(label, line)

    def take_when(self, value: str, line: int) -> None:
        self.block.when_line = self.block.when_line or line
        try:
            when = read_when(value)
            self.block.when = merged(self.block.when, when)
        except CannotRead as reason:
            self.block.when_flawed = True
            self.problem(line, str(reason))
            return
        if when.loosely:
            self.findings.note(line, when.loosely)

    def take_once(self, label: Label, value: str, line: int) -> None:
        """A label that may have one value only."""
        name = {Label.PASSCODE: "passcode", Label.TITLE: "title"}.get(label, "meeting_id")
        if label is not Label.TITLE and plain_label(value) in _NOT_YET:
            self.findings.note(line, "this label has no value yet and is ignored")
            return
        if label is Label.WEBINAR_ID:
            self.block.kind = Kind.WEBINAR
        if name == "meeting_id":
            value = meeting_digits(value)
        rule = _RULES.get(name)
        flaw = rule(value) if rule else None
        if getattr(self.block, name) not in (None, value):
            flaw = f"a second {name.replace('_', ' ').replace('id', 'ID')} is given for this session: keep one of them"
        if flaw:
            self.problem(line, flaw)
            return
        setattr(self.block, name, value)

    def take_detail(self, label: Label, value: str, line: int) -> None:
        """What is told beside the meeting; of two lines the last counts."""
        if label is Label.STATUS:
            self.block.cancelled = value.casefold() in CALLED_OFF
            if not self.block.cancelled:
                self.findings.note(line, "this status is not known: the session is taken to be held")
        elif label is Label.MODERATORS:
            self.block.moderators = split_names(value)
        else:
            setattr(self.block, _DETAILS[label], value)

    def take_link(self, value: str, line: int) -> None:
        url = _URL.search(value)
        joined = _JOIN.search(url.group()) if url else None
        if url and _START.search(url.group()):
            self.problem(line, "this is the start link of a host, who can be impersonated with it: write the join link")
        elif joined is None:
            self.findings.note(line, "no meeting ID can be read from this link: it is ignored")
        elif self.block.linked_id not in (None, joined[1]):
            self.problem(line, "a second link with another meeting ID is given for this session: keep one of them")
        else:
            self.block.linked_id = joined[1]

    def take_item(self, text: str, line: int) -> None:
        if _TIME_FIRST.match(text):
            self.problem(line, "this item begins with a time, which cannot be kept: write it as `Presenter: title`")
            return
        presenter, _, title = split_colon(text)
        if not presenter or not title:
            self.problem(line, "this item has no presenter or no title: write it as `Presenter: title`")
            return
        parts = _COMMA.split(presenter)
        country = parts[-1].strip() if len(parts) > 1 and not self.people else None
        self.block.items.append(AgendaItem(presenter, title, country or None))

    def take_title(self, text: str, line: int) -> None:
        block = self.block
        looks_like_label = split_label(text) is not None
        if block.title is None:
            block.title = text
            if looks_like_label:
                self.findings.note(line, "this line is taken as the session's title, although it looks like a label")
        elif block.long_title is not None:
            self.problem(line, "a session has at most two lines of title before its date: join or remove this one")
        elif text.casefold().startswith(block.title.casefold()):
            block.long_title = text
        elif block.title.casefold().startswith(text.casefold()):
            block.title, block.long_title = text, block.title
        elif looks_like_label:
            self.take_unknown_label(text, line)
        else:
            block.long_title = text
            self.findings.note(line, "this line is taken as the long form of the session's title")

    def take_unplaced(self, line: Line, parts: tuple[str, str] | None) -> None:
        self.closing = self.closing or (bool(self.block.items) and line.after_blank)
        close_to = get_close_matches(plain_label(parts[0])[:40], LABELS, n=1, cutoff=0.75) if parts else []
        if parts and not parts[1] and not self.block.items:
            self.told.setdefault(Label.ITEMS, line.number)
            self.findings.note(line.number, "this line is taken as the heading of the items")
        elif self.closing and not (close_to or (parts and not self.block.last)):
            self.findings.note(line.number, "this line after the items is ignored")
        elif parts:
            self.take_unknown_label(line.text, line.number)
        elif self.block.items:
            self.problem(line.number, "this line belongs to nothing: if it is the rest of the item above, join the two")
        else:
            self.problem(line.number, "this line belongs to nothing: give it a label, or move it before the sessions")

    def take_unknown_label(self, text: str, line: int) -> None:
        words = (split_label(text) or ("", ""))[0]
        near = get_close_matches(plain_label(words)[:40], LABELS, n=1, cutoff=0.6)
        hint = (
            f"did you mean `{near[0].capitalize()}`?"
            if near
            else "remove it, or put a bullet before it if it is an item"
        )
        self.problem(line, f"the label `{shown(words)}` is not known: {hint}")

    def finish(self) -> None:
        block = self.block
        id_line = self.told.get(Label.MEETING_ID) or self.told.get(Label.WEBINAR_ID) or self.told.get(Label.LINK)
        if block.meeting_id and block.linked_id and block.meeting_id != block.linked_id:
            self.problem(id_line or block.line, "meeting ID and link name different meetings: correct one of them")
        if block.passcode and block.known is None and block.sound:
            self.problem(
                self.told[Label.PASSCODE], "there is a passcode but no meeting ID: add it or remove the passcode"
            )
        if block.title is None:
            self.problem(block.line, "the session has no title: write it on the line after this heading")

    def problem(self, line: int, message: str) -> None:
        self.block.sound = False
        self.findings.problem(line, message)


def _is_date(text: str) -> bool:
    try:
        when = read_when(text)
    except CannotRead:
        return False
    return when.month is not None and when.day is not None
