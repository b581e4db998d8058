"""A programme in somebody's database: a query answers its rows, a statement of theirs takes what is written back.

Reading is a transaction that cannot write. Writing reads the rows again in the same transaction, at an isolation at
which the database itself refuses when somebody else changed one of them meanwhile: REPEATABLE READ on PostgreSQL,
SERIALIZABLE on MySQL and MariaDB, and SQLite's one writer at a time.

Imports SQLAlchemy, `domain`, `errors` and this room.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from zoom_sync.adapters.sources.columns import meaning, plain_heading
from zoom_sync.adapters.sources.mapping import Sql
from zoom_sync.adapters.sources.origins.values import NotRead, WrittenBack
from zoom_sync.adapters.sources.records_source import spaced
from zoom_sync.adapters.sources.tables import MOST_ROWS
from zoom_sync.domain.keys import key_of_id
from zoom_sync.domain.returning import GUARDED, RETURNED, Earlier, Returned, is_there, somebody_else
from zoom_sync.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

SECONDS = 30  # for one statement
CONNECT_SECONDS = 10
MOST_TRIES = 3  # where somebody else was at the same rows

_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql",
            "mariadb": "mysql+pymysql", "sqlite": "sqlite"}  # fmt: skip
_SERIAL = {"postgresql": "REPEATABLE READ", "mysql": "SERIALIZABLE"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Database:
    """A database with a programme in it. `address` is a secret; `columns` are those that the mapping names."""

    name: str
    address: str = field(repr=False)
    rules: Sql
    columns: Mapping[str, str] = field(default_factory=dict)

    def fetch(self) -> bytes:
        """The rows as a JSON list of records. Raises NotRead, ConfigurationError."""
        with self._connection(reading=True) as connection:
            rows = self._in_order(self._rows(connection))
        return json.dumps([{name: _told(value) for name, value in row.items()} for row in rows]).encode()

    def write_back(self, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]) -> WrittenBack:
        """Give each session's row its values, each by one statement; what says them already is left.

        `earlier` are values of ours that may stand there. Raises NotRead, ConfigurationError.
        """
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - slow to import

        if self.rules.write_back is None:
            raise ConfigurationError(f"{self.name} has no `write_back` under `sql`: write the statement")
        for tries in range(1, MOST_TRIES + 1):
            try:
                return self._write(self.rules.write_back, wanted, earlier)
            except DBAPIError as error:
                if not _is_conflict(error) or tries == MOST_TRIES:
                    raise NotRead(f"{self.name}: the database does not take what is written back:"
                                  f" {_kind(error)}") from None  # fmt: skip
        raise AssertionError("the last try returns or raises")

    # --- writing ---

    def _write(self, statement: str, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]) -> WrittenBack:
        from sqlalchemy import text  # noqa: PLC0415

        written_back = WrittenBack()
        with self._connection(reading=False) as connection:
            rows = self._rows(connection)
            by_key = self._by_key(rows)
            clause = text(statement)
            self._check_parameters(clause.compile().params, rows)
            for key, mine in wanted.items():
                if key not in by_key:
                    written_back.missing.append(key)
                    continue
                self._write_session(connection, clause, by_key[key], mine, earlier.get(key, Earlier()), written_back)
        return written_back

    def _write_session(
        self,
        connection: Connection,
        clause: Any,
        rows: Sequence[Row],
        mine: Returned,
        earlier: Earlier,
        written_back: WrittenBack,
    ) -> None:
        shown = [self._shown(row) for row in rows]
        if stranger := next(filter(None, (somebody_else(there, mine, earlier) for there in shown)), None):
            written_back.kept.append((mine.key, f"somebody else has written another {stranger} there"))
            return
        if earlier.is_done(mine) and all(is_there(there, mine) for there in shown):
            written_back.same.append(mine.key)
            return
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

        try:
            with connection.begin_nested() as part:
                for row in rows:
                    count = connection.execute(clause, {**row, **mine.values()}).rowcount
                    if not 1 <= count <= len(rows):
                        part.rollback()
                        written_back.kept.append((mine.key, f"the statement changes {count} rows: look at its WHERE"))
                        return
        except DBAPIError as error:
            if _is_conflict(error) or error.connection_invalidated:
                raise
            written_back.kept.append((mine.key, f"the database refuses it: {_kind(error)}"))
            return
        written_back.changed.append(mine.key)

    def _by_key(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        name = self._column("id", rows)
        if name is None:
            raise ConfigurationError(
                f"{self.name}: nothing can be written back without a column that is the `id`: name it under `columns`"
            )
        rowses: dict[str, list[Row]] = {}
        for row in rows:
            if row[name] is not None:
                rowses.setdefault(key_of_id(str(_told(row[name]))), []).append(row)
        return rowses

    def _shown(self, row: Row) -> dict[str, str]:
        """What the row shows of what we write."""
        named = {ours: self._column("link" if ours == "join_url" else ours, [row]) for ours in GUARDED}
        return {ours: str(_told(row[column]) or "") for ours, column in named.items() if column is not None}

    def _column(self, name: str, rows: Sequence[Row]) -> str | None:
        """The query's column that is a field: as the mapping names it, else by its own name."""
        there = list(rows[0]) if rows else []
        if name in self.columns:
            heading = plain_heading(spaced(self.columns[name]))
            return next((column for column in there if plain_heading(spaced(column)) == heading), None)
        return next((column for column in there if meaning(spaced(column)) == name), None)

    def _check_parameters(self, names: Mapping[str, Any], rows: Sequence[Row]) -> None:
        known = {*RETURNED, *(rows[0] if rows else ())}
        if rows and (unknown := [name for name in names if name not in known]):
            raise ConfigurationError(
                f"{self.name}: the `write_back` statement cannot be used",
                [Problem(f"it names `:{name}`; known are {', '.join(f'`:{value}`' for value in sorted(known))}")
                 for name in unknown],
            )  # fmt: skip

    # --- reading ---

    def _in_order(self, rows: list[Row]) -> list[Row]:
        """As the query orders them; else by the id, as a database answers changed rows in any order."""
        name = self._column("id", rows)
        if name is None or re.search(r"\border\s+by\b", self.rules.query, re.IGNORECASE):
            return rows
        return sorted(rows, key=lambda row: (len(str(row[name])), str(row[name])))

    def _rows(self, connection: Connection) -> list[Row]:
        from sqlalchemy import text  # noqa: PLC0415

        answer = connection.execute(text(self.rules.query))
        names = list(answer.keys())
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise NotRead(f"{self.name}: the query answers several columns called `{twice[0]}`: name them with AS")
        rows = answer.fetchmany(MOST_ROWS + 1)
        return [dict(zip(names, row, strict=True)) for row in rows]

    @contextmanager
    def _connection(self, *, reading: bool) -> Iterator[Connection]:
        """A transaction of its own. Raises NotRead, ConfigurationError."""
        from sqlalchemy.exc import DBAPIError, SQLAlchemyError  # noqa: PLC0415

        engine = _engine(self.name, self.address, reading=reading)
        try:
            with engine.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            if not reading and (_is_conflict(error) or _wrote(error)):
                raise
            raise NotRead(f"{self.name}: {_words(error, engine.url)}") from None
        except (SQLAlchemyError, sqlite3.Error, OverflowError, ValueError) as error:
            raise NotRead(f"{self.name}: the database cannot be used: {type(error).__name__}") from None
        finally:
            engine.dispose()


