"""What people are told of, and what each channel has told, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import concerns, events, notice_channels, notices_told
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.notices import NONE, Concern, Marks, Memory, Subject


class Notices:
    """The `NoticeStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def found(self, event: str, subject: Subject, now_so: Sequence[Concern]) -> None:
        if list(self.concerns(event, subject)) == list(now_so):
            return  # at most syncs nothing is new
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            same = and_(concerns.c.event_id == owner, concerns.c.subject == str(subject))
            connection.execute(delete(concerns).where(same))
            if now_so:
                rows = [
                    {
                        "event_id": owner,
                        "subject": str(subject),
                        "position": place,
                        "key": concern.key,
                        "what": concern.what,
                        "why": concern.why,
                    }
                    for place, concern in enumerate(now_so)
                ]
                connection.execute(insert(concerns), rows)

    def concerns(self, event: str, subject: Subject) -> Sequence[Concern]:
        asked = (
            select(concerns.c.key, concerns.c.what, concerns.c.why)
            .join(events)
            .where(events.c.key == event, concerns.c.subject == str(subject))
            .order_by(concerns.c.position)
        )
        with self._database.reading() as connection:
            return [Concern(row.key, row.what, row.why) for row in connection.execute(asked)]

    def claim(self, name: str, now: datetime, until: datetime) -> Memory | None:
        free = or_(notice_channels.c.claimed_until.is_(None), notice_channels.c.claimed_until <= now)
        with self._database.transaction() as connection:
            first = insert_for(connection, notice_channels).values(name=name, tries=0)
            connection.execute(first.on_conflict_do_nothing(index_elements=["name"]))
            mine = update(notice_channels).where(notice_channels.c.name == name, free).values(claimed_until=until)
            if connection.execute(mine).rowcount != 1:
                return None
            row = connection.execute(select(notice_channels).where(notice_channels.c.name == name)).one()
        return Memory(row.sent_at, row.tries, row.not_before)

    def memory(self, name: str) -> Memory:
        with self._database.reading() as connection:
            row = connection.execute(select(notice_channels).where(notice_channels.c.name == name)).one_or_none()
        return Memory() if row is None else Memory(row.sent_at, row.tries, row.not_before)

    def told(self, name: str) -> Marks:
        with self._database.reading() as connection:
            asked = select(notices_told.c.mark).where(notices_told.c.channel == name)
            return frozenset(connection.execute(asked).scalars())

    def done(self, name: str, memory: Memory, now: datetime, *, told: Marks = NONE, over: Marks = NONE) -> None:
        values = {
            "sent_at": memory.sent_at, "tries": memory.tries, "not_before": memory.not_before, "claimed_until": None,
        }  # fmt: skip
        with self._database.transaction() as connection:
            for mark in sorted(over):
                is_this = and_(notices_told.c.channel == name, notices_told.c.mark == mark)
                connection.execute(delete(notices_told).where(is_this))
            if told:
                rows = [{"channel": name, "mark": mark, "told_at": now} for mark in sorted(told)]
                added = insert_for(connection, notices_told).values(rows)
                connection.execute(added.on_conflict_do_nothing(index_elements=["channel", "mark"]))
            connection.execute(update(notice_channels).where(notice_channels.c.name == name).values(**values))
