"""Certificates are kept for ever, released once whoever releases, and changed only as they were seen."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from factories import NOW, make_programme, make_session
from zoom_sync.adapters.store.certificates import Certificates
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.sealing import Seal, new_key
from zoom_sync.adapters.store.tables import certificate_corrections, certificates
from zoom_sync.domain.certificates.drafts import Correction
from zoom_sync.domain.certificates.entitling import For
from zoom_sync.domain.certificates.issued import Certificate, CertificateState, Content, Place
from zoom_sync.domain.certificates.rules import Basis, CertificateLanguage
from zoom_sync.errors import NotInStore, StoreConflict, UserError
from zoom_sync.service_layer.certificates import new_number
from zoom_sync.service_layer.privacy import erase_person, export_person, seek

EVENT = "urban-2023"
CONTENT = Content(
    For.ATTENDING,
    "Seminar",
    "",
    ("2023-11-06", "2023-11-08"),
    90,
    {"CPD": 1.5},
    ("Parks",),
    CertificateLanguage.CHINESE,
)


def paper(mark="m1", *, unit="seminar-1", name="Ann Lee", email="ann@x.org", edition=1):
    place = Place(Basis.SESSION, unit, mark)
    return Certificate(
        new_number(), EVENT, place, edition, CertificateState.RELEASED, name, email, CONTENT, "Olga", NOW
    )


@pytest.fixture
def database(store_url):
    database = Database(store_url)
    yield database
    database.close()


@pytest.fixture
def kept(database):
    return Certificates(database)


def test_what_is_released_is_read_as_it_was(kept):
    papers = [paper("m1"), paper("m2", name="王伟", email=None)]
    assert kept.release(EVENT, papers) == [one.number for one in papers]
    assert sorted(kept.of(EVENT), key=lambda one: one.place.mark) == papers
    assert kept.by_number(papers[0].number) == papers[0]
    with pytest.raises(NotInStore):
        kept.by_number(new_number())


def test_two_who_release_at_once_release_each_certificate_once(kept):
    begin, done = Barrier(2), []

    def work():
        mine = [paper(f"m{n}") for n in range(450)]
        begin.wait()
        done.append(kept.release(EVENT, mine))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = kept.of(EVENT)
    assert len(every) == len({one.place for one in every}) == 450
    assert sorted(number for some in done for number in some) == sorted(one.number for one in every)


def test_a_withdrawn_one_stays_known_and_is_not_withdrawn_twice(kept):
    (number,) = kept.release(EVENT, [paper()])
    kept.withdraw(number, "Stefan", NOW + timedelta(days=1), "it was her brother")
    gone = kept.by_number(number)
    assert (gone.state, gone.changed_by, gone.reason) == ("withdrawn", "Stefan", "it was her brother")
    with pytest.raises(StoreConflict):
        kept.withdraw(number, "Olga", NOW, "again")


def test_two_who_correct_the_same_leave_one_new_edition(kept):
    first = paper()
    kept.release(EVENT, [first])
    second = replace(paper(edition=2), name="Ann B. Lee")
    kept.replace(first, second, "married")
    with pytest.raises(StoreConflict):
        kept.replace(first, replace(second, number=new_number(), name="Other"), "typed wrong")
    old, new = kept.by_number(first.number), kept.by_number(second.number)
    assert (old.state, old.reason, old.replaced_by) == ("corrected", "married", second.number)
    assert new == second
    assert len(kept.of(EVENT)) == 2


def test_a_correction_of_a_withdrawn_one_leaves_it_withdrawn(kept):
    first = paper()
    kept.release(EVENT, [first])
    kept.withdraw(first.number, "Olga", NOW, "wrong")
    kept.replace(kept.by_number(first.number), paper(edition=2), "it was right")
    assert kept.by_number(first.number).state == "withdrawn"


def test_the_latest_correction_of_a_draft_holds_and_none_is_lost(kept, database):
    place = Place(Basis.EVENT, "", "m1")
    kept.correct(EVENT, Correction(place, "Olga", NOW, "she asked", entitled=True))
    latest = Correction(place, "Stefan", NOW, "she asked again", False, "Ann", CertificateLanguage.ARABIC, "ann@x.org")
    kept.correct(EVENT, latest)
    assert kept.corrections(EVENT) == {place: latest}
    with database.reading() as connection:
        assert len(connection.execute(select(certificate_corrections)).all()) == 2


def test_certificates_go_with_a_session_that_gets_another_key(kept, database):
    programmes = Programmes(database)
    programmes.save(make_programme(make_session("seminar-1"), make_session("seminar-2")), NOW)
    kept.release(EVENT, [paper(unit="seminar-1"), paper(unit="seminar-2")])
    kept.correct(EVENT, Correction(Place(Basis.SESSION, "seminar-1", "m9"), "Olga", NOW, "why", entitled=True))
    renamed = make_programme(make_session("opening"), make_session("seminar-2"))
    programmes.save(renamed, NOW, renames={"seminar-1": "opening"})
    assert sorted(one.place.unit for one in kept.of(EVENT)) == ["opening", "seminar-2"]
    assert [place.unit for place in kept.corrections(EVENT)] == ["opening"]


def test_a_session_cannot_take_the_key_of_one_that_has_certificates(kept, database):
    programmes = Programmes(database)
    programmes.save(make_programme(make_session("seminar-1")), NOW)
    kept.release(EVENT, [paper(unit="opening")])
    with pytest.raises(UserError, match="certificates"):
        programmes.save(make_programme(make_session("opening")), NOW, renames={"seminar-1": "opening"})


def test_who_is_erased_is_on_no_certificate_and_the_number_still_answers(kept, database):
    mine, other = paper("m1"), paper("m2", name="Bob Ray", email="bob@x.org")
    kept.release(EVENT, [mine, other])
    kept.withdraw(mine.number, "Olga", NOW, "Ann Lee did not come")
    place = Place(Basis.EVENT, "", "m1")
    kept.correct(EVENT, Correction(place, "Olga", NOW, "Ann wrote", name="Ann B. Lee", email="ann@x.org"))
    people = People(database)
    told = export_person(people, seek(people, "ann@x.org"), NOW)["tables"]
    assert told["certificates"][0]["name"] == "Ann Lee"
    assert told["certificate_corrections"][0]["name"] == "Ann B. Lee"
    erase_person(people, seek(people, "ann@x.org"), NOW)
    left = kept.by_number(mine.number)
    assert (left.state, left.name, left.email, left.reason) == ("withdrawn", "erased", None, "(erased)")
    assert kept.by_number(other.number) == other
    again = paper("m3", name="Ann Lee", email="ann@x.org")
    kept.release(EVENT, [again])
    assert kept.by_number(again.number).name == "erased"


def test_names_and_addresses_are_sealed_where_there_is_a_key(store_url):
    database = Database(store_url, seal=Seal([new_key()]))
    database.upgrade()
    kept = Certificates(database)
    one = paper()
    kept.release(EVENT, [one])
    with database.reading() as connection:
        bare = connection.exec_driver_sql(f"SELECT name, email, reason FROM {certificates.name}").one()
    assert not any("Ann" in str(value) or "ann@" in str(value) for value in bare)
    assert kept.by_number(one.number) == one
    database.close()
