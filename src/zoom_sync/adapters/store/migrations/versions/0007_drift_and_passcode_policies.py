"""What somebody edited on Zoom, and what is asked of passcodes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import zoom_sync.adapters.store.tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drifts",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.String(length=20), nullable=False),
        sa.Column("applied", sa.JSON(), nullable=False),
        sa.Column("on_zoom", sa.JSON(), nullable=False),
        sa.Column("treatment", sa.String(length=16), nullable=False),
        sa.Column("since", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=False),
        sa.Column("seen_at", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_drifts_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "key", "field", name=op.f("pk_drifts")),
    )
    op.create_table(
        "passcode_policies",
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("read_at", zoom_sync.adapters.store.tables.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_passcode_policies")),
    )
