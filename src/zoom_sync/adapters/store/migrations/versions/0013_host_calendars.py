"""What hosts hold and may hold: times of creations and of updates on their way, what others made, licences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zoom_sync.adapters.store.tables.base import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_calendars",
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.Column("seen_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_host_calendars")),
    )
    op.create_table(
        "host_licences",
        sa.Column("host_id", sa.String(length=64), nullable=False),
        sa.Column("licence", sa.JSON(), nullable=False),
        sa.Column("read_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host_id", name=op.f("pk_host_licences")),
    )
    op.add_column("links", sa.Column("moving", sa.JSON(), nullable=True))
    op.add_column("links", sa.Column("moving_at", Instant(timezone=True), nullable=True))
    op.add_column("intents", sa.Column("spans", sa.JSON(), nullable=True))
    op.add_column("run_items", sa.Column("overload", sa.Boolean(), nullable=True))
