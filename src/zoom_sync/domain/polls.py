"""What people answered to polls and surveys, read from Zoom's reports. Pure; standard library only.

Zoom groups answers by the person who gave them (https://developers.zoom.us/docs/api/meetings/#tag/reports, "Get meeting
poll reports"); here each answer is a value of its own. A field that is missing or of the wrong type is taken as empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zoom_sync.domain.row_values import objects_in, text_in, time_in

ANONYMOUS = "Anonymous Attendee"


class Source(StrEnum):
    """Where an answer comes from: a poll during the session, or a survey after it."""

    POLL = "poll"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """One person's answer to one question. `at` is in UTC, None where not told.

    `name` is "Anonymous Attendee" and `email` None where `anonymous`. `poll_id` is Zoom's id of the poll, or of a
    survey's question. `answer` is as Zoom gave it; of a question with several choices it joins them by ";".
    """

    source: Source
    poll_id: str
    question: str
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    anonymous: bool
    answer: str = field(repr=False)
    at: datetime | None
    item: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The choices of the answer, each once; nothing tells Zoom's ";" from one that somebody typed."""
        return tuple(dict.fromkeys(part.strip() for part in self.answer.split(";") if part.strip()))


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How many people gave this choice, and their share (0 to 1) of those who answered the question."""

    choice: str
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class PollQuestion:
    """One question with its counts: `people` answered it; `choices` by number, the most first, then by text."""

    source: Source
    poll_id: str
    question: str
    people: int
    choices: tuple[ChoiceCount, ...]


def answers_from_rows(rows: Iterable[object], source: Source) -> Iterator[PollAnswer]:
    """The answers of a report's rows (people), in their order; never raises on what they hold."""
    details, id_name = {
        Source.POLL: ("question_details", "polling_id"),
        Source.SURVEY: ("answer_details", "question_id"),
    }[source]
    for person in objects_in(list(rows)):
        name, email = text_in(person.get("name")), text_in(person.get("email"))
        anonymous = not email and name.casefold() in ("", ANONYMOUS.casefold())
        for one in objects_in(person.get(details)):
            yield PollAnswer(
                source,
                text_in(one.get(id_name)),
                text_in(one.get("question")),
                name or ANONYMOUS,
                email or None,
                anonymous,
                text_in(one.get("answer")),
                time_in(one.get("date_time")),
            )


def count_answers(answers: Iterable[PollAnswer]) -> tuple[PollQuestion, ...]:
    """The questions with their counts, in the order they come first.

    Whoever answered a question twice, as when a poll was started again, counts with the later answer; anonymous answers
    count each. An answer without a choice counts nobody.
    """
    latest: dict[tuple[Source, str, str], dict[object, PollAnswer]] = {}
    for number, one in enumerate(answers):
        people = latest.setdefault((one.source, one.poll_id, one.question), {})
        person: object = number if one.anonymous else (one.email or one.name).casefold()
        before = people.get(person)
        if before is None or _moment(before) <= _moment(one):
            people[person] = one
    return tuple(_counted(*question, people.values()) for question, people in latest.items())


def _counted(source: Source, poll_id: str, question: str, answers: Iterable[PollAnswer]) -> PollQuestion:
    told = [one.choices for one in answers if one.choices]
    counts = Counter(choice for choices in told for choice in choices)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    choices = tuple(ChoiceCount(choice, count, count / len(told)) for choice, count in ordered)
    return PollQuestion(source, poll_id, question, len(told), choices)


def _moment(answer: PollAnswer) -> float:
    return answer.at.timestamp() if answer.at else 0.0
