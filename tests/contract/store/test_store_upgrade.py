"""A store of every earlier schema, with data in it, is brought up to this one's; a half-done upgrade leaves nothing."""

import subprocess
import sys
from signal import SIGKILL

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, insert, inspect, select, text

from factories import NOW, make_intent, make_link, make_programme, make_session
from support.filling import full_rows
from zoom_sync.adapters.store.database import VERSION_TABLE, Database, known_versions
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.adapters.store.tables import metadata
from zoom_sync.domain.run import Step
from zoom_sync.errors import ConfigurationError

VERSIONS = known_versions()
# What stands in a column that is younger than its row; where nothing is said, it is empty.
YOUNGER = {
    ("events", "called_off"): False,
    ("events", "public"): False,
    ("collections", "lasting"): False,
    ("sessions", "public"): True,
    ("sessions", "cancelled"): False,
}


class Earlier:
    """A database whose schema is of an earlier version; its tables are those that it tells of itself."""

    def __init__(self, url, version):
        self.database, self.version = Database(url), version
        self.database.upgrade(version)
        described = MetaData()
        with self.database.reading() as connection:
            described.reflect(connection)
        self.tables = {table.name: table for table in described.sorted_tables if table.name != VERSION_TABLE}

    def fill(self, rows_of):
        with self.database.engine.begin() as connection:  # an earlier program knows no later table
            for table in self.tables.values():
                if rows := rows_of(table):
                    connection.execute(insert(table), rows)

    def rows(self):
        """What stands in the columns that were there when it was filled."""
        with self.database.reading() as connection:
            return {
                name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for name, table in self.tables.items()
            }

    def told_version(self):
        with self.database.reading() as connection:
            return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one()

    def told_tables(self):
        with self.database.reading() as connection:
            return set(inspect(connection).get_table_names()) - {VERSION_TABLE}


@pytest.fixture(params=VERSIONS)
def earlier(request, database_url):
    earlier = Earlier(database_url, request.param)
    yield earlier
    earlier.database.close()


def differences(database):
    """How the schema differs from the described one."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)


def test_every_row_of_every_earlier_schema_is_there_after_the_upgrade(earlier):
    earlier.fill(full_rows)
    before = earlier.rows()
    assert {len(rows) for rows in before.values()} == {3}
    earlier.database.upgrade()
    assert earlier.rows() == before
    assert earlier.told_version() == VERSIONS[-1]
    assert differences(earlier.database) == []


def test_what_is_younger_than_a_row_is_empty_in_it_or_has_its_default(earlier):
    earlier.fill(full_rows)
    earlier.database.upgrade()
    with earlier.database.reading() as connection:
        for name, table in metadata.tables.items():
            if name not in earlier.tables:
                assert connection.execute(select(table)).all() == []
                continue
            for column in set(table.c.keys()) - set(earlier.tables[name].c.keys()):
                told = connection.execute(select(table.c[column])).scalars().all()
                assert told == [YOUNGER.get((name, column))] * 3, f"{name}.{column}"


def test_what_an_earlier_schema_held_is_read_as_it_was_written(earlier, tmp_path):
    """The rows are this version's, as far as that schema had room for them: the way to it is what is tried."""
    source = Database(f"sqlite:///{tmp_path}/source.db")
    source.upgrade()
    programme = make_programme(make_session(), make_session("seminar-2"))
    link = make_link()
    Programmes(source).save(programme, NOW)
    Links(source).finish("urban-2023", link, None, NOW)
    intended = make_intent(make_session("seminar-2"), attempts=0)
    intent = Links(source).begin("urban-2023", intended, NOW, "2023-11-01", None)
    Runs(source).start("urban-2023", "apply", "digest", [Step("create", "seminar-2", "host-1")], NOW)

    def kept(table):
        with source.reading() as connection:
            rows = connection.execute(select(metadata.tables[table.name])).all()
        return [{column.name: row._mapping[column.name] for column in table.c} for row in rows]

    earlier.fill(kept)
    source.close()
    earlier.database.upgrade()
    assert Programmes(earlier.database).programme("urban-2023") == programme
    assert Links(earlier.database).link("urban-2023", "seminar-1") == link
    assert Links(earlier.database).intent("urban-2023", "seminar-2") == intent
    assert [(item.action, item.key) for item in Runs(earlier.database).items(1)] == [("create", "seminar-2")]


KILLED = """
import os, signal, sys
from sqlalchemy import event
from zoom_sync.adapters.store.database import Database

url, when = sys.argv[1:]
changes = 0

def changed(_connection, _cursor, statement, *_):
    global changes
    changes += statement.lstrip().startswith(("CREATE", "ALTER"))
    if str(changes) == when:
        os.kill(os.getpid(), signal.SIGKILL)

def commits(connection):
    if changes:
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(url)
event.listen(database.engine, "after_cursor_execute", changed)
event.listen(database.engine, "commit", commits)
database.upgrade()
"""


@pytest.mark.parametrize("when", ["1", "12", "commit"])
def test_an_upgrade_that_is_killed_leaves_the_earlier_schema_and_can_be_run_again(database_url, when):
    earlier = Earlier(database_url, VERSIONS[0])
    earlier.fill(full_rows)
    before = earlier.rows()
    killed = subprocess.run([sys.executable, "-c", KILLED, database_url, when], check=False)
    assert killed.returncode == -SIGKILL
    assert earlier.told_version() == VERSIONS[0]
    assert earlier.told_tables() == set(earlier.tables)
    assert earlier.rows() == before
    earlier.database.upgrade()
    assert earlier.rows() == before
    assert differences(earlier.database) == []
    earlier.database.close()


def test_a_schema_of_a_newer_version_is_refused_and_left_alone(database):
    with database.transaction() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match=r"schema is 9999, of a newer zoom_sync than this one; upgrade"):
        database.upgrade()
    with database.reading() as connection:
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one() == "9999"
