"""What calendars were told last of each session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from factories import NOW, make_programme, make_session
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.domain.revision import Revision
from zoom_sync.errors import NotInStore, StoreConflict

EVENT = "urban-2023"
START = datetime(2023, 11, 6, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = Revision("seminar-1", "Cities", START, START + timedelta(hours=1), "Asia/Shanghai", "d" * 64, NOW)
NEXT = replace(FIRST, sequence=1, title="Towns", changed_at=NOW + timedelta(days=1), shown=True, called_off=True)


@pytest.fixture
def publications(store):
    return Publications(store.database)


def test_what_was_kept_comes_back(publications):
    assert publications.revisions(EVENT) == {}
    publications.keep(EVENT, [FIRST])
    assert publications.revisions(EVENT) == {"seminar-1": FIRST}
    publications.keep(EVENT, [NEXT])
    (kept,) = publications.revisions(EVENT).values()
    assert kept == NEXT
    assert kept.start.tzinfo == ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("late", [FIRST, NEXT, replace(NEXT, sequence=5)])
def test_who_comes_second_is_told_and_nothing_of_his_is_kept(publications, late):
    publications.keep(EVENT, [FIRST])
    if late is NEXT:
        publications.keep(EVENT, [NEXT])
    before = publications.revisions(EVENT)
    with pytest.raises(StoreConflict):
        publications.keep(EVENT, [replace(FIRST, key="another"), late])
    assert publications.revisions(EVENT) == before


def test_of_two_at_once_one_counts_it(publications, at_once):
    publications.keep(EVENT, [FIRST])
    answers = at_once(*(lambda: publications.keep(EVENT, [NEXT]) for _ in range(2)))
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "StoreConflict"]


def test_it_outlives_the_session_and_belongs_to_one_event(store, publications):
    publications.keep(EVENT, [FIRST])
    store.programmes.save(make_programme(make_session("seminar-2")), NOW)
    store.programmes.save(make_programme(key="other"), NOW)
    assert set(publications.revisions(EVENT)) == {"seminar-1"}
    assert publications.revisions("other") == {}
    with pytest.raises(NotInStore):
        publications.revisions("nothing")


def test_instants_are_kept_whatever_their_zone(publications):
    publications.keep(EVENT, [replace(FIRST, start=START.astimezone(UTC), end=FIRST.end.astimezone(UTC))])
    assert publications.revisions(EVENT)["seminar-1"].start == START
