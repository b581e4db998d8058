"""What pushing people to Zoom comes to: who is sent, who is approved, who is left out and why, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import RegistrationMode
from zoom_sync.domain.registering.registrant import (
    AT_ONCE,
    MOST,
    Guest,
    Registrant,
    State,
    by_key,
)
from zoom_sync.errors import UserError

PAGE = 300  # rows of a list: https://developers.zoom.us/docs/api/pagination/


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody of the file who is not sent, and why."""

    person: Guest
    why: str


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What would be done for one session.

    `known` is everybody of the session as Zoom's lists tell it now. `register` are sent, `approve` are on Zoom and wait
    although they shall not. `calls` counts what is still to come, by Zoom's rate label.
    """

    key: str
    link: Link
    mode: RegistrationMode
    known: tuple[Registrant, ...]
    register: tuple[Registrant, ...]
    approve: tuple[Registrant, ...]
    left_out: tuple[LeftOut, ...]
    already: int

    @property
    def calls(self) -> dict[str, int]:
        if not self.register and not self.approve:
            return {}
        pages = 2 + (len(self.known) + len(self.register)) // PAGE
        statuses = -(-len(self.approve) // AT_ONCE)
        return {"HEAVY": -(-len(self.register) // AT_ONCE), "MEDIUM": statuses + 1 + pages}


def plan_push(
    key: str,
    link: Link,
    mode: RegistrationMode,
    people: Sequence[Guest],
    known: Sequence[Registrant],
    never: Mapping[str, str],
    *,
    anew: bool = False,
) -> PushPlan:
    """Plan one session's push. `never` tells of folded e-mails why they cannot be registered: hosts and the like.

    `anew` registers those again who were cancelled or denied before. Raises UserError where they would be too many.
    """
    have = by_key(known)
    register: list[Registrant] = []
    approve: list[Registrant] = []
    left_out: list[LeftOut] = []
    already = 0
    for person in people:
        registrant = replace(have.get(person.key, Registrant(person)), person=person)
        if person.key in never:
            left_out.append(LeftOut(person, never[person.key]))
        elif registrant.state in (State.CANCELLED, State.DENIED) and not anew:
            left_out.append(LeftOut(person, f"was {registrant.state} before; with --anew it is registered again"))
        elif registrant.state is State.DENIED or (
            registrant.state is State.PENDING and mode is RegistrationMode.AUTOMATIC
        ):
            approve.append(registrant)
        elif registrant.state in (State.APPROVED, State.PENDING):
            already += 1
        else:
            register.append(Registrant(person, meeting_id=link.meeting_id))
    _need_room(known, register)
    return PushPlan(key, link, mode, tuple(known), tuple(register), tuple(approve), tuple(left_out), already)


def _need_room(known: Iterable[Registrant], register: Sequence[Registrant]) -> None:
    there = sum(1 for registrant in known if registrant.state in (State.APPROVED, State.PENDING))
    if there + len(register) > MOST:
        raise UserError(
            f"the meeting would have {there + len(register):,} registrants and Zoom takes at most {MOST:,}:"
            " cancel some, or hold the session twice"
        )
