"""What people answered to polls and surveys, read from Zoom's reports. Pure; standard library only.

Zoom groups answers by the person who gave them (https://developers.zoom.us/docs/api/meetings/#tag/reports, "Get meeting
poll reports"); here each answer is a value of its own. A field that is missing or of the wrong type is taken as empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zoom_sync.domain.row_values import objects_in, text_in, time_in

ANONYMOUS = "Anonymous Attendee"


class Source(StrEnum):
    """Where an answer comes from: a poll during the session, or a survey after it."""

    POLL = "poll"
    SURVEY = "survey"


# Of these types an answer is one: a choice, a number or free text, in which a ";" is what somebody typed. Of the others
# (multiple, matching, rank_order, fill_in_the_blank) it joins several. https://developers.zoom.us/docs/api/meetings/,
# "List meeting polls" and "Get a meeting survey".
ONE_ANSWER = frozenset({"single", "short_answer", "long_answer", "rating_scale"})


@dataclass(frozen=True, slots=True)
class QuestionType:
    """What a poll's or survey's definition says of a question: its type in Zoom's words, and its choices with a ";"."""

    name: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definitions:
    """The types of questions: of polls by poll and question, of surveys, whose questions bear no id, by question."""

    types: Mapping[tuple[Source, str, str], QuestionType] = field(default_factory=dict)

    def of(self, source: Source, poll_id: str, question: str) -> QuestionType | None:
        """The type of a question; None where it is not known."""
        return self.types.get((source, poll_id if source is Source.POLL else "", question))


NO_DEFINITIONS = Definitions()


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """One person's answer to one question. `at` is in UTC, None where not told.

    `name` is "Anonymous Attendee" and `email` None where `anonymous`. `poll_id` is Zoom's id of the poll, or of a
    survey's question. `answer` is as Zoom gave it; of a question with several choices it joins them by ";".
    `type` is the question's, None where its definition is not known. `respondent` tells people of one name without an
    e-mail apart: the number of the report's row, None in what was stored before it was kept.
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
    type: QuestionType | None = None
    respondent: int | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The choices of the answer, each once.

        Where the question's type is not known, nothing tells Zoom's ";" from one that somebody typed.
        """
        if self.type is not None and self.type.name in ONE_ANSWER:
            parts = [self.answer]
        else:
            parts = _parted(self.answer, self.type.choices if self.type else ())
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    @property
    def person(self) -> object:
        """What tells this answer's person from others in a count; None of an anonymous one, which is somebody each."""
        if self.anonymous:
            return None
        if self.email:
            return self.email.casefold()
        return self.name.casefold() if self.respondent is None else self.respondent


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


def _parted(answer: str, choices: tuple[str, ...]) -> list[str]:
    """An answer at each ";" that is not within one of the choices, of which the longest is taken."""
    parts: list[str] = []
    left = answer
    while left:
        known = [choice for choice in choices if left == choice or left.startswith(f"{choice};")]
        part = max(known, key=len) if known else left.partition(";")[0]
        parts.append(part)
        left = left[len(part) + 1 :].lstrip()
    return parts


def definitions_of(polls: Iterable[object], survey_questions: Iterable[object]) -> Definitions:
    """The types of questions, from polls and a survey's questions as Zoom defines them; never raises on what they hold.

    A poll whose question is defined twice with different types is left out: which one was asked is not known.
    """
    types: dict[tuple[Source, str, str], QuestionType] = {}
    unclear: set[tuple[Source, str, str]] = set()
    for source, poll_id, values in [
        *(
            (Source.POLL, text_in(poll.get("id")), question)
            for poll in objects_in(list(polls))
            for question in _questions(poll)
        ),
        *((Source.SURVEY, "", values) for values in objects_in(list(survey_questions))),
    ]:
        options = values.get("answers")
        choices = tuple(map(text_in, options)) if isinstance(options, list) else ()
        place = source, poll_id, text_in(values.get("name"))
        read = QuestionType(text_in(values.get("type")), tuple(choice for choice in choices if ";" in choice))
        if read.name and types.setdefault(place, read) != read:
            unclear.add(place)
    return Definitions({place: read for place, read in types.items() if place not in unclear})


def _questions(poll: Mapping[str, object]) -> list[dict[str, object]]:
    return objects_in(poll.get("questions"))


def answers_from_rows(
    rows: Iterable[object], source: Source, definitions: Definitions = NO_DEFINITIONS
) -> Iterator[PollAnswer]:
    """The answers of a report's rows (people), in their order; never raises on what they hold.

    The rows of all reports of a session are given at once: their numbers tell people apart.
    """
    details, id_name = {
        Source.POLL: ("question_details", "polling_id"),
        Source.SURVEY: ("answer_details", "question_id"),
    }[source]
    for number, person in enumerate(objects_in(list(rows))):
        name, email = text_in(person.get("name")), text_in(person.get("email"))
        anonymous = not email and name.casefold() in ("", ANONYMOUS.casefold())
        for values in objects_in(person.get(details)):
            poll_id, question = text_in(values.get(id_name)), text_in(values.get("question"))
            yield PollAnswer(
                source,
                poll_id,
                question,
                name or ANONYMOUS,
                email or None,
                anonymous,
                text_in(values.get("answer")),
                time_in(values.get("date_time")),
                type=definitions.of(source, poll_id, question),
                respondent=number,
            )


def count_answers(answers: Iterable[PollAnswer]) -> tuple[PollQuestion, ...]:
    """The questions with their counts, in the order they come first.

    Whoever answered a question twice, as when a poll was started again, counts with the later answer; anonymous answers
    count each. Two guests of the same name without an e-mail are two people. An answer without a choice counts nobody.
    """
    latest: dict[tuple[Source, str, str], dict[object, PollAnswer]] = {}
    for number, answer in enumerate(answers):
        people = latest.setdefault((answer.source, answer.poll_id, answer.question), {})
        person = answer.person
        person = ("anonymous", number) if person is None else person
        before = people.get(person)
        if before is None or _moment(before) <= _moment(answer):
            people[person] = answer
    return tuple(_counted(*question, people.values()) for question, people in latest.items())


def _counted(source: Source, poll_id: str, question: str, answers: Iterable[PollAnswer]) -> PollQuestion:
    textses = [answer.choices for answer in answers if answer.choices]
    counts = Counter(choice for choices in textses for choice in choices)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    choices = tuple(ChoiceCount(choice, count, count / len(textses)) for choice, count in ordered)
    return PollQuestion(source, poll_id, question, len(textses), choices)


def _moment(answer: PollAnswer) -> float:
    return answer.at.timestamp() if answer.at else 0.0
