"""When each item was on: as the programme tells it, or an even share of the session."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import START, make_session
from zoom_sync.domain.agenda import item_at, items_flaw, timed_items
from zoom_sync.domain.programme import AgendaItem


def at(minutes):
    return START + timedelta(minutes=minutes)


def item(start=None, minutes=None):
    begin = None if start is None else at(start)
    return AgendaItem("P", "T", start=begin, end=begin + timedelta(minutes=minutes) if minutes else None)


def times(*items, minutes=90):
    """Each item's begin and end in minutes, and whether that is an estimate."""
    found = timed_items(make_session(items=items, minutes=minutes))
    return [((one.start - START).seconds // 60, (one.end - START).seconds // 60, one.estimated) for one in found]


def test_items_without_times_share_the_session_evenly_and_say_so():
    assert times(item(), item(), item()) == [(0, 30, True), (30, 60, True), (60, 90, True)]
    assert times() == []


def test_told_times_are_taken_as_they_are():
    assert times(item(5, 20), item(30, 60)) == [(5, 25, False), (30, 90, False)]


def test_an_item_without_an_end_lasts_until_the_next_begin():
    assert times(item(0), item(40), item(60)) == [(0, 40, False), (40, 60, False), (60, 90, False)]


def test_items_between_told_ones_share_what_these_leave():
    assert times(item(), item(20, 10), item(), item(), item(70)) == [
        (0, 20, True), (20, 30, False), (30, 50, True), (50, 70, True), (70, 90, False),
    ]  # fmt: skip
    assert times(item(10), item(), item(50)) == [(10, 30, True), (30, 50, True), (50, 90, False)]


def test_the_item_that_was_on_is_found_by_its_moment():
    items = timed_items(make_session(items=(item(0, 30), item(40, 50))))
    assert [one and one.number for one in (item_at(items, at(m)) for m in (-1, 0, 29, 30, 40, 90))] == [
        None, 1, 1, None, 2, None,
    ]  # fmt: skip
    assert item_at(items, None) is None


def test_a_clock_change_within_the_session_shortens_no_item():
    paris = ZoneInfo("Europe/Paris")
    start = datetime(2023, 10, 29, 2, 0, tzinfo=paris)
    end = datetime(2023, 10, 29, 3, 0, tzinfo=paris)  # two hours later
    first, second = timed_items(make_session(start=start, end=end, items=(item(), item())))
    assert first.end.astimezone(UTC) - first.start.astimezone(UTC) == timedelta(hours=1)
    assert second.end == end


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([item(-1)], "item 1 is not within"),
        ([item(0, 91)], "item 1 is not within"),
        ([item(90)], "item 1 is not within"),
        ([item(30), item(20)], "item 2 begins before the item above"),
        ([item(0, 30), item(29)], "item 2 begins before the item above"),
        ([item(10), item(10)], "no time is left for the item above item 2"),
        ([item(0, 30), item(), item(30)], "no time is left for the item above item 3"),
        ([item(), item(0)], "no time is left for the item above item 2"),
        ([item(0, 90), item()], "no time is left for the last item"),
        ([AgendaItem("P", "T", start=at(5), end=at(5))], "item 1 ends before it starts"),
    ],
)
def test_times_that_cannot_be_are_told(items, words):
    assert words in items_flaw(items, at(0), at(90))


@given(st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 89), st.one_of(st.none(), st.integers(1, 60))))))
def test_items_without_a_flaw_lie_in_order_within_the_session_and_none_is_empty(told):
    items = tuple(item(*one) if one else item() for one in told)
    if items_flaw(items, at(0), at(90)) is not None:
        return
    found = timed_items(make_session(items=items))
    assert [one.number for one in found] == list(range(1, len(items) + 1))
    assert all(at(0) <= one.start < one.end <= at(90) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))
