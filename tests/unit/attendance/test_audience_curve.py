from statistics import median

from hypothesis import given
from hypothesis import strategies as st
from stay_samples import WINDOW, at, stay

from zoom_sync.domain.attendance import Role, Step, audience_curve, merge


def curve_of(*stays, **options):
    return audience_curve(merge(stays, window=WINDOW, hosts=frozenset({"H"})), **options)


def test_people_come_and_go_in_steps():
    curve = curve_of(stay(0, 30, "Ann"), stay(10, 20, "Bo"))
    assert curve.steps == (Step(at(0), 1), Step(at(10), 2), Step(at(20), 1), Step(at(30), 0))
    assert (curve.peak, curve.peak_at, curve.median_stay) == (2, at(10), 20 * 60)


def test_one_persons_devices_count_once():
    assert curve_of(stay(0, 30, user_id="1"), stay(10, 40, user_id="2")).steps == (Step(at(0), 1), Step(at(40), 0))


def test_coming_while_another_goes_makes_no_step():
    assert curve_of(stay(0, 10, "Ann"), stay(10, 20, "Bo")).peak == 1


def test_minutes_tell_the_most_at_one_time():
    curve = curve_of(stay(0, 2.5, "Ann"), stay(2.2, 4, "Bo"))
    assert curve.by_minute(at(-1), at(5)) == [0, 1, 1, 2, 1, 0]
    assert curve.by_minute(at(2.75), at(3)) == [1]
    assert curve.by_minute(at(5), at(0)) == []


def test_the_audience_can_be_looked_at_without_the_hosts():
    rows = [stay(0, 90, "Host", participant_id="H"), stay(5, 10, "Ann")]
    assert curve_of(*rows, roles=frozenset({Role.AUDIENCE})).median_stay == 300


def test_an_empty_room_has_an_empty_curve():
    curve = curve_of(stay(0, 10, waiting=True))
    assert (curve.steps, curve.peak, curve.peak_at, curve.median_stay) == ((), 0, None, 0)


def test_the_mean_counts_every_second():
    curve = curve_of(stay(0, 30, "Ann"), stay(10, 20, "Bo"))
    assert curve.mean(at(0), at(30)) == 40 / 30
    assert curve.mean(at(-10), at(10)) == 0.5
    assert curve.mean(at(25), at(35)) == 0.5
    assert curve.mean(at(5), at(5)) == 0


@given(st.lists(st.integers(1, 9), max_size=12))
def test_the_median_stay_is_the_median(minutes):
    stays = [stay(0, length, f"Guest {number}") for number, length in enumerate(minutes)]
    assert curve_of(*stays).median_stay == (median(minutes) * 60 if minutes else 0)
