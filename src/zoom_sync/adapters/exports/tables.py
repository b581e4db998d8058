"""The tables of the reports: which columns each has, in order. A writer of any format needs no more than this.

A column's place is a contract with whoever reads the files: add at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from zoom_sync.domain.attendance import Attendee, EventPerson, ItemAudience, ItemHearer, Registration, RegistrationLine
from zoom_sync.domain.polls import ChoiceCount, PollAnswer, PollQuestion
from zoom_sync.domain.publication import ReportRow
from zoom_sync.domain.questions import AnswerKind, Question
from zoom_sync.domain.registering import Registrant

Cell = str | int | float | bool | datetime | None
Row = TypeVar("Row")


class Shown(StrEnum):
    """How a column's cells are shown where a format can say so; their values are the same in every format."""

    MINUTES = "minutes"
    SHARE = "share"  # a number from 0 to 1, as percent
    PROSE = "prose"  # long text, in a wide column


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its name, what its cells are (`str`, `int`, `float`, `bool` or `datetime`), and a row's cell."""

    name: str
    type: type
    cell: Callable[[Row], Cell]
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A report's table."""

    name: str
    columns: tuple[Column[Row], ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    def cells(self, row: Row) -> list[Cell]:
        """A row's cells, in the order of the columns. Times are aware, in the session's zone."""
        return [column.cell(row) for column in self.columns]


def _local(moment: datetime | None, timezone: str) -> datetime | None:
    return moment.astimezone(ZoneInfo(timezone)) if moment else None


def _number(value: float, digits: int) -> int | float:
    """Rounded, and a whole number where it is one, so that it is written without a point."""
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def _minutes(seconds: int) -> int | float:
    return _number(seconds / 60, 2)


def _share(share: float | None) -> int | float | None:
    return None if share is None else _number(share, 4)


def _answers(question: Question) -> str:
    return "\n".join(f"{answer.author}: {answer.text}" if answer.author else answer.text for answer in question.answers)


def _first_answer(question: Question) -> datetime | None:
    times = [
        answer.at for answer in question.answers if answer.at and answer.kind is not AnswerKind.PARTICIPANT_COMMENTED
    ]
    return min(times, default=None)


ATTENDANCE: Table[ReportRow[Attendee]] = Table(
    "attendance",
    (
        Column("session", str, lambda row: row.session),
        Column("name", str, lambda row: row.value.name),
        Column("email", str, lambda row: row.value.email),
        Column("first_join", datetime, lambda row: _local(row.value.first_join, row.timezone)),
        Column("last_leave", datetime, lambda row: _local(row.value.last_leave, row.timezone)),
        Column("minutes", float, lambda row: _minutes(row.value.seconds_inside), Shown.MINUTES),
        Column("share", float, lambda row: _share(row.value.share), Shown.SHARE),
        Column("joins", int, lambda row: row.value.joins),
        Column("minutes_inside", float, lambda row: _minutes(row.value.seconds_inside), Shown.MINUTES),
        Column("minutes_outside", float, lambda row: _minutes(row.value.seconds_outside), Shown.MINUTES),
        Column("minutes_waiting", float, lambda row: _minutes(row.value.seconds_waiting), Shown.MINUTES),
        Column("devices", int, lambda row: row.value.devices),
        Column("role", str, lambda row: str(row.value.role)),
        Column("certainty", str, lambda row: str(row.value.certainty)),
        Column("phone", bool, lambda row: row.value.phone),
        Column("note", str, lambda row: row.value.remark),
        Column("attended", bool, lambda row: row.value.attended),
        Column("registered", str, lambda row: _known(row.value.registered)),
        Column("panelist", str, lambda row: _known(row.value.panelist)),
    ),
)

QUESTIONS: Table[ReportRow[Question]] = Table(
    "questions",
    (
        Column("session", str, lambda row: row.session),
        Column("asker", str, lambda row: row.value.asker),
        Column("email", str, lambda row: row.value.email),
        Column("asked_at", datetime, lambda row: _local(row.value.asked_at, row.timezone)),
        Column("question", str, lambda row: row.value.text, Shown.PROSE),
        Column("status", str, lambda row: str(row.value.status)),
        Column("answered", bool, lambda row: row.value.answered),
        Column("live_answered", bool, lambda row: row.value.live_answered),
        Column("answers", str, lambda row: _answers(row.value), Shown.PROSE),
        Column("answered_at", datetime, lambda row: _local(_first_answer(row.value), row.timezone)),
        Column("anonymous", bool, lambda row: row.value.anonymous),
        Column("item", str, lambda row: row.value.item),
        Column("item_estimated", bool, lambda row: row.value.item_estimated),
        Column("answer_kinds", str, lambda row: ", ".join(str(answer.kind) for answer in row.value.answers)),
    ),
)


# --- items, polls, registrations -----------------------------------------------------------------------------------


def _known(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"


# Who heard which agenda item: a row for each person and item with any time of it.
ITEMS: Table[ReportRow[ItemHearer]] = Table(
    "items",
    (
        Column("session", str, lambda row: row.session),
        Column("item", int, lambda row: row.value.item.number),
        Column("presenter", str, lambda row: row.value.item.item.presenter),
        Column("title", str, lambda row: row.value.item.item.title),
        Column("start", datetime, lambda row: _local(row.value.item.start, row.timezone)),
        Column("end", datetime, lambda row: _local(row.value.item.end, row.timezone)),
        Column("estimated", bool, lambda row: row.value.item.estimated),
        Column("name", str, lambda row: row.value.attendee.name),
        Column("email", str, lambda row: row.value.attendee.email),
        Column("role", str, lambda row: str(row.value.attendee.role)),
        Column("minutes", float, lambda row: _minutes(row.value.seconds)),
        Column("share", float, lambda row: _share(row.value.share)),
        Column("heard", bool, lambda row: row.value.heard),
    ),
)

# How many heard each agenda item.
ITEM_AUDIENCE: Table[ReportRow[ItemAudience]] = Table(
    "item-audience",
    (
        Column("session", str, lambda row: row.session),
        Column("item", int, lambda row: row.value.item.number),
        Column("presenter", str, lambda row: row.value.item.item.presenter),
        Column("title", str, lambda row: row.value.item.item.title),
        Column("start", datetime, lambda row: _local(row.value.item.start, row.timezone)),
        Column("end", datetime, lambda row: _local(row.value.item.end, row.timezone)),
        Column("estimated", bool, lambda row: row.value.item.estimated),
        Column("present", int, lambda row: row.value.present),
        Column("average", float, lambda row: _number(row.value.average, 1)),
        Column("peak", int, lambda row: row.value.peak),
        Column("peak_at", datetime, lambda row: _local(row.value.peak_at, row.timezone)),
    ),
)

POLLS: Table[ReportRow[PollAnswer]] = Table(
    "polls",
    (
        Column("session", str, lambda row: row.session),
        Column("source", str, lambda row: str(row.value.source)),
        Column("question", str, lambda row: row.value.question),
        Column("name", str, lambda row: row.value.name),
        Column("email", str, lambda row: row.value.email),
        Column("answer", str, lambda row: row.value.answer),
        Column("answered_at", datetime, lambda row: _local(row.value.at, row.timezone)),
        Column("anonymous", bool, lambda row: row.value.anonymous),
        Column("item", str, lambda row: row.value.item),
        Column("poll_id", str, lambda row: row.value.poll_id),
    ),
)

# Each question of the polls with each of its choices.
POLL_COUNTS: Table[ReportRow[tuple[PollQuestion, ChoiceCount]]] = Table(
    "poll-counts",
    (
        Column("session", str, lambda row: row.session),
        Column("source", str, lambda row: str(row.value[0].source)),
        Column("question", str, lambda row: row.value[0].question),
        Column("answered", int, lambda row: row.value[0].people),
        Column("choice", str, lambda row: row.value[1].choice),
        Column("people", int, lambda row: row.value[1].people),
        Column("share", float, lambda row: _share(row.value[1].share)),
        Column("poll_id", str, lambda row: row.value[0].poll_id),
    ),
)

REGISTRATIONS: Table[ReportRow[RegistrationLine]] = Table(
    "registrations",
    (
        Column("session", str, lambda row: row.session),
        Column("name", str, lambda row: row.value.registration.name),
        Column("email", str, lambda row: row.value.registration.email),
        Column("status", str, lambda row: row.value.registration.status),
        Column("turnout", str, lambda row: str(row.value.turnout)),
        Column("registered_at", datetime, lambda row: _local(row.value.registration.registered_at, row.timezone)),
        Column("first_join", datetime, lambda row: _local(row.value.first_join, row.timezone)),
        Column("minutes", float, lambda row: _minutes(row.value.seconds)),
        Column("share", float, lambda row: _share(row.value.share)),
        Column("attended", bool, lambda row: row.value.attended),
        Column("organisation", str, lambda row: row.value.registration.organisation),
        Column("registrant_id", str, lambda row: row.value.registration.registrant_id),
        Column("answers", str, lambda row: _told(row.value.registration), Shown.PROSE),
    ),
)


def _told(registration: Registration) -> str:
    return "\n".join(f"{question}: {answer}" for question, answer in registration.answers)


def people_table(sessions: Sequence[str], questions: Sequence[str]) -> Table[ReportRow[EventPerson]]:
    """The people of an event: with the minutes in each session, and each question that was answered on registering."""
    return Table(
        "people",
        (
            Column("person", str, lambda row: row.value.key),
            Column("name", str, lambda row: row.value.name),
            Column("email", str, lambda row: row.value.email),
            Column("role", str, lambda row: str(row.value.role)),
            Column("certainty", str, lambda row: str(row.value.certainty)),
            Column("sessions", int, lambda row: len(row.value.seconds)),
            Column("sessions_attended", int, lambda row: len(row.value.attended)),
            Column("minutes", float, lambda row: _minutes(row.value.total), Shown.MINUTES),
            Column("questions", int, lambda row: row.value.questions),
            Column("registered", int, lambda row: len(row.value.registered)),
            *(_minutes_in(session) for session in sessions),
            *(_answer_to(question) for question in questions),
        ),
    )


def _minutes_in(session: str) -> Column[ReportRow[EventPerson]]:
    def minutes(row: ReportRow[EventPerson]) -> Cell:
        return _minutes(row.value.seconds[session]) if session in row.value.seconds else None

    return Column(f"minutes {session}", float, minutes, Shown.MINUTES)


def _answer_to(question: str) -> Column[ReportRow[EventPerson]]:
    return Column(f"answer {question}", str, lambda row: row.value.answers.get(question, ""), Shown.PROSE)


ABSENTEES: Table[ReportRow[Registration]] = Table(
    "absentees",
    (
        Column("session", str, lambda row: row.session),
        Column("name", str, lambda row: row.value.name),
        Column("email", str, lambda row: row.value.email),
        Column("registered_at", datetime, lambda row: _local(row.value.registered_at, row.timezone)),
        Column("organisation", str, lambda row: row.value.organisation),
        Column("registrant_id", str, lambda row: row.value.registrant_id),
    ),
)

# With each registrant's personal link: whoever has it comes in under that name.
REGISTRANTS: Table[ReportRow[Registrant]] = Table(
    "registrants",
    (
        Column("session", str, lambda row: row.session),
        Column("first_name", str, lambda row: row.value.person.first_name),
        Column("last_name", str, lambda row: row.value.person.last_name),
        Column("email", str, lambda row: row.value.person.email),
        Column("organisation", str, lambda row: row.value.person.organisation),
        Column("state", str, lambda row: str(row.value.state)),
        Column("join_url", str, lambda row: row.value.join_url),
        Column("reason", str, lambda row: row.value.reason),
        Column("meeting_id", str, lambda row: row.value.meeting_id),
        Column("registrant_id", str, lambda row: row.value.registrant_id),
    ),
)
