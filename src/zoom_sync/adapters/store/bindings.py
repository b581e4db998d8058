"""The sources that events follow, in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import bindings, events, written_back
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.following import Binding, Seen
from zoom_sync.domain.returning import Earlier, Returned
from zoom_sync.errors import NotInStore, StoreConflict

_SEEN = ("state", "digest", "read_at", "changed_at", "trouble", "trouble_since", "written", "written_at", "unwritten",
         "claimed_until")  # fmt: skip


class Bindings:
    """The `BindingStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Binding]:
        asked = select(bindings, events.c.key).outerjoin(events).order_by(bindings.c.id)
        with self._database.reading() as connection:
            return tuple(map(_binding, connection.execute(asked)))

    def bind(self, binding: Binding) -> Binding:
        values = {
            "source": binding.source, "spec": dict(binding.spec), "write_back": binding.write_back,
            "every_minutes": None if binding.every is None else binding.every / timedelta(minutes=1),
            "configured": binding.configured, **_values(binding.seen),
        }  # fmt: skip
        with self._database.transaction() as connection:
            owner = None if binding.event is None else event_id(connection, binding.event)
            if owner is not None:
                connection.execute(delete(bindings).where(bindings.c.event_id == owner))
            made = insert(bindings).values(event_id=owner, **values).returning(bindings.c.id)
            number = int(connection.execute(made).scalar_one())
        return next(one for one in self.all() if one.id == number)

    def belongs_to(self, binding: int, event: str) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            other = select(bindings.c.source).where(bindings.c.event_id == owner, bindings.c.id != binding)
            if (source := connection.execute(other).scalar_one_or_none()) is not None:
                raise StoreConflict(f"event {event!r} follows {source} already; `zoom-sync follow end` ends that")
            connection.execute(update(bindings).where(bindings.c.id == binding).values(event_id=owner))

    def end(self, binding: int) -> None:
        with self._database.transaction() as connection:
            if not connection.execute(delete(bindings).where(bindings.c.id == binding)).rowcount:
                raise NotInStore("nothing follows this source any more")

    def claim(self, binding: Binding, until: datetime) -> bool:
        seen = binding.seen
        mine = update(bindings).where(
            bindings.c.id == binding.id,
            bindings.c.read_at.is_not_distinct_from(seen.read_at),
            bindings.c.claimed_until.is_not_distinct_from(seen.claimed_until),
        )
        with self._database.transaction() as connection:
            return connection.execute(mine.values(claimed_until=until)).rowcount == 1

    def seen(self, binding: int, claimed_until: datetime, seen: Seen) -> None:
        mine = update(bindings).where(bindings.c.id == binding, bindings.c.claimed_until == claimed_until)
        with self._database.transaction() as connection:
            connection.execute(mine.values(**_values(seen)))

    def release(self) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(bindings).values(claimed_until=None))

    # --- what was written back ---

    def earlier(self, binding: int) -> Mapping[str, Earlier]:
        asked = select(written_back).where(written_back.c.binding_id == binding)
        with self._database.reading() as connection:
            return {row.key: Earlier(row.written, row.pending) for row in connection.execute(asked)}

    def about_to_write(self, binding: int, wanted: Mapping[str, Returned]) -> None:
        self._note(binding, {key: {"pending": returned.values()} for key, returned in wanted.items()})

    def wrote(self, binding: int, wanted: Mapping[str, Returned]) -> None:
        self._note(binding, {key: {"written": returned.values(), "pending": None} for key, returned in wanted.items()})

    def _note(self, binding: int, values: Mapping[str, Mapping[str, Any]]) -> None:
        with self._database.transaction() as connection:
            for key, value in values.items():
                made = insert_for(connection, written_back).values(binding_id=binding, key=key, **value)
                connection.execute(made.on_conflict_do_update(index_elements=["binding_id", "key"], set_=dict(value)))


def _values(seen: Seen) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in _SEEN}


def _binding(row: Row[Any]) -> Binding:
    every = None if row.every_minutes is None else timedelta(minutes=row.every_minutes)
    seen = Seen(**{name: getattr(row, name) for name in _SEEN})
    return Binding(row.id, row.source, row.spec, row.key, row.write_back, every, row.configured, seen)
