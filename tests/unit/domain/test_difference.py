"""What a programme changes in the stored one, and whose programme it is."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from factories import START, make_programme, make_session
from zoom_sync.domain.difference import coincidences, difference, shift_text
from zoom_sync.domain.keys import Because, Match

HOUR, YEAR = timedelta(hours=1), timedelta(days=364)


def day(*titles, first=START, **how):
    return [make_session(f"talk-{i}", title=t, start=first + i * HOUR, minutes=60, **how) for i, t in enumerate(titles)]


def test_each_session_is_told_by_what_became_of_it():
    stored = day("A", "B", "C", "D", "E", "F")
    read = [
        replace(stored[0], start=stored[0].start + HOUR, end=stored[0].end + HOUR),
        replace(stored[1], title="B, corrected"),
        replace(stored[2], cancelled=True),
        replace(stored[3], host="somebody@example.org", room="Aula"),
        stored[4],
        make_session("talk-9", title="N"),
    ]
    told = difference(make_programme(*stored), make_programme(*read))
    assert [one.session.key for one in told.moved] == ["talk-0"]
    assert [(one.stored.title, one.session.title) for one in told.retitled] == [("B", "B, corrected")]
    assert [one.session.key for one in told.called_off] == ["talk-2"]
    assert [one.fields for one in told.changed] == [("host", "room")]
    assert [one.key for one in told.new] == ["talk-9"]
    assert [one.key for one in told.gone] == ["talk-5"]
    assert told.unchanged == 1


def test_the_same_programme_differs_in_nothing_whatever_zone_its_times_are_written_in():
    stored = day("A", "B")
    elsewhere = ZoneInfo("Asia/Tokyo")
    read = [replace(one, start=one.start.astimezone(elsewhere), end=one.end.astimezone(elsewhere)) for one in stored]
    assert difference(make_programme(*stored), make_programme(*read)).is_empty


def test_another_zone_moves_everything_by_the_same():
    stored = day("A", "B", "C")
    read = [replace(one, start=one.start + 12 * HOUR, end=one.end + 12 * HOUR) for one in stored]
    told = difference(make_programme(*stored), make_programme(*read))
    assert (len(told.moved), told.by_as_much) == (3, 12 * HOUR)
    assert difference(make_programme(*stored), make_programme(*read[:2], stored[2])).by_as_much == 12 * HOUR
    assert difference(make_programme(*stored), make_programme(read[0], *day("A", "X")[1:])).by_as_much == 12 * HOUR


def test_what_is_renamed_or_may_be_is_neither_new_nor_gone():
    stored, read = make_session("old", title="T"), make_session("fresh", title="T")
    match = [Match(read, stored, Because.TITLE_AND_START)]
    for how in ({"renamed": match}, {"proposed": match}):
        told = difference(make_programme(stored), make_programme(read), **how)
        assert (told.new, told.gone) == ((), ())
        assert {name: count for name, count in told.counts.items() if count} == {next(iter(how)): 1}
        assert not told.is_empty


def test_what_changes_of_the_event_is_told():
    told = difference(make_programme(title="Seminar"), make_programme(title="Seminars"))
    assert told.event_fields == ("title",)
    assert not told.is_empty


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(720, "+12 h"), (-30, "-30 min"), (1560, "+1 d 2 h"), (-1440 * 3, "-3 d"), (0, "+0 min")],
)
def test_a_shift_in_words(minutes, text):
    assert shift_text(timedelta(minutes=minutes)) == text


# --- whose programme it is -------------------------------------------------------------------------------------------


def shared(read, stored):
    return [len(one.shared) for one in coincidences(read, [stored])]


def test_the_same_sessions_under_another_event_key_are_that_event():
    stored = make_programme(*day("A", "B", "C"))
    renamed = [replace(one, key=f"x-{one.key}") for one in stored.sessions]
    assert shared(make_programme(*renamed, key="v2", title="Seminar, final"), stored) == [3]


def test_the_same_ids_are_that_event_though_titles_or_times_were_edited():
    stored = make_programme(*day("A", "B", "C"))
    assert shared(make_programme(*day("X", "Y", "Z"), key="v2"), stored) == [3]
    assert shared(make_programme(*day("A", "B", "C", first=START + YEAR), key="v2"), stored) == [3]


def test_next_years_programme_with_the_same_plain_keys_is_another_event():
    stored = make_programme(*day("A", "B", "C"))
    assert shared(make_programme(*day("X", "Y", "Z", first=START + YEAR), key="next"), stored) == []


def test_one_session_of_many_proves_nothing():
    stored = make_programme(*day("Lunch", *"BCDEFGH"))
    others = [replace(one, key=f"o-{one.key}") for one in day("Lunch", *"STUVWXY")]
    assert shared(make_programme(*others, key="other"), stored) == []


def test_the_likeliest_event_comes_first():
    first, second = make_programme(*day("A", "X"), key="one"), make_programme(*day("A", "B"), key="two")
    found = coincidences(make_programme(*day("A", "B"), key="new"), [first, second])
    assert found[0].event.key in {"one", "two"}
    assert len(found) == 2
