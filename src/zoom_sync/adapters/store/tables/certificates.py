"""Certificates that were released, and what staff decided before. Nothing is ever removed here.

Neither refers to an event: a number has to be answered when the event is long gone.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from zoom_sync.adapters.store.sealing import SealedText
from zoom_sync.adapters.store.tables.base import Instant, metadata

# `unit` is the session's key, the day or nothing; `mark` is a keyed hash of the person and of what it is for. Two who
# release at once cannot both insert the same edition.
certificates = Table(
    "certificates",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("event", String(200), nullable=False),
    Column("basis", String(16), nullable=False),
    Column("unit", String(200), nullable=False),
    Column("mark", String(32), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("name", SealedText, nullable=False),
    Column("email", SealedText),
    Column("content", JSON, nullable=False),
    Column("released_by", String(200), nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Column("changed_at", Instant),
    Column("reason", SealedText, nullable=False),
    Column("replaced_by", String(32), nullable=False),
    UniqueConstraint("event", "basis", "unit", "mark", "edition"),
)

# The latest of a mark holds. The e-mail is the person's, so that the row goes with the person.
certificate_corrections = Table(
    "certificate_corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event", String(200), nullable=False),
    Column("basis", String(16), nullable=False),
    Column("unit", String(200), nullable=False),
    Column("mark", String(32), nullable=False),
    Column("entitled", Boolean),
    Column("name", SealedText),
    Column("email", SealedText),
    Column("language", String(8)),
    Column("why", SealedText, nullable=False),
    Column("who", String(200), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_certificate_corrections_event", "event", "id"),
)
