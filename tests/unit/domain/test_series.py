"""One meeting for several sessions: the rule of a series, what cannot share one, and how its time is divided."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import make_session
from zoom_sync.domain.programme import Kind, KnownMeeting, RegistrationMode
from zoom_sync.domain.series import LONGEST, Recurrence, _days_of, by_meeting, division, group_flaws, recurrence_of

MONDAY = datetime(2023, 11, 6, 20, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def days(*numbers):
    return [MONDAY + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((0, 1, 2, 3), {"type": 1, "repeat_interval": 1, "end_times": 4}),
        ((0, 2, 4), {"type": 1, "repeat_interval": 2, "end_times": 3}),
        ((0, 7, 14), {"type": 2, "repeat_interval": 1, "end_times": 3, "weekly_days": "2"}),
        ((0, 14, 28), {"type": 2, "repeat_interval": 2, "end_times": 3, "weekly_days": "2"}),
        ((0, 2, 7, 9), {"type": 2, "repeat_interval": 1, "end_times": 4, "weekly_days": "2,4"}),
        ((0, 1, 3), {"type": 2, "repeat_interval": 1, "end_times": 3, "weekly_days": "2,3,5"}),
        ((0, 30), {"type": 1, "repeat_interval": 30, "end_times": 2}),
        ((0, 30, 61), {"type": 3, "repeat_interval": 1, "end_times": 3, "monthly_day": 6}),
        ((0, 28, 56, 91), {"type": 3, "repeat_interval": 1, "end_times": 4, "monthly_week": 1, "monthly_week_day": 2}),
    ],
)
def test_regular_days_have_a_rule(numbers, told):
    rule = recurrence_of(days(*numbers), "Asia/Shanghai")
    assert rule is not None
    assert rule.as_zoom_has_it() == told


@pytest.mark.parametrize("starts", [days(0), days(0, 1, 5, 9), [*days(0), MONDAY + timedelta(days=1, hours=-1)]])
def test_what_is_not_regular_has_none(starts):
    assert recurrence_of(starts, "Asia/Shanghai") is None


def test_the_time_is_that_of_the_clock_on_the_wall():
    berlin = ZoneInfo("Europe/Berlin")
    starts = [datetime(2024, 3, 24, 20, tzinfo=berlin), datetime(2024, 3, 31, 20, tzinfo=berlin)]
    assert recurrence_of(starts, "Europe/Berlin") is not None
    assert recurrence_of(starts, "UTC") is None


@given(
    kind=st.sampled_from([1, 2, 3]),
    data=st.data(),
    times=st.integers(2, 50),
    first=st.dates(min_value=datetime(2023, 1, 1).date(), max_value=datetime(2030, 1, 1).date()),  # noqa: DTZ001
)
def test_the_rule_of_any_rules_days_has_just_those_days(kind, data, times, first):
    interval = data.draw(st.integers(1, LONGEST[kind]))
    weekdays = tuple(sorted(data.draw(st.sets(st.integers(1, 7), min_size=1, max_size=7 if kind == 2 else 1))))
    rule = Recurrence(kind, interval, times, weekdays, week=data.draw(st.sampled_from([-1, 1, 2, 3, 4])))
    starts = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in _days_of(rule, first)]
    if kind == 3:
        starts = [start for start in starts if start.date() >= first]
        if len(starts) < 2:
            return
    found = recurrence_of(starts, "UTC")
    assert found is not None
    assert list(_days_of(found, starts[0].date())) == [start.date() for start in starts]
    assert found.interval <= LONGEST[found.kind]


def evening(*spans, **owner):
    """Sessions that share the meeting of the first, each `(begin, end)` minutes after the evening's start."""
    sessions = []
    for number, (begin, end) in enumerate(spans):
        of = {} if number == 0 else {"meeting_of": "s0"}
        start, stop = (MONDAY + timedelta(minutes=minutes) for minutes in (begin, end))
        sessions.append(
            make_session(f"s{number}", start=start, end=stop, line=number + 10, **of, **(owner if not number else {}))
        )
    return sessions


def test_sessions_are_grouped_by_the_owner_of_their_meeting():
    first, second, third = evening((60, 90), (0, 30), (30, 60))
    alone = make_session("alone")
    assert by_meeting([second, third, alone, first]) == {"s0": (first, second, third), "alone": (alone,)}


def test_sessions_one_after_the_other_may_share_a_meeting():
    assert list(group_flaws(evening((0, 30), (30, 60), (75, 90)))) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": Kind.WEBINAR}, "cannot share"),
        ({"host": "Ada"}, "write them at session `s0`"),
        ({"profile": "plain"}, "write them at session `s0`"),
        ({"registration": RegistrationMode.MANUAL}, "write them at session `s0`"),
        ({"known": KnownMeeting("82318937943")}, "write them at session `s0`"),
        ({"start": MONDAY}, "overlaps session `s0`"),
    ],
)
def test_what_cannot_share_a_meeting_is_told_with_its_line(change, words):
    from dataclasses import replace

    first, second = evening((0, 30), (30, 60))
    [(flaw, line)] = list(group_flaws([first, replace(second, **change)]))
    assert words in flaw
    assert line == 11


def test_evenings_of_a_series_must_be_regular_and_equally_long():
    day = 24 * 60
    assert list(group_flaws(evening((0, 90), (day, day + 90), (2 * day, 2 * day + 90)))) == []
    [(flaw, _)] = list(group_flaws(evening((0, 90), (day, day + 60))))
    assert "equally long" in flaw
    [(flaw, _)] = list(group_flaws(evening((0, 90), (day - 60, day + 30), (2 * day, 2 * day + 90))))
    assert "not at regular times" in flaw


def test_the_time_of_a_meeting_is_divided_in_the_middle_of_the_breaks():
    sessions = evening((0, 30), (50, 80), (80, 100))
    cut = division(sessions)
    begin = MONDAY.timestamp()
    assert cut.cuts == (begin + 40 * 60, begin + 80 * 60)
    assert [cut.at(MONDAY + timedelta(minutes=m)) for m in (-60, 39, 41, 79, 80, 500)] == [
        "s0",
        "s0",
        "s1",
        "s1",
        "s2",
        "s2",
    ]
    assert cut.bounds("s0") == (float("-inf"), begin + 40 * 60)
    assert cut.bounds("s2") == (begin + 80 * 60, float("inf"))
    assert division(sessions[:1]).bounds("s0") == (float("-inf"), float("inf"))
