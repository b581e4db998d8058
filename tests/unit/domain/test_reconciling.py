"""The table of one field: ten rows, each of which a case here must hit, and what becomes of a field in each."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOW
from zoom_sync.domain.meeting import (
    ABSENT,
    NOTHING_KNOWN,
    PAUSES,
    ZOOM_ZONES,
    Learned,
    Refusal,
    after_refusal,
    after_sending,
    alike,
    name_for_zoom,
    reads_back,
    same_rules,
    settled,
)
from zoom_sync.domain.plan import Act, Row, act_of, row_of

WINTER = ((NOW, NOW + timedelta(hours=2)),)
# W, S, M, N, what was refused, and what is done.
CASES = {
    Row.IN_STEP: [
        ("a", "a", "a", "a", None, Act.LEARN),
        ("a", ABSENT, ABSENT, "a", None, Act.LEARN),
        ("a", "b", "b", "a", None, Act.LEARN),
        ("a", "b", "b", "a", Refusal("a", "no", "b"), Act.LEARN),
    ],
    Row.ZOOMS_OWN: [
        ("a🌳", "a🌳", "a", "a", None, Act.LEARN),
        ("a", "a", ABSENT, "b", None, Act.LEARN),
    ],
    Row.CHANGED: [("b", "a", "a", "a", None, Act.WRITE), ("b", "a🌳", "a", "a", None, Act.WRITE)],
    Row.EDITED: [("a", "a", "a", "b", None, Act.POLICY), ("a🌳", "a🌳", "a", "b", None, Act.POLICY)],
    Row.BOTH_MOVED: [("c", "a", "a", "b", None, Act.WRITE)],
    Row.NO_HISTORY: [("a", ABSENT, ABSENT, "b", None, Act.WRITE), ("a", ABSENT, ABSENT, ABSENT, None, Act.WRITE)],
    Row.WITHDRAWN: [(ABSENT, "a", "a", "a", None, Act.RESET), (ABSENT, "a", "a", "b", None, Act.RESET)],
    Row.NO_OPINION: [(ABSENT, ABSENT, ABSENT, "b", None, Act.NOTHING), (ABSENT, ABSENT, "b", "c", None, Act.NOTHING)],
    Row.NOT_SHOWN: [("a", "a", ABSENT, ABSENT, None, Act.NOTHING), ("b", "a", "a", ABSENT, None, Act.WRITE)],
    Row.REFUSED: [
        ("b", "a", "a", "a", Refusal("b", "no", "a"), Act.HOLD),
        ("b", ABSENT, ABSENT, ABSENT, Refusal("b", "no"), Act.HOLD),
    ],
}


def same(have, other):
    return have == other


@pytest.mark.parametrize("row", Row)
def test_every_row_is_met_and_does_what_the_table_says(row):
    assert CASES[row]
    for want, sent, made, shown, refused, act in CASES[row]:
        assert row_of(want, sent, made, shown, same, refused) is row
        assert act_of(row, want, sent) is act


@pytest.mark.parametrize(("want", "shown"), [("c", "a"), ("b", "c")], ids=["programme", "Zoom"])
def test_a_refused_value_is_sent_again_once_the_programme_or_zoom_changed(want, shown):
    assert row_of(want, "a", "a", shown, same, Refusal("b", "no", "a")) in (Row.CHANGED, Row.BOTH_MOVED)


def test_an_empty_value_is_another_thing_than_an_absent_one():
    assert row_of("", "a", "a", "a", same) is Row.CHANGED
    assert row_of(None, "a", "a", "a", same) is Row.CHANGED


VALUES = st.sampled_from(["", "a", "A", "b", "ab", "ba", "c🌳"])


@given(
    st.lists(VALUES, min_size=1, max_size=4),
    st.dictionaries(VALUES, VALUES),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_whatever_zoom_makes_of_values_two_looks_after_the_last_change_nothing_is_written(wishes, makes, answers):
    """`answers` tells whether Zoom could be asked right after each write: where not, the next write learns it."""
    known, there = NOTHING_KNOWN, ABSENT
    for place, want in enumerate(wishes):
        writes = []
        for look in range(4):
            row = row_of(want, known.sent, known.made, there, same, known.refused)
            act = act_of(row, want, known.sent)
            if act is Act.LEARN and row is Row.IN_STEP:
                known = settled(known, want, there, NOW)
            if act in (Act.WRITE, Act.POLICY):
                writes.append(look)
                there = makes.get(want, want)
                known = after_sending(known, want, there if answers[place] or look else ABSENT, NOW)
        assert not [look for look in writes if look > 1]


def test_what_is_put_back_is_counted_by_what_was_sent_and_shown():
    known = Learned("a", "a", 2, seen="b")
    first = after_sending(known, "a", ABSENT, NOW)
    assert (first.repairs.count, first.repairs.due) == (1, NOW + PAUSES[0])
    second = after_sending(Learned("a", "a", 2, seen="b", repairs=first.repairs), "a", ABSENT, NOW)
    assert (second.repairs.count, second.repairs.due) == (2, NOW + PAUSES[1])
    other = after_sending(Learned("a", "a", 2, seen="c", repairs=second.repairs), "a", ABSENT, NOW)
    assert other.repairs.count == 1
    assert settled(second, "a", "a", NOW).repairs == second.repairs
    assert settled(second, "a", "a", second.repairs.due).repairs is None


@pytest.mark.parametrize(("later", "pauses"), [(0, True), (59, True), (60, False), (-1, False), (-300, False)])
def test_a_repair_waits_for_its_pause_and_never_longer_though_the_clock_was_set_back(later, pauses):
    repairs = after_sending(Learned("a", "a", 2, seen="b"), "a", ABSENT, NOW).repairs
    assert repairs.pauses(NOW + timedelta(minutes=later)) is pauses


def test_a_new_value_of_the_programmes_is_no_repair():
    assert after_sending(Learned("a", "a", 2, seen="b"), "c", ABSENT, NOW).repairs is None


def test_a_refusal_does_not_forget_what_is_known():
    known = after_refusal(Learned("a", "a", 2), "b", "no")
    assert (known.sent, known.made, known.refused) == ("a", "a", Refusal("b", "no", "a"))


@pytest.mark.parametrize(
    ("name", "value", "asks"),
    [
        ("topic", "Seminar 3: Floods, and what to do", False),
        ("topic", "Trees 🌳", True),
        ("agenda", "One\nTwo", True),
        ("duration", 90, False),
        ("start_time", NOW, False),
        ("timezone", "Europe/Berlin", True),
        ("settings.waiting_room", True, True),
    ],
)
def test_zoom_is_asked_what_it_made_of_what_it_may_change(name, value, asks):
    assert reads_back(name, value) is asks
    assert reads_back(name, value, Learned("2023-11-01T00:00:00Z" if value is NOW else value, value, 1)) is False


# --- zones ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Europe/Kyiv", "Europe/Kiev"),
        ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
        ("America/Toronto", "America/Montreal"),
        ("America/Indiana/Indianapolis", "America/Indianapolis"),
        ("Australia/Melbourne", "Australia/Sydney"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("Nowhere/Land", "Nowhere/Land"),
    ],
)
def test_a_zone_is_sent_by_a_name_that_zoom_lists(name, sent):
    assert name_for_zoom(name, WINTER) == sent


@given(st.sampled_from(["Europe/Vilnius", "Africa/Lagos", "Asia/Karachi", "Asia/Manila", "Europe/Zagreb"]))
def test_whatever_name_is_sent_shows_the_same_time(name):
    sent = name_for_zoom(name, WINTER)
    assert sent in ZOOM_ZONES
    assert same_rules(name, sent, WINTER)


def test_zones_are_compared_over_the_meetings_dates():
    summer = tuple((start + timedelta(days=240), end + timedelta(days=240)) for start, end in WINTER)
    assert alike("timezone", "Africa/Algiers", "Europe/Berlin", WINTER)
    assert not alike("timezone", "Africa/Algiers", "Europe/Berlin", WINTER + summer)
    assert not alike("timezone", "Asia/Tokyo", "Europe/Berlin", WINTER)
