"""Who registered and came, registered and stayed away, or came without registering. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from zoom_sync.domain.attendance.attendee import Attendee, Certainty


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration, from a row of meetings/{id}/registrants. `status` is Zoom's: approved, pending or denied."""

    registrant_id: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    status: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`came` pairs each registration with the line of its person; `absent` and `unregistered` have no counterpart."""

    came: tuple[tuple[Registration, Attendee], ...]
    absent: tuple[Registration, ...]
    unregistered: tuple[Attendee, ...]


def registration_from_row(row: dict[str, Any]) -> Registration:
    """A registrant as Zoom returns it (https://developers.zoom.us/docs/api/meetings/#tag/meetings)."""
    texts = {key: value.strip() for key, value in row.items() if isinstance(value, str)}
    name = f"{texts.get('first_name', '')} {texts.get('last_name', '')}".strip()
    return Registration(texts.get("id", ""), name, texts.get("email", ""), texts.get("status", ""))


def compare_registrations(
    registrations: Iterable[Registration], attendees: Sequence[Attendee], *, least_seconds: int = 1
) -> Comparison:
    """Match by registrant id, else by e-mail without regard to case; an equal name is no match.

    Who was present for less than `least_seconds` did not come: with the default, who only saw the waiting room.
    """
    present = [one for one in attendees if one.seconds >= least_seconds]
    by_key = {one.key: one for one in present}
    by_email = {one.email.casefold(): one for one in present if one.email}
    came: list[tuple[Registration, Attendee]] = []
    absent: list[Registration] = []
    for registration in registrations:
        key = f"{Certainty.REGISTRANT}:{registration.registrant_id}"
        attendee = by_key.get(key) or by_email.get(registration.email.casefold())
        if attendee:
            came.append((registration, attendee))
        else:
            absent.append(registration)
    matched = {attendee.key for _, attendee in came}
    return Comparison(tuple(came), tuple(absent), tuple(one for one in present if one.key not in matched))
