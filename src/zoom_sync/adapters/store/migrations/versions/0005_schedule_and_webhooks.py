"""What the schedule goes by, and what webhooks tell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zoom_sync.adapters.store.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_marks",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=16), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("deep_at", Instant(timezone=True), nullable=True),
        sa.Column("loaded_at", Instant(timezone=True), nullable=True),
        sa.Column("claimed_until", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_marks_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "task", name=op.f("pk_event_marks")),
    )
    op.create_table(
        "hints",
        sa.Column("meeting_id", sa.String(length=20), nullable=False),
        sa.Column("look", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("heard_at", Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("meeting_id", "look", name=op.f("pk_hints")),
    )
    op.create_index(op.f("ix_hints_heard_at"), "hints", ["heard_at"])
    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("heard_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_heard_at"), "deliveries", ["heard_at"])
    op.create_table(
        "webhook_counts",
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("latest_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outcome", name=op.f("pk_webhook_counts")),
    )
    op.create_table(
        "live_instances",
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("meeting_id", sa.String(length=20), nullable=False),
        sa.Column("started_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("heard_at", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_live_instances")),
    )
    op.create_index(op.f("ix_live_instances_meeting_id"), "live_instances", ["meeting_id"])
    op.create_index(op.f("ix_live_instances_heard_at"), "live_instances", ["heard_at"])
    op.create_table(
        "live_stays",
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["uuid"], ["live_instances.uuid"], name=op.f("fk_live_stays_uuid"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("uuid", "person", name=op.f("pk_live_stays")),
    )
