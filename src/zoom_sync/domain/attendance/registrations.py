"""Who registered and came, registered and stayed away, or came without registering. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from zoom_sync.domain.attendance.attendee import Attendee, Certainty, Role
from zoom_sync.domain.attendance.times import read_seconds, to_datetime

APPROVED = "approved"
UNCOUNTED = frozenset({Role.HOST, Role.PANELIST, Role.BOT})  # who needs no registration


class Turnout(StrEnum):
    """What came of a registration, or that somebody came without one."""

    CAME = "came"
    ABSENT = "did not come"
    UNREGISTERED = "came unregistered"


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration, from a row of meetings/{id}/registrants. `status` is Zoom's: approved, pending or denied.

    `answers` are what was told on registering, beyond name, e-mail and organisation: (question, answer), the event's
    own questions by their titles.
    """

    registrant_id: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    status: str = ""
    registered_at: datetime | None = None
    organisation: str = field(default="", repr=False)
    answers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`came` pairs each registration with the line of its person; `absent` and `unregistered` have no counterpart."""

    came: tuple[tuple[Registration, Attendee], ...]
    absent: tuple[Registration, ...]
    unregistered: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One line of the report on registrations: a registration and its turnout, or somebody who came without one.

    `registration` of the latter holds name and e-mail only. `first_join` is in UTC; `seconds` (inside the session) and
    `share` are as of the attendee, 0 and None for who did not come.
    """

    registration: Registration
    turnout: Turnout
    first_join: datetime | None = None
    seconds: int = 0
    share: float | None = None
    attended: bool | None = None


def registration_from_row(row: dict[str, Any]) -> Registration:
    """A registrant as Zoom returns it (https://developers.zoom.us/docs/api/meetings/#tag/meetings)."""
    texts = {key: value.strip() for key, value in row.items() if isinstance(value, str)}
    name = f"{texts.get('first_name', '')} {texts.get('last_name', '')}".strip()
    read = read_seconds(texts.get("create_time", ""))
    return Registration(
        texts.get("id", ""),
        name,
        texts.get("email", ""),
        texts.get("status", ""),
        to_datetime(read[0]) if read else None,
        texts.get("org", ""),
        tuple(_answers(row, texts)),
    )


# The questions that Zoom has for every registration
# (https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}/registrants).
_QUESTIONS = (
    "job_title", "industry", "no_of_employees", "purchasing_time_frame", "role_in_purchase_process", "phone", "address",
    "city", "state", "zip", "country", "comments",
)  # fmt: skip


def _answers(row: dict[str, Any], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in _QUESTIONS:
        if texts.get(name):
            yield name, texts[name]
    custom = row.get("custom_questions")
    for each in custom if isinstance(custom, list) else ():
        title, value = (each.get("title"), each.get("value")) if isinstance(each, dict) else (None, None)
        if isinstance(title, str) and title.strip() and isinstance(value, str) and value.strip():
            yield title.strip(), value.strip()


def compare_registrations(
    registrations: Iterable[Registration], attendees: Sequence[Attendee], *, least_seconds: int = 1
) -> Comparison:
    """Match by registrant id, else by e-mail without regard to case; an equal name is no match.

    A participant's id that equals a registrant's is his: https://devforum.zoom.us/t/daily-usage-report/27152.
    Who was present for less than `least_seconds` did not come: with the default, who only saw the waiting room. Hosts,
    panelists and bots need no registration and are none of the unregistered.
    """
    present = [one for one in attendees if one.seconds >= least_seconds]
    by_id = {one.key.partition(":")[2]: one for one in present if one.certainty is Certainty.PARTICIPANT}
    by_id |= {registrant: one for one in present for registrant in one.registrant_ids}
    by_email = {one.email.casefold(): one for one in present if one.email}
    came: list[tuple[Registration, Attendee]] = []
    absent: list[Registration] = []
    for registration in registrations:
        attendee = by_id.get(registration.registrant_id) or by_email.get(registration.email.casefold())
        if attendee:
            came.append((registration, attendee))
        else:
            absent.append(registration)
    matched = {attendee.key for _, attendee in came}
    others = (one for one in present if one.key not in matched and one.role not in UNCOUNTED)
    return Comparison(tuple(came), tuple(absent), tuple(others))


def registration_lines(comparison: Comparison) -> tuple[RegistrationLine, ...]:
    """The report's lines: who came and who did not in the order of registering, then the unregistered."""
    lines = [_line(registration, Turnout.CAME, attendee) for registration, attendee in comparison.came]
    lines += [RegistrationLine(registration, Turnout.ABSENT) for registration in comparison.absent]
    lines.sort(
        key=lambda registration_line: (
            _registered(registration_line.registration),
            registration_line.registration.name,
            registration_line.registration.registrant_id,
        )
    )
    for attendee in comparison.unregistered:
        lines.append(_line(Registration("", attendee.name, attendee.email or ""), Turnout.UNREGISTERED, attendee))
    return tuple(lines)


def with_registration(attendees: Iterable[Attendee], comparison: Comparison) -> Iterator[Attendee]:
    """The attendees one by one, each with whether a registration is his."""
    matched = {attendee.key for _, attendee in comparison.came}
    return (replace(attendee, registered=attendee.key in matched) for attendee in attendees)


def absentees(comparison: Comparison, registrationses: Sequence[Sequence[Registration]]) -> tuple[Registration, ...]:
    """Who registered, was approved and did not come.

    `told` is Zoom's own list for each instance of a webinar: absent is who is on all of them and whom the attendance
    does not show. Without any, it is who of the registered is not in the attendance.
    """
    if not registrationses:
        return tuple(registration for registration in comparison.absent if registration.status in ("", APPROVED))
    came = {_identity(registration) for registration, _ in comparison.came}
    on_all = (
        set.intersection(*({_identity(registration) for registration in every} for every in registrationses)) - came
    )
    return tuple(registration for registration in registrationses[-1] if _identity(registration) in on_all)


def _line(registration: Registration, turnout: Turnout, attendee: Attendee) -> RegistrationLine:
    return RegistrationLine(
        registration, turnout, attendee.first_join, attendee.seconds_inside, attendee.share, attendee.attended
    )


def _registered(registration: Registration) -> float:
    return registration.registered_at.timestamp() if registration.registered_at else 0.0


def _identity(registration: Registration) -> str:
    return registration.registrant_id or registration.email.casefold()
