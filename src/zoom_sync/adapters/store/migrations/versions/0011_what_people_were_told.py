"""What people are told of, and what they were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import zoom_sync.adapters.store.tables

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concerns",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_concerns_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "subject", "position", name=op.f("pk_concerns")),
    )
    op.create_table(
        "notice_channels",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("sent_at", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=True),
        sa.Column("claimed_until", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_notice_channels")),
    )
    op.create_table(
        "notices_told",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("told_at", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "mark", name=op.f("pk_notices_told")),
    )
