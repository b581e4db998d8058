"""What people answered to the polls of an evening, and to the survey after it, in the form of Zoom's reports.

Grouped by person: https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/polls
"""

# ruff: noqa: PLR2004 (a share drawn from life)

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Any

from .clock import iso
from .people import Person
from .world import Instance

_ANONYMOUS = "Anonymous Attendee"
_POLLS = (
    ("Where do you join from?", ("Africa", "Asia", "Europe", "The Americas", "Oceania")),
    ("Which of these apply to you?", ("Student;Researcher", "City administration", "Student", "Other")),
    ("How useful was the session?", ("Very useful", "Useful", "Not useful")),
    ("Do you trust your city's numbers?", ("Yes", "No")),
)
_SEVERAL_POLL = 1  # somebody may give several answers to it
_ANONYMOUS_POLL = 3  # answers to it come without a name
_SURVEY = (
    ("Would you come again?", ("Yes", "No", "Perhaps")),
    ("What should be other next time?", ("Longer pauses; fewer speakers", "More time for questions", "")),
)


def make_polls(instance: Instance, guests: Sequence[Person], count: int, rng: Random) -> list[dict[str, Any]]:
    """The answers of about two thirds of the guests to `count` polls."""
    rows = []
    asked = [_POLLS[number % len(_POLLS)] for number in range(count)]
    for person in guests if count else ():
        if rng.random() < 0.34:
            continue
        details = [_detail(instance, number, poll, rng) for number, poll in enumerate(asked)]
        named = [detail for number, detail in enumerate(details) if number % len(_POLLS) != _ANONYMOUS_POLL]
        nameless = [detail for number, detail in enumerate(details) if number % len(_POLLS) == _ANONYMOUS_POLL]
        if named:
            rows.append({**_names(person), "question_details": named})
        if nameless:
            rows.append({**_names(Person(_ANONYMOUS, "")), "question_details": nameless})
    return rows


def make_survey(instance: Instance, guests: Sequence[Person], rng: Random) -> list[dict[str, Any]]:
    """The answers of about a third of the guests to the survey that is shown at the end."""
    rows = []
    for person in guests:
        if rng.random() < 0.66:
            continue
        details = []
        for number, (question, answers) in enumerate(_SURVEY):
            answer = answers[rng.randrange(len(answers))]
            when = iso(instance.until + rng.randint(5, 900))
            identity = _id(instance, "survey-question", number)
            details.append({"question": question, "question_id": identity, "answer": answer, "date_time": when})
        rows.append({**_names(person), "answer_details": details})
    return rows


def poll_definitions(instances: Sequence[Instance]) -> list[dict[str, Any]]:
    """The polls that were shown, as they were set up before: several choices where a person may give several."""
    shown: dict[str, dict[str, Any]] = {}
    several, anonymous = _POLLS[_SEVERAL_POLL][0], _POLLS[_ANONYMOUS_POLL][0]
    for value in (value for instance in instances for row in instance.polls for value in row["question_details"]):
        options = sorted({part for answer in dict(_POLLS)[value["question"]] for part in answer.split(";")})
        kind = "multiple" if value["question"] == several else "single"
        question = {"name": value["question"], "type": kind, "answers": options, "answer_required": False}
        shown[value["polling_id"]] = {
            "id": value["polling_id"], "title": value["question"][:64], "status": "ended", "poll_type": 2,
            "anonymous": value["question"] == anonymous, "questions": [question],
        }  # fmt: skip
    return list(shown.values())


def survey_definition(instances: Sequence[Instance]) -> dict[str, Any]:
    """The survey that is shown after the session; nothing of its own where nobody ever saw one."""
    if not any(instance.surveys for instance in instances):
        return {"show_in_the_browser": True, "third_party_survey": ""}
    (first, choices), (second, _) = _SURVEY
    questions = [
        {"name": first, "type": "single", "answers": list(choices), "answer_required": False},
        {"name": second, "type": "long_answer", "answer_required": False},
    ]
    return {
        "custom_survey": {"title": "After the session", "anonymous": False, "questions": questions},
        "show_in_the_browser": True,
    }


def survey_id(instance: Instance) -> str:
    """The id of the survey after an instance."""
    return _id(instance, "survey", 0)


def _id(instance: Instance, what: str, number: int) -> str:
    return hashlib.sha256(f"{instance.uuid}:{what}:{number}".encode()).hexdigest()[:22]


def _names(person: Person) -> dict[str, Any]:
    """Who answered; with anonymous answers each name is "Anonymous Attendee"."""
    first, _, last = person.name.partition(" ")
    if person.name == _ANONYMOUS:
        first = last = _ANONYMOUS
    return {"email": person.email, "name": person.name, "first_name": first, "last_name": last}


def _detail(instance: Instance, number: int, poll: tuple[str, Sequence[str]], rng: Random) -> dict[str, Any]:
    question, answers = poll
    # Polls are the one place where Zoom writes milliseconds.
    when = iso(instance.start + 600 * (number + 1) + rng.randint(0, 60))[:-1]
    return {
        "question": question,
        "answer": answers[rng.randrange(len(answers))],
        "polling_id": _id(instance, "poll", number),
        "date_time": f"{when}.{rng.randint(0, 999):03}Z",
    }
