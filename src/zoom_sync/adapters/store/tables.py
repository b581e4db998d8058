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

from zoom_sync.adapters.store.sealing import SealedJson, SealedText

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
    Column("host", SealedText(200)),
    Column("settings", SealedJson, nullable=False),
    Column("known_meeting_id", String(20)),
    Column("known_passcode", SealedText(32)),
    Column("meeting_of", String(200)),
    Column("registration", String(16)),
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

# The e-mails of an agenda's presenters, a row each: the agenda is public, they are not.
presenters = Table(
    "presenters",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("item", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("email", SealedText, nullable=False),
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
    Column("passcode", SealedText(32), nullable=False),
    Column("join_url", SealedText, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("applied", SealedJson, nullable=False),
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

# Who of a webinar's panelists the programme names, or was added because it did, and what is known of each.
panelists = Table(
    "panelists",
    metadata,
    Column("link_id", ForeignKey("links.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("email", SealedText, nullable=False),
    Column("standing", String(16), nullable=False),
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
    Column("passcode", SealedText(32), nullable=False),
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
    Column("name", SealedText, nullable=False),
    Column("email", SealedText, nullable=False),
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
    Column("row", SealedJson, nullable=False),
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
    Column("lasting", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("event_id", "key", "kind"),
)

# What was made of the rows. `line` holds the rest of an attendee or question, as `lines` writes it.
attendance = Table(
    "attendance",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", SealedText, nullable=False),
    Column("email", SealedText),
    Column("seconds", Integer, nullable=False),
    Column("line", SealedJson, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("asker", SealedText, nullable=False),
    Column("email", SealedText),
    Column("question", SealedText, nullable=False),
    Column("line", SealedJson, nullable=False),
)

# What is not stored any more of a session (`what`: raw, report), so that it is not fetched or made again.
purges = Table(
    "purges",
    metadata,
    _event(primary_key=True),
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

# Answers to polls and surveys, registrations, and who registered and stayed away; `line` as above.
polls = Table(
    "polls",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", SealedText, nullable=False),
    Column("email", SealedText),
    Column("question", Text, nullable=False),
    Column("answer", SealedText, nullable=False),
    Column("line", JSON, nullable=False),
)


def _people(name: str) -> Table:
    return Table(
        name,
        metadata,
        _event(primary_key=True),
        Column("key", String(200), primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("name", SealedText, nullable=False),
        Column("email", SealedText),
        Column("line", SealedJson, nullable=False),
    )


registrations = _people("registrations")
absentees = _people("absentees")
# What calendars were told last of each session; it stays when the session leaves the programme, to be called off.
publications = Table(
    "publications",
    metadata,
    _event(primary_key=True),
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
)

# When each task of an event (sync, collect) was last done, for which programme, and until when somebody is at it.
event_marks = Table(
    "event_marks",
    metadata,
    _event(primary_key=True),
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

live_stays = Table(
    "live_stays",
    metadata,
    Column("uuid", ForeignKey("live_instances.uuid", ondelete="CASCADE"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("gone", Boolean, nullable=False),
)

# What somebody edited on Zoom: which field of which session's meeting, what stands there, and since when it was seen.
drifts = Table(
    "drifts",
    metadata,
    _event(primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("field", String(200), primary_key=True),
    Column("meeting_id", String(20), nullable=False),
    Column("applied", SealedJson, nullable=False),
    Column("on_zoom", SealedJson, nullable=False),
    Column("treatment", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# What is asked of the passcodes of a host's meetings, so that not every creation has to ask.
passcode_policies = Table(
    "passcode_policies",
    metadata,
    Column("host_id", String(64), primary_key=True),
    Column("policy", JSON, nullable=False),
    Column("read_at", Instant, nullable=False),
)

# Who shall be registered for a session, and how far it has come. `mark`: a keyed hash of the e-mail, which is sealed.
registrants = Table(
    "registrants",
    metadata,
    Column("id", Integer, primary_key=True),
    _event(),
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

# What was found last of each event that people are told of: what a plan held back, hosts that are not ready.
concerns = Table(
    "concerns",
    metadata,
    _event(primary_key=True),
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
