"""What the merge answers: people, how sure it is of them, and what it had to note. Values; standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zoom_sync.domain.attendance.stay import Flaw, Unreadable


class Certainty(StrEnum):
    """The best thing a person is known by, from sure to unsure. UNKNOWN: not even a name, so each stay is a line."""

    REGISTRANT = "registrant"
    EMAIL = "email"
    PARTICIPANT = "participant"
    NAME = "name"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What somebody came as; of several the first. INTERNAL: a user of the host's Zoom account, not named as staff.

    BOT: a notetaker or another program, whoever sent it; no person, and never counted as one.
    """

    HOST = "host"
    PANELIST = "panelist"
    STAFF = "staff"
    INTERNAL = "internal"
    AUDIENCE = "audience"
    BOT = "bot"


ROLES_OF_PEOPLE = frozenset(Role) - {Role.BOT}


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is not just audience: e-mails or user ids, of `staff` also domains. `panelists` None: nobody knows them.

    `registered` tells whose a registrant's link is: registrant ids, each with the e-mail it was registered with.
    `notetakers` names bots beyond those that are known.
    """

    hosts: frozenset[str] = field(default=frozenset(), repr=False)
    panelists: frozenset[str] | None = field(default=None, repr=False)
    staff: frozenset[str] = field(default=frozenset(), repr=False)
    internal: frozenset[str] = field(default=frozenset(), repr=False)
    registered: Mapping[str, str] = field(default_factory=dict, repr=False)
    notetakers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkOf:
    """Whose registrant's link (`by_link`) or account somebody came by, who is another person."""

    name: str = field(repr=False)
    email: str | None = field(repr=False)
    key: str = field(repr=False)
    by_link: bool = True


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person's attendance of one session, over all instances and devices.

    `first_join` and `last_leave` are in UTC, and None for who only ever was in the waiting room. `seconds` is the time
    present, counted once however many devices; `seconds_inside` and `seconds_outside` divide it by the session's
    window, and `share` is the part of the window (0 to 1; None without a window). `seconds_waiting` counts the waiting
    room apart. `joins` counts stays in the main room, `devices` is the most at one time. `intervals` are the times
    present as (start, end) in seconds since 1970, apart and in order. `key` names the person within this merge.
    `attended` is whether `share` is as much as counts. `registered` and `panelist` are None where it is not known.
    `emails` and `accounts` are all e-mails and participant ids of the person. `link_of` is whose link the person used,
    where that is somebody else. `decided`: staff merged, split, named it or gave it its role.
    """

    key: str = field(repr=False)
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    first_join: datetime | None
    last_leave: datetime | None
    seconds: int
    seconds_inside: int
    seconds_outside: int
    seconds_waiting: int
    share: float | None
    joins: int
    devices: int
    certainty: Certainty
    role: Role
    phone: bool
    note: str
    intervals: tuple[tuple[int, int], ...] = field(repr=False)
    attended: bool | None = None
    registered: bool | None = None
    panelist: bool | None = None
    registrant_ids: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    accounts: tuple[str, ...] = field(default=(), repr=False)
    link_of: LinkOf | None = field(default=None, repr=False)
    decided: bool = False

    @property
    def remark(self) -> str:
        """The note, with whose link or account was used."""
        if self.link_of is None:
            return self.note
        owner = " ".join(filter(None, (self.link_of.name, f"<{self.link_of.email}>" if self.link_of.email else "")))
        used = "came by the registrant's link of" if self.link_of.by_link else "used the account of"
        return "; ".join(
            filter(None, (f"{used} {owner or 'somebody else'}, who was there at the same time", self.note))
        )


@dataclass(frozen=True, slots=True)
class Note:
    """A flaw that `stays` stays had, in words."""

    flaw: Flaw
    stays: int
    words: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """A session's attendance: `attendees` by first join, name and key; those who never got in come last.

    `unreadable` holds the rows without any time, each once; `notes` count what had to be mended. `window` is the
    session's own (start, end).
    """

    attendees: tuple[Attendee, ...]
    unreadable: tuple[Unreadable, ...]
    notes: tuple[Note, ...]
    window: tuple[datetime, datetime] | None
