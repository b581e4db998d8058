"""The figures of a session that stand in several places, each defined and counted here and nowhere else.

docs/reference/figures.md tells the definitions to readers of reports. Pure; standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable

from zoom_sync.domain.attendance import Attendee, Role
from zoom_sync.domain.questions import Question, Status
from zoom_sync.domain.report import Counts


def is_counted(attendee: Attendee) -> bool:
    """Whether a line counts among the people: somebody who was let in, and no bot."""
    return attendee.first_join is not None and attendee.role is not Role.BOT


def only_waited(attendee: Attendee) -> bool:
    """Whether somebody never got further than the waiting room."""
    return attendee.first_join is None and attendee.seconds_waiting > 0 and attendee.role is not Role.BOT


def counted_questions(questions: Iterable[Question]) -> list[Question]:
    """The questions that count: all that were not deleted, dismissed ones among them."""
    return [question for question in questions if question.status is not Status.DELETED]


def unanswered(questions: Iterable[Question]) -> int:
    """How many of the questions that count wait for an answer."""
    return sum(not counted_question.answered for counted_question in counted_questions(questions))


def counts_of(attendees: Iterable[Attendee], questions: Iterable[Question], unreadable: int = 0) -> Counts:
    """A session's counts. `unreadable` is how many rows hold no time at all."""
    people = waited = bots = 0
    for attendee in attendees:
        people += is_counted(attendee)
        waited += only_waited(attendee)
        bots += attendee.role is Role.BOT
    asked = counted_questions(questions)
    return Counts(people, len(asked), unanswered(asked), waited, bots, unreadable)
