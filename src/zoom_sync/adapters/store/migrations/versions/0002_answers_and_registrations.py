"""Answers to polls, registrations, absentees; the times of agenda items; which failures last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zoom_sync.adapters.store.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agenda_items", sa.Column("starts_at", Instant(timezone=True), nullable=True))
    op.add_column("agenda_items", sa.Column("ends_at", Instant(timezone=True), nullable=True))
    op.add_column("collections", sa.Column("lasting", sa.Boolean(), server_default=sa.false(), nullable=False))
    _create_lines("polls", "question", "answer")
    _create_lines("registrations")
    _create_lines("absentees")


def _create_lines(name: str, *texts: str) -> None:
    op.create_table(
        name,
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        *(sa.Column(text, sa.Text(), nullable=False) for text in texts),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f(f"fk_{name}_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "key", "position", name=op.f(f"pk_{name}")),
    )
