"""What an item of a run may take from people, as it was accepted by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run_items", sa.Column("accepted", sa.JSON(), nullable=True))
