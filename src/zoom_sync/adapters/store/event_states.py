"""Events that are called off or put away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import events, sessions


class EventStates:
    """Calling events off and putting them away, and the way back from both."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def call_off(self, event: str, now: datetime) -> int:
        """Cancel all its sessions; answers how many were not cancelled before. Raises NotInStore."""
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            held = and_(sessions.c.event_id == owner, sessions.c.cancelled.is_(False))
            before = select(sessions.c.key).where(sessions.c.event_id == owner, sessions.c.cancelled.is_(True))
            first = and_(events.c.id == owner, events.c.called_off.is_(False))
            keys = "\n".join(connection.execute(before.order_by(sessions.c.key)).scalars())
            connection.execute(
                update(events).where(first).values(called_off=True, cancelled_before=keys, loaded_at=now)
            )
            return connection.execute(update(sessions).where(held).values(cancelled=True)).rowcount

    def hold_again(self, event: str, now: datetime) -> int:
        """Undo `call_off`; answers how many sessions are held again. Raises NotInStore."""
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            row = connection.execute(select(events).where(events.c.id == owner)).one()
            if not row.called_off:
                return 0
            values = {"called_off": False, "cancelled_before": None, "loaded_at": now}
            connection.execute(update(events).where(events.c.id == owner).values(**values))
            off = and_(sessions.c.event_id == owner, sessions.c.cancelled.is_(True))
            stays = (row.cancelled_before or "").split("\n")
            again = update(sessions).where(off, sessions.c.key.not_in(stays)).values(cancelled=False)
            return connection.execute(again).rowcount

    def archive(self, event: str, now: datetime) -> None:
        """Put it away. Raises NotInStore."""
        self._set_archived(event, now)

    def restore(self, event: str) -> None:
        """Undo `archive`. Raises NotInStore."""
        self._set_archived(event, None)

    def _set_archived(self, event: str, at: datetime | None) -> None:
        with self._database.transaction() as connection:
            mine = update(events).where(events.c.id == event_id(connection, event))
            connection.execute(mine.values(archived_at=at))
