"""Runs and their items in the store: what was to be done, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Update, exists, func, insert, or_, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import events, run_items, runs
from zoom_sync.domain.run import ItemState, Run, RunItem, Step, Unended
from zoom_sync.errors import NotInStore


class Runs:
    """The `RunStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, event: str, kind: str, digest: str, steps: Sequence[Step], now: datetime) -> int:
        with self._database.transaction() as connection:
            values = {"event_id": event_id(connection, event), "kind": kind, "digest": digest, "started_at": now}
            values["finished_at"] = None if steps else now
            run = int(connection.execute(insert(runs).values(**values).returning(runs.c.id)).scalar_one())
            if steps:
                connection.execute(insert(run_items), [_item_values(run, step, now) for step in steps])
        return run

    def items(self, run: int) -> Sequence[RunItem]:
        with self._database.reading() as connection:
            rows = connection.execute(_items().where(run_items.c.run_id == run).order_by(run_items.c.id)).all()
        return tuple(_item(row) for row in rows)

    def item(self, item: int) -> RunItem:
        with self._database.reading() as connection:
            return _one_item(connection, item)

    def take_up(self, item: int) -> RunItem:
        begun = update(run_items).where(_waiting(), run_items.c.id == item).values(tries=run_items.c.tries + 1)
        with self._database.transaction() as connection:
            connection.execute(begun)
            return _one_item(connection, item)

    def hand_out(self, now: datetime, handed_before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        due = or_(run_items.c.handed_at.is_(None), run_items.c.handed_at < handed_before)
        waiting = select(run_items.c.run_id, run_items.c.id).where(_waiting(), due)
        with self._database.transaction() as connection:
            connection.execute(_close_settled(now))
            chosen = waiting.order_by(run_items.c.id).limit(limit).with_for_update(skip_locked=True)
            found = [(int(run), int(item)) for run, item in connection.execute(chosen)]
            marked = update(run_items).where(run_items.c.id.in_([item for _, item in found])).values(handed_at=now)
            connection.execute(marked)
        return found

    def give_back(self, run: int | None) -> None:
        which = run_items.c.tries > 0 if run is None else run_items.c.run_id == run
        with self._database.transaction() as connection:
            connection.execute(update(run_items).where(_waiting(), which).values(handed_at=None))

    def set_handed(self, item: int, at: datetime) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(run_items).where(run_items.c.id == item).values(handed_at=at))

    def under_way(self, event: str, kind: str) -> bool:
        query = (
            select(runs.c.id)
            .join(events)
            .where(events.c.key == event, runs.c.kind == kind, runs.c.finished_at.is_(None))
        )
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def unended(self, event: str) -> Sequence[Unended]:
        oldest = func.min(run_items.c.handed_at).label("oldest")
        handed = select(runs.c.id, runs.c.kind, func.count().label("items"), oldest).select_from(run_items).join(runs)
        handed = handed.join(events).where(events.c.key == event, _waiting(), run_items.c.handed_at.is_not(None))
        with self._database.reading() as connection:
            rows = connection.execute(handed.group_by(runs.c.id, runs.c.kind).order_by(runs.c.id)).all()
        return [Unended(row.id, row.kind, row.items, row.oldest) for row in rows]

    def settle(self, item: int, state: ItemState, reason: str, now: datetime) -> None:
        ended = update(run_items).where(_waiting(), run_items.c.id == item)
        ended = ended.values(state=str(state), reason=reason, settled_at=now)
        with self._database.transaction() as connection:
            run = connection.execute(ended.returning(run_items.c.run_id)).scalar_one_or_none()
        if run is None:
            return
        # In a transaction of its own: of two that end the last two items at once, neither would see the other's.
        with self._database.transaction() as connection:
            connection.execute(_close_settled(now).where(runs.c.id == int(run)))

    def run(self, run: int) -> Run:
        found = self._runs(_runs().where(runs.c.id == run))
        if not found:
            raise NotInStore(f"there is no run {run} in the store; `zoom-sync runs` lists them")
        return found[0]

    def recent(self, event: str | None, limit: int) -> Sequence[Run]:
        query = _runs().order_by(runs.c.id.desc()).limit(limit)
        return self._runs(query.where(events.c.key == event) if event else query)

    def _runs(self, query: Select[Any]) -> Sequence[Run]:
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            ids = [row.id for row in rows]
            counted = connection.execute(
                select(run_items.c.run_id, run_items.c.state, func.count())
                .where(run_items.c.run_id.in_(ids))
                .group_by(run_items.c.run_id, run_items.c.state)
            ).all()
        counts: dict[int, dict[str, int]] = {}
        for run_id, state, count in counted:
            counts.setdefault(run_id, {})[state] = count
        return tuple(
            Run(r.id, r.event, r.kind, r.digest, r.started_at, r.finished_at, counts.get(r.id, {})) for r in rows
        )


def _waiting() -> ColumnElement[bool]:
    return run_items.c.state == str(ItemState.WAITING)


def _close_settled(now: datetime) -> Update:
    waiting = exists().where(run_items.c.run_id == runs.c.id, _waiting())
    return update(runs).where(runs.c.finished_at.is_(None), ~waiting).values(finished_at=now)


def _one_item(connection: Connection, item: int) -> RunItem:
    row = connection.execute(_items().where(run_items.c.id == item)).one_or_none()
    if row is None:
        raise NotInStore(f"there is no item {item} in the store")
    return _item(row)


def _item_values(run: int, step: Step, now: datetime) -> dict[str, Any]:
    return {
        "run_id": run,
        "action": step.action,
        "key": step.key,
        "host_id": step.host_id,
        "meeting_id": step.meeting_id,
        "fields": list(step.fields),
        "accepted": dict(step.accepted),
        "state": str(ItemState.WAITING),
        "reason": "",
        "tries": 0,
        "handed_at": now,
        "overload": step.overload or None,
        "seen": step.seen,
    }


def _items() -> Select[Any]:
    return select(run_items, events.c.key.label("event")).join(runs, runs.c.id == run_items.c.run_id).join(events)


def _runs() -> Select[Any]:
    return select(runs, events.c.key.label("event")).join(events)


def _item(row: Row[Any]) -> RunItem:
    return RunItem(
        id=row.id,
        run=row.run_id,
        event=row.event,
        action=row.action,
        key=row.key,
        host_id=row.host_id,
        meeting_id=row.meeting_id,
        fields=tuple(row.fields),
        state=ItemState(row.state),
        reason=row.reason,
        tries=row.tries,
        accepted=_accepted(row.accepted),
        overload=bool(row.overload),
        seen=row.seen,
    )


def _accepted(kept: Any) -> dict[str, int | None]:
    """What may be lost; of a run from before it was kept, nothing."""
    named = kept.items() if isinstance(kept, dict) else ()
    return {str(what): count for what, count in named if count is None or isinstance(count, int)}
