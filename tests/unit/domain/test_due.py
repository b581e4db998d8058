"""When something is due: from instants alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import START
from zoom_sync.domain.delivery import Hint, Look
from zoom_sync.domain.due import (
    Mark,
    Outlook,
    Rhythm,
    Span,
    Told,
    deep_is_due,
    meant,
    next_deep,
    next_sync,
    sync_is_due,
)

FAR, DAY, HOURS = timedelta(hours=6), timedelta(minutes=30), timedelta(minutes=5)
RHYTHM = Rhythm(FAR, DAY, HOURS)
SPAN = Span("seminar-1", START, START + timedelta(minutes=90))
LOADED = datetime(2023, 10, 1, tzinfo=UTC)


def before(**ago):
    return START - timedelta(**ago)


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        (before(days=9), before(days=9) + FAR),
        (before(hours=25), before(hours=24)),  # a long interval does not reach over the last day's beginning
        (before(hours=24), before(hours=24) + DAY),
        (before(hours=2, minutes=10), before(hours=2)),
        (before(hours=2), before(hours=2) + HOURS),
        (before(minutes=3), START + timedelta(minutes=2)),
        (START, START + DAY),  # it has begun: back to the day's interval
        (SPAN.end - timedelta(minutes=1), None),
        (SPAN.end, None),
    ],
)
def test_the_nearer_a_session_the_more_often_its_event_is_synced(last, wanted):
    assert next_sync([SPAN], last, RHYTHM) == wanted


def test_an_event_that_was_never_synced_is_due_since_ever():
    assert next_sync([SPAN], None, RHYTHM) < before(days=9000)


def test_an_event_without_sessions_is_never_due():
    assert next_sync([], None, RHYTHM) is None


@given(st.integers(0, 60 * 24 * 12), st.lists(st.integers(0, 60 * 24 * 12), min_size=1, max_size=6))
def test_no_interval_is_longer_than_that_of_the_nearest_session_at_its_end(last, starts):
    spans = [
        Span(str(n), START + timedelta(minutes=m), START + timedelta(minutes=m + 90)) for n, m in enumerate(starts)
    ]
    done = START + timedelta(minutes=last)
    when = next_sync(spans, done, RHYTHM)
    if when is None:
        assert all(span.end <= done + FAR for span in spans)
        return
    assert done < when <= done + FAR
    for span in spans:
        if span.start > done and when > span.start - timedelta(hours=2):
            assert when - done <= HOURS or done < span.start - timedelta(hours=2) >= when
        if span.end > done and when > span.start - timedelta(days=1):
            assert when - done <= DAY or when == span.start - timedelta(days=1)


@given(st.text(max_size=30), st.integers(0, 10**6))
def test_a_deep_check_comes_once_a_day_at_the_events_own_time(event, minutes):
    last = START + timedelta(minutes=minutes)
    first = next_deep(event, last)
    assert last < first <= last + timedelta(days=1)
    assert next_deep(event, first) == first + timedelta(days=1)


def test_the_deep_checks_of_many_events_are_spread_over_the_day():
    hours = [next_deep(f"event-{n}", START).hour for n in range(480)]
    assert all(5 <= hours.count(hour) <= 40 for hour in range(24))


def outlook(sync=None, told=()):
    sync = sync or Mark(before(days=9), before(days=9), LOADED)
    return Outlook("urban-2023", LOADED, (SPAN,), sync, Mark(), tuple(told))


def told(look, *, at, synced):
    return Told("seminar-1", Hint("81000000001", look, at, 1), synced)


def test_a_programme_that_was_loaded_anew_is_synced_at_once():
    mark = Mark(before(days=9), before(days=9), LOADED - timedelta(days=1))
    now = before(days=9) + timedelta(seconds=1)
    assert not sync_is_due(outlook(), RHYTHM, now)
    assert sync_is_due(outlook(mark), RHYTHM, now)


def test_what_a_webhook_tells_is_looked_at_at_once_but_not_the_echo_of_our_own_write():
    now = before(days=9) + timedelta(seconds=1)
    ours = told(Look.DEEP, at=now + timedelta(seconds=2), synced=now)
    theirs = told(Look.DEEP, at=now + timedelta(seconds=4), synced=now)
    deleted = told(Look.SYNC, at=now + timedelta(hours=1), synced=now)
    over = told(Look.COLLECT, at=now + timedelta(hours=1), synced=now)
    assert not sync_is_due(outlook(told=[ours, over]), RHYTHM, now)
    assert deep_is_due(outlook(told=[theirs]), now)
    assert sync_is_due(outlook(told=[deleted]), RHYTHM, now)
    assert not deep_is_due(outlook(told=[deleted]), now)


def test_there_is_no_deep_check_after_the_last_session():
    mark = Mark(SPAN.end, SPAN.end, LOADED)
    assert not sync_is_due(outlook(mark), RHYTHM, SPAN.end + timedelta(days=3))


@pytest.mark.parametrize(("until", "free"), [(None, True), (START, True), (START + timedelta(seconds=1), False)])
def test_a_claim_ends_by_itself(until, free):
    assert Mark(claimed_until=until).is_free(START) is free


@pytest.mark.parametrize(
    ("at", "keys"),
    [
        (timedelta(hours=1), ("a", "b")),  # both are on that evening
        (timedelta(days=7, hours=3), ("c",)),
        (timedelta(days=4), ("c",)),  # on nobody's day: the nearest
        (timedelta(days=30), ("c",)),
    ],
)
def test_what_happens_in_a_shared_meeting_is_about_the_sessions_of_that_day(at, keys):
    hour = timedelta(hours=1)
    starts = {"a": START, "b": START + hour, "c": START + timedelta(days=7)}
    assert meant([Span(key, start, start + hour) for key, start in starts.items()], START + at) == keys
