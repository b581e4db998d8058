"""Removing what is past its time, a few rows per transaction: what was interrupted is gone on with by the next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, and_, delete, func, literal, or_, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.personal import HOLDINGS, Holding
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import collections, events, purges, report_instances, sessions
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.adapters.store.walking import key_of
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.retention import Due, Retention

AT_ONCE = 2000
OF_SESSIONS = (Retention.RAW, Retention.REPORT)


class Purging:
    """The `RetentionStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, cutoffs: Mapping[Retention, datetime]) -> Sequence[Due]:
        with self._database.reading() as connection:
            return [due for kind, before in cutoffs.items() for due in _due(connection, kind, before)]

    def purge(self, due: Due, before: datetime, now: datetime, tell: Callable[[int], None]) -> int:
        if due.kind in OF_SESSIONS:
            # First of all: whoever collects the session from now on does not store it again.
            with self._database.transaction() as connection:
                _note(connection, due, now)
        gone = sum(self._remove(holding, due, before, tell) for holding in _holdings(due.kind))
        if due.kind is Retention.RAW:
            with self._database.transaction() as connection:
                instances = (report_instances.c.event_id == _owner(due), report_instances.c.key == due.session)
                connection.execute(delete(report_instances).where(*instances))
        return gone

    def _remove(self, holding: Holding, due: Due, before: datetime, tell: Callable[[int], None]) -> int:
        gone = 0
        while True:
            some = _past(holding, due, before).limit(AT_ONCE)
            with self._database.transaction() as connection:
                count = connection.execute(delete(holding.table).where(key_of(holding.table).in_(some))).rowcount
            gone += count
            tell(count)
            if count < AT_ONCE:
                return gone

    def compact(self) -> None:
        self._database.compact()


def _holdings(kind: Retention) -> list[Holding]:
    return [holding for holding in HOLDINGS if holding.retention is kind]


def _due(connection: Connection, kind: Retention, before: datetime) -> list[Due]:
    found: dict[tuple[str, str], Due] = {}
    for holding in _holdings(kind):
        for event, session, rows, ended in connection.execute(_counted(holding, before)):
            had = found.get((event, session))
            found[event, session] = Due(kind, event, session, rows + (had.rows if had else 0), ended)
    return list(found.values())


def _counted(holding: Holding, before: datetime) -> Select[Any]:
    """(event, session, rows, when they ended) of what is past its time in one table."""
    table = holding.table
    owner = table if holding.through is None else holding.through
    if holding.aged_by:
        return _counted_by_age(table, table.c[holding.aged_by], before)
    joined = table if owner is table else table.join(owner)
    same = and_(sessions.c.event_id == owner.c.event_id, sessions.c.key == owner.c.key)
    counted = (
        _counting(events.c.key, owner.c.key, _ended(owner))
        .select_from(joined)
        .join(events, events.c.id == owner.c.event_id)
        .outerjoin(sessions, same)
    )
    grouped = counted.group_by(events.c.key, owner.c.key, owner.c.event_id, sessions.c.ends_at, events.c.loaded_at)
    return grouped.having(_ended(owner) < before).order_by(_ended(owner), owner.c.key)


def _counted_by_age(table: Table, age: Column[Any], before: datetime) -> Select[Any]:
    if "event_id" in table.c:
        of_event = _counting(events.c.key, literal(""), func.max(age)).join_from(table, events)
        return of_event.where(age < before).group_by(events.c.key)
    return _counting(literal(""), literal(""), func.max(age)).where(age < before).having(func.count() > 0)


def _counting(event: Any, session: Any, ended: Any) -> Select[Any]:
    return select(event, session, func.count(), ended)


def _ended(owner: Table) -> Any:
    """When a session ended. One that the programme lost: when it was held, or when the programme was loaded last."""
    instances = report_instances.alias()
    held = select(func.max(instances.c.started_at)).where(
        instances.c.event_id == owner.c.event_id, instances.c.key == owner.c.key
    )
    return func.coalesce(sessions.c.ends_at, held.correlate(owner).scalar_subquery(), events.c.loaded_at)


def _past(holding: Holding, due: Due, before: datetime) -> Select[Any]:
    """The primary keys of the rows of one table that are due."""
    table = holding.table
    keys = select(*table.primary_key.columns)
    if holding.aged_by:
        old = keys.where(table.c[holding.aged_by] < before)
        return old.where(table.c.event_id == _owner(due)) if "event_id" in table.c else old
    owner = table if holding.through is None else holding.through
    keys = keys if owner is table else keys.join(owner)
    return keys.where(owner.c.event_id == _owner(due), owner.c.key == due.session)


def _owner(due: Due) -> Any:
    return select(events.c.id).where(events.c.key == due.event).scalar_subquery()


def _note(connection: Connection, due: Due, now: datetime) -> None:
    """Say in the store that it is purged, where it is asked what may be stored and where states are shown."""
    owner = event_id(connection, due.event)
    what = {"event_id": owner, "key": due.session, "what": str(due.kind)}
    noted = insert_for(connection, purges).values(**what, purged_at=now)
    connection.execute(noted.on_conflict_do_update(index_elements=list(what), set_={"purged_at": now}))
    words = purged_on(due.kind, now)
    said, *_ = words.template.partition("{")
    for row in connection.execute(
        select(collections.c.id, collections.c.reason).where(
            collections.c.event_id == owner, collections.c.key == due.session
        )
    ).all():
        text = "; ".join([*(part for part in row.reason.split("; ") if part and not part.startswith(said)), words])
        connection.execute(update(collections).where(collections.c.id == row.id).values(reason=text))


def purged_on(kind: Retention, at: datetime) -> Phrase:
    """What is said of a session of which rows or a report were purged."""
    day = f"{at:%Y-%m-%d}"
    if kind is Retention.RAW:
        return Phrase("raw rows purged on {day}", day=day)
    return Phrase("report purged on {day}", day=day)


def is_purged(connection: Connection, owner: int, key: str) -> bool:
    """Whether rows of a session were purged since it ended, so that none are stored or made again."""
    return connection.execute(purged().where(purges.c.event_id == owner, purges.c.key == key)).first() is not None


def purged() -> Select[Any]:
    """(session, what, when) of what was purged; not of a session that was moved to a later time since."""
    same = and_(sessions.c.event_id == purges.c.event_id, sessions.c.key == purges.c.key)
    found = select(purges.c.key, purges.c.what, purges.c.purged_at).outerjoin(sessions, same)
    return found.where(or_(sessions.c.id.is_(None), sessions.c.ends_at < purges.c.purged_at))
