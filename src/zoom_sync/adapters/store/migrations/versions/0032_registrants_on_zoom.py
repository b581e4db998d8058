"""How many people have registered for a meeting on Zoom, and since when a report has been in its state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("links", sa.Column("registrants", sa.Integer(), nullable=True))
    op.add_column("collections", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
