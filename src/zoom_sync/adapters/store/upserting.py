"""INSERT with ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def insert_for(connection: Connection, table: Table) -> Any:
    """An INSERT into a table that can be told what to do on a conflict."""
    return postgresql_insert(table) if connection.dialect.name == "postgresql" else sqlite_insert(table)
