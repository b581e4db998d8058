"""Approved changes and who loaded each event, in the store."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import approvals, events
from zoom_sync.domain.consent import Consent


class Approvals:
    """The `ApprovalStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def consent(self, event: str) -> Consent:
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            row = connection.execute(select(events.c.approved_at, events.c.loaded_by).where(events.c.id == owner)).one()
            marks = connection.execute(select(approvals.c.mark).where(approvals.c.event_id == owner)).scalars()
            return Consent(frozenset(marks), row.approved_at, row.loaded_by or "")

    def approve(self, event: str, marks: Collection[str], who: str, now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            connection.execute(update(events).where(events.c.id == owner).values(approved_at=now))
            connection.execute(delete(approvals).where(approvals.c.event_id == owner))
            rows = [{"event_id": owner, "mark": mark, "who": who, "at": now} for mark in sorted(set(marks))]
            if rows:
                connection.execute(insert(approvals), rows)

    def keep(self, event: str, marks: Collection[str]) -> None:
        lapsed = sorted(self.consent(event).marks - set(marks))
        if not lapsed:
            return
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            for mark in lapsed:
                connection.execute(delete(approvals).where(approvals.c.event_id == owner, approvals.c.mark == mark))
