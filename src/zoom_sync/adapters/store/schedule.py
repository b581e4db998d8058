"""What the schedule goes by, in the store: when each event was last seen to, and what webhooks told of its meetings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import LINKED
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import event_marks, events, hints, links, sessions
from zoom_sync.domain.delivery import Hint, Look
from zoom_sync.domain.due import Mark, Outlook, Span, Told, meant
from zoom_sync.errors import StoreConflict


class Schedule:
    """The `ScheduleStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def outlooks(self) -> Sequence[Outlook]:
        told = (
            select(links.c.event_id, links.c.key, links.c.synced_at, hints)
            .join(hints, hints.c.meeting_id == links.c.meeting_id)
            .where(links.c.state == LINKED)
            .order_by(links.c.event_id, links.c.key, hints.c.look)
        )
        columns = (sessions.c.event_id, sessions.c.key, sessions.c.starts_at, sessions.c.ends_at, sessions.c.meeting_of)
        spans = select(*columns)
        with self._database.reading() as connection:
            rows = connection.execute(select(events).where(events.c.archived_at.is_(None)).order_by(events.c.id)).all()
            marks = {(row.event_id, row.task): _mark(row) for row in connection.execute(select(event_marks))}
            spans_of = _by_event(connection.execute(spans.order_by(sessions.c.position)))
            told_of = _by_event(connection.execute(told))
        return tuple(
            Outlook(
                event=row.key,
                loaded_at=row.loaded_at,
                spans=tuple(Span(one.key, one.starts_at, one.ends_at) for one in spans_of.get(row.id, ())),
                sync=marks.get((row.id, "sync"), Mark()),
                collect=marks.get((row.id, "collect"), Mark()),
                told=tuple(_told_of(told_of.get(row.id, ()), spans_of.get(row.id, ()))),
            )
            for row in rows
        )

    def claim(self, event: str, task: str, seen: Mark, until: datetime) -> bool:
        try:
            with self._database.transaction() as connection:
                owner = event_id(connection, event)
                if seen == Mark():
                    return _first_claim(connection, owner, task, until)
                mine = update(event_marks).where(_is(owner, task), *_unchanged(seen)).values(claimed_until=until)
                return connection.execute(mine).rowcount == 1
        except StoreConflict:
            return False  # another one put the first mark in at the same moment

    def done(self, event: str, task: str, claimed_until: datetime, mark: Mark, seen: Iterable[Hint]) -> None:
        values = {"done_at": mark.done_at, "deep_at": mark.deep_at, "loaded_at": mark.loaded_at, "claimed_until": None}
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            mine = and_(_is(owner, task), event_marks.c.claimed_until == claimed_until)
            connection.execute(update(event_marks).where(mine).values(**values))
            if same := [_is_same(hint) for hint in seen]:
                connection.execute(delete(hints).where(or_(*same)))

    def put_off(self, event: str, task: str, claimed_until: datetime, until: datetime) -> None:
        with self._database.transaction() as connection:
            mine = and_(_is(event_id(connection, event), task), event_marks.c.claimed_until == claimed_until)
            connection.execute(update(event_marks).where(mine).values(claimed_until=until))

    def release(self) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(event_marks).values(claimed_until=None))


def _is(owner: int, task: str) -> Any:
    return and_(event_marks.c.event_id == owner, event_marks.c.task == task)


def _is_same(hint: Hint) -> Any:
    """Nothing was told since: a hint that came again meanwhile stays."""
    return and_(hints.c.meeting_id == hint.meeting_id, hints.c.look == str(hint.look), hints.c.version == hint.version)


def _unchanged(seen: Mark) -> list[Any]:
    """Compare-and-set: nobody has done or claimed it since."""
    return [
        event_marks.c.done_at.is_not_distinct_from(seen.done_at),
        event_marks.c.claimed_until.is_not_distinct_from(seen.claimed_until),
    ]


def _first_claim(connection: Connection, owner: int, task: str, until: datetime) -> bool:
    """There is no mark yet, or an empty one. Raises StoreConflict where another one puts it in at the same time."""
    there = connection.execute(select(event_marks.c.task).where(_is(owner, task))).one_or_none()
    if there is None:
        connection.execute(insert(event_marks).values(event_id=owner, task=task, claimed_until=until))
        return True
    mine = update(event_marks).where(_is(owner, task), *_unchanged(Mark())).values(claimed_until=until)
    return connection.execute(mine).rowcount == 1


def _by_event(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    values: dict[int, list[Row[Any]]] = {}
    for row in rows:
        values.setdefault(row.event_id, []).append(row)
    return values


def _mark(row: Row[Any]) -> Mark:
    return Mark(row.done_at, row.deep_at, row.loaded_at, row.claimed_until)


def _told_of(hinted: Iterable[Row[Any]], spans: Iterable[Row[Any]]) -> Iterator[Told]:
    """What was told. Of reports of a meeting that several sessions share, it is told to those it is about."""
    sharing: dict[str, list[Span]] = {}
    for span in spans:
        sharing.setdefault(span.meeting_of or span.key, []).append(Span(span.key, span.starts_at, span.ends_at))
    for row in hinted:
        group = sharing.get(row.key, ())
        about = meant(group, row.at) if len(group) > 1 and Look(row.look) is Look.COLLECT else (row.key,)
        for key in about:
            yield _told(key, row)


def _told(key: str, row: Row[Any]) -> Told:
    return Told(key, Hint(row.meeting_id, Look(row.look), row.at, row.version), row.synced_at)
