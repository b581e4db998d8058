"""Creations that were given up, and which meetings that nothing is linked to were looked at already.

Passcodes may be sealed, so SQL compares none: they are read and compared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import events, given_up_creations, intents, links, unlinked_meetings
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.meeting import Arrival, GivenUp, Intent, Mark, ObservedMeeting
from zoom_sync.domain.programme import Kind, Passcode

# A meeting of somebody else is read again after so long. It only bounds how many rows there are.
REMEMBERED = timedelta(days=60)


class Attempts:
    """The `AttemptStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give_up(self, event: str, intent: Intent, now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            same = (intents.c.event_id == owner, intents.c.key == intent.key, intents.c.attempts == intent.attempts)
            row = connection.execute(delete(intents).where(*same).returning(intents)).one_or_none()
            if row is not None:
                remember(connection, row, now)

    def given_up(self, event: str | None) -> Sequence[GivenUp]:
        query = select(given_up_creations, events.c.key.label("event")).join(events).order_by(given_up_creations.c.id)
        if event is not None:
            query = query.where(events.c.key == event)
        with self._database.reading() as connection:
            return tuple(_given_up(row) for row in connection.execute(query).all())

    def marks(self) -> Sequence[Mark]:
        marks: list[Mark] = []
        with self._database.reading() as connection:
            for table in (intents, given_up_creations):
                columns = (events.c.key.label("event"), table.c.key, table.c.passcode)
                query = select(*columns).select_from(table.join(events)).order_by(table.c.id)
                marks += [Mark(row.event, row.key, Passcode(row.passcode)) for row in connection.execute(query)]
        return tuple(marks)

    def looked_at(self) -> Mapping[str, Arrival | None]:
        # A run that read the meeting before it was linked may note it afterwards.
        linked = exists().where(links.c.meeting_id == unlinked_meetings.c.meeting_id)
        query = select(unlinked_meetings, events.c.key.label("event")).where(~linked)
        query = query.select_from(unlinked_meetings.outerjoin(events)).order_by(unlinked_meetings.c.meeting_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.meeting_id: _arrival(row) for row in rows}

    def note_looked_at(self, meetings: Iterable[tuple[ObservedMeeting, Mark | None]], now: datetime) -> None:
        old = unlinked_meetings.c.event_id.is_(None), unlinked_meetings.c.read_at < now - REMEMBERED
        with self._database.transaction() as connection:
            connection.execute(delete(unlinked_meetings).where(*old))
            for meeting, mark in meetings:
                values = {
                    "kind": str(meeting.kind),
                    "host_id": meeting.host_id,
                    "event_id": None if mark is None else event_id(connection, mark.event),
                    "key": None if mark is None else mark.key,
                    "read_at": now,
                }
                upsert = insert_for(connection, unlinked_meetings).values(meeting_id=meeting.meeting_id, **values)
                connection.execute(upsert.on_conflict_do_update(index_elements=["meeting_id"], set_=values))

    def claim(self, meeting_id: str) -> bool:
        with self._database.transaction() as connection:
            return forget_looked_at(connection, meeting_id)

    def forget_given_up(self, event: str) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            connection.execute(delete(given_up_creations).where(given_up_creations.c.event_id == owner))
            connection.execute(delete(unlinked_meetings).where(unlinked_meetings.c.event_id == owner))


def remember(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Keep the attempt of a row of `intents` that is given up in this transaction."""
    values = {name: getattr(row, name) for name in ("event_id", "key", "host_id", "kind", "topic", "passcode")}
    connection.execute(insert(given_up_creations).values(**values, given_up_at=now))


def forget_looked_at(connection: Connection, meeting_id: str) -> bool:
    """Whether the meeting was among those that were looked at; it is not any more."""
    dropped = delete(unlinked_meetings).where(unlinked_meetings.c.meeting_id == meeting_id)
    return connection.execute(dropped.returning(unlinked_meetings.c.meeting_id)).one_or_none() is not None


def _given_up(row: Row[Any]) -> GivenUp:
    return GivenUp(row.event, row.key, row.host_id, Kind(row.kind), row.topic, Passcode(row.passcode), row.given_up_at)


def _arrival(row: Row[Any]) -> Arrival | None:
    if row.event is None or row.key is None:
        return None
    return Arrival(row.event, row.key, row.meeting_id, Kind(row.kind), row.host_id)
