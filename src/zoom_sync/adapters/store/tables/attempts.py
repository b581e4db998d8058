"""Exactly once: creations that were given up, unlinked meetings that were read, places of calls, clocks that jumped."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from zoom_sync.adapters.store.sealing import SealedText
from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

# A request to create a meeting that was looked for in vain: Zoom may carry it out yet. A row per request.
given_up_creations = Table(
    "given_up_creations",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("topic", Text, nullable=False),
    Column("passcode", SealedText, nullable=False),
    Column("given_up_at", Instant, nullable=False),
)

# A meeting that nothing is linked to and whose passcode was looked at. With event and key: a creation of ours made it.
unlinked_meetings = Table(
    "unlinked_meetings",
    metadata,
    Column("meeting_id", String(20), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE")),
    Column("key", String(200)),
    Column("read_at", Instant, nullable=False),
)

# The row of calls of each label, in microseconds of the store's clock: the next free place, and until when it is held.
call_places = Table(
    "call_places",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("label", String(32), primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("held_until", BigInteger, nullable=False),
)

# The calls of a UTC day that count against one daily limit.
call_days = Table(
    "call_days",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("day_group", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("used", BigInteger, nullable=False),
)

# When the time in Zoom's answers jumped, and by how many seconds; only the latest ones are kept.
clock_jumps = Table(
    "clock_jumps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("seconds", Integer, nullable=False),
)
