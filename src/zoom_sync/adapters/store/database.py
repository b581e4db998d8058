"""The database behind the store: one engine per process, short transactions, the schema brought up to date."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from zoom_sync.errors import ConfigurationError, StoreConflict, StoreError, StoreUnavailable

# How long a writer waits for another one on SQLite, in seconds.
BUSY_SECONDS = 30


class Database:
    """An engine and its transactions. Connects at first use."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        """`url` is SQLAlchemy's: `sqlite:///var/zoom_sync.db`, `postgresql+psycopg://…` (`postgresql://` will do)."""
        self._url = _driver_url(url)
        self.engine = _engine(self._url, pool_size)
        self._reader = self.engine.execution_options(reading=True)

    def transaction(self) -> AbstractContextManager[Connection]:
        """A transaction that commits when the block ends and rolls back when it raises.

        Raises:
            StoreConflict: a constraint was violated, so another run was first.
            StoreUnavailable: the database could not be reached or gave up.
        """
        return self._begin(self.engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads, and so waits for no writer. Raises StoreUnavailable."""
        return self._begin(self._reader)

    @contextmanager
    def _begin(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise StoreConflict(_reason(error)) from None
        except OperationalError as error:
            raise StoreUnavailable(_reason(error)) from None
        except DBAPIError as error:
            raise (StoreUnavailable if error.connection_invalidated else StoreError)(_reason(error)) from None

    def upgrade(self) -> None:
        """Bring the schema to the newest version; does nothing where it is."""
        from alembic import command  # noqa: PLC0415 - slow to import, and needed only here
        from alembic.config import Config  # noqa: PLC0415

        if self._url.get_backend_name() == "sqlite" and self._url.database not in (None, "", ":memory:"):
            Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with self.transaction() as connection:
            if connection.dialect.name == "postgresql":
                # Two processes that start at once take turns; any number does, it stands for "schema of zoom_sync".
                connection.execute(text("SELECT pg_advisory_xact_lock(7266051)"))
            config = Config()
            config.set_main_option("script_location", "zoom_sync.adapters.store:migrations")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> str:
        """Which database answers, for `doctor`. Raises StoreUnavailable."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))
            version = connection.dialect.server_version_info or ()
            return f"{connection.dialect.name} {'.'.join(map(str, version))}"

    def close(self) -> None:
        self.engine.dispose()


def _driver_url(url: str) -> Any:
    try:
        parsed = make_url(url)
    except Exception:  # noqa: BLE001 - whatever it says may hold the password
        raise ConfigurationError("DATABASE_URL cannot be read; see config/zoom_sync.toml for its form") from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: Any, pool_size: int) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    pool = {"poolclass": NullPool} if url.database in (None, "", ":memory:") else {"poolclass": QueuePool}
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`, not by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # an intent must outlive a power cut, not only a crash
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer half-way would fail at once when another process writes; IMMEDIATE waits instead.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _reason(error: DBAPIError) -> str:
    """The driver's first line; SQLAlchemy's own text would show the statement."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
