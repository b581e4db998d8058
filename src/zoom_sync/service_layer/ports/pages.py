"""What pages that list sessions ask of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.overview import EventLine, Happening, Line, Waiting


class OverviewStore(Protocol):
    """Sessions and events as lists show them."""

    def of_event(self, event: str) -> Sequence[Line]:
        """Every session of an event, by time; empty where there is none, or no such event."""
        ...

    def around(self, now: datetime, after: datetime, before: datetime, most: int) -> Sequence[Line]:
        """Of all events, what has begun and ends after `after`, and what begins before `before`.

        Of each at most so many, the nearest to `now`; nothing that is cancelled.
        """
        ...

    def events(self, now: datetime) -> Sequence[EventLine]:
        """All events, in the order they were loaded."""
        ...

    def happenings(self, event: str, since: datetime, most: int) -> Sequence[Happening]:
        """What happened in the event's meetings and by hand since, the latest first; at most so many."""
        ...

    def waiting(self, now: datetime, soon: datetime, event: str | None = None) -> Sequence[Waiting]:
        """What waits for a person, of an event or of all; a session without a meeting where it begins before `soon`."""
        ...
