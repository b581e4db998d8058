"""Sessions that go on under another key: what calendars know them by, and the keys of their parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("parts", sa.Text()))
    op.add_column("publications", sa.Column("uid_key", sa.String(length=200)))
