"""The questions of an evening and what became of them, in the form of Zoom's Q&A report.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/qa
"""

# ruff: noqa: PLR2004, RUF001 (questions come in all scripts)

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Any

from .clock import iso
from .people import Person
from .world import Instance

ANONYMOUS = Person("Anonymous Attendee", "")
_ASKED = (
    "Will the slides be shared?",
    "How was the programme financed, and by whom?",
    "Could you say more about the role of the residents?",
    "请问这个项目的维护费用由谁承担？",
    "¿Qué harían de otra manera hoy?",
    "Как вы измеряли результат?",
    "كم استغرق تنفيذ المشروع؟",
    "Does it also work in a city ten times as large?",
    "=1+1 is what my spreadsheet says; is your count of trees right?",
    "Two questions:\n1. Who decided?\n2. Who was against it?",
    "이 사례를 다른 도시에도 적용할 수 있을까요?",
    "What did the evaluation show, compared with the plan?",
)
_WRITTEN = (
    "Yes, with the recording; see the event's page.",
    "A third by the city, the rest by the region.",
    "Thank you; the report in the chat has the numbers.",
)
_FATES = ("live", "public", "private", "open", "comment", "dismissed", "several")


def make_questions(
    instance: Instance, team: Sequence[Person], guests: Sequence[Person], count: int, rng: Random
) -> list[dict[str, Any]]:
    """`count` questions, grouped by who asked; anonymous ones stand alone, as nobody can tell whose they are."""
    rows: list[dict[str, Any]] = []
    by_person: dict[Person, dict[str, Any]] = {}
    end = instance.until
    for number in range(count):
        asker = _asker(number, team, guests, rng)
        created = instance.start + (number + 1) / (count + 2) * (end - instance.start)
        question = _question(instance, number, created, [*team, *guests[:1]])
        row = by_person.get(asker) if asker is not ANONYMOUS else None
        if row is None:
            row = {
                "user_id": _user_id(instance, asker),
                "name": asker.name,
                "email": asker.email,
                "question_details": [],
            }
            rows.append(row)
            by_person[asker] = row
        row["question_details"].append(question)
    return rows


def _asker(number: int, team: Sequence[Person], guests: Sequence[Person], rng: Random) -> Person:
    """Every fifth question is a moderator's, every fourth of the others anonymous."""
    if number % 5 == 4 or not guests:
        return team[-1]
    return ANONYMOUS if number % 4 == 1 else guests[rng.randrange(len(guests))]


def _user_id(instance: Instance, person: Person) -> str:
    if person is ANONYMOUS:
        return ""
    found = (stay for stay in instance.stays if stay.name == person.name and stay.email == person.email)
    return next((stay.user_id for stay in found), "")


def _question(instance: Instance, number: int, created: float, voices: Sequence[Person]) -> dict[str, Any]:
    fate = _FATES[number % len(_FATES)]
    answers = [
        _answer(instance, voices[-1 if kind == "participant_commented" else 0], kind, content, created + 30 * turn)
        for turn, (kind, content) in enumerate(_answers(fate, number), start=1)
    ]
    status = {"open": "open", "comment": "open", "dismissed": "dismissed"}.get(fate, "answered")
    identity = hashlib.sha256(f"{instance.uuid}:{number}".encode()).hexdigest()
    return {
        "question": _ASKED[number % len(_ASKED)],
        "question_id": identity[:22],
        "create_time": iso(created),
        "question_status": status,
        # Deprecated by Zoom: all answers joined by ";".
        "answer": ";".join(answer["content"] for answer in answers),
        "answer_details": answers,
    }


def _answers(fate: str, number: int) -> list[tuple[str, str]]:
    written = _WRITTEN[number % len(_WRITTEN)]
    return {
        "live": [("host_answered", "live answered")],
        "public": [("host_answered_publicly", written)],
        "private": [("host_answered_privately", written)],
        "comment": [("participant_commented", "I have the same question.")],
        "several": [
            ("host_answered_publicly", written),
            ("participant_commented", "Thank you!"),
            ("host_answered", "live answered"),
        ],
    }.get(fate, [])


def _answer(instance: Instance, person: Person, kind: str, content: str, when: float) -> dict[str, Any]:
    return {
        "user_id": _user_id(instance, person),
        "name": person.name,
        "email": person.email,
        "content": content,
        "create_time": iso(when),
        "type": kind,
    }
