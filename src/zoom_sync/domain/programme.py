"""The programme of an event as values: what an organiser wrote down, read and checked, before Zoom is thought of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from zoom_sync.domain.certificates.rules import CertificateRules, SessionCertificate


class Kind(StrEnum):
    """What a session is held as on Zoom."""

    MEETING = "meeting"
    WEBINAR = "webinar"


class RegistrationMode(StrEnum):
    """Who gets in. NONE: whoever has link and passcode. Else only registrants, each by a personal link.

    AUTOMATIC: those whom we register are approved at once, whoever registers with Zoom waits to be approved.
    MANUAL: everybody waits.
    """

    NONE = "none"
    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Changes(StrEnum):
    """Who starts what changes on Zoom.

    AUTOMATIC: `serve` and the workers, by themselves. FIRST: a person approves the first plan of the event, what comes
    after it goes by itself. ASK: each change waits until a person has approved it.
    """

    AUTOMATIC = "automatic"
    FIRST = "first"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Passcode:
    """A meeting's passcode. Prints as `***`, so that no log or traceback shows it; `value` is the text itself."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item of a session: who presents (`"Kazan, Russian"`), from which country where it is told, and what.

    `start` and `end` are aware, and None where the programme does not tell them; an `end` stands only with a `start`.
    `emails` are the presenters' addresses, there only where the organiser tells them or a mapping asks for them. They
    are never printed, and make the panelists of a webinar.
    """

    presenter: str
    title: str
    country: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    emails: tuple[str, ...] = field(default=(), repr=False)

    @property
    def minutes(self) -> int | None:
        """Length in whole minutes, rounded up; None where the programme does not tell it."""
        return None if self.start is None or self.end is None else _minutes(self.start, self.end)


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """A meeting that the programme says exists already. `meeting_id` holds digits only."""

    meeting_id: str
    passcode: Passcode | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One session. `start` and `end` are aware, in the zone `timezone` (an IANA key); `key` is unique in the event.

    `meeting_of` is the key of the session whose meeting this one is held in, where it has none of its own. `room` is
    the place that the organiser names, `language` what is spoken, `expected` how many people are, `record` whether it
    may be recorded (None: as the profile has it). A session that is not `public` is in no announcement. One that is
    `cancelled` stays in the programme, so that everybody is told. `rehearsal_of` is the key of the session that this
    one rehearses. `parts` are the keys that other entries of the source would give it, where it was made of several,
    such as those of several rooms: should the one go that gives the key now, it is still this session. `certificates`
    is what it has otherwise than the event in certificates. `line` is where the session begins in its source, for
    messages.
    """

    key: str
    title: str
    start: datetime
    end: datetime
    timezone: str
    kind: Kind = Kind.MEETING
    long_title: str | None = None
    description: str | None = None
    profile: str | None = None
    host: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[AgendaItem, ...] = ()
    known: KnownMeeting | None = None
    meeting_of: str | None = None
    registration: RegistrationMode | None = None  # None: as the profile has it
    room: str | None = None
    track: str | None = None
    moderators: tuple[str, ...] = ()
    public: bool = True
    cancelled: bool = False
    language: str | None = None
    expected: int | None = None
    record: bool | None = None
    rehearsal_of: str | None = None
    certificates: SessionCertificate | None = None
    parts: tuple[str, ...] = field(default=(), compare=False)
    line: int | None = field(default=None, compare=False)

    @property
    def meeting_key(self) -> str:
        """The key that the session's meeting is kept by: its own, or its owner's."""
        return self.meeting_of or self.key

    @property
    def announced(self) -> bool:
        """Whether announcements, public pages and calendars tell of it."""
        return self.public and self.rehearsal_of is None

    @property
    def counted(self) -> bool:
        """Whether its reports are collected, and it counts among the event's figures."""
        return not self.cancelled and self.rehearsal_of is None

    @property
    def minutes(self) -> int:
        """Length in whole minutes, rounded up, as Zoom counts a duration."""
        return _minutes(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Event:
    """The event that sessions belong to. `timezone` is the IANA key its times are told in.

    `public` lets its public page show to everybody how to join. `changes` and `freeze_hours` are None where the
    settings say: from so many hours before the first session until the end of the last, changes are made by name only.
    `certificates` is None where there are none.
    """

    key: str
    title: str
    timezone: str
    description: str | None = None
    public: bool = False
    changes: Changes | None = None
    freeze_hours: int | None = None
    certificates: CertificateRules | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """An event with its sessions, in the order of the source."""

    event: Event
    sessions: tuple[Session, ...]


def _minutes(start: datetime, end: datetime) -> int:
    # Instants: two times of one zone would be subtracted by the clock on the wall, and a DST change lost.
    return -int((start.astimezone(UTC) - end.astimezone(UTC)).total_seconds() // 60)
