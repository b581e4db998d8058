"""What is purged and who is erased, and room for sealed values."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import zoom_sync.adapters.store.sealing
import zoom_sync.adapters.store.tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purges",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("purged_at", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_purges_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "key", "what", name=op.f("pk_purges")),
    )
    op.create_table(
        "erasures",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("erased_at", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erasures")),
    )
    op.create_table(
        "own_keys",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", zoom_sync.adapters.store.sealing.SealedText(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_own_keys")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite enforces no length; to rebuild `sessions` there would delete its agenda items with it
    for table, column in (
        ("sessions", "host"),
        ("sessions", "known_passcode"),
        ("links", "passcode"),
        ("intents", "passcode"),
    ):
        op.alter_column(table, column, type_=sa.Text())
