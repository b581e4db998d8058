"""What is done: runs and their items, what the schedule has done, which webhooks came, who is in a meeting now."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
)

from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("kind", String(16), nullable=False),
    Column("digest", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
)

run_items = Table(
    "run_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("action", String(16), nullable=False),
    Column("key", String(200), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("meeting_id", String(20)),
    Column("fields", JSON, nullable=False),
    Column(
        "accepted", JSON(none_as_null=True)
    ),  # what it may take from people, by name; empty in runs from before it was kept
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("handed_at", Instant),
    Column("settled_at", Instant),
    # Whether somebody allowed by name that it gives its host more at once than he can hold.
    Column("overload", Boolean),
    # What stands for the meeting that was wanted when the plan was made; empty in runs from before it was kept.
    Column("seen", String(32)),
)

# When each task of an event (sync, collect) was last done, for which programme, and until when somebody is at it.
event_marks = Table(
    "event_marks",
    metadata,
    event_column(primary_key=True),
    Column("task", String(16), primary_key=True),
    Column("done_at", Instant),
    Column("deep_at", Instant),
    Column("loaded_at", Instant),
    Column("claimed_until", Instant),
)

# A meeting that a webhook told of: to be looked at again. Of any meeting of the account; ours are found by `links`.
hints = Table(
    "hints",
    metadata,
    Column("meeting_id", String(20), primary_key=True),
    Column("look", String(16), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("heard_at", Instant, nullable=False, index=True),
    Column("version", Integer, nullable=False),
)

# Webhooks that were taken in, so that a repeat is known: digests only.
deliveries = Table(
    "deliveries",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("signature", String(64), nullable=False),
    Column("heard_at", Instant, nullable=False, index=True),
)

webhook_counts = Table(
    "webhook_counts",
    metadata,
    Column("outcome", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("latest_at", Instant, nullable=False),
)

# Meetings under way, and the stays in them as digests: a count and no names.
live_instances = Table(
    "live_instances",
    metadata,
    Column("uuid", String(64), primary_key=True),
    Column("meeting_id", String(20), nullable=False, index=True),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("heard_at", Instant, nullable=False, index=True),
)

# How many were there, at most one figure a minute: for the most at once and a line of the last minutes.
live_counts = Table(
    "live_counts",
    metadata,
    Column("uuid", ForeignKey("live_instances.uuid", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("present", Integer, nullable=False),
)

live_stays = Table(
    "live_stays",
    metadata,
    Column("uuid", ForeignKey("live_instances.uuid", ondelete="CASCADE"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("gone", Boolean, nullable=False),
)
