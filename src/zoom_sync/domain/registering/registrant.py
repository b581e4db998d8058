"""People who register, and how far it has come with each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")

# "Register up to 30 registrants at once": https://developers.zoom.us/docs/api/meetings/ (batch_registrants); a change
# of statuses takes as many.
AT_ONCE = 30
# "a maximum limit of 4,999 registrants per meeting": https://developers.zoom.us/docs/api/meetings/ (registrants)
MOST = 4_999


class State(StrEnum):
    """How far it has come."""

    WAITING = "waiting"  # to be sent to Zoom
    SENT = "sent"  # was about to be sent; whether Zoom has it, its lists tell
    APPROVED = "approved"
    PENDING = "pending"  # on Zoom, to be approved by somebody
    DENIED = "denied"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # Zoom did not take it; `reason` says why


LISTED = (State.APPROVED, State.PENDING, State.DENIED)  # what Zoom's lists can be asked for


def folded(email: str) -> str:
    """An e-mail as it is compared: Zoom writes it in another case than it was told.

    https://github.com/jrchamp/moodle-mod_zoom (v4.1)
    """
    return email.strip().casefold()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who shall be registered. `line` is where it stands in its file. Prints as its line."""

    email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(default="", repr=False)
    organisation: str = field(default="", repr=False)
    line: int | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        return folded(self.email)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Registrant:
    """A person with its state at one session. `meeting_id` is the meeting it was registered for, empty before.

    Whoever has `join_url` comes in under this person's name: it is a secret.
    """

    person: Guest
    state: State = State.WAITING
    reason: str = ""
    registrant_id: str = field(default="", repr=False)
    join_url: str = field(default="", repr=False)
    meeting_id: str = ""

    @property
    def key(self) -> str:
        return self.person.key


def by_key(registrants: Iterable[Registrant]) -> dict[str, Registrant]:
    """Registrants by their folded e-mails."""
    return {registrant.key: registrant for registrant in registrants}


def portions(people: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many as Zoom takes at once, one after another."""
    return (people[first : first + AT_ONCE] for first in range(0, len(people), AT_ONCE))


def listed(rows: Iterable[Mapping[str, Any]], state: State, meeting_id: str) -> Iterator[Registrant]:
    """The registrants of one of Zoom's lists; a row without an address, which is nobody to us, is ignored."""
    for row in rows:
        texts = {name: str(row.get(name) or "") for name in ("email", "first_name", "last_name", "org")}
        if folded(texts["email"]):
            person = Guest(texts["email"], texts["first_name"], texts["last_name"], texts["org"])
            link = str(row.get("join_url") or "")
            yield Registrant(person, state, "", str(row.get("id") or ""), link, meeting_id)


def told(registrant: Registrant, row: Mapping[str, Any], state: State) -> Registrant:
    """A registrant after Zoom's answer to its registration. The link is not told where registrants are approved."""
    return replace(
        registrant,
        state=state,
        reason="",
        registrant_id=str(row.get("registrant_id") or registrant.registrant_id),
        join_url=str(row.get("join_url") or registrant.join_url),
    )


def after_lists(
    kept: Iterable[Registrant], on_zoom: Iterable[Registrant], meeting_id: str, *, just_sent: bool = False
) -> list[Registrant]:
    """What is known once Zoom's lists were read: everybody who was kept, then whoever registered with Zoom itself.

    Who is in no list has cancelled, or was never taken. `just_sent`: the lists may lag behind what was sent a moment
    ago, so nobody is taken to be gone.
    """
    registrants = by_key(on_zoom)
    after = [
        _after(registrant, registrants.pop(registrant.key, None), meeting_id, just_sent=just_sent)
        for registrant in kept
    ]
    return [*after, *registrants.values()]


def _after(registrant: Registrant, seen: Registrant | None, meeting_id: str, *, just_sent: bool) -> Registrant:
    if seen is not None:
        link = seen.join_url or (registrant.join_url if registrant.meeting_id == meeting_id else "")
        return replace(seen, person=registrant.person, join_url=link if seen.state is State.APPROVED else "")
    if registrant.state in (State.WAITING, State.REFUSED, State.CANCELLED) or just_sent:
        return registrant
    if registrant.meeting_id != meeting_id:
        anew = "the session's meeting was replaced since"
        return Registrant(registrant.person, reason=anew)
    if registrant.state is State.SENT:
        return Registrant(registrant.person)
    gone = "is not registered on Zoom any more"
    return replace(registrant, state=State.CANCELLED, reason=gone, join_url="")
