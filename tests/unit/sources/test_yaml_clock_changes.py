"""A local time that does not exist or exists twice is told with both instants and how to choose."""

import pytest
from programme_samples import YAML, changed, read, the_problem

# zone, a time in the gap, a time in the fold, offset before and after the autumn change
CHANGES = [
    ("America/New_York", "2024-03-10T02:30:00", "2024-11-03T01:30:00", "-04:00", "-05:00"),
    ("Europe/London", "2024-03-31T01:30:00", "2024-10-27T01:30:00", "+01:00", "+00:00"),
    ("Australia/Sydney", "2024-10-06T02:30:00", "2024-04-07T02:30:00", "+11:00", "+10:00"),
    ("Africa/Casablanca", "2024-04-14T02:30:00", "2024-03-10T02:30:00", "+01:00", "+00:00"),
]


def starting(zone, start):
    text = changed(YAML, "Europe/Paris", zone)
    return changed(text, "    start: 2030-03-05 10:00\n", f"    start: {start}\n")


@pytest.mark.parametrize(("zone", "gap"), [change[:2] for change in CHANGES])
def test_a_time_that_the_clocks_skip_is_a_problem(zone, gap):
    line, message = the_problem(starting(zone, gap))
    assert line == 15
    assert f"does not exist in {zone}" in message
    assert message.count(" UTC)") == 2


@pytest.mark.parametrize(("zone", "fold", "before", "after"), [(c[0], *c[2:]) for c in CHANGES])
def test_a_time_that_comes_twice_is_a_problem_with_both_instants(zone, fold, before, after):
    line, message = the_problem(starting(zone, fold))
    assert line == 15
    assert f"occurs twice in {zone}" in message
    assert fold + before in message
    assert fold + after in message


@pytest.mark.parametrize(("zone", "fold", "before", "after"), [(c[0], *c[2:]) for c in CHANGES])
def test_an_offset_chooses_between_the_two(zone, fold, before, after):
    starts = [read(starting(zone, fold + offset)).programme.sessions[1].start for offset in (before, after)]
    assert [start.isoformat() for start in starts] == [fold + before, fold + after]
    assert [start.fold for start in starts] == [0, 1]


def test_a_duration_counts_real_minutes_over_a_change():
    session = read(starting("Europe/London", "2024-03-31T00:45:00")).programme.sessions[1]
    assert session.end.isoformat() == "2024-03-31T02:30:00+01:00"


def test_a_session_is_measured_in_real_time_over_a_change():
    text = starting("Europe/London", "2024-10-27T00:30:00")
    text = changed(text, "    duration: 45\n", "    end: 2024-10-27T00:20:00Z\n")
    assert read(text).problems == ()
    assert "ends before it starts" in the_problem(changed(text, "00:20:00Z", "00:30:00+01:00"))[1]
