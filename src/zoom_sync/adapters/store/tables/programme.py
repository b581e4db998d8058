"""Events and their programmes, and what calendars were told of them."""

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
    UniqueConstraint,
    false,
    true,
)

from zoom_sync.adapters.store.sealing import SealedJson, SealedText
from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

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
    Column("changes", String(16)),
    Column("freeze_hours", Integer),
    # An account's name, or that of a user of the machine; empty where it was loaded before that was kept.
    Column("loaded_by", Text),
    # When a person approved a plan of it last.
    Column("approved_at", Instant),
    # When it was put away, or called off. `cancelled_before`: the sessions that are cancelled by themselves, in lines.
    Column("archived_at", Instant),
    Column("called_off_at", Instant),
    Column("cancelled_before", Text),
    # The rules of its certificates, as a programme has them; NULL where there are none.
    Column("certificates", JSON(none_as_null=True)),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
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
    Column("host", SealedText(200)),
    Column("settings", SealedJson, nullable=False),
    Column("known_meeting_id", String(20)),
    Column("known_passcode", SealedText(32)),
    Column("meeting_of", String(200)),
    Column("registration", String(16)),
    Column("room", Text),
    Column("track", Text),
    Column("moderators", Text),
    Column("public", Boolean, nullable=False, server_default=true()),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("language", String(100)),
    Column("expected", Integer),
    Column("record", Boolean),
    Column("rehearsal_of", String(200)),
    # The keys that other entries of its source would give it, a line each.
    Column("parts", Text),
    Column("certificates", JSON(none_as_null=True)),
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
    Column("starts_at", Instant),
    Column("ends_at", Instant),
)

# Which state an event's programme and links are in: `contents` says who writes it.
event_contents = Table(
    "event_contents",
    metadata,
    event_column(primary_key=True),
    Column("version", String(32), nullable=False),
)

# The e-mails of an agenda's presenters, a row each: the agenda is public, they are not.
presenters = Table(
    "presenters",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("item", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("email", SealedText, nullable=False),
)

# What calendars were told last of each session; it stays when the session leaves the programme, to be called off.
publications = Table(
    "publications",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("title", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("called_off", Boolean, nullable=False),
    # The session's first key, where it was renamed: calendars know it by that one.
    Column("uid_key", String(200)),
)

# What is changed by hand in a programme that lives elsewhere: the value, and what the source says, as `said`.
adjustments = Table(
    "adjustments",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("field", String(100), primary_key=True),
    Column("said", SealedJson, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# Changes that a person has approved and that are not done yet, by what they are known again by.
approvals = Table(
    "approvals",
    metadata,
    event_column(primary_key=True),
    Column("mark", String(32), primary_key=True),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
