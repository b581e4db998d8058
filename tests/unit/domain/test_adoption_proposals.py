"""Proposals: which meeting made by hand may be whose."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import START, make_desired, make_link, make_observed, make_session
from zoom_sync.domain.adopting import LEAST, propose
from zoom_sync.domain.programme import Kind

TITLE = "Making our cities safe"


def session(key="seminar-1", title=TITLE, **differences):
    return make_desired(make_session(key, title=title, **differences))


def meeting(number=1, topic=TITLE, start=START, **differences):
    link = make_link(meeting_id=str(81000000000 + number))
    return make_observed(link, deep=False, topic=topic, start=start, **differences)


def told(sessions, meetings):
    return [(one.session, one.meeting.meeting_id[-1], one.confidence, one.exact) for one in propose(sessions, meetings)]


@pytest.mark.parametrize(
    ("topic", "apart", "confidence"),
    [
        (TITLE, 0, 1.0), (f"  {TITLE.upper()}! ", 0, 1.0), (TITLE, 10, 0.92), (TITLE, 60 * 20, 0.8), (TITLE, 60 * 30, 0.6),
        (f"Seminar 1: {TITLE}", 0, 0.94), ("Making our citys save", 0, 0.93), ("Staff meeting", 0, None),
        (f"Seminar 1: {TITLE}", 60 * 30, None), ("", 0, None),
    ],
)  # fmt: skip
def test_title_and_start_make_the_confidence(topic, apart, confidence):
    got = propose([session()], [meeting(topic=topic, start=START + timedelta(minutes=apart))])
    assert [one.confidence for one in got] == ([] if confidence is None else [pytest.approx(confidence, abs=0.01)])


@pytest.mark.parametrize(
    ("topic", "start", "reason"),
    [
        (TITLE, START, "same title, same start"),
        (TITLE.upper(), START - timedelta(minutes=10), "same words, it starts 10 min earlier"),
        (TITLE, START + timedelta(days=1, hours=2), "same title, it starts 1 d 2 h later"),
        (TITLE, None, "same title, it has no start"),
        (f"Seminar 1: {TITLE}", START, "title alike by 90%, same start"),
    ],
)
def test_the_reason_is_told_in_words(topic, start, reason):
    (one,) = propose([session()], [meeting(topic=topic, start=start)])
    assert one.reason == reason


def test_only_the_very_title_and_start_are_exact():
    others = [{"topic": TITLE.upper()}, {"start": START + timedelta(minutes=1)}, {"start": None}]
    assert told([session()], [meeting()]) == [("seminar-1", "1", 1.0, True)]
    assert all(not one.exact for other in others for one in propose([session()], [meeting(**other)]))


def test_another_kind_is_nobodys():
    assert propose([session()], [meeting(kind=Kind.WEBINAR)]) == ()
    assert len(propose([session(kind=Kind.WEBINAR)], [meeting(kind=Kind.WEBINAR)])) == 1


def test_each_session_of_a_series_gets_the_meeting_of_its_time():
    sessions = [session(f"week-{n}", start=START + timedelta(days=7 * n)) for n in range(3)]
    meetings = [meeting(n, start=START + timedelta(days=7 * n)) for n in (2, 0, 1)]
    assert told(sessions, meetings) == [
        ("week-0", "0", 1.0, True),
        ("week-1", "1", 1.0, True),
        ("week-2", "2", 1.0, True),
    ]


def test_two_meetings_that_fit_one_session_are_a_tie_and_neither_is_exact():
    got = propose([session()], [meeting(1), meeting(2)])
    assert [(one.meeting.meeting_id[-1], one.others, one.exact) for one in got] == [
        ("1", ("81000000002",), False), ("2", ("81000000001",), False),
    ]  # fmt: skip
    assert got[0].reason == "same title, same start; a tie with 81000000002"


def test_one_meeting_that_fits_two_sessions_is_a_tie():
    got = propose([session("one"), session("two")], [meeting()])
    assert [(one.session, one.others, one.exact) for one in got] == [("one", ("two",), False), ("two", ("one",), False)]


def test_a_worse_meeting_is_not_proposed_beside_a_better_one():
    assert told([session()], [meeting(1), meeting(2, start=START + timedelta(hours=3))]) == [
        ("seminar-1", "1", 1.0, True)
    ]


def test_a_meeting_that_fits_another_session_better_is_that_ones():
    sessions = [session("one", start=START + timedelta(hours=3)), session("two")]
    assert told(sessions, [meeting()]) == [("two", "1", 1.0, True)]


TITLES = st.sampled_from(
    [TITLE, TITLE.upper(), f"Seminar: {TITLE}", "Leaving no one behind", "Leaving nobody behind", ""]
)
STARTS = st.sampled_from([0, 5, 60, 60 * 24, 60 * 48]).map(lambda minutes: START + timedelta(minutes=minutes))


@given(
    st.lists(st.tuples(TITLES.filter(bool), STARTS), max_size=5),
    st.lists(st.tuples(TITLES, st.none() | STARTS), max_size=5),
)
def test_whatever_there_is_an_exact_one_is_alone_on_both_sides(wanted, made):
    sessions = [session(f"s-{n}", title=title, start=start) for n, (title, start) in enumerate(wanted)]
    meetings = [meeting(n, topic=topic, start=start) for n, (topic, start) in enumerate(made)]
    got = propose(sessions, meetings)
    exact = [one for one in got if one.exact]
    assert len({one.session for one in exact}) == len({one.meeting.meeting_id for one in exact}) == len(exact)
    assert all(LEAST <= one.confidence <= 1 for one in got)
    assert len({(one.session, one.meeting.meeting_id) for one in got}) == len(got)
    for one in exact:
        assert [other for other in got if other.session == one.session] == [one]
