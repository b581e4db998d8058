"""Giving a session another key: everything that the store holds of it goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, select, update

from zoom_sync.adapters.store.tables import (
    certificate_corrections,
    certificates,
    concerns,
    drifts,
    events,
    instances,
    intents,
    links,
    metadata,
    publications,
    run_items,
    runs,
    sessions,
)
from zoom_sync.domain.certificates.rules import Basis
from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import StoreConflict, UserError

# These outlive their event, and know it by its key.
_LASTING = (certificates, certificate_corrections)
# What is seen or told anew by itself: left over under the new key, it is of no use to anybody.
_PASSING = (concerns, drifts, publications)


def rename_sessions(connection: Connection, event_id: int, renames: Mapping[str, str]) -> None:
    """Let each stored session go on under its new key.

    Raises StoreConflict where a meeting is being made for one, so that what comes of it is not looked for under the
    old key, and UserError where the store holds something of an earlier session with the new key.
    """
    for old, new in renames.items():
        _refuse_if_begun(connection, event_id, old, new)
        _make_room(connection, event_id, new)
        _rename(connection, event_id, old, new)


def _of_sessions() -> Iterator[Table]:
    """The tables that hold something of a session by its key."""
    return (table for table in metadata.sorted_tables if {"event_id", "key"} <= set(table.c.keys()))


def _refuse_if_begun(connection: Connection, event_id: int, old: str, new: str) -> None:
    # Who begins a creation holds the session's row until that is committed: so wait for it, and then look.
    its_row = select(sessions.c.id).where(sessions.c.event_id == event_id, sessions.c.key == old)
    connection.execute(its_row.with_for_update()).all()
    begun = and_(intents.c.event_id == event_id, intents.c.key.in_((old, new)))
    if connection.execute(select(exists().where(begun))).scalar_one():
        phrase = Phrase("the meeting of session {session!r} is being made; load the programme again later", session=old)
        raise StoreConflict(phrase)


def _make_room(connection: Connection, event_id: int, new: str) -> None:
    for table in _of_sessions():
        there = and_(table.c.event_id == event_id, table.c.key == new)
        if table in _PASSING:
            connection.execute(delete(table).where(there))
        elif connection.execute(select(exists().where(there))).scalar_one():
            raise _still_held(table, new)
    for table in _LASTING:
        if connection.execute(select(exists().where(_of_session(table, event_id, new)))).scalar_one():
            raise _still_held(table, new)


def _still_held(table: Table, key: str) -> UserError:
    return UserError(
        f"the store still holds something of an earlier session {key!r} ({table.name}); give the renamed session"
        " another key"
    )


def _of_session(table: Table, event_id: int, key: str) -> ColumnElement[bool]:
    """The rows of one session in a table that outlives its event."""
    event = select(events.c.key).where(events.c.id == event_id).scalar_subquery()
    return and_(table.c.event == event, table.c.basis == Basis.SESSION, table.c.unit == key)


def _rename(connection: Connection, event_id: int, old: str, new: str) -> None:
    first = func.coalesce(publications.c.uid_key, publications.c.key)
    column_element = and_(publications.c.event_id == event_id, publications.c.key == old)
    connection.execute(update(publications).where(column_element).values(uid_key=first))
    # Whoever holds the link as it was must not write the old key back.
    held = and_(links.c.event_id == event_id, links.c.key == old)
    connection.execute(update(links).where(held).values(version=links.c.version + 1))
    for table in _of_sessions():
        same = and_(table.c.event_id == event_id, table.c.key == old)
        connection.execute(update(table).where(same).values(key=new))
    for table in _LASTING:
        connection.execute(update(table).where(_of_session(table, event_id, old)).values(unit=new))
    belongs = and_(instances.c.event_id == event_id, instances.c.belongs_to == old)
    connection.execute(update(instances).where(belongs).values(belongs_to=new))
    for column in (sessions.c.meeting_of, sessions.c.rehearsal_of):
        named = and_(sessions.c.event_id == event_id, column == old)
        connection.execute(update(sessions).where(named).values({column: new}))
    of_event = select(runs.c.id).where(runs.c.event_id == event_id)
    items = and_(run_items.c.run_id.in_(of_event), run_items.c.key == old)
    connection.execute(update(run_items).where(items).values(key=new))
