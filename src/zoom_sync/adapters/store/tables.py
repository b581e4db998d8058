"""The tables, as SQLAlchemy describes them. Rows hold values; what they mean is said in `domain`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. SQLite has no zones: there it is kept without one and comes back with UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _event(*, primary_key: bool = False) -> Column[Any]:
    return Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False, primary_key=primary_key)


events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("description", Text),
    Column("loaded_at", Instant, nullable=False),
    Column("public", Boolean, nullable=False, server_default=false()),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
    Column("key", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("long_title", Text),
    Column("description", Text),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("profile", String(100)),
    Column("host", String(200)),
    Column("settings", JSON, nullable=False),
    Column("known_meeting_id", String(20)),
    Column("known_passcode", String(32)),
    UniqueConstraint("event_id", "key"),
)

agenda_items = Table(
    "agenda_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("presenter", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("country", Text),
)

# A session's meeting. `state`: linked, or retired (replaced, still to be deleted). No start link is ever kept.
links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
    Column("key", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("meeting_id", String(20), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("passcode", String(32), nullable=False),
    Column("join_url", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("applied", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("synced_at", Instant, nullable=False),
    # One linked meeting per session, whatever two runs do at once.
    Index(
        "uq_links_one_per_session",
        "event_id",
        "key",
        unique=True,
        sqlite_where=text("state = 'linked'"),
        postgresql_where=text("state = 'linked'"),
    ),
)

# A creation that was begun and has no meeting yet: at most one per session.
intents = Table(
    "intents",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
    Column("key", String(200), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("topic", Text, nullable=False),
    Column("passcode", String(32), nullable=False),
    Column("replaces", String(20)),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("event_id", "key"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("licensed", Boolean, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("daily_writes", Integer, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# Creates and updates of a host on a UTC day: Zoom allows 100, and a restart must not forget them.
host_days = Table(
    "host_days",
    metadata,
    Column("host_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("writes", Integer, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
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
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("handed_at", Instant),
    Column("settled_at", Instant),
)

# Report rows as Zoom returned them, so that merging can be repeated with better rules.
report_instances = Table(
    "report_instances",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
    Column("key", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("uuid", String(64), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("kept_at", Instant, nullable=False),
    UniqueConstraint("event_id", "key", "kind", "uuid"),
)

report_rows = Table(
    "report_rows",
    metadata,
    Column("instance_id", ForeignKey("report_instances.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row", JSON, nullable=False),
)

collections = Table(
    "collections",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
    Column("key", String(200), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("total", Integer),
    Column("reason", Text, nullable=False),
    Column("checked_at", Instant),
    UniqueConstraint("event_id", "key", "kind"),
)

# What was made of the rows. `line` holds the rest of an attendee or question, as `lines` writes it.
attendance = Table(
    "attendance",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("seconds", Integer, nullable=False),
    Column("line", JSON, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("asker", Text, nullable=False),
    Column("email", Text),
    Column("question", Text, nullable=False),
    Column("line", JSON, nullable=False),
)
