"""Stores of the newest schema, each a copy of one that was migrated once: to migrate takes longer than most tests."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from servers import Postgres
from zoom_sync.adapters.store.database import Database


@cache
def _migrated_file() -> Path:
    folder = tempfile.mkdtemp(prefix="zoom_sync_migrated_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder}/store.db")
    database.upgrade()
    database.close()  # the last connection brings its journal into the file
    return Path(folder) / "store.db"


def migrated_file(path: Path) -> str:
    """The URL of an empty SQLite store of the newest schema at `path`, where there is none yet."""
    Database(f"sqlite:///{path}").make_folder()
    shutil.copyfile(_migrated_file(), path)
    return f"sqlite:///{path}"


@contextmanager
def migrated_template(server: Postgres) -> Iterator[str]:
    """The name of a PostgreSQL database of the newest schema that others are made from, for the time of the block."""
    with server.database() as url:
        database = Database(url)
        database.upgrade()
        database.close()  # nobody may be connected to a template
        yield url.rpartition("/")[2]
