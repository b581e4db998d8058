"""Encryption where data lies: what is sealed reads as it was, old values stay readable, keys can be changed."""

import base64
from dataclasses import replace

import pytest
from sqlalchemy import text

from factories import NOW, PASSCODE, make_intent, make_link, make_programme, make_session
from zoom_sync.adapters.store import rekeying as rekeying_module
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.rekeying import Rekeying
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.sealing import Seal, key_name, new_key
from zoom_sync.adapters.store.tables import metadata
from zoom_sync.domain.attendance import merge, stay_from_row
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.programme import AgendaItem, Kind, Passcode
from zoom_sync.domain.questions import questions_from_report
from zoom_sync.domain.report import Instance, RawReport
from zoom_sync.errors import ConfigurationError, StoreConflict

EVENT, KEY = "urban-2023", "seminar-1"
OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))
ROW = {
    "id": "i1", "name": "Ann Leé", "user_email": "ann@example.org",
    "join_time": "2023-11-06T12:30:00Z", "leave_time": "2023-11-06T12:50:00Z",
}  # fmt: skip
ASKED = {"name": "Ann Leé", "email": "ann@example.org", "question_details": [{"question": "A secret?"}]}
SECRETS = (
    "presents@example.org",
    "panel@example.org",
    "ann@example.org",
    "Ann Le",
    "A secret",
    PASSCODE,
    "pwd=",
    "011826",
    "host@example.org",
    "Hostess",
)


class Store:
    def __init__(self, url, *keys):
        self.database = Database(url, seal=Seal(keys))
        self.database.upgrade()
        self.programmes, self.links = Programmes(self.database), Links(self.database)
        self.reports, self.people = Reports(self.database), People(self.database)
        self.rekeying = Rekeying(self.database)

    def fill(self):
        items = (AgendaItem("Kazan, Russian", "Park to rest", emails=("presents@example.org",)),)
        known = {"known_id": "82318937943", "host": "host@example.org"}
        self.programmes.save(make_programme(make_session(items=items, **known)), NOW)
        self.links.set_hosts([Host("h1", "Hostess", "host@example.org", licensed=True, capacity=1)], NOW)
        self.links.begin(EVENT, make_intent(attempts=0), NOW, "2023-11-01", 100)
        webinar = make_link(kind=Kind.WEBINAR)
        self.links.finish(EVENT, webinar, None, NOW)
        self.links.applied(EVENT, replace(webinar, panelists={"panel@example.org": Standing.ADDED}), NOW)
        self.reports.keep(EVENT, KEY, RawReport("participants", Instance("u", NOW), (ROW,)), NOW)
        self.reports.keep(EVENT, KEY, RawReport("questions", Instance("u", NOW), (ASKED,)), NOW)
        self.reports.set_attendance(EVENT, KEY, merge([stay_from_row(ROW, "u")]).attendees)
        self.reports.set_questions(EVENT, KEY, questions_from_report({"questions": [ASKED]}))
        self.people.pseudonym_key()
        return self

    def read(self):
        return (
            self.programmes.programme(EVENT), self.links.link(EVENT, KEY), self.links.intent(EVENT, KEY),
            self.links.hosts(NOW), list(self.reports.raw(EVENT, KEY, "participants")),
            list(self.reports.attendance(EVENT, KEY)), list(self.reports.questions(EVENT, KEY)),
            self.people.pseudonym_key(),
        )  # fmt: skip

    def as_kept(self):
        """What lies in the database, as it lies there."""
        with self.database.reading() as connection:
            return "\n".join(
                str(value)
                for name in metadata.tables
                for row in connection.execute(text(f'SELECT * FROM "{name}"'))
                for value in row
            )


@pytest.fixture
def open_store(store_url):
    opened = []

    def open_with(*keys):
        opened.append(Store(store_url, *keys))
        return opened[-1]

    yield open_with
    for store in opened:
        store.database.close()


def found(store):
    kept = store.as_kept()
    return [secret for secret in SECRETS if secret in kept]


def test_with_a_key_nothing_of_anybody_and_no_passcode_lies_in_the_open(open_store):
    plain = open_store().fill()
    assert found(plain) == list(SECRETS)
    read = plain.read()
    Rekeying(open_store(NEW).database).rekey(lambda _: None)
    assert found(plain) == []
    assert open_store(NEW).read() == read


def test_what_is_written_with_a_key_is_sealed_at_once(open_store):
    store = open_store(NEW).fill()
    assert found(store) == []
    assert store.rekeying.left() == {}
    assert set(store.rekeying.sealed_under()) == {key_name(NEW)}


