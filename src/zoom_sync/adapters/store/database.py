"""The database behind the store: one engine per process, short transactions, the schema brought up to date."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from zoom_sync.adapters.store import contents
from zoom_sync.adapters.store.locks import Lock
from zoom_sync.adapters.store.sealing import OPEN, VARIABLE, Seal, set_seal
from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import ConfigurationError, SchemaNewer, StoreConflict, StoreError, StoreUnavailable

# How long a writer waits for another one on SQLite, in seconds.
BUSY_SECONDS = 30
# A connection to PostgreSQL that rested for longer is tried before it is used.
IDLE_SECONDS = 1.0
# Where Alembic keeps the schema's version.
VERSION_TABLE = "alembic_version"
STILL_THERE = (
    "what was removed is gone from the tables, but its bytes are still in the database file, which other processes use;"
    " run it again when they are idle"
)


class Database:
    """An engine and its transactions. Connects at first use."""

    def __init__(self, url: str, *, pool_size: int = 8, seal: Seal | None = None) -> None:
        """`url` is SQLAlchemy's: `sqlite:///var/zoom_sync.db`, `postgresql+psycopg://…` (`postgresql://` will do).

        `seal` holds the keys that personal data and passcodes are encrypted with; without it they are kept as they are.
        """
        self._url = _driver_url(url)
        self.engine = _engine(self._url, pool_size)
        self.seal = seal or OPEN
        set_seal(self.engine.dialect, self.seal)
        contents.watch(self.engine)
        self._reader = self.engine.execution_options(reading=True)
        self._passing = self.engine.execution_options(passing=True)
        self._may_write = self.seal.first is not None
        # SQLite has one writer at a time, and lets others sleep and look again: threads take turns here instead.
        alone = self._url.get_backend_name() == "sqlite"
        self._turn: AbstractContextManager[Any] = threading.Lock() if alone else nullcontext()

    def transaction(self, *, lasting: bool = True) -> AbstractContextManager[Connection]:
        """A transaction that commits when the block ends and rolls back when it raises.

        `lasting` False: a power cut right afterwards may undo it, and nobody waits for the disk.

        Raises:
            StoreConflict: a constraint was violated, so another run was first.
            StoreUnavailable: the database could not be reached or gave up.
            StoreError: the database cannot be written, or refused a statement.
            ConfigurationError: it holds encrypted values, and no key is set.
        """
        self._refuse_without_key()
        return self._changing(self.engine if lasting else self._passing)

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads, and so waits for no writer. Raises StoreUnavailable."""
        return self._begin(self._reader, nullcontext())

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A reading transaction that sees the store as it is at one moment, however long it takes."""
        if self._url.get_backend_name() == "sqlite":  # in WAL mode every reader does
            return self.reading()
        return self._begin(self._reader.execution_options(isolation_level="REPEATABLE READ"), nullcontext())

    def _refuse_without_key(self) -> None:
        """What were written into a sealed store without its key would lie there in the clear. Asked once a process."""
        if self._may_write:
            return
        from zoom_sync.adapters.store.unsealed import holds_sealed_values  # noqa: PLC0415 - it knows all tables

        if self._version() != known_versions()[-1]:
            return  # it is being brought up to date, and cannot be asked by the tables of now
        with self.reading() as connection:
            sealed = holds_sealed_values(connection)
        if sealed:
            raise ConfigurationError(
                f"the store holds encrypted values and {VARIABLE} is not set, so what is written now would lie beside "
                "them in the clear: set the key that the store was used with"
            )
        self._may_write = True

    @contextmanager
    def _changing(self, engine: Engine) -> Iterator[Connection]:
        """A transaction that gives events whose content it changes a new version."""
        with self._begin(engine, self._turn) as connection:
            contents.begin(connection)
            yield connection
            contents.end(connection)

    @contextmanager
    def _begin(self, engine: Engine, turn: AbstractContextManager[Any]) -> Iterator[Connection]:
        try:
            with turn, engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise StoreConflict(_reason(error)) from None
        except OperationalError as error:
            raise _unusable(error) from None
        except PoolTimeout:
            raise StoreUnavailable(Phrase("every connection to the database is in use")) from None
        except DBAPIError as error:
            raise (StoreUnavailable if error.connection_invalidated else StoreError)(_reason(error)) from None

    def make_folder(self) -> None:
        """A database file and its folder, where there are none, for their owner alone. Raises StoreError."""
        if self._url.get_backend_name() == "sqlite":
            _make_private(Path(str(self._url.database)))

    def upgrade(self, to: str = "head") -> None:
        """Bring the schema to the newest version, or to the one named; where it is so, waits for no writer.

        Raises SchemaNewer where the schema is, or shall be, of a version that this program does not know.
        """
        self.make_folder()
        present, known = self._version(), known_versions()
        for version in (present, to):
            _refuse_unknown(version)
        if present == (known[-1] if to == "head" else to):
            return
        logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its plugins while it is imported
        from alembic import command  # noqa: PLC0415 - slow to import, and needed only here
        from alembic.config import Config  # noqa: PLC0415

        with self._begin(self.engine, self._turn) as connection:
            if connection.dialect.name == "postgresql":
                # Two processes that start at once take turns.
                connection.execute(text(f"SELECT pg_advisory_xact_lock({Lock.SCHEMA:d})"))
            config = Config()
            config.set_main_option("script_location", "zoom_sync.adapters.store:migrations")
            config.attributes["connection"] = connection
            command.upgrade(config, to)

    def check_schema(self) -> None:
        """For who works for long: whether a newer program has brought the schema on meanwhile.

        Raises SchemaNewer, StoreUnavailable.
        """
        _refuse_unknown(self._version())

    def _version(self) -> str | None:
        """The schema's version; None before there is one."""
        with self.reading() as connection:
            if not inspect(connection).has_table(VERSION_TABLE):
                return None
            cursor_result = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a constant
            return cursor_result.scalar_one_or_none()

    def check(self) -> str:
        """Which database answers, for `doctor` and `/readyz`. Raises StoreUnavailable, SchemaNewer."""
        self.check_schema()
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))
            version = connection.dialect.server_version_info or ()
            return f"{connection.dialect.name} {'.'.join(map(str, version))}"

    def compact(self) -> None:
        """Give back the room of what was deleted, so that its bytes are gone from SQLite's file and its log.

        PostgreSQL does that by itself, in its own time. Raises StoreUnavailable where the file is in use for long.
        """
        if self._url.get_backend_name() != "sqlite":
            return
        with self._turn:
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                value = cursor.fetchone()
                busy = value is not None and bool(value[0])  # a reader of the old state is no error to SQLite
                cursor.close()
            except sqlite3.OperationalError as error:
                raise StoreUnavailable(f"{STILL_THERE} ({error})") from None
            finally:
                connection.close()
        if busy:
            raise StoreUnavailable(STILL_THERE)

    def close(self) -> None:
        self.engine.dispose()


