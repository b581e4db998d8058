"""What people answered to the polls of an evening, in the form of Zoom's poll report: grouped by person.

https://developers.zoom.us/docs/api/meetings/#tag/reports/GET/report/meetings/{meetingId}/polls
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

_POLLS = (
    ("Where do you join from?", ("Africa", "Asia", "Europe", "The Americas", "Oceania")),
    ("Which of these apply to you?", ("Student;Researcher", "City administration", "Student", "Other")),
    ("How useful was the session?", ("Very useful", "Useful", "Not useful")),
)


def make_polls(instance: Instance, guests: Sequence[Person], count: int, rng: Random) -> list[dict[str, Any]]:
    """The answers of about two thirds of the guests to `count` polls."""
    rows = []
    asked = [_POLLS[number % len(_POLLS)] for number in range(count)]
    for person in guests if count else ():
        if rng.random() < 0.34:
            continue
        first, _, last = person.name.partition(" ")
        details = [_detail(instance, number, poll, rng) for number, poll in enumerate(asked)]
        rows.append(
            {
                "email": person.email,
                "name": person.name,
                "first_name": first,
                "last_name": last,
                "question_details": details,
            }
        )
    return rows


def _detail(instance: Instance, number: int, poll: tuple[str, Sequence[str]], rng: Random) -> dict[str, Any]:
    question, answers = poll
    # Polls are the one place where Zoom writes milliseconds.
    when = iso(instance.start + 600 * (number + 1) + rng.randint(0, 60))[:-1]
    return {
        "question": question,
        "answer": answers[rng.randrange(len(answers))],
        "polling_id": hashlib.sha256(f"{instance.uuid}:poll:{number}".encode()).hexdigest()[:22],
        "date_time": f"{when}.{rng.randint(0, 999):03}Z",
    }
