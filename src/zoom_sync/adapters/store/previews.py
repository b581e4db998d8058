"""Secret addresses of drafts in the store. It is given hashes, never a secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import events, previews
from zoom_sync.domain.access import Preview
from zoom_sync.errors import NotInStore


class Previews:
    """The `PreviewStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, secret_hash: str, event: str, label: str, now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            values = {"secret_hash": secret_hash, "event_id": owner, "label": label, "created_at": now}
            connection.execute(insert(previews).values(**values))

    def of_event(self, event: str) -> Sequence[Preview]:
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            rows = connection.execute(select(previews).where(previews.c.event_id == owner).order_by(previews.c.id))
            return tuple(Preview(row.id, row.label, row.created_at) for row in rows)

    def remove(self, event: str, preview: int) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            gone = delete(previews).where(previews.c.event_id == owner, previews.c.id == preview)
            if not connection.execute(gone).rowcount:
                raise NotInStore(f"event {event!r} has no preview {preview}; `zoom-sync preview list` shows them")

    def event_of(self, secret_hash: str) -> str | None:
        query = select(events.c.key).join(previews).where(previews.c.secret_hash == secret_hash)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()