@cache
def known_versions() -> tuple[str, ...]:
    """Every version of the schema, in order. A version's file is named by it: 0001_the_first_schema.py."""
    files = resources.files("zoom_sync.adapters.store.migrations").joinpath("versions").iterdir()
    return tuple(sorted(file.name.partition("_")[0] for file in files if file.name[0].isdigit()))


def _refuse_unknown(version: str | None) -> None:
    if version not in (None, "head", *known_versions()):
        raise SchemaNewer(f"the store's schema is {version}, of a newer zoom_sync than this one; upgrade the program")


def _driver_url(url: str) -> Any:
    try:
        parsed = make_url(url)
    except Exception:  # noqa: BLE001 - whatever it says may hold the password
        raise ConfigurationError("DATABASE_URL cannot be read; see config/zoom_sync.toml for its form") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("postgresql+psycopg", "sqlite", "sqlite+pysqlite"):
        raise ConfigurationError(
            f"DATABASE_URL names {parsed.drivername}; zoom_sync keeps its data in sqlite or postgresql"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigurationError("DATABASE_URL names a database in memory, which would forget every link; name a file")
    return parsed


def _make_private(path: Path) -> None:
    """Whatever the umask: personal data is for its owner alone. SQLite gives its journals the database's own mode.

    https://sqlite.org/src/file/src/os_unix.c (findCreateFileMode)
    """
    if str(path).startswith("file:"):
        return  # SQLite's own form of a path, which creates nothing
    try:
        if not path.parent.exists():
            path.parent.parent.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreError(f"the database {path} cannot be made: {error.strerror or error}") from None


def open_to_others(database: Database) -> bool:
    """Whether other users of this machine may read the database's file: one that an earlier version has made."""
    url = database.engine.url
    if url.get_backend_name() != "sqlite":
        return False
    with suppress(OSError):
        return bool(Path(str(url.database)).stat().st_mode & 0o077)
    return False


def _engine(url: Any, pool_size: int) -> Engine:
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_size=pool_size, max_overflow=0, hide_parameters=True)
        # Before SQLAlchemy's own first question, which already fails where text arrives as bytes.
        event.listen(engine, "connect", _refuse_other_encodings, insert=True)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_ping_idle, engine))
        return engine
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _refuse_other_encodings(connection: Any, _record: Any) -> None:
    """Names are written in every script, and SQL_ASCII would not even check them."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise StoreError(
            f"the database's encoding is {encoding}, and names in every script need UTF8: make an empty one with "
            "`createdb --encoding=UTF8 --template=template0 NAME`, and name it in DATABASE_URL"
        )


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ping_idle(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    """A server that was restarted is noticed before a connection that rested is used, at the cost of a round trip."""
    if time.monotonic() - record.info.get("used", time.monotonic()) < IDLE_SECONDS:
        return
    driver = engine.dialect.dbapi
    assert driver is not None
    try:
        engine.dialect.do_ping(connection)
    except driver.Error:
        raise DisconnectionError from None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # an intent must outlive a power cut, not only a crash
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way would fail at once when another process writes; IMMEDIATE waits instead.
    options = connection.get_execution_options()
    reading = options.get("reading", False)
    if not reading and options.get("passing", False) != connection.info.get("passing", False):
        passing = connection.info["passing"] = options.get("passing", False)
        connection.exec_driver_sql(f"PRAGMA synchronous = {'NORMAL' if passing else 'FULL'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reason(error: DBAPIError) -> str:
    """The driver's first line; SQLAlchemy's own text would show the statement."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


# What no second try mends, in SQLite's words. https://sqlite.org/rescode.html
LASTING = {
    "readonly": "the database cannot be written: {reason}; who runs zoom_sync must own the file and its folder",
    "full": "the database cannot be written: {reason}; make room, then run it again: nothing is lost",
    "unable to open": "the database file cannot be opened: {reason}; see DATABASE_URL",
    "no such table": "the database lacks its tables: {reason}",
    "malformed": "the database file is damaged: {reason}; put a backup in its place",
}


def _unusable(error: OperationalError) -> StoreError:
    reason = _reason(error)
    lasting = next((words for sign, words in LASTING.items() if sign in reason), None)
    return StoreUnavailable(reason) if lasting is None else StoreError(lasting.format(reason=reason))
