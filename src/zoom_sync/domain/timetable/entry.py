"""One entry of a timetable: what every source tells in its own words, in one form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks. The address is personal and never printed."""

    name: str
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `id` is the source's own and stays when everything else changes; None where the source has none.

    `start` and `end` are aware, in `timezone` (an IANA key). Where one of the three cannot be known, `flaw` says why:
    such an entry is reported if it is selected, and harmless if it is not. `rehearsal_of` is the id of another entry.
    `more_ids` are those of the entries that were put together with it.
    """

    title: str
    start: datetime | None = None
    end: datetime | None = None
    timezone: str | None = None
    id: str | None = None
    rooms: tuple[str, ...] = ()
    track: str | None = None
    type: str | None = None
    state: str | None = None
    tags: tuple[str, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    long_title: str | None = None
    description: str | None = None
    items: tuple[AgendaItem, ...] = ()
    kind: Kind = Kind.MEETING
    host: str | None = None
    profile: str | None = None
    whole_day: bool = False
    known: KnownMeeting | None = None
    moderators: tuple[str, ...] = ()
    public: bool = True
    cancelled: bool = False
    language: str | None = None
    expected: int | None = None
    record: bool | None = None
    rehearsal_of: str | None = None
    more_ids: tuple[str, ...] = ()
    flaw: str | None = None
    line: int | None = field(default=None, compare=False)
