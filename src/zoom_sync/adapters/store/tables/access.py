"""The tables of sign-in, rights and the audit log. No password, session id or token stands in them, only its hash."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from zoom_sync.adapters.store.tables.base import Instant, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

# A browser that is signed in. `account` is empty for who came by OpenID; `name` and `role` are as at sign-in.
web_sessions = Table(
    "web_sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("account", ForeignKey("accounts.name", ondelete="CASCADE"), index=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("seen_at", Instant, nullable=False),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account", ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# Sign-ins that were tried since `since`, by the hash of a name or an address.
sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("since", Instant, nullable=False, index=True),
)

# Browsers that somebody has signed in from, each by a hash of its cookie and the account's name.
known_browsers = Table(
    "known_browsers",
    metadata,
    Column("browser_hash", String(64), primary_key=True),
    Column("seen_at", Instant, nullable=False, index=True),
)

# Secret addresses of drafts, by their hashes: whoever has one sees the event's programme, public or not.
previews = Table(
    "previews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("event_id", ForeignKey("events.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
)

# It outlives accounts and events, and so refers to neither.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("who", Text, nullable=False),
    Column("what", String(32), nullable=False),
    Column("event", String(200), nullable=False),
    Column("session", String(200), nullable=False),
    Column("form", String(32), nullable=False),
    Column("rows", Integer),
    Index("ix_audit_log_event", "event", "id"),
)
