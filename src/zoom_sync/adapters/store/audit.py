"""The audit log in the store: lines are added, and read by organisers. Nothing changes or removes one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import audit_log
from zoom_sync.domain.access import AuditEntry


class AuditLog:
    """The `AuditStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, entry: AuditEntry) -> int:
        values = {
            "at": entry.at,
            "who": entry.who,
            "what": entry.what,
            "event": entry.event,
            "session": entry.session,
            "form": entry.form,
            "rows": entry.rows,
        }
        with self._database.transaction() as connection:
            return int(connection.execute(insert(audit_log).values(**values).returning(audit_log.c.id)).scalar_one())

    def entries(self, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
        query = select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_log.c.id < before)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(AuditEntry(r.at, r.who, r.what, r.event, r.session, r.form, r.rows, r.id) for r in rows)
