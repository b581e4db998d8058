"""What people are told, and were told."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Integer,
    String,
    Table,
    Text,
)

from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

# What was found last of each event that people are told of: what a plan held back, hosts that are not ready.
concerns = Table(
    "concerns",
    metadata,
    event_column(primary_key=True),
    Column("subject", String(16), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# How far each channel is, by which people are told; and who looks for concerns.
notice_channels = Table(
    "notice_channels",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("sent_at", Instant),
    Column("tries", Integer, nullable=False),
    Column("not_before", Instant),
    Column("claimed_until", Instant),
)

# What each channel has told and is still so: digests only.
notices_told = Table(
    "notices_told",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("told_at", Instant, nullable=False),
)
