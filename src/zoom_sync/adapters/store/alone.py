"""One at a time on a store: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.locks import Lock
from zoom_sync.errors import StoreConflict, StoreError, StoreUnavailable

SUFFIX = ".serve.lock"


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Be the only one of its kind on this store until the block ends.

    Raises:
        StoreConflict: another one is there.
    """
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        with _file_lock(Path(str(url.database))):
            yield
    else:
        with _advisory_lock(database):
            yield


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    """On a file beside the database: SQLite's own locks are its own. The system drops it when the process ends."""
    path = database.with_name(database.name + SUFFIX)
    try:  # for its owner alone: who may open it could hold the lock
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600), "a")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreConflict(f"another zoom-sync serve is running on {database}") from None
        yield


@contextmanager
def _advisory_lock(database: Database) -> Iterator[None]:
    """By a connection that is kept: PostgreSQL drops the lock when it breaks."""
    try:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.execute(text(f"SELECT pg_try_advisory_lock({Lock.SERVE:d})")).scalar_one():
                raise StoreConflict("another zoom-sync serve is running on this database")
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock({Lock.SERVE:d})"))
    except DBAPIError as error:
        raise StoreUnavailable(type(error.orig).__name__) from None
