"""What filling a file answers, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zoom_sync.domain.filing import FiledMeeting, FileRow, Matching
from zoom_sync.domain.headers import Column

Meetings = Mapping[str, FiledMeeting]
WRITTEN = (Column.MEETING_ID, Column.LINK, Column.PASSCODE, Column.HOST)


@dataclass(frozen=True, slots=True)
class Filled:
    """A file with its meetings, as bytes; which sessions it holds, and which rows are none of them, with the reason.

    `kept` are places that were not written although a session belongs to them, with the reason.
    """

    content: bytes = field(repr=False)
    sessions: frozenset[str]
    unmatched: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def value_of(meeting: FiledMeeting, column: Column) -> str:
    """What a column says of a meeting; empty where nothing is known."""
    values = {
        Column.MEETING_ID: meeting.meeting_id,
        Column.LINK: meeting.join_url,
        Column.PASSCODE: meeting.passcode,
        Column.HOST: _harmless(meeting.host),
    }
    return values[column]


def says(column: Column, text: str, value: str) -> bool:
    """Whether a cell says the value already; a meeting ID may stand there in groups."""
    if column is Column.MEETING_ID:
        return "".join(character for character in text if character not in " -\u00a0") == value
    return text == value


STAYS = "somebody else has written something else there"


def may_write(meeting: FiledMeeting, column: Column, text: str) -> bool:
    """Whether a cell that says this may be written: it is empty, or of ours, or everything may."""
    if meeting.over is None or not text.strip() or column is Column.HOST:
        return True
    return any(says(column, text, value_of(filed_meeting, column)) for filed_meeting in meeting.over)


def told_of(rows: list[FileRow], matching: Matching) -> tuple[tuple[str, str], ...]:
    """The rows without a session, for people."""
    return tuple((rows[number].place, why) for number, why in matching.unmatched.items())


def _harmless(name: str) -> str:
    """A name on one line, and with an apostrophe where a spreadsheet would run it as a formula."""
    text = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
