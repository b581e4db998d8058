"""The whole store as one file, and back: the same for SQLite and PostgreSQL, so it also moves from one to the other.

A zip of one file of JSON lines per table and `manifest.json`. Rows are copied as they are stored, what is encrypted
stays encrypted, so a backup is worth nothing without the key and nothing has to be decrypted to make one.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import JSON, Connection, DateTime, LargeBinary, MetaData, Table, func, insert, select, text

from zoom_sync.adapters.store.database import VERSION_TABLE, Database
from zoom_sync.errors import StoreConflict, UserError

FORM = 1
MANIFEST = "manifest.json"
ROWS_AT_ONCE = 2000


def write_backup(database: Database, out: BinaryIO, program: str, now: datetime) -> dict[str, int]:
    """Write everything to `out`, as it is at one moment, while work goes on. Answers the rows of each table.

    Raises StoreUnavailable, and OSError where `out` cannot be written.
    """
    with database.snapshot() as connection, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = _tables(connection)
        counts = {table.name: _dump(connection, table, archive) for table in tables}
        manifest = {
            "form": FORM, "program": program, "made_at": now.isoformat(),
            "schema": connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one(),  # noqa: S608 - a constant
            "rows": counts,
        }  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
    return counts


def restore_backup(database: Database, source: BinaryIO) -> dict[str, int]:
    """Put a backup into an empty store and bring its schema up to date. Answers the rows of each table.

    All rows are put in by one transaction: a restore that is killed leaves an empty store, and can be begun again.

    Raises:
        UserError: the file is no backup, is damaged or was made by a newer version; or the store is not empty.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            _make_schema(database, str(manifest["schema"]))
            with database.transaction() as connection:
                counts = _fill(connection, archive, manifest["rows"])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, StoreConflict) as error:
        raise UserError(f"this is not a backup of zoom_sync, or it is damaged ({type(error).__name__})") from None
    database.upgrade()
    return counts


def _tables(connection: Connection) -> list[Table]:
    """The tables there are, parents first; read from the database, so that nothing is decoded on the way."""
    metadata = MetaData()
    metadata.reflect(connection)
    for column in (column for table in metadata.tables.values() for column in table.columns):
        if isinstance(column.type, JSON):
            column.type.none_as_null = True  # nothing stays nothing, and does not become a JSON null
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def _dump(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
    count = 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out, TextIOWrapper(out, "utf-8") as lines:
        for count, row in enumerate(rows.mappings(), 1):  # noqa: B007 - the last one is the number of rows
            lines.write(json.dumps(dict(row), ensure_ascii=False, default=_plain))
            lines.write("\n")
    return count


def _plain(value: object) -> str:
    if isinstance(value, datetime):  # SQLite has no zones: what is there without one is UTC
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def _manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    values: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if values["form"] != FORM:
        raise UserError(f"the backup was made by a newer version, {values.get('program')}; upgrade zoom_sync first")
    return values


def _make_schema(database: Database, version: str) -> None:
    """Empty tables of the version that the backup was made with."""
    database.make_folder()
    with database.transaction() as connection:
        tables = _tables(connection)
        if any(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables):
            raise UserError("the store is not empty; name an empty one in DATABASE_URL to restore into")
        for table in reversed(tables):
            table.drop(connection)
        connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    database.upgrade(to=version)


def _fill(connection: Connection, archive: zipfile.ZipFile, expected: Mapping[str, int]) -> dict[str, int]:
    counts = {}
    for table in _tables(connection):
        with archive.open(f"{table.name}.jsonl") as lines:
            counts[table.name] = _load(connection, table, (json.loads(line) for line in lines))
        if connection.dialect.name == "postgresql":
            _go_on_counting(connection, table)
    if counts != dict(expected):
        raise UserError("the backup is damaged: some of its rows are missing; nothing was restored")
    return counts


def _load(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    decoders = {column.name: decode for column in table.c if (decode := _decoder(column.type))}
    while part := list(islice(rows, ROWS_AT_ONCE)):
        for row, name in ((row, name) for row in part for name in decoders if row[name] is not None):
            row[name] = decoders[name](row[name])
        connection.execute(insert(table), part)
        count += len(part)
    return count


def _decoder(kind: object) -> Any:
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    return base64.b64decode if isinstance(kind, LargeBinary) else None


def _go_on_counting(connection: Connection, table: Table) -> None:
    """The next id after the highest one; SQLite does so by itself."""
    for column in _serials(table):
        highest = select(func.max(column)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def _serials(table: Table) -> Iterable[Any]:
    return (column for column in table.c if column.server_default is not None and "nextval" in str(
        getattr(column.server_default, "arg", "")
    ))  # fmt: skip
