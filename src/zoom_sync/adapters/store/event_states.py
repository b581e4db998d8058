"""Events that are called off, put away or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, delete, func, select, update

from zoom_sync.adapters.store.contents import NOT_SHOWN
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import (
    bindings,
    events,
    given_up_creations,
    intents,
    links,
    registrants,
    report_instances,
    report_rows,
    runs,
    sessions,
)
from zoom_sync.errors import StoreConflict, UserError


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store keeps of an event. `meetings` are those on Zoom that are linked, or were and are there yet."""

    title: str
    sessions: int
    report_rows: int
    registrants: int
    runs: int
    meetings: tuple[str, ...]


class EventStates:
    """Calling events off and putting them away, and the way back from both.

    A programme that is loaded meanwhile is `Programmes.save`'s matter.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def call_off(self, event: str, now: datetime) -> int:
        """Cancel all its sessions; answers how many were not cancelled before. Raises NotInStore."""
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            held = and_(sessions.c.event_id == owner, sessions.c.cancelled.is_(False))
            before = select(sessions.c.key).where(sessions.c.event_id == owner, sessions.c.cancelled.is_(True))
            first = and_(events.c.id == owner, events.c.called_off_at.is_(None))
            keys = "\n".join(connection.execute(before.order_by(sessions.c.key)).scalars())
            connection.execute(
                update(events).where(first).values(called_off_at=now, cancelled_before=keys, loaded_at=now)
            )
            return connection.execute(update(sessions).where(held).values(cancelled=True)).rowcount

    def hold_again(self, event: str, now: datetime) -> int:
        """Undo `call_off`; answers how many sessions are held again. Raises NotInStore."""
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            row = connection.execute(select(events).where(events.c.id == owner)).one()
            if row.called_off_at is None:
                return 0
            values = {"called_off_at": None, "cancelled_before": None, "loaded_at": now}
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

    def kept(self, event: str) -> Kept:
        """What would go with it. Raises NotInStore."""
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            rows = select(report_rows.c.row).select_from(report_rows.join(report_instances))
            return Kept(
                connection.execute(select(events.c.title).where(events.c.id == owner)).scalar_one(),
                _count(connection, select(sessions.c.id).where(sessions.c.event_id == owner)),
                _count(connection, rows.where(report_instances.c.event_id == owner)),
                _count(connection, select(registrants.c.key).where(registrants.c.event_id == owner)),
                _count(connection, select(runs.c.id).where(runs.c.event_id == owner)),
                tuple(_meetings(connection, owner)),
            )

    def remove(self, event: str, *, leave_meetings: bool) -> None:
        """Remove it with everything that is kept of it. Zoom is not asked: its meetings stay there.

        Raises:
            NotInStore: there is no such event.
            UserError: meetings of it are on Zoom, and nobody said that they may stay there; or the settings say that
                its source is followed, so that it would come back.
            StoreConflict: a meeting of it is being made, or a run is under way.
        """
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            # Whoever begins a creation refers to this row, and so waits for us, or we for him.
            connection.execute(select(events.c.id).where(events.c.id == owner).with_for_update())
            _refuse_while_used(connection, owner, event)
            if (left := _meetings(connection, owner)) and not leave_meetings:
                count = "1 meeting" if len(left) == 1 else f"{len(left)} meetings"
                raise UserError(
                    f"event {event} has {count} on Zoom, of which nothing here would know any more; nothing was removed"
                    ". Take its sessions out of the programme and delete them (`zoom-sync apply --allow-delete`), or"
                    " say --leave-meetings"
                )
            # Nobody is shown it any more; the other events have not changed.
            connection.execute(delete(events).where(events.c.id == owner).execution_options(**NOT_SHOWN))

    def _set_archived(self, event: str, at: datetime | None) -> None:
        with self._database.transaction() as connection:
            mine = update(events).where(events.c.id == event_id(connection, event))
            connection.execute(mine.values(archived_at=at))


def _count(connection: Connection, rows: Select[tuple[object]]) -> int:
    return int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())


def _meetings(connection: Connection, owner: int) -> Sequence[str]:
    query = select(links.c.meeting_id).where(links.c.event_id == owner)
    return connection.execute(query.order_by(links.c.meeting_id)).scalars().all()


def _refuse_while_used(connection: Connection, owner: int, event: str) -> None:
    """Raises StoreConflict, UserError."""
    begun = select(intents.c.id).where(intents.c.event_id == owner)
    lost = select(given_up_creations.c.id).where(given_up_creations.c.event_id == owner)
    if _count(connection, begun) or _count(connection, lost):
        raise StoreConflict(
            f"a meeting of event {event} is being made, or Zoom may make it yet; nothing was removed. See"
            " `zoom-sync plan`"
        )
    if _count(connection, select(runs.c.id).where(runs.c.event_id == owner, runs.c.finished_at.is_(None))):
        raise StoreConflict(f"a run of event {event} is under way; nothing was removed. See `zoom-sync runs`")
    told = select(bindings.c.id).where(bindings.c.event_id == owner, bindings.c.configured.is_(True))
    if _count(connection, told):
        raise UserError(
            f"the settings say that the source of event {event} is followed, so it would come back; nothing was removed"
            ". Take it out of the settings first"
        )
