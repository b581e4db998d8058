"""What tells whether the work happens: deeds with their last success, and the processes that were seen."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from zoom_sync.adapters.store.tables.base import Instant, metadata

# When each kind of work was last done, last tried, and since when it fails.
deeds = Table(
    "deeds",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("done_at", Instant),
    Column("tried_at", Instant),
    Column("failed_since", Instant),
    Column("failing", String(16), nullable=False),
    Column("why", Text, nullable=False),
)

# A row per process that runs; one that ends as it should takes its row away.
processes = Table(
    "processes",
    metadata,
    Column("part", String(16), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("version", String(64), nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
