"""What Zoom reported, and what was made of it. `line` holds the rest of a person or question, as `lines` writes it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from zoom_sync.adapters.store.sealing import SealedJson, SealedText
from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

# Report rows as Zoom returned them, so that merging can be repeated with better rules.
report_instances = Table(
    "report_instances",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("uuid", String(64), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("kept_at", Instant, nullable=False),
    UniqueConstraint("event_id", "key", "kind", "uuid"),
)

# The times that a meeting was held, as they are to one session; `chosen` is what somebody said instead of `place`.
instances = Table(
    "instances",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("uuid", String(64), primary_key=True),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("place", String(16), nullable=False),
    Column("belongs_to", String(200), nullable=False),
    Column("people", Integer),
    Column("chosen", String(16)),
    Column("chosen_by", String(200), nullable=False),
)

report_rows = Table(
    "report_rows",
    metadata,
    Column("instance_id", ForeignKey("report_instances.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row", SealedJson, nullable=False),
)

collections = Table(
    "collections",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("total", Integer),
    Column("reason", Text, nullable=False),
    Column("checked_at", Instant),
    Column("lasting", Boolean, nullable=False, server_default=false()),
    # Since when it has been in this state.
    Column("since", Instant),
    UniqueConstraint("event_id", "key", "kind"),
)

# What is known of a session whose people were purged: counts, and nobody's name.
session_figures = Table(
    "session_figures",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("figures", JSON, nullable=False),
)


# What was made of the rows, in order. `line` holds the rest of a person, question or answer, as `lines` writes it.
def _lines(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        event_column(primary_key=True),
        Column("key", String(200), primary_key=True),
        Column("position", Integer, primary_key=True),
        *columns,
    )


def _people(name: str, *more: Column[Any]) -> Table:
    return _lines(
        name,
        Column("name", SealedText, nullable=False),
        Column("email", SealedText),
        *more,
        Column("line", SealedJson, nullable=False),
    )


# The counts of each session, by name. They tell nothing of anybody, and outlive the lines they were made of.
session_counts = Table(
    "session_counts",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("counts", JSON, nullable=False),
)

# What staff decided on who is one person, beside the rows: each side names rows by what they say.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("these", SealedJson, nullable=False),
    Column("those", SealedJson, nullable=False),
    Column("who", String(200), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("withdrawn_by", String(200), nullable=False),
    Column("withdrawn_at", Instant),
)

# `seconds` are those inside the session, by which pages sort.
attendance = _people("attendance", Column("seconds", Integer, nullable=False))
registrations = _people("registrations")
absentees = _people("absentees")
questions = _lines(
    "questions",
    Column("asker", SealedText, nullable=False),
    Column("email", SealedText),
    Column("question", SealedText, nullable=False),
    Column("line", SealedJson, nullable=False),
)
# Answers to polls and surveys.
polls = _lines(
    "polls",
    Column("name", SealedText, nullable=False),
    Column("email", SealedText),
    Column("question", Text, nullable=False),
    Column("answer", SealedText, nullable=False),
    Column("line", JSON, nullable=False),
)
