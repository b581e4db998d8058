"""When the time in Zoom's answers jumped, kept for a week so that `status` and `doctor` can tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import clock_jumps
from zoom_sync.domain.clocks import ClockJump

KEPT = timedelta(days=7)


class ClockJumps:
    """The jumps that this store's processes noticed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, jump: ClockJump) -> None:
        """Keep one. Raises StoreError."""
        with self._database.transaction() as connection:
            connection.execute(delete(clock_jumps).where(clock_jumps.c.at < jump.at - KEPT))
            connection.execute(insert(clock_jumps).values(at=jump.at, seconds=jump.seconds))

    def since(self, moment: datetime) -> Sequence[ClockJump]:
        """Those since then, in order. Raises StoreError."""
        query = select(clock_jumps).where(clock_jumps.c.at >= moment).order_by(clock_jumps.c.id)
        with self._database.reading() as connection:
            return tuple(ClockJump(row.at, row.seconds) for row in connection.execute(query))
