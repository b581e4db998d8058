"""What was sent of each field of a meeting, and what Zoom made of it. Older links have none: what was applied holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("links", sa.Column("learned", sa.JSON(), nullable=True))
