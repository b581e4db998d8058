"""Going over all rows of a table, whichever it is, a few at a time, each with where it belongs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, literal, null, select, tuple_

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.personal import Holding
from zoom_sync.adapters.store.tables import events
from zoom_sync.domain.privacy import Shape

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Walked:
    """One row: its columns, its primary key, and the event and session it belongs to, empty where to none."""

    table: Table
    values: dict[str, Any] = field(repr=False)
    key: tuple[Any, ...]
    event: str
    session: str
    shape: Shape = field(repr=False)


def walk(database: Database, holding: Holding) -> Iterator[Sequence[Walked]]:
    """All rows, in batches; each batch in its own short transaction, so that nobody waits."""
    after: tuple[Any, ...] | None = None
    while True:
        query = rows_of(holding).order_by(*holding.table.primary_key.columns).limit(AT_ONCE)
        if after is not None:
            query = query.where(key_of(holding.table) > after)
        with database.reading() as connection:
            rows = [walked(holding, row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - the public name
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].key


def rows_of(holding: Holding) -> Select[Any]:
    """Every column of a table, with the event, the session and the kind of report that a row belongs to."""
    table = holding.table
    owner = table if holding.through is None else holding.through
    of_kind = null() if holding.through is None else holding.through.c.kind
    if {"event_id", "key"} <= set(owner.c.keys()):
        found = select(
            table, events.c.key.label("of_event"), owner.c.key.label("of_session"), of_kind.label("of_kind")
        ).select_from(table if owner is table else table.join(owner))
        return found.join(events, events.c.id == owner.c.event_id)
    nowhere = literal("", String)
    return select(table, nowhere.label("of_event"), nowhere.label("of_session"), null().label("of_kind"))


def walked(holding: Holding, row: Any) -> Walked:
    """A row of `rows_of`."""
    values = {column.name: row[column] for column in holding.table.columns}
    key = tuple(values[column.name] for column in holding.table.primary_key.columns)
    return Walked(holding.table, values, key, row["of_event"], row["of_session"], holding.shape_of(row["of_kind"]))


def key_of(table: Table) -> ColumnElement[Any]:
    """The primary key of a table as one value."""
    return tuple_(*table.primary_key.columns)
