"""What calendars were told last of each session, in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, insert, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import publications
from zoom_sync.domain.revision import Revision
from zoom_sync.errors import StoreConflict


class Publications:
    """The `PublicationStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revisions(self, event: str) -> Mapping[str, Revision]:
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            rows = connection.execute(
                select(publications).where(publications.c.event_id == owner).order_by(publications.c.key)
            ).all()
        return {row.key: _revision(row) for row in rows}

    def keep(self, event: str, revisions: Iterable[Revision]) -> None:
        given = list(revisions)
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            first = [
                {"event_id": owner, "key": revision.key, **_values(revision)}
                for revision in given
                if revision.sequence == 0
            ]
            if first:  # all at once: webhooks wait for whoever writes a thousand rows one by one
                connection.execute(insert(publications), first)
            for revision in given:
                if revision.sequence == 0:
                    continue
                values = _values(revision)
                written = connection.execute(
                    update(publications)
                    .where(
                        publications.c.event_id == owner,
                        publications.c.key == revision.key,
                        publications.c.sequence == revision.sequence - 1,
                    )
                    .values(**values)
                )
                if written.rowcount != 1:
                    raise StoreConflict(f"another process has published session {revision.key!r} first")


def _values(revision: Revision) -> dict[str, Any]:
    return {
        "title": revision.title,
        "starts_at": revision.start,
        "ends_at": revision.end,
        "timezone": revision.timezone,
        "digest": revision.digest,
        "sequence": revision.sequence,
        "changed_at": revision.changed_at,
        "shown": revision.shown,
        "called_off": revision.called_off,
        "uid_key": revision.uid_key,
    }


def _revision(row: Row[Any]) -> Revision:
    zone = ZoneInfo(row.timezone)
    return Revision(
        row.key,
        row.title,
        row.starts_at.astimezone(zone),
        row.ends_at.astimezone(zone),
        row.timezone,
        row.digest,
        row.changed_at,
        row.sequence,
        row.shown,
        row.called_off,
        row.uid_key,
    )
