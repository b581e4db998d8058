"""What Alembic runs: the connection comes from `Database.upgrade`, or from DATABASE_URL for a developer's command."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with Database(os.environ["DATABASE_URL"]).transaction() as own:
        migrate(own)
