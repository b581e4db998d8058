"""Meetings and who belongs to them: links, creations that were begun, hosts, panelists, registrants, edits on Zoom."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from zoom_sync.adapters.store.sealing import SealedJson, SealedText
from zoom_sync.adapters.store.tables.base import Instant, event_column, metadata

# A session's meeting. `state`: linked, retired (replaced, still to be deleted), or left (its session was moved to
# another one). No start link is ever kept.
links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("meeting_id", String(20), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("passcode", SealedText(32), nullable=False),
    Column("join_url", SealedText, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("applied", SealedJson, nullable=False),
    # By field, what was sent and what Zoom made of it; NULL where the link was made before that was kept.
    Column("learned", SealedJson(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("synced_at", Instant, nullable=False),
    # How many people had registered for it on Zoom when they were last counted; NULL where nobody counted.
    Column("registrants", Integer),
    # When it will be held, by an update that was about to be sent and is not known to have arrived: [[start, end], …].
    Column("moving", JSON(none_as_null=True)),
    Column("moving_at", Instant),
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

# A creation that was begun and has no meeting yet: at most one per session. `spans`: when its host is taken by it.
intents = Table(
    "intents",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("topic", Text, nullable=False),
    Column("passcode", SealedText(32), nullable=False),
    Column("replaces", String(20)),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("spans", JSON(none_as_null=True)),
    UniqueConstraint("event_id", "key"),
)

# Who of a webinar's panelists the programme names, or was added because it did, and what is known of each.
panelists = Table(
    "panelists",
    metadata,
    Column("link_id", ForeignKey("links.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("email", SealedText, nullable=False),
    Column("standing", String(16), nullable=False),
)

# Who shall be registered for a session, and how far it has come. `mark`: a keyed hash of the e-mail, which is sealed.
registrants = Table(
    "registrants",
    metadata,
    Column("id", Integer, primary_key=True),
    event_column(),
    Column("key", String(200), nullable=False),
    Column("mark", String(64), nullable=False),
    Column("email", SealedText, nullable=False),
    Column("first_name", SealedText, nullable=False),
    Column("last_name", SealedText, nullable=False),
    Column("organisation", SealedText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("registrant_id", SealedText, nullable=False),
    Column("join_url", SealedText, nullable=False),
    Column("meeting_id", String(20), nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("event_id", "key", "mark"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", SealedText, nullable=False),
    Column("email", SealedText, nullable=False),
    Column("licensed", Boolean, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("daily_writes", Integer, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# What a host can hold and what others made with him, as a plan saw it. `version` grows with each change of ours that is
# about to be sent: of two runs that looked at the same version, the second looks again.
host_calendars = Table(
    "host_calendars",
    metadata,
    Column("host_id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("seen", JSON(none_as_null=True)),
    Column("seen_at", Instant),
)

# What Zoom says of a host's licence, by his settings or by refusing him something, so that not every plan has to ask.
host_licences = Table(
    "host_licences",
    metadata,
    Column("host_id", String(64), primary_key=True),
    Column("licence", JSON, nullable=False),
    Column("read_at", Instant, nullable=False),
)

# Creates and updates of a host on a UTC day: Zoom allows 100, and a restart must not forget them.
host_days = Table(
    "host_days",
    metadata,
    Column("host_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("writes", Integer, nullable=False),
)

# What is asked of the passcodes of a host's meetings, so that not every creation has to ask.
passcode_policies = Table(
    "passcode_policies",
    metadata,
    Column("host_id", String(64), primary_key=True),
    Column("policy", JSON, nullable=False),
    Column("read_at", Instant, nullable=False),
)

# What somebody edited on Zoom: which field of which session's meeting, what stands there, and since when it was seen.
drifts = Table(
    "drifts",
    metadata,
    event_column(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("field", String(200), primary_key=True),
    Column("meeting_id", String(20), nullable=False),
    Column("applied", SealedJson, nullable=False),
    Column("on_zoom", SealedJson, nullable=False),
    Column("treatment", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
