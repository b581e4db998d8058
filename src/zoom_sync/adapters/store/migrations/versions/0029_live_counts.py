"""How many were in a meeting that runs, minute by minute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_counts",
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uuid"], ["live_instances.uuid"], name=op.f("fk_live_counts_uuid"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("uuid", "at", name=op.f("pk_live_counts")),
    )


def downgrade() -> None:
    op.drop_table("live_counts")
