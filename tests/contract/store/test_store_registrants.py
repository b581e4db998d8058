"""Who shall be registered, on each database: kept, sealed, exported, erased, purged."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from factories import NOW, make_link, make_session
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.store.registrants import Registrants
from zoom_sync.adapters.store.sealing import Seal, new_key
from zoom_sync.adapters.store.tables import registrants
from zoom_sync.domain.registering import Guest, Registrant, State
from zoom_sync.domain.retention import Retention
from zoom_sync.service_layer.privacy import erase_person, export_person, purge_due, seek

EVENT, KEY = "urban-2023", "seminar-1"


def make(number, state=State.WAITING, **told):
    guest = Guest(f"p{number}@example.org", f"P{number}", "Li", "City")
    return Registrant(guest, state, **told)


DONE = make(1, State.APPROVED, registrant_id="id-1", join_url="https://example.zoom.us/w/1?tk=t", meeting_id="811")


@pytest.fixture
def kept(store):
    return Registrants(store.database)


def test_people_come_out_as_they_went_in(kept):
    people = [DONE, make(2, State.REFUSED, reason="no")]
    kept.save(EVENT, KEY, people, NOW)
    assert list(kept.registrants(EVENT, KEY)) == people
    assert kept.registrants(EVENT, "seminar-2") == ()


def test_the_same_e_mail_in_another_case_is_the_same_row(kept):
    kept.save(EVENT, KEY, [make(1)], NOW)
    shouted = replace(DONE, person=replace(DONE.person, email="P1@EXAMPLE.ORG"))
    kept.save(EVENT, KEY, [shouted], NOW)
    assert list(kept.registrants(EVENT, KEY)) == [shouted]


def test_two_runs_at_once_make_one_row_of_each(kept, at_once):
    people = [make(n) for n in range(80)]
    answers = at_once(
        lambda: kept.save(EVENT, KEY, people, NOW),
        lambda: kept.save(EVENT, KEY, list(reversed(people)), NOW),
    )
    assert answers == [None, None]
    assert {one.key for one in kept.registrants(EVENT, KEY)} == {one.key for one in people}
    assert len(kept.registrants(EVENT, KEY)) == 80


def test_what_is_personal_is_sealed(store_url, store):
    sealed = Database(store_url, seal=Seal([new_key()]))
    Registrants(sealed).save(EVENT, KEY, [DONE], NOW)
    assert list(Registrants(sealed).registrants(EVENT, KEY)) == [DONE]
    with sealed.reading() as connection:
        (row,) = connection.execute(text("SELECT * FROM registrants")).all()
    sealed.close()
    for secret in ("p1@", "'P1'", "'Li'", "'City'", "'id-1'", "tk=t"):  # each has a sign that no ciphertext has
        assert secret not in str(row)


def test_a_person_is_exported_with_the_link_and_erased(kept, store):
    kept.save(EVENT, KEY, [DONE, make(2)], NOW)
    people = People(store.database)
    (told,) = export_person(people, seek(people, "P1@example.org"), NOW)["tables"]["registrants"]
    assert (told["join_url"], told["organisation"]) == (DONE.join_url, "City")
    assert erase_person(people, seek(people, "p1@example.org"), NOW) == {"registrants": 1}
    with store.database.reading() as connection:
        rows = connection.execute(select(registrants).order_by(registrants.c.id)).all()
    assert not any(secret in str(rows[0]) for secret in ("p1@", "P1", "Li", "City", "id-1", "tk="))
    assert [one.key for one in kept.registrants(EVENT, KEY)] == ["p2@example.org"]


def test_the_erased_are_not_taken_in_again(kept, store):
    people = People(store.database)
    kept.save(EVENT, KEY, [DONE], NOW)
    erase_person(people, seek(people, "p1@example.org"), NOW)
    kept.save(EVENT, KEY, [DONE, make(2)], NOW)
    kept.save(EVENT, "seminar-2", [DONE], NOW)
    assert [one.key for one in kept.registrants(EVENT, KEY)] == ["p2@example.org"]
    assert kept.registrants(EVENT, "seminar-2") == ()


def test_people_are_purged_with_the_reports_of_their_session(kept, store):
    kept.save(EVENT, KEY, [DONE], NOW)
    late = make_session().end + timedelta(days=31)
    purge_due(Purging(store.database), {Retention.REPORT: 30}, late)
    assert kept.registrants(EVENT, KEY) == ()
    kept.save(EVENT, KEY, [DONE], late)
    assert kept.registrants(EVENT, KEY) == ()


def test_who_registered_on_zooms_own_page_is_counted_with_who_is_still_to_be_sent(store, kept):
    link = make_link(key=KEY)
    store.links.finish(EVENT, link, None, NOW)
    kept.save(EVENT, KEY, [DONE, make(2), make(3, State.CANCELLED)], NOW)
    assert kept.counts(EVENT) == {KEY: 2}
    store.links.count_registrants(EVENT, {link.meeting_id: 40})
    assert kept.counts(EVENT) == {KEY: 41}
    store.links.count_registrants(EVENT, {link.meeting_id: 0})  # Zoom's lists may lag behind what was sent
    assert kept.counts(EVENT) == {KEY: 2}
    store.links.drop(EVENT, link.meeting_id, NOW)
    assert kept.counts(EVENT) == {KEY: 2}
