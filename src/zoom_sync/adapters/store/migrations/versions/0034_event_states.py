"""Events that are called off or archived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("archived_at", sa.DateTime(timezone=True)))
    op.add_column("events", sa.Column("called_off_at", sa.DateTime(timezone=True)))
    op.add_column("events", sa.Column("cancelled_before", sa.Text()))
