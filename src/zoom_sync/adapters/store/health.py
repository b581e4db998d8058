"""What was last done, and which processes were last seen, in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import collections, concerns, deeds, events, processes
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.health import Deed, Failing, Part, Process, Record
from zoom_sync.domain.notices import Subject
from zoom_sync.domain.report import ReportState

LONGEST_WHY = 500


class HealthRecords:
    """The `HealthStore` of a database. Each write is one upsert of one row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def did(self, deed: Deed, now: datetime) -> None:
        fresh = {"done_at": now, "tried_at": now, "failed_since": None, "failing": "", "why": ""}
        with self._database.transaction() as connection:
            row = insert_for(connection, deeds).values(name=str(deed), **fresh)
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=fresh))

    def failed(self, deed: Deed, now: datetime, failing: Failing, why: str) -> None:
        latest = {"tried_at": now, "failing": str(failing), "why": why[:LONGEST_WHY]}
        since = {"failed_since": func.coalesce(deeds.c.failed_since, now)}
        with self._database.transaction() as connection:
            row = insert_for(connection, deeds).values(name=str(deed), failed_since=now, **latest)
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=latest | since))

    def records(self) -> Mapping[Deed, Record]:
        with self._database.reading() as connection:
            rows = connection.execute(select(deeds)).all()
        known = {str(deed): deed for deed in Deed}
        return {
            known[row.name]: Record(row.done_at, row.tried_at, row.failed_since, _failing(row.failing), row.why)
            for row in rows
            if row.name in known
        }

    def seen(self, process: Process) -> None:
        latest = {"version": process.version, "since": process.since, "seen_at": process.seen_at}
        with self._database.transaction() as connection:
            row = insert_for(connection, processes).values(part=str(process.part), name=process.name, **latest)
            connection.execute(row.on_conflict_do_update(index_elements=["part", "name"], set_=latest))

    def ended(self, process: Process) -> None:
        this = and_(processes.c.part == str(process.part), processes.c.name == process.name)
        with self._database.transaction() as connection:
            connection.execute(delete(processes).where(this))

    def forget(self, before: datetime) -> None:
        with self._database.transaction() as connection:
            connection.execute(delete(processes).where(processes.c.seen_at < before))

    def processes(self) -> Sequence[Process]:
        with self._database.reading() as connection:
            rows = connection.execute(select(processes).order_by(processes.c.part, processes.c.name)).all()
        known = set(map(str, Part))
        return [
            Process(Part(row.part), row.name, row.version, row.since, row.seen_at) for row in rows if row.part in known
        ]

    def failing(self) -> Mapping[str, str]:
        failed = select(events.c.key, concerns.c.why).select_from(concerns).join(events)
        of_sync = failed.where(concerns.c.subject == str(Subject.FAILED), concerns.c.key == "")
        with self._database.reading() as connection:
            return {row.key: row.why for row in connection.execute(of_sync)}

    def collected(self) -> Mapping[str, datetime]:
        latest = select(events.c.key, func.max(collections.c.checked_at).label("at")).select_from(collections)
        done = latest.join(events).where(collections.c.state != str(ReportState.FAILED)).group_by(events.c.key)
        with self._database.reading() as connection:
            return {row.key: row.at for row in connection.execute(done) if row.at is not None}


def _failing(text: str) -> Failing:
    return Failing(text) if text in set(map(str, Failing)) else Failing.OTHER
