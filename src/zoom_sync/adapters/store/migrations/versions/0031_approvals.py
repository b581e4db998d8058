"""How an event has its changes made, who loaded it, and which changes a person has approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("changes", sa.String(16), nullable=True))
    op.add_column("events", sa.Column("freeze_hours", sa.Integer(), nullable=True))
    op.add_column("events", sa.Column("loaded_by", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "approvals",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_approvals_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "mark", name=op.f("pk_approvals")),
    )
