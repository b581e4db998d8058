"""The e-mails of presenters, and who of them was made a panelist."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presenters",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_presenters_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "key", "item", "position", name=op.f("pk_presenters")),
    )
    op.create_table(
        "panelists",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name=op.f("fk_panelists_link_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("link_id", "position", name=op.f("pk_panelists")),
    )