def _wrote(error: Any) -> bool:
    """Whether it is of a statement with values, whose words might be secrets."""
    return bool(error.params)


def _told(value: Any) -> Any:
    """A value of a database as JSON."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if value is None or isinstance(value, str | int | float | dict):
        return value
    return str(value)


# --- connections -----------------------------------------------------------------------------------------------------


def _engine(name: str, address: str, *, reading: bool) -> Engine:
    """An engine for one connection. Raises ConfigurationError, which tells nothing of the address."""
    from sqlalchemy import NullPool, create_engine, event  # noqa: PLC0415
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ConfigurationError(f"{name}: the database's address is not one: write it like"
                                 " postgresql://user:password@host/database") from None  # fmt: skip
    kind = url.drivername.partition("+")[0]
    if kind not in _DRIVERS:
        raise ConfigurationError(f"{name}: databases of the kind {kind!r} are not read: only PostgreSQL, SQLite, MySQL"
                                 " and MariaDB")  # fmt: skip
    url = url.set(drivername=_DRIVERS[kind])
    options: dict[str, Any] = {"poolclass": NullPool}
    if kind == "sqlite":
        options["creator"] = lambda: _sqlite(name, url, reading=reading)
        url = url.set(database=None, query={})
    elif kind in {"mysql", "mariadb"}:
        options["connect_args"] = {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": SECONDS,
            "write_timeout": SECONDS,
        }
    else:
        text = f"-c statement_timeout={SECONDS * 1000} -c lock_timeout={CONNECT_SECONDS * 1000}"
        options["connect_args"] = {"connect_timeout": CONNECT_SECONDS, "options": text}
    try:
        engine = create_engine(url, **options)
    except ModuleNotFoundError:
        raise ConfigurationError(f"{name}: MySQL and MariaDB need zoom_sync[mysql]: install it") from None
    if kind == "sqlite":
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN" if reading else
                                                                                    "BEGIN IMMEDIATE"))  # fmt: skip
        return engine
    if reading:
        return engine.execution_options(**_reading(engine))
    return engine.execution_options(isolation_level=_SERIAL[engine.dialect.name])


def _reading(engine: Engine) -> dict[str, Any]:
    """So that the database itself refuses to write."""
    from sqlalchemy import event  # noqa: PLC0415

    if engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def only_read(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")

    event.listen(engine, "connect", only_read)
    return {"isolation_level": "REPEATABLE READ"}


def _sqlite(name: str, url: URL, *, reading: bool) -> sqlite3.Connection:
    """A file that is there: none is made in passing."""
    if not url.database or url.database == ":memory:":
        raise ConfigurationError(f"{name}: the database's address names no file: write it like sqlite:////srv/talks.db")
    mode = "ro" if reading else "rw"
    path = f"file:{quote(url.database)}?mode={mode}"
    connection = sqlite3.connect(path, uri=True, timeout=CONNECT_SECONDS, isolation_level=None, check_same_thread=False)
    connection.text_factory = lambda told: told.decode("utf-8", "replace")
    if reading:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _is_conflict(error: Any) -> bool:
    """Whether somebody else was at the same rows: trying again can help."""
    state = getattr(error.orig, "sqlstate", None)
    number = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return state in {"40001", "40P01"} or number in {1213, 1205} or "database is locked" in str(error.orig)


def _kind(error: Any) -> str:
    """What a database says of a statement, without its words: they may hold what was to be written."""
    state = getattr(error.orig, "sqlstate", None)
    return f"{type(error.orig).__name__}{f' ({state})' if state else ''}"


def _words(error: Any, url: URL) -> str:
    """The first line of what the database says, without the password."""
    words = str(error.orig).strip().splitlines()
    text = words[0] if words else type(error.orig).__name__
    with suppress(TypeError, ValueError):
        for secret in (url.password, quote(url.password or "")):
            text = text.replace(secret, "***") if secret else text
    return f"the database says: {text[:300]}"
