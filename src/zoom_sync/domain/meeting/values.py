"""Meetings: what the programme asks for, what is ours, what is begun, what Zoom shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from zoom_sync.domain.meeting.fields import MeetingFields, clean, without
from zoom_sync.domain.meeting.learned import Learned
from zoom_sync.domain.occurrences import Span, current, one_form, spans_of, under_way
from zoom_sync.domain.panelists import Panelist, Standing
from zoom_sync.domain.profiles import only_changed, only_created
from zoom_sync.domain.programme import Kind, Passcode

# Where a time has to stand for a meeting that has none: long past, and far enough from the ends of the calendar.
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Origin(StrEnum):
    """How a meeting came to be linked. What is neither is never touched."""

    CREATED = "created"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class DesiredMeeting:
    """The meeting that the programme asks for. `host` is what the programme names, if it names one.

    `key` is that of the session it belongs to; `members` are those of the other sessions held in it. `sessions` are the
    times of all of them, where there are several. `panelists` are a webinar's. With `exact_lists` its lists are to hold
    what the programme names and nothing that others added. `expected` is how many people will come, as far as that is
    known: it says what its host's licence should take, and is nothing that is written.
    """

    key: str
    kind: Kind
    fields: MeetingFields
    end: datetime
    host: str | None = None
    known_id: str | None = None
    members: tuple[str, ...] = ()
    sessions: tuple[Span, ...] = ()
    panelists: tuple[Panelist, ...] = ()
    exact_lists: bool = False
    expected: int = 0

    def panelists_beside(self, host_id: str) -> tuple[Panelist, ...]:
        """The panelists less the host, who comes in anyhow."""
        return tuple(panelist for panelist in self.panelists if not host_id or panelist.user_id != host_id)

    @property
    def spans(self) -> tuple[Span, ...]:
        """When somebody has to hold it: a host is free between two sessions."""
        return self.sessions or ((self.fields.start, self.end),)

    def begun(self, now: datetime) -> bool:
        """Whether its time is not to be touched any more."""
        return self.fields.start <= now

    def under_way(self, now: datetime) -> bool:
        """Whether people may be in it: from the first session to the last; of a series, at its times alone."""
        if self.fields.recurrence is not None:
            return under_way(self.fields.spans, now)
        return self.fields.start <= now < self.end

    def between(self, now: datetime) -> bool:
        """Whether it is a series that was held and will be again, and is not under way."""
        return self.begun(now) and now < self.end and not self.under_way(now)

    @property
    def at_first(self) -> MeetingFields:
        """What Zoom can be told when the meeting is made."""
        return without(self.fields, lambda path: only_changed(path, self.kind))

    @property
    def later(self) -> MeetingFields:
        """What Zoom can be told once the meeting is there."""
        return without(self.fields, lambda path: only_created(path, self.kind))

    @property
    def only_later(self) -> tuple[str, ...]:
        """The names of what has to wait until the meeting is there."""
        return tuple(f"settings.{path}" for path in sorted(self.fields.settings) if only_changed(path, self.kind))


@dataclass(frozen=True, slots=True)
class Link:
    """A meeting that is ours: made or adopted for `key`. `applied` is what we last knew Zoom to hold.

    `passcode` and `join_url` are what lets people in now. `learned` tells of each field, by Zoom's name, what was sent
    and what Zoom made of it; None where the link was made before that was kept. `panelists` are, by folded e-mail,
    those of a webinar's whom the programme named when we last wrote them. `version` grows with every change of the row
    that a run makes; a writer that saw an older one has lost.
    """

    key: str
    meeting_id: str
    kind: Kind
    host_id: str
    passcode: Passcode
    join_url: str = field(repr=False)
    origin: Origin
    applied: MeetingFields
    version: int = 1
    synced_at: datetime | None = field(default=None, compare=False)
    panelists: Mapping[str, Standing] = field(default_factory=dict, repr=False)
    learned: Mapping[str, Learned] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Intent:
    """A creation that was begun and has no meeting yet. The passcode is its mark on Zoom.

    Its meeting may be on Zoom: `attempts` counts the requests that were about to be sent, and `attempted_at` is when
    the last of them was. Before the first one both are empty, and the store does not hold it. `spans` is when its host
    is taken by it.
    """

    key: str
    host_id: str
    kind: Kind
    topic: str
    passcode: Passcode
    created_at: datetime
    attempts: int = 0
    attempted_at: datetime | None = None
    replaces: str | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedMeeting:
    """A meeting as Zoom shows it.

    Settings, passcode, whether it is `running` and the times of a series are known only where the meeting was read by
    itself (`deep`); a list tells of a series when it comes next. `panelists`, by folded e-mail, are None where they
    were not looked at. A `personal` one is held in its host's personal room, or is that room. `unread` are the fields,
    by Zoom's names, that are missing in what Zoom answered or cannot be read: nothing follows from their values here.
    `by_api`: Zoom says that a program made it, not a person in Zoom's pages.
    """

    meeting_id: str
    host_id: str
    kind: Kind
    topic: str
    agenda: str
    start: datetime | None
    duration: int
    timezone: str
    join_url: str = field(repr=False)
    created_at: datetime | None = None
    settings: Mapping[str, Any] | None = None
    passcode: Passcode | None = None
    running: bool = False
    series: bool = False
    recurrence: Mapping[str, Any] | None = None
    occurrences: tuple[datetime, ...] = ()
    panelists: frozenset[str] | None = field(default=None, repr=False)
    personal: bool = False
    unshown: frozenset[str] = frozenset()
    listed_url: str = field(default="", repr=False)
    unread: frozenset[str] = frozenset()
    by_api: bool = False

    @property
    def deep(self) -> bool:
        return self.settings is not None

    @property
    def spans(self) -> tuple[Span, ...]:
        """When the meeting is held, as far as is known; empty for one without a time."""
        return spans_of(self.occurrences or ((self.start,) if self.start is not None else ()), self.duration)

    def begun(self, now: datetime) -> bool:
        """Whether people are in it or may have been: it is under way, or its time has come."""
        time = self.time(now)
        return self.running or (time is not None and time[0] <= now)

    def time(self, now: datetime) -> Span | None:
        """When it is on, or comes next, or else was held last; None for a meeting without a time."""
        return current(self.spans, now) if self.spans else None

    def fields(self) -> MeetingFields:
        """What Zoom holds, in the form that is compared."""
        start = min(self.occurrences, default=self.start) or NO_TIME
        return MeetingFields(
            clean(self.topic),
            clean(self.agenda),
            start,
            self.duration,
            self.timezone,
            dict(self.settings or {}),
            one_form(self.recurrence or {}) if self.series else None,
            self.occurrences,
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A host's meetings or webinars as a list shows them; `unreadable` counts rows of which not even the id is told.

    With such a row, that a meeting is not among the others does not mean that it is not there.
    """

    meetings: tuple[ObservedMeeting, ...]
    unreadable: int = 0
