"""Whether a store holds encrypted values: then nothing may be written into it without a key."""

from __future__ import annotations

from sqlalchemy import Connection, Table, Text, cast, select

from zoom_sync.adapters.store.sealing import SEALED, SealedJson, SealedText
from zoom_sync.adapters.store.tables import metadata

# How many of each table's newest rows are looked at: it costs the same however much is stored.
ROWS_LOOKED_AT = 20


def holds_sealed_values(connection: Connection) -> bool:
    """Whether one of the newest rows of a table holds a value that is encrypted."""
    return any(_has_sealed(connection, table) for table in metadata.sorted_tables)


def _has_sealed(connection: Connection, table: Table) -> bool:
    columns = [cast(column, Text) for column in table.columns if isinstance(column.type, (SealedText, SealedJson))]
    if not columns:
        return False
    newest_first = [key.desc() for key in table.primary_key.columns]
    rows = connection.execute(select(*columns).order_by(*newest_first).limit(ROWS_LOOKED_AT))
    # JSON columns hold the token as a JSON text, in quotes.
    return any(value is not None and SEALED.fullmatch(value.strip('"')) for row in rows for value in row)
