"""When meetings were held, as that is to each session, and what somebody said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from zoom_sync.adapters.store.tables import events, instances
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.instances import Held, Place


def kept(connection: Connection, event: str, key: str | None) -> tuple[Held, ...]:
    """Those of an event, or of one of its sessions, in the order of time."""
    query = select(instances).join(events).where(events.c.key == event)
    if key is not None:
        query = query.where(instances.c.key == key)
    rows = connection.execute(query.order_by(instances.c.key, instances.c.started_at, instances.c.uuid)).all()
    return tuple(map(_held, rows))


def keep(connection: Connection, owner: int, held: Sequence[Held]) -> None:
    """Store what was computed. What somebody chose stays; so does what was known and is not known any more."""
    for one in held:
        known: dict[str, Any] = {"started_at": one.start, "ended_at": one.end, "people": one.people}
        values = {
            "place": str(one.place),
            "belongs_to": one.of,
            **{name: v for name, v in known.items() if v is not None},
        }
        same = {"event_id": owner, "key": one.key, "uuid": one.uuid}
        statement = insert_for(connection, instances).values(**same, chosen_by="", **values)
        connection.execute(statement.on_conflict_do_update(index_elements=list(same), set_=values))


def choose(connection: Connection, owner: int, key: str, uuid: str, place: Place | None, who: str) -> bool:
    """Store what somebody says, or withdraw it; answers whether there is such an instance."""
    same = (instances.c.event_id == owner, instances.c.key == key, instances.c.uuid == uuid)
    values = {"chosen": None if place is None else str(place), "chosen_by": "" if place is None else who}
    return connection.execute(update(instances).where(*same).values(**values)).rowcount > 0


def _held(row: Row[tuple[object, ...]]) -> Held:
    chosen = None if row.chosen is None else Place(row.chosen)
    return Held(
        row.key,
        row.uuid,
        row.started_at,
        row.ended_at,
        Place(row.place),
        row.belongs_to,
        row.people,
        chosen,
        row.chosen_by,
    )
