"""Dividing what was reported of a meeting among the sessions held in it: nothing is lost, nothing counts twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from factories import START, make_session
from zoom_sync.domain.attendance import Stay, Unreadable, stay_from_row
from zoom_sync.domain.dividing import part_of
from zoom_sync.domain.report import Instance, Report

INSTANCE = Instance("u==", START)


@st.composite
def evenings(draw):
    """Sessions on one day, with pauses or without."""
    sessions, start = [], START
    for number in range(draw(st.integers(1, 5))):
        minutes = draw(st.integers(1, 90))
        owner = None if number == 0 else "s0"
        sessions.append(make_session(f"s{number}", start=start, minutes=minutes, meeting_of=owner))
        start += timedelta(minutes=minutes + draw(st.integers(0, 60)))
    return sessions


def told(second):
    return f"{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"


seconds = st.integers(-7200, 40000)
stays = st.builds(
    lambda start, length: {"name": "A", "join_time": told(start), "leave_time": told(start + length)},
    seconds,
    st.integers(0, 20000),
)
rows = st.lists(st.one_of(stays, st.just({"name": "nobody knows when"})), max_size=20)
details = st.lists(
    st.one_of(st.builds(lambda at: {"question": "Q", "create_time": told(at)}, seconds), st.just({"question": "Q"})),
    max_size=5,
)


def parts(sessions):
    return [part_of(one, sessions) for one in sessions]


@given(evenings(), rows)
def test_every_second_of_a_stay_is_in_one_session(sessions, rows):
    whole = [stay_from_row(row, "u==") for row in rows]
    divided = [
        list(part.cut(stay_from_row(row, "u==") for row in part.of_stays(Report(tuple(rows), None), INSTANCE).rows))
        for part in parts(sessions)
    ]
    held = [stay for each in divided for stay in each if isinstance(stay, Stay)]
    assert sum(one.end - one.start for one in held) == sum(
        one.end - one.start for one in whole if isinstance(one, Stay)
    )
    moments = [one for one in whole if isinstance(one, Stay) and one.start == one.end]
    assert Counter(one.start for one in held if one.start == one.end) == Counter(one.start for one in moments)
    assert sum(isinstance(one, Unreadable) for each in divided for one in each) == sum(
        isinstance(one, Unreadable) for one in whole
    )
    for part, each in zip(parts(sessions), divided, strict=True):
        before, after = part.division.bounds(part.session.key)
        assert all(before <= one.start and one.end <= after for one in each if isinstance(one, Stay))


@given(evenings(), st.lists(details, max_size=8))
def test_every_question_is_in_one_session(sessions, asked):
    rows = tuple({"name": f"p{number}", "question_details": each} for number, each in enumerate(asked))
    divided = [
        part.of_details(Report(rows, None), INSTANCE, "question_details", "create_time") for part in parts(sessions)
    ]
    before = Counter((row["name"], one.get("create_time")) for row in rows for one in row["question_details"])
    after = Counter(
        (row["name"], one.get("create_time"))
        for each in divided
        for row in each.rows
        for one in row["question_details"]
    )
    assert before == after
    assert {row["name"] for row in rows} == {row["name"] for each in divided for row in each.rows}


def test_what_has_no_time_is_of_the_session_its_instance_began_in():
    first = make_session("a", minutes=30)
    second = make_session("b", minutes=30, start=START + timedelta(minutes=30), meeting_of="a")
    again = Instance("v==", START + timedelta(minutes=40))
    rows = ({"name": "A", "question_details": [{"question": "Q"}]},)
    found = [
        len(part.of_details(Report(rows, 1), again, "question_details", "create_time").rows)
        for part in parts([first, second])
    ]
    assert found == [0, 1]


def test_rows_that_zoom_has_not_told_yet_are_missing_in_every_session():
    first = make_session("a", minutes=30)
    second = make_session("b", minutes=30, start=START + timedelta(minutes=30), meeting_of="a")
    rows = tuple({"join_time": told(at), "leave_time": told(at + 60)} for at in (0, 2000, 2100))
    totals = [part.of_stays(Report(rows, 5), INSTANCE) for part in parts([first, second])]
    assert [(len(one.rows), one.total) for one in totals] == [(1, 3), (2, 4)]


def test_each_evening_of_a_series_is_over_by_itself_and_its_rows_are_kept_by_its_own_key():
    weeks = [
        make_session(f"s{week}", start=START + timedelta(weeks=week), meeting_of=None if week == 0 else "s0")
        for week in range(3)
    ]
    assert [part.over for part in parts(weeks)] == [one.end for one in weeks]
    assert [part.kept_by for part in parts(weeks)] == ["s0", "s1", "s2"]


def test_the_sessions_of_an_evening_are_over_together_and_their_rows_kept_by_the_owners_key():
    first = make_session("a", minutes=30)
    second = make_session("b", minutes=30, start=START + timedelta(minutes=30), meeting_of="a")
    assert {part.over for part in parts([first, second])} == {datetime(2023, 11, 6, 13, 30, tzinfo=UTC)}
    assert {part.kept_by for part in parts([first, second])} == {"a"}
