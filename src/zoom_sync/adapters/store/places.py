"""The row of calls in the store: who calls Zoom next, for all processes that work on it."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, delete, select, text

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import call_days, call_places
from zoom_sync.adapters.store.upserting import insert_for

DAY = 86_400 * 1_000_000
# What PostgreSQL's own clock says, which all machines that use it share.
POSTGRES_NOW = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")


class CallPlaces:
    """The `Places` of a database. One short transaction per call, which need not outlive a power cut."""

    def __init__(self, database: Database, account: str, clock: Callable[[], float] = time.time) -> None:
        """`account` keeps accounts apart that share a store. `clock` is what SQLite goes by: its machine's."""
        self._database = database
        self._account = account
        self._clock = clock

    def take(self, label: str, step: int, longest: int, day: tuple[str, str], per_day: int) -> int:
        with self._database.transaction(lasting=False) as connection:
            self._lock(connection, label)
            place, held_until = self._row(connection, label)
            here = self._now(connection)
            if place > here + longest + step:
                place = here  # the clock was set back: nobody waits as long as that for a place
            if held_until > here + DAY:
                held_until = here
            place = max(place, held_until, here)
            if place - here > longest:
                return -2 - (place - here)
            if not self._count(connection, day, per_day):
                return -1
            self._set(connection, label, place + step, held_until)
        return place - here

    def hold(self, label: str, micros: int) -> None:
        with self._database.transaction(lasting=False) as connection:
            self._lock(connection, label)
            place, held_until = self._row(connection, label)
            self._set(connection, label, place, max(held_until, self._now(connection) + micros))

    def used(self, day: tuple[str, str]) -> int:
        query = select(call_days.c.used).filter_by(**self._key(day))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one_or_none() or 0)

    def use_up(self, day: tuple[str, str], per_day: int) -> None:
        with self._database.transaction(lasting=False) as connection:
            upsert = insert_for(connection, call_days).values(**self._key(day), used=per_day)
            names = ["account", "day_group", "day"]
            connection.execute(upsert.on_conflict_do_update(index_elements=names, set_={"used": per_day}))

    def _lock(self, connection: Connection, label: str) -> None:
        """Make sure of the row, and hold it until the place is taken. SQLite's transaction holds everything anyhow."""
        fresh = insert_for(connection, call_places).values(account=self._account, label=label, place=0, held_until=0)
        connection.execute(fresh.on_conflict_do_nothing())

    def _row(self, connection: Connection, label: str) -> tuple[int, int]:
        query = select(call_places.c.place, call_places.c.held_until).with_for_update()
        query = query.where(call_places.c.account == self._account, call_places.c.label == label)
        row = connection.execute(query).one()
        return int(row.place), int(row.held_until)

    def _set(self, connection: Connection, label: str, place: int, held_until: int) -> None:
        same = call_places.c.account == self._account, call_places.c.label == label
        connection.execute(call_places.update().where(*same).values(place=place, held_until=held_until))

    def _count(self, connection: Connection, day: tuple[str, str], per_day: int) -> bool:
        """Count one call of the day, and forget other days; False where the day is used up."""
        upsert = insert_for(connection, call_days).values(**self._key(day), used=1)
        counted = connection.execute(
            upsert.on_conflict_do_update(
                index_elements=["account", "day_group", "day"],
                set_={"used": call_days.c.used + 1},
                where=call_days.c.used < per_day,
            ).returning(call_days.c.used)
        ).scalar_one_or_none()
        if counted == 1:
            connection.execute(delete(call_days).where(call_days.c.account == self._account, call_days.c.day < day[1]))
        return counted is not None

    def _now(self, connection: Connection) -> int:
        if connection.dialect.name == "postgresql":
            return int(connection.execute(POSTGRES_NOW).scalar_one())
        return int(self._clock() * 1_000_000)

    def _key(self, day: tuple[str, str]) -> dict[str, str]:
        return {"account": self._account, "day_group": day[0], "day": day[1]}
