"""A table that somebody adds is exported, erased, purged and encrypted by its line in the registry alone."""

from datetime import timedelta

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from factories import NOW
from zoom_sync.adapters.store import people as people_module
from zoom_sync.adapters.store import purging as purging_module
from zoom_sync.adapters.store import rekeying as rekeying_module
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.personal import Holding
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.store.rekeying import Rekeying
from zoom_sync.adapters.store.sealing import Seal, SealedJson, SealedText, new_key
from zoom_sync.adapters.store.tables import Instant
from zoom_sync.domain.privacy import Role, Shape
from zoom_sync.domain.retention import Retention
from zoom_sync.service_layer.privacy import erase_person, export_person, purge_due, seek

visits = Table(
    "visits", MetaData(),
    Column("id", Integer, primary_key=True), Column("at", Instant, nullable=False),
    Column("email", SealedText, nullable=False), Column("note", SealedText), Column("device", SealedJson),
)  # fmt: skip
LINE = Holding(
    visits,
    plain=frozenset({"id", "at"}),
    shape=Shape({"email": Role.EMAIL, "note": Role.TEXT}, {"device": Shape({"ip": Role.DETAIL}, own=True)}),
    retention=Retention.AUDIT,
    aged_by="at",
)
ROWS = [
    {
        "id": n,
        "at": NOW - timedelta(days=n),
        "email": f"P{n % 2}@x.org",
        "note": f"seen {n}",
        "device": {"ip": f"10.0.0.{n}"},
    }
    for n in range(1, 7)
]


@pytest.fixture
def database(database_url, monkeypatch):
    for module in (people_module, purging_module, rekeying_module):
        monkeypatch.setattr(module, "HOLDINGS", (LINE,))
    database = Database(database_url)
    database.upgrade()
    with database.transaction() as connection:
        visits.create(connection)
        connection.execute(insert(visits), ROWS)
    yield database
    database.close()


def read(database):
    with database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(select(visits).order_by(visits.c.id))]


def test_it_is_exported_and_erased(database):
    people = People(database)
    told = export_person(people, seek(people, "p1@x.org"), NOW)
    assert [row["device"]["ip"] for row in told["tables"]["visits"]] == ["10.0.0.1", "10.0.0.3", "10.0.0.5"]
    assert erase_person(people, seek(people, "p1@x.org"), NOW) == {"visits": 3}
    left = read(database)
    assert [(row["email"], row["note"], row["device"]) for row in left if row["id"] == 3] == [
        ("", "(erased)", {"ip": ""})
    ]
    assert [row for row in left if row["id"] % 2 == 0] == [row for row in ROWS if row["id"] % 2 == 0]


def test_it_is_purged_by_its_own_age(database):
    (gone,) = purge_due(Purging(database), {Retention.AUDIT: 3}, NOW + timedelta(hours=1))
    assert (gone.event, gone.session, gone.rows) == ("", "", 4)
    assert [row["id"] for row in read(database)] == [1, 2]
    assert purge_due(Purging(database), {Retention.AUDIT: 3}, NOW + timedelta(hours=1)) == []


def test_it_is_encrypted(database, database_url):
    sealed = Database(database_url, seal=Seal([new_key()]))
    assert Rekeying(sealed).left() == {"visits": 6}
    assert Rekeying(sealed).rekey(lambda _: None) == 6
    assert Rekeying(sealed).left() == {}
    assert read(sealed) == ROWS
    sealed.close()
