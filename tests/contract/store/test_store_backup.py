"""A backup holds every row of every table, restores into an empty store of either kind, and is refused otherwise."""

import io
import json
import zipfile

import pytest
from sqlalchemy import func, insert, select

from factories import NOW, make_link, make_programme
from support.filling import full_rows
from zoom_sync.adapters.store.backup import restore_backup, write_backup
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.tables import metadata
from zoom_sync.errors import UserError


def fill(database):
    with database.transaction() as connection:
        for table in metadata.sorted_tables:
            connection.execute(insert(table), full_rows(table))


# A restored store is new content, so that whoever kept a public page asks for it anew: of this table the keys are kept.
NEW_WITH_EACH_RESTORE = {"event_contents"}


def rows(database):
    with database.reading() as connection:
        return {table.name: _rows(connection, table) for table in metadata.sorted_tables}


def _rows(connection, table):
    columns = table.primary_key if table.name in NEW_WITH_EACH_RESTORE else table.columns
    return [tuple(row) for row in connection.execute(select(*columns).order_by(*table.primary_key))]


@pytest.fixture
def elsewhere(request, tmp_path):
    """An empty store: SQLite, and PostgreSQL too where the source is SQLite."""
    database = Database(
        f"sqlite:///{tmp_path}/elsewhere.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )
    yield database
    database.close()


def backup_of(database):
    out = io.BytesIO()
    write_backup(database, out, "zoom_sync/test", NOW)
    return out


@pytest.mark.parametrize("elsewhere", ["sqlite"], indirect=True)
def test_a_backup_restores_every_row_of_every_table(database, elsewhere):
    fill(database)
    counts = restore_backup(elsewhere, backup_of(database))
    assert rows(elsewhere) == rows(database)
    assert counts == {table.name: 3 for table in metadata.sorted_tables}


@pytest.mark.parametrize("elsewhere", ["postgresql"], indirect=True)
def test_a_backup_of_sqlite_restores_into_postgresql_and_counting_goes_on(tmp_path, elsewhere):
    database = Database(f"sqlite:///{tmp_path}/store.db")
    database.upgrade()
    fill(database)
    restore_backup(elsewhere, backup_of(database))
    assert rows(elsewhere) == rows(database)
    Programmes(elsewhere).save(make_programme(), NOW)
    Links(elsewhere).finish("urban-2023", make_link(), None, NOW)
    assert Links(elsewhere).link("urban-2023", "seminar-1") == make_link()
    database.close()


def test_a_store_that_is_not_empty_is_left_alone(database):
    fill(database)
    before = rows(database)
    with pytest.raises(UserError, match="not empty"):
        restore_backup(database, backup_of(database))
    assert rows(database) == before


def changed(out, name, change):
    """The same archive with one member changed, or left out where `change` answers None."""
    after = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(after, "w") as new:
        for member in old.namelist():
            content = change(old.read(member)) if member == name else old.read(member)
            if content is not None:
                new.writestr(member, content)
    return after


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("links.jsonl", lambda told: told.splitlines(keepends=True)[0]),
        ("links.jsonl", lambda told: told[: len(told) // 2]),
        ("links.jsonl", lambda told: None),
        ("manifest.json", lambda told: None),
        ("manifest.json", lambda told: b"[]"),
    ],
)
def test_a_damaged_backup_restores_nothing(tmp_path, name, change):
    database, empty = (Database(f"sqlite:///{tmp_path}/{n}.db") for n in "ab")
    database.upgrade()
    fill(database)
    damaged = changed(backup_of(database), name, change)
    with pytest.raises(UserError, match=r"damaged|no backup"):
        restore_backup(empty, damaged)
    empty.upgrade()
    with empty.reading() as connection:
        assert not any(
            connection.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.tables.values()
        )
    restore_backup(empty, backup_of(database))
    assert rows(empty) == rows(database)


def test_what_is_no_backup_is_said_to_be_none(tmp_path):
    with pytest.raises(UserError, match="not a backup"):
        restore_backup(Database(f"sqlite:///{tmp_path}/a.db"), io.BytesIO(b"PK but no zip"))


@pytest.mark.parametrize(("field", "told"), [("form", 2), ("schema", "9999")])
def test_a_backup_of_a_newer_version_is_refused_by_name(tmp_path, field, told):
    database = Database(f"sqlite:///{tmp_path}/a.db")
    database.upgrade()
    newer = changed(backup_of(database), "manifest.json", lambda text: json.dumps(json.loads(text) | {field: told}))
    with pytest.raises(Exception, match="newer"):
        restore_backup(Database(f"sqlite:///{tmp_path}/b.db"), newer)
