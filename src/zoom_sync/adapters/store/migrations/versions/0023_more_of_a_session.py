"""What a programme says of a session beyond its meeting: its room, who moderates it, whether it is held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("room", sa.Text()))
    op.add_column("sessions", sa.Column("track", sa.Text()))
    op.add_column("sessions", sa.Column("moderators", sa.Text()))
    op.add_column("sessions", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("sessions", sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("language", sa.String(length=100)))
    op.add_column("sessions", sa.Column("expected", sa.Integer()))
    op.add_column("sessions", sa.Column("record", sa.Boolean()))
    op.add_column("sessions", sa.Column("rehearsal_of", sa.String(length=200)))
