"""One page of a session's lines, and counts: no more is read than a page shows.

The database finds and sorts. Where names and addresses are sealed it can do neither, and they are opened here,
a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from zoom_sync.adapters.store import lines
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.sealing import seal_of
from zoom_sync.adapters.store.tables import (
    absentees,
    attendance,
    events,
    polls,
    questions,
    registrations,
    session_counts,
)
from zoom_sync.domain.attendance import Attendee
from zoom_sync.domain.figures import counts_of
from zoom_sync.domain.report import Counts, Order, Seek

ROWS_AT_ONCE = 5000


class ReportPages:
    """The `ReportPages` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attendance_page(self, event: str, key: str, seek: Seek) -> tuple[Sequence[Attendee], int]:
        with self._database.reading() as connection:
            owner = connection.execute(select(events.c.id).where(events.c.key == event)).scalar_one_or_none()
            ours = [attendance.c.event_id == owner, attendance.c.key == key]
            sealed = seal_of(connection.dialect).first is not None
            if sealed and (seek.text or seek.order is Order.NAME):
                places, count = _opened(connection, ours, seek)
                chosen = select(attendance).where(*ours, attendance.c.position.in_(places))
                found = {row.position: row for row in connection.execute(chosen)}
                rows: Iterable[Any] = [found[place] for place in places]
            else:
                rows, count = _found(connection, ours, seek)
        return [lines.attendee(row.name, row.email, row.line) for row in rows], count

    def counts(self, event: str) -> Mapping[str, Counts]:
        known = {field.name for field in fields(Counts)}
        with self._database.reading() as connection:
            kept = select(session_counts.c.key, session_counts.c.counts).join(events).where(events.c.key == event)
            countses = {
                key: Counts(**{name: number for name, number in counts.items() if name in known})
                for key, counts in connection.execute(kept)
            }
            # Lines that an earlier version made have no counts yet.
            for key in _keys_with_lines(connection, event) - countses.keys():
                countses[key] = _counted(connection, event, key)
        return countses

    def held(self, event: str, key: str = "") -> frozenset[str]:
        with self._database.reading() as connection:
            owner = connection.execute(select(events.c.id).where(events.c.key == event)).scalar_one_or_none()
            return frozenset(
                table.name
                for table in (attendance, questions, polls, registrations, absentees)
                if connection.execute(_any_of(table, owner, key)).first() is not None
            )


def _keys_with_lines(connection: Connection, event: str) -> set[str]:
    keys: set[str] = set()
    for table in (attendance, questions):
        query = select(table.c.key).join(events).where(events.c.key == event).distinct()
        keys.update(connection.execute(query).scalars())
    return keys


def _counted(connection: Connection, event: str, key: str) -> Counts:
    people = select(attendance).join(events).where(events.c.key == event, attendance.c.key == key)
    asked = select(questions).join(events).where(events.c.key == event, questions.c.key == key)
    return counts_of(
        (lines.attendee(row.name, row.email, row.line) for row in connection.execute(people)),
        (lines.question(row.asker, row.email, row.question, row.line) for row in connection.execute(asked)),
    )


def _any_of(table: Table, owner: int | None, key: str) -> Select[Any]:
    rows = select(table.c.position).where(table.c.event_id == owner).limit(1)
    return rows.where(table.c.key == key) if key else rows


def _found(connection: Connection, ours: list[ColumnElement[bool]], seek: Seek) -> tuple[Sequence[Any], int]:
    """The rows of the page, and how many there are on all, found by the database."""
    column_elements = [*ours]
    if seek.text:
        column_elements.append(
            or_(
                attendance.c.name.icontains(seek.text, autoescape=True),
                attendance.c.email.icontains(seek.text, autoescape=True),
            )
        )
    page: Select[Any] = select(attendance).where(*column_elements).order_by(*_order(seek))
    rows = connection.execute(page.limit(seek.size).offset((seek.page - 1) * seek.size)).all()
    return rows, int(
        connection.execute(select(func.count()).select_from(attendance).where(*column_elements)).scalar_one()
    )


def _opened(connection: Connection, ours: list[ColumnElement[bool]], seek: Seek) -> tuple[list[int], int]:
    """The positions of the page's rows in its order, and how many rows there are on all."""
    text = seek.text.casefold()
    query = select(attendance.c.position, attendance.c.name, attendance.c.email, attendance.c.seconds).where(*ours)
    found: list[tuple[Any, int]] = []
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query):
        name = row.name.casefold()
        if text in name or text in (row.email or "").casefold():
            by = {Order.JOINED: row.position, Order.NAME: name, Order.TIME: row.seconds}
            found.append((by[seek.order], row.position))
    found.sort(key=lambda one: one[1])
    found.sort(key=lambda one: one[0], reverse=seek.backwards)
    first = (seek.page - 1) * seek.size
    return [position for _, position in found[first : first + seek.size]], len(found)


def _order(seek: Seek) -> list[ColumnElement[Any]]:
    """The columns to sort by. Lines are stored by first join, so their position stands for it."""
    first: dict[Order, ColumnElement[Any]] = {
        Order.JOINED: attendance.c.position,
        Order.NAME: func.lower(attendance.c.name),
        Order.TIME: attendance.c.seconds,
    }
    column = first[seek.order]
    return [column.desc() if seek.backwards else column, attendance.c.position]
