"""What stands for the meeting that was wanted when an item of a run was planned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run_items", sa.Column("seen", sa.String(32), nullable=True))
