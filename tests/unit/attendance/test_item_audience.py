"""How many heard each item, and who heard which."""

from hypothesis import given
from hypothesis import strategies as st
from stay_samples import START, WINDOW, at, stay

from factories import make_session
from zoom_sync.domain.agenda import timed_items
from zoom_sync.domain.attendance import Role, audience_by_item, audience_curve, hearers, merge
from zoom_sync.domain.programme import AgendaItem

ITEMS = timed_items(
    make_session(items=(AgendaItem("A", "a", start=at(0), end=at(30)), AgendaItem("B", "b", start=at(40), end=at(90))))
)


def attendees(*stays, **options):
    return merge(stays, window=WINDOW, **options).attendees


def test_each_item_has_its_own_audience():
    people = attendees(stay(0, 15, "Ann"), stay(10, 50, "Bo"), stay(32, 38, "Cy"), stay(20, 20, "Di"))
    first, second = audience_by_item(people, ITEMS)
    assert (first.present, first.average, first.peak, first.peak_at) == (2, 35 / 30, 2, at(10))
    assert (second.present, second.average, second.peak, second.peak_at) == (1, 10 / 50, 1, at(40))
    assert [one.item.number for one in (first, second)] == [1, 2]


def test_coming_while_another_goes_is_one_at_a_time_and_a_rejoin_one_person():
    (first, _) = audience_by_item(attendees(stay(0, 10), stay(20, 25), stay(10, 20, "Bo")), ITEMS)
    assert (first.present, first.peak, first.average) == (2, 1, 25 / 30)


def test_an_empty_room_is_told_and_no_item_is_no_audience():
    assert [(one.present, one.average, one.peak, one.peak_at) for one in audience_by_item((), ITEMS)] == [
        (0, 0, 0, None)
    ] * 2
    assert audience_by_item(attendees(stay(0, 9)), ()) == ()


def test_the_audience_of_an_item_can_be_counted_without_the_hosts():
    people = attendees(stay(0, 90, "Host", participant_id="H"), stay(5, 10, "Ann"), hosts=frozenset({"H"}))
    first, second = audience_by_item(people, ITEMS, roles=frozenset({Role.AUDIENCE}))
    assert (first.present, second.present) == (1, 0)


def test_who_heard_which_item_is_told_with_the_share_and_whether_it_is_enough():
    told = hearers(attendees(stay(0, 15, "Ann"), stay(16, 90, "Bo"), stay(31, 39, "Cy")), ITEMS, 0.5)
    assert [(one.attendee.name, one.item.number, one.seconds, one.heard) for one in told] == [
        ("Ann", 1, 900, True), ("Bo", 1, 840, False), ("Bo", 2, 3000, True),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(-20, 100), st.integers(0, 60), st.sampled_from("ABCD")), max_size=12))
def test_the_item_that_is_the_session_has_the_sessions_curve(rows):
    got = merge((stay(begin, begin + length, name) for begin, length, name in rows), window=WINDOW)
    (whole,) = audience_by_item(got.attendees, timed_items(make_session(items=(AgendaItem("A", "a"),), start=START)))
    assert whole.peak == max(audience_curve(got).by_minute(*WINDOW), default=0)
    assert whole.present == sum(1 for one in got.attendees if one.seconds_inside)
    assert whole.average == sum(one.seconds_inside for one in got.attendees) / 5400
