"""The database behind the store: its schema, and what is said when it is not there."""

import shutil
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from factories import NOW, make_link, make_programme, make_session
from zoom_sync.adapters.store import database as database_module
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.tables import metadata
from zoom_sync.errors import ConfigurationError, StoreConflict, StoreError, StoreUnavailable


def test_the_schema_of_an_empty_database_is_the_one_described(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_upgrading_again_keeps_everything(database):
    Programmes(database).save(make_programme(), NOW)
    Links(database).finish("urban-2023", make_link(), None, NOW)
    database.upgrade()
    assert Links(database).link("urban-2023", "seminar-1") == make_link()


def test_processes_that_start_at_once_agree(database_url, at_once):
    databases = [Database(database_url) for _ in range(3)]
    assert at_once(*(each.upgrade for each in databases)) == [None] * 3
    assert "sqlite" in databases[0].check() or "postgresql" in databases[0].check()
    for each in databases:
        each.close()


def test_a_transaction_that_fails_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:  # noqa: PT012
        connection.execute(text("INSERT INTO host_days VALUES ('h', 'd', 1)"))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM host_days")).scalar_one() == 0


def test_a_violated_constraint_is_a_conflict_without_the_values(database):
    with pytest.raises(StoreConflict) as caught, database.transaction() as connection:  # noqa: PT012
        for _ in range(2):
            connection.execute(text("INSERT INTO host_days VALUES (:host, 'd', 1)"), {"host": "secret-host"})
    assert "INSERT" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "no-such-host.invalid"])
def test_a_server_that_is_away_is_said_without_the_password(host):
    database = Database(f"postgresql://someone:s3cr%2Ft@{host}/zoom_sync?connect_timeout=2")
    with pytest.raises(StoreUnavailable) as caught:
        database.check()
    told = f"{caught.value!r} {caught.value.__cause__} {caught.value}"
    assert "s3cr" not in told
    assert caught.value.retryable


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_every_name_is_refused(postgres_server, encoding):
    with postgres_server.database(f"ENCODING '{encoding}' TEMPLATE template0") as url:
        database = Database(url)
        for _ in range(2):  # SQLAlchemy asks its own questions only once
            with pytest.raises(StoreError, match=f"encoding is {encoding}") as caught:
                database.upgrade()
            assert not caught.value.retryable
        database.close()


def test_a_server_that_dies_and_comes_back(postgres_server, postgres_url):
    database = Database(postgres_url)
    database.upgrade()
    postgres_server.kill()
    with pytest.raises(StoreUnavailable):
        database.check()
    postgres_server.start()
    assert "postgresql" in database.check()
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:s3cr/t@[::1/x",
        "postgresql://someone:s3cr@host:notaport/x",
        "s3cr",
        "mysql://someone:s3cr@host/x",
        "postgresql+asyncpg://someone:s3cr@host/x",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_used_is_said_without_the_password(url):
    with pytest.raises(ConfigurationError) as caught:
        Database(url)
    assert "DATABASE_URL" in str(caught.value)
    assert "s3cr" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Database(f"sqlite:///{tmp_path}/file/store.db").upgrade()


def test_a_file_that_cannot_be_written_is_said_and_can_be_read(tmp_path):
    path = tmp_path / "store.db"
    writable = Database(f"sqlite:///{path}")
    writable.upgrade()
    Programmes(writable).save(make_programme(), NOW)
    writable.close()
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert len(Programmes(database).events()) == 1
    with pytest.raises(StoreError, match=r"cannot be written.*own the file") as caught:
        Programmes(database).save(make_programme(), NOW)
    assert not caught.value.retryable
    database.close()


def test_a_full_disk_is_said_and_loses_nothing(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/store.db")
    database.upgrade()
    Programmes(database).save(make_programme(), NOW)
    many = make_programme(*(make_session(f"s-{n}", description="long " * 300) for n in range(50)))
    with database.transaction() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))  # the least is as many as there are: none can be added
    with pytest.raises(StoreError, match="make room"):
        Programmes(database).save(many, NOW)
    assert Programmes(database).programme("urban-2023") == make_programme()
    database.close()


def test_a_damaged_file_is_said(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match="database"):
        Database(f"sqlite:///{path}").upgrade()


def test_a_copy_of_the_file_is_a_backup(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/store.db")
    database.upgrade()
    Programmes(database).save(make_programme(), NOW)
    database.close()
    shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    copy.upgrade()
    assert Programmes(copy).programme("urban-2023") == make_programme()
    copy.close()
    with sqlite3.connect(tmp_path / "copy.db") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


def test_bytes_that_a_reader_still_holds_on_to_are_said(tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    database, other = (Database(f"sqlite:///{tmp_path}/store.db") for _ in range(2))
    database.upgrade()
    Programmes(database).save(make_programme(), NOW)
    with other.reading() as connection:
        connection.execute(text("SELECT count(*) FROM events")).scalar_one()
        with pytest.raises(StoreUnavailable, match="run it again"):
            database.compact()
    database.compact()
    assert (tmp_path / "store.db-wal").stat().st_size == 0
    for each in (database, other):
        each.close()
