"""The sources that events follow, and what was written back into them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table, Text

from zoom_sync.adapters.store.sealing import SealedJson
from zoom_sync.adapters.store.tables.base import Instant, metadata

# A source with all that was said of it, which may hold secrets; its event, once it was read; how far it was read.
bindings = Table(
    "bindings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), unique=True),
    Column("source", Text, nullable=False),
    Column("spec", SealedJson, nullable=False),
    Column("write_back", Boolean, nullable=False),
    Column("every_minutes", Float),
    Column("configured", Boolean, nullable=False),
    Column("state", String(200)),
    Column("digest", String(64)),
    Column("read_at", Instant),
    Column("changed_at", Instant),
    Column("trouble", Text, nullable=False),
    Column("trouble_since", Instant),
    Column("written", String(64)),
    Column("written_at", Instant),
    Column("unwritten", Text, nullable=False),
    Column("claimed_until", Instant),
)

# What stands there of ours, by session: what was written, and what was about to be when we were last heard of.
written_back = Table(
    "written_back",
    metadata,
    Column("binding_id", ForeignKey("bindings.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("written", SealedJson),
    Column("pending", SealedJson),
)
