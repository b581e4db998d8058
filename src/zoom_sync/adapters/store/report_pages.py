"""One page of a session's lines, and counts: the database finds what a page shows, and no more is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from zoom_sync.adapters.store import lines
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import attendance, events, questions
from zoom_sync.domain.attendance import Attendee
from zoom_sync.domain.report import Counts, Order, Seek


class ReportPages:
    """The `ReportPages` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attendance_page(self, event: str, key: str, seek: Seek) -> tuple[Sequence[Attendee], int]:
        wanted = [events.c.key == event, attendance.c.key == key]
        if seek.text:
            wanted.append(
                or_(
                    attendance.c.name.icontains(seek.text, autoescape=True),
                    attendance.c.email.icontains(seek.text, autoescape=True),
                )
            )
        page = (
            select(attendance)
            .join(events)
            .where(*wanted)
            .order_by(*_order(seek))
            .limit(seek.size)
            .offset((seek.page - 1) * seek.size)
        )
        with self._database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(attendance).join(events).where(*wanted))
            rows = connection.execute(page).all()
            count = int(total.scalar_one())
        return [lines.attendee(row.name, row.email, row.seconds, row.line) for row in rows], count

    def counts(self, event: str) -> Mapping[str, Counts]:
        counted: dict[str, list[int]] = {}
        with self._database.reading() as connection:
            for place, table in enumerate((attendance, questions)):
                query = select(table.c.key, func.count()).join(events).where(events.c.key == event)
                for key, count in connection.execute(query.group_by(table.c.key)):
                    counted.setdefault(key, [0, 0])[place] = count
        return {key: Counts(*numbers) for key, numbers in counted.items()}


def _order(seek: Seek) -> list[ColumnElement[Any]]:
    """The columns to sort by. Lines are stored by first join, so their position stands for it."""
    first: dict[Order, ColumnElement[Any]] = {
        Order.JOINED: attendance.c.position,
        Order.NAME: func.lower(attendance.c.name),
        Order.TIME: attendance.c.seconds,
    }
    column = first[seek.order]
    return [column.desc() if seek.backwards else column, attendance.c.position]
