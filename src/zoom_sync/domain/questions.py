"""Questions and answers of a session, read from Zoom's Q&A report. Pure; standard library only.

Zoom groups questions by the person who asked (https://developers.zoom.us/docs/api/meetings/#tag/reports, "Get a meeting
Q&A report"); here each question is a value of its own. A field that is missing or of the wrong type is taken as empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from zoom_sync.domain.row_values import objects_in, text_in, time_in

LIVE = "live answered"
ANONYMOUS = "Anonymous Attendee"


class Status(StrEnum):
    """Zoom's own states of a question; DEFAULT where the report does not tell."""

    DEFAULT = "default"
    OPEN = "open"
    DISMISSED = "dismissed"
    ANSWERED = "answered"
    DELETED = "deleted"


class AnswerKind(StrEnum):
    """Zoom's own kinds of an answer. A PARTICIPANT_COMMENTED is a comment and answers nothing by itself."""

    DEFAULT = "default"
    HOST_ANSWERED_PUBLICLY = "host_answered_publicly"
    HOST_ANSWERED_PRIVATELY = "host_answered_privately"
    PARTICIPANT_COMMENTED = "participant_commented"
    HOST_ANSWERED = "host_answered"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer or comment. `author` is empty and `at` None where the report does not tell; `at` is in UTC."""

    author: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime | None
    kind: AnswerKind


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `asker` is "Anonymous Attendee" where `anonymous`; `asked_at` is in UTC, None where not told.

    `item` names the agenda item that was on, where the report is told together with the programme; `item_estimated`
    where the item's time is an estimate.
    """

    asker: str = field(repr=False)
    email: str | None = field(repr=False)
    anonymous: bool
    text: str = field(repr=False)
    asked_at: datetime | None
    status: Status
    answers: tuple[Answer, ...]
    live_answered: bool
    question_id: str = ""
    item: str = ""
    item_estimated: bool = False

    @property
    def answered(self) -> bool:
        """Whether anybody answered it, in writing or live; a comment is no answer."""
        written = any(answer.kind is not AnswerKind.PARTICIPANT_COMMENTED for answer in self.answers)
        return written or self.live_answered or self.status is Status.ANSWERED


def questions_from_report(report: object) -> tuple[Question, ...]:
    """The questions of a report (the JSON object as Zoom returned it), in its order; never raises on what it holds.

    Both forms are read: report/{meetings,webinars}/{id}/qa and past_{meetings,webinars}/{id}/qa, which tells only
    question and answer.
    """
    people = objects_in(report.get("questions")) if isinstance(report, dict) else ()
    return tuple(question for person in people for question in _questions_of(person))


def unanswered_first(questions: Iterable[Question]) -> list[Question]:
    """What still waits for an answer first, then the rest, each in the order of asking; untimed ones last."""
    return sorted(questions, key=_waiting_order)


def _waiting_order(question: Question) -> tuple[bool, bool, float]:
    moment = question.asked_at
    return question.answered, moment is None, moment.timestamp() if moment else 0.0


def _questions_of(person: dict[str, Any]) -> Iterator[Question]:
    name, email = text_in(person.get("name")), text_in(person.get("email"))
    anonymous = name.casefold() == ANONYMOUS.casefold()
    for detail in objects_in(person.get("question_details")):
        text = text_in(detail.get("answer"))
        written = [_answer(answer) for answer in objects_in(detail.get("answer_details"))]
        answers = written or _joined(text)
        yield Question(
            name, email or None, anonymous, text_in(detail.get("question")), time_in(detail.get("create_time")),
            _status(detail.get("question_status")),
            tuple(answer for answer in answers if not _says_live(answer)),
            answered_live(detail),
            text_in(detail.get("question_id")),
        )  # fmt: skip


def answered_live(detail: Mapping[str, Any]) -> bool:
    """Whether a question was answered live, by the text "live answered" that Zoom puts in place of an answer.

    A comment may read so as well, and the deprecated `answer` joins comments, too: these answer nothing.
    """
    written = [_answer(answer) for answer in objects_in(detail.get("answer_details"))]
    if any(_says_live(answer) for answer in written):
        return True
    comments = [answer.text for answer in written if answer.kind is AnswerKind.PARTICIPANT_COMMENTED]
    return _count_live([text_in(detail.get("answer"))]) > _count_live(comments)


def _says_live(answer: Answer) -> bool:
    return answer.kind is not AnswerKind.PARTICIPANT_COMMENTED and _is_live(answer.text)


def _count_live(texts: Iterable[str]) -> int:
    return sum(_is_live(part) for text in texts for part in text.split(";"))


def _joined(text: str) -> list[Answer]:
    """The deprecated `answer`: all answers joined by ";", without author, time or kind."""
    return [Answer("", part.strip(), None, AnswerKind.DEFAULT) for part in text.split(";") if part.strip()]


def _answer(row: dict[str, Any]) -> Answer:
    kind = row.get("type")
    known = kind if isinstance(kind, str) and kind in set(AnswerKind) else AnswerKind.DEFAULT
    return Answer(
        text_in(row.get("name")), text_in(row.get("content")), time_in(row.get("create_time")), AnswerKind(known)
    )


def _status(value: object) -> Status:
    return Status(value) if isinstance(value, str) and value in set(Status) else Status.DEFAULT


def _is_live(text: str) -> bool:
    return text.strip().casefold() == LIVE
