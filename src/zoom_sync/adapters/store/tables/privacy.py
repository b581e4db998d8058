"""What is not stored any more, who was erased, and the keys that the store makes for itself."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    String,
    Table,
)

from zoom_sync.adapters.store.sealing import SealedText
from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

# What is not stored any more of a session (`what`: raw, report), so that it is not fetched or made again.
purges = Table(
    "purges",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("what", String(16), primary_key=True),
    Column("purged_at", Instant, nullable=False),
)

# A keyed hash of each thing an erased person was known by. `token` groups those of one person and is made up.
erasures = Table(
    "erasures",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("erased_at", Instant, nullable=False),
)

# Keys that the store makes for itself: for the hashes of erased people, for pseudonyms.
own_keys = Table(
    "own_keys",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", SealedText, nullable=False),
)
