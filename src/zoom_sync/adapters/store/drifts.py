"""What was seen on Zoom, kept for a while: edits by hand with since when, and what is asked of passcodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import drifts, events, links, passcode_policies
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.drift import Drift, Group, Treatment, group_of
from zoom_sync.domain.passcodes import PasscodePolicy

# A policy of which only this is known is read before it is used: it counts as kept so long ago.
NEVER_READ = timedelta(days=3650)


class Drifts:
    """The `DriftStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, event: str, found: Iterable[Drift], looked: Mapping[str, bool], now: datetime) -> Sequence[Drift]:
        known = select(drifts).join(events).where(events.c.key == event)
        with self._database.reading() as connection:
            rows = connection.execute(known).all()
        since = {(row.key, row.field, row.meeting_id): row.since for row in rows}
        told = [drift.seen(since.get((drift.key, drift.name, drift.meeting_id), now)) for drift in found]
        if rows or told:
            found_now = {(drift.key, drift.name) for drift in told}
            over = [row for row in rows if _was_looked_at(row, looked) and (row.key, row.field) not in found_now]
            self._put(event, told, over, now)
        return told

    def _put(self, event: str, told: Sequence[Drift], over: Sequence[Row[Any]], now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            for row in over:
                connection.execute(delete(drifts).where(_this(owner, row.key, row.field)))
            # In one order, and as upserts: two processes that look at once wait for each other, and neither fails.
            for one in sorted(told, key=lambda drift: (drift.key, drift.name)):
                values = {"event_id": owner, **_values(one, now)}
                upsert = insert_for(connection, drifts).values(**values)
                connection.execute(
                    upsert.on_conflict_do_update(index_elements=["event_id", "key", "field"], set_=values)
                )

    def drifts(self, event: str) -> Sequence[Drift]:
        same = and_(links.c.event_id == drifts.c.event_id, links.c.meeting_id == drifts.c.meeting_id)
        query = (
            select(drifts)
            .select_from(drifts.join(events).join(links, same))
            .where(events.c.key == event, links.c.state == "linked")
            .order_by(drifts.c.key, drifts.c.field)
        )
        with self._database.reading() as connection:
            return tuple(_drift(row) for row in connection.execute(query))

    def settled(self, event: str, key: str, names: Sequence[str]) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            same = and_(drifts.c.event_id == owner, drifts.c.key == key, drifts.c.field.in_(names))
            connection.execute(delete(drifts).where(same))

    def policy(self, host_id: str, not_before: datetime) -> PasscodePolicy | None:
        same = and_(passcode_policies.c.host_id == host_id, passcode_policies.c.read_at >= not_before)
        with self._database.reading() as connection:
            row = connection.execute(select(passcode_policies).where(same)).one_or_none()
        return None if row is None else PasscodePolicy(**row.policy)

    def set_policy(self, host_id: str, policy: PasscodePolicy, now: datetime) -> None:
        values = {"host_id": host_id, "policy": asdict(policy), "read_at": now}
        with self._database.transaction() as connection:
            upsert = insert_for(connection, passcode_policies).values(**values)
            connection.execute(upsert.on_conflict_do_update(index_elements=["host_id"], set_=values))

    def note_forced(self, host_id: str, now: datetime) -> None:
        with self._database.transaction() as connection:
            row = connection.execute(
                select(passcode_policies).where(passcode_policies.c.host_id == host_id)
            ).one_or_none()
            policy = PasscodePolicy() if row is None else PasscodePolicy(**row.policy)
            read_at = now - NEVER_READ if row is None else row.read_at
            values = {"host_id": host_id, "policy": asdict(replace(policy, forced=True)), "read_at": read_at}
            upsert = insert_for(connection, passcode_policies).values(**values)
            connection.execute(upsert.on_conflict_do_update(index_elements=["host_id"], set_=values))

    def forces_passcodes(self) -> bool:
        with self._database.reading() as connection:
            kept = connection.execute(select(passcode_policies.c.policy)).scalars().all()
        return any(policy.get("forced") for policy in kept)


def _was_looked_at(row: Row[Any], looked: Mapping[str, bool]) -> bool:
    """Whether a look at the session's meeting tells of the field: settings are told only by one in full."""
    return row.key in looked and (looked[row.key] or group_of(row.field) is not Group.SETTINGS)


def _this(owner: int, key: str, name: str) -> Any:
    return and_(drifts.c.event_id == owner, drifts.c.key == key, drifts.c.field == name)


def _values(drift: Drift, now: datetime) -> dict[str, Any]:
    return {
        "key": drift.key,
        "field": drift.name,
        "meeting_id": drift.meeting_id,
        "applied": [_kept(drift.applied)],
        "on_zoom": [_kept(drift.on_zoom)],
        "treatment": str(drift.treatment),
        "since": drift.since,
        "seen_at": now,
    }


def _kept(value: Any) -> Any:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def _drift(row: Row[Any]) -> Drift:
    [applied], [on_zoom] = row.applied, row.on_zoom  # a list of one: a bare text could not be told from a sealed one
    return Drift(row.key, row.meeting_id, row.field, applied, on_zoom, Treatment(row.treatment), row.since)
