"""Raw report rows and the state of each report in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import collections, events, report_instances, report_rows
from zoom_sync.domain.report import Collected, Instance, RawReport, ReportState


class Reports:
    """The `ReportStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, event: str, key: str, report: RawReport, now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            instance_id = _instance_id(connection, owner, key, report, now)
            connection.execute(delete(report_rows).where(report_rows.c.instance_id == instance_id))
            for first in range(0, len(report.rows), 5000):
                part = report.rows[first : first + 5000]
                connection.execute(
                    insert(report_rows),
                    [
                        {"instance_id": instance_id, "position": place, "row": dict(row)}
                        for place, row in enumerate(part, first)
                    ],
                )

    def raw(self, event: str, key: str, kind: str) -> Iterator[RawReport]:
        with self._database.reading() as connection:
            query = (
                select(report_instances)
                .join(events)
                .where(events.c.key == event, report_instances.c.key == key, report_instances.c.kind == kind)
                .order_by(report_instances.c.started_at, report_instances.c.id)
            )
            for instance in connection.execute(query).all():
                rows = connection.execute(
                    select(report_rows.c.row)
                    .where(report_rows.c.instance_id == instance.id)
                    .order_by(report_rows.c.position)
                ).scalars()
                yield RawReport(kind, Instance(instance.uuid, instance.started_at), tuple(rows))

    def note(self, event: str, collected: Collected) -> None:
        with self._database.transaction() as connection:
            values = {
                "state": str(collected.state),
                "rows": collected.rows,
                "total": collected.total,
                "reason": collected.reason,
                "checked_at": collected.checked_at,
            }
            insert_for = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
            statement = insert_for(collections).values(
                event_id=event_id(connection, event), key=collected.key, kind=collected.kind, **values
            )
            connection.execute(statement.on_conflict_do_update(index_elements=["event_id", "key", "kind"], set_=values))

    def states(self, event: str) -> Sequence[Collected]:
        query = select(collections).join(events).where(events.c.key == event).order_by(collections.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Collected(r.key, r.kind, ReportState(r.state), r.rows, r.total, r.reason, r.checked_at) for r in rows
        )


def _instance_id(connection: Connection, owner: int, key: str, report: RawReport, now: datetime) -> int:
    same = (
        (report_instances.c.event_id == owner)
        & (report_instances.c.key == key)
        & (report_instances.c.kind == report.kind)
        & (report_instances.c.uuid == report.instance.uuid)
    )
    found = connection.execute(select(report_instances.c.id).where(same)).scalar_one_or_none()
    if found is not None:
        return int(found)
    values = {
        "event_id": owner,
        "key": key,
        "kind": report.kind,
        "uuid": report.instance.uuid,
        "started_at": report.instance.start,
        "kept_at": now,
    }
    return int(
        connection.execute(insert(report_instances).values(**values).returning(report_instances.c.id)).scalar_one()
    )