def test_old_values_stay_readable_when_a_key_is_set(open_store):
    read = open_store().fill().read()
    store = open_store(NEW)
    assert store.read() == read
    assert store.rekeying.left().keys() >= {"links", "intents", "hosts", "report_rows", "attendance", "questions"}


def test_a_key_is_changed_by_putting_a_new_one_first(open_store):
    read = open_store(OLD).fill().read()
    both = open_store(NEW, OLD)
    assert both.read() == read
    told = []
    done = both.rekeying.rekey(told.append)
    assert done == sum(told) > 0
    assert both.rekeying.rekey(told.append) == 0
    assert open_store(NEW).read() == read


def test_a_change_of_keys_that_was_interrupted_goes_on(open_store, monkeypatch):
    store = open_store(OLD).fill()
    store.reports.keep(EVENT, KEY, RawReport("participants", Instance("u", NOW), (ROW,) * 25), NOW)
    read = store.read()
    monkeypatch.setattr(rekeying_module, "AT_ONCE", 10)
    both = open_store(NEW, OLD)
    told = []

    def stop(rows):
        told.append(rows)
        if rows == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        both.rekeying.rekey(stop)
    assert both.rekeying.left()["report_rows"] == 16
    both.rekeying.rekey(told.append)
    assert told.count(10) == 2
    assert open_store(NEW).read() == read


@pytest.mark.parametrize("keys", [(), (NEW,)])
def test_a_missing_key_is_said_by_its_name_and_nothing_unreadable_is_shown(open_store, keys):
    open_store(OLD).fill()
    with pytest.raises(ConfigurationError, match=key_name(OLD)) as caught:
        open_store(*keys).read()
    assert "ZOOM_SYNC_ENCRYPTION_KEY" in str(caught.value)
    assert OLD not in str(caught.value)
    with pytest.raises(ConfigurationError, match=key_name(OLD)):
        open_store(NEW).rekeying.rekey(lambda _: None)
    assert open_store(OLD).read()


def test_a_damaged_value_is_said(open_store):
    store = open_store(NEW).fill()
    with store.database.transaction() as connection:
        kept = connection.execute(text("SELECT name FROM attendance")).scalar_one()
        connection.execute(text("UPDATE attendance SET name = :name"), {"name": kept[:-6] + "AAAA=="})
    with pytest.raises(ConfigurationError, match="damaged"):
        list(store.reports.attendance(EVENT, KEY))


@pytest.mark.parametrize(
    "name", ["sealed:12345678:gAAAAabc", "sealed::x", "sealed: bid", f"sealed:{key_name(NEW)}:gAAAA"]
)
@pytest.mark.parametrize("keys", [(), (NEW,)])
def test_a_name_that_looks_sealed_is_a_name(open_store, name, keys):
    store = open_store(*keys)
    store.programmes.save(make_programme(), NOW)
    store.reports.set_attendance(EVENT, KEY, merge([stay_from_row({**ROW, "name": name}, "u")]).attendees)
    store.reports.keep(EVENT, KEY, RawReport("participants", Instance("u", NOW), ({**ROW, "name": name},)), NOW)
    assert next(store.reports.attendance(EVENT, KEY)).name == name
    assert next(store.reports.raw(EVENT, KEY, "participants")).rows[0]["name"] == name


def test_a_creation_is_still_compared_by_its_passcode(open_store):
    store = open_store(NEW)
    store.programmes.save(make_programme(), NOW)
    begun = store.links.begin(EVENT, make_intent(attempts=0), NOW, "2023-11-01", 100)
    with pytest.raises(StoreConflict):
        store.links.begin(EVENT, replace(begun, passcode=Passcode("otherother")), NOW, "2023-11-01", 100)
    assert store.links.begin(EVENT, begun, NOW, "2023-11-01", 100).attempts == 2
    with pytest.raises(StoreConflict):
        store.links.begin(EVENT, begun, NOW, "2023-11-01", 100)


def test_keys_that_are_none_are_all_said_and_not_shown():
    with pytest.raises(ConfigurationError) as caught:
        Seal(["s3cr3t", new_key(), "é"])
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 2
    assert told[0].startswith("key 1")
    assert told[1].startswith("key 3")
    assert "s3cr3t" not in str(told)


def test_without_a_key_there_is_nothing_to_encrypt_with(open_store):
    store = open_store().fill()
    assert store.rekeying.left() == {}
    with pytest.raises(ConfigurationError, match="privacy key"):
        store.rekeying.rekey(lambda _: None)
