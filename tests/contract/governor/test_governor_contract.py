"""What every governor keeps, wherever the budget is."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from zoom_sync.adapters.zoom.governor import MAX_WAIT_SECONDS, SHARE, distance
from zoom_sync.adapters.zoom.limits import RATES, Rate, ZoomPlan
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.errors import RateLimited

MIDNIGHT = datetime(2023, 11, 7, tzinfo=UTC)
PRO, FREE, BUSINESS = ZoomPlan.PRO, ZoomPlan.FREE, ZoomPlan.BUSINESS


def tight(**per_day):
    """Rates of so many calls a second that only the day counts."""
    rates = {label: Rate(1_000_000, 1, None, label.value) for label in Label}
    for name, (limit, group) in per_day.items():
        rates[Label[name]] = Rate(1_000_000, 1, limit, group)
    return rates


def refusal(governor, label, now):
    with pytest.raises(RateLimited) as raised:
        governor.reserve(label, now)
    return raised.value


# --- the row -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", list(ZoomPlan))
@pytest.mark.parametrize("label", list(Label))
def test_calls_of_a_label_leave_at_even_distances_below_the_published_rate(make, now, plan, label):
    governor, step = make(plan), distance(RATES[plan][label])
    waits = [governor.reserve(label, now) for _ in range(5)]
    assert waits == pytest.approx([0, step, 2 * step, 3 * step, 4 * step], abs=1e-5)
    rate = RATES[plan][label]
    assert step == pytest.approx(rate.seconds / rate.calls / SHARE)


@pytest.mark.parametrize(
    ("plan", "calls"),
    [(FREE, (4, 2, 1, 10 / 60)), (PRO, (30, 20, 10, 10 / 60)), (BUSINESS, (80, 60, 40, 20 / 60))],
)
def test_no_window_holds_more_calls_than_zoom_publishes(make, now, plan, calls):
    governor = make(plan)
    for label, per_second in zip(Label, calls, strict=True):
        window = max(1.0, 1 / per_second) * (60 if label is Label.RESOURCE_INTENSIVE else 1)
        waits = [governor.reserve(label, now) for _ in range(8)]
        for first in waits:
            assert sum(first <= wait < first + window for wait in waits) <= max(1, per_second * window)


def test_labels_have_rows_of_their_own(make, now):
    governor = make(PRO)
    for _ in range(5):
        governor.reserve(Label.HEAVY, now)
    assert governor.reserve(Label.LIGHT, now) == 0
    assert governor.reserve(Label.MEDIUM, now) == 0


def test_a_place_in_the_past_is_not_saved_up(make, place, now):
    governor = make(PRO)
    governor.reserve(Label.HEAVY, now)
    place.advance(3600)
    waits = [governor.reserve(Label.HEAVY, now) for _ in range(2)]
    assert waits == pytest.approx([0, distance(RATES[PRO][Label.HEAVY])], abs=1e-5)


def test_time_that_passes_shortens_the_row(make, place, now):
    governor, step = make(FREE), distance(RATES[FREE][Label.HEAVY])
    for _ in range(3):
        governor.reserve(Label.HEAVY, now)
    place.advance(step)
    assert governor.reserve(Label.HEAVY, now) == pytest.approx(2 * step, abs=1e-5)


def test_two_share_one_budget(make, now):
    first, second = make(PRO), make(PRO)
    step = distance(RATES[PRO][Label.LIGHT])
    waits = [one.reserve(Label.LIGHT, now) for one in (first, second, first, second)]
    assert waits == pytest.approx([0, step, 2 * step, 3 * step], abs=1e-5)
    assert first.used_today(Label.LIGHT, now) == second.used_today(Label.LIGHT, now) == 4


def test_many_threads_get_places_of_their_own_in_the_order_they_ask(make, now):
    governor, step = make(BUSINESS), distance(RATES[BUSINESS][Label.LIGHT])
    places = [[] for _ in range(6)]

    def ask(mine):
        mine.extend(governor.reserve(Label.LIGHT, now) for _ in range(20))

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in places)
    assert sorted(chain(*places)) == pytest.approx([step * number for number in range(120)], abs=1e-3)


def test_a_row_that_is_too_long_refuses_and_reserves_nothing(make, place, now):
    governor, label = make(PRO), Label.RESOURCE_INTENSIVE
    step = distance(RATES[PRO][label])
    inside = int(MAX_WAIT_SECONDS / step) + 1
    waits = [governor.reserve(label, now) for _ in range(inside)]
    assert waits[-1] <= MAX_WAIT_SECONDS < waits[-1] + step
    for _ in range(3):
        refused = refusal(governor, label, now)
        assert refused.limit == "per-second"
        assert refused.retry_at == pytest.approx(
            now + timedelta(seconds=waits[-1] + step), abs=timedelta(milliseconds=1)
        )
    assert governor.used_today(label, now) == inside
    place.advance(step)
    assert governor.reserve(label, now) == pytest.approx(waits[-1], abs=1e-4)


# --- the day -------------------------------------------------------------------------------------------------------


def test_a_used_up_day_refuses_until_the_next_utc_midnight(place, now):
    governor = place.make(tight(LIGHT=(3, "light")))
    for _ in range(3):
        governor.reserve(Label.LIGHT, now)
    refused = refusal(governor, Label.LIGHT, now)
    assert (refused.limit, refused.retry_at) == ("daily", MIDNIGHT)
    assert governor.used_today(Label.LIGHT, now) == 3


def test_the_day_begins_anew_at_midnight_in_utc_wherever_now_was_told(place, now):
    governor = place.make(tight(LIGHT=(1, "light")))
    governor.reserve(Label.LIGHT, now)
    east = (MIDNIGHT - timedelta(seconds=1)).astimezone(datetime.strptime("+0800", "%z").tzinfo)
    assert refusal(governor, Label.LIGHT, east).retry_at == MIDNIGHT
    assert governor.reserve(Label.LIGHT, MIDNIGHT) >= 0
    assert governor.used_today(Label.LIGHT, MIDNIGHT) == 1


def test_heavy_and_resource_intensive_calls_share_the_day_on_paid_plans(place, now):
    rates = tight(HEAVY=(3, "heavy"), RESOURCE_INTENSIVE=(3, "heavy"))
    governor = place.make(rates)
    for label in (Label.HEAVY, Label.RESOURCE_INTENSIVE, Label.HEAVY):
        governor.reserve(label, now)
    assert refusal(governor, Label.RESOURCE_INTENSIVE, now).limit == "daily"
    assert governor.used_today(Label.RESOURCE_INTENSIVE, now) == governor.used_today(Label.HEAVY, now) == 3


def test_the_groups_of_the_plans_are_the_published_ones():
    groups = {plan: {label: (rate.day_group, rate.per_day) for label, rate in RATES[plan].items()} for plan in ZoomPlan}
    for plan, most in ((PRO, 30_000), (BUSINESS, 60_000)):
        assert groups[plan][Label.HEAVY] == groups[plan][Label.RESOURCE_INTENSIVE] == ("heavy", most)
        assert groups[plan][Label.LIGHT][1] is groups[plan][Label.MEDIUM][1] is None
    assert [groups[FREE][label][1] for label in Label] == [6000, 2000, 1000, 30_000]
    assert len({group for group, _ in groups[FREE].values()}) == 4


def test_a_refused_call_counts_nothing(place, now):
    governor = place.make(tight(HEAVY=(1, "heavy"), RESOURCE_INTENSIVE=(1, "heavy")))
    governor.reserve(Label.HEAVY, now)
    for _ in range(3):
        refusal(governor, Label.HEAVY, now)
    assert governor.used_today(Label.HEAVY, now) == 1


# --- when Zoom answers 429 all the same ----------------------------------------------------------------------------


def limited(limit, retry_at=None):
    return RateLimited("", limit=limit, retry_at=retry_at)


@pytest.mark.parametrize("limit", ["per-second", "concurrent"])
def test_a_429_of_the_second_holds_the_row_until_it_is_over(make, now, limit):
    governor = make(PRO)
    governor.penalise(Label.LIGHT, limited(limit, now + timedelta(seconds=5)), now)
    assert governor.reserve(Label.LIGHT, now) == pytest.approx(5, abs=1e-5)
    assert governor.reserve(Label.MEDIUM, now) == 0


def test_a_429_without_an_end_holds_the_row_one_second(make, now):
    governor = make(PRO)
    governor.penalise(Label.LIGHT, limited("per-second"), now)
    assert governor.reserve(Label.LIGHT, now) == pytest.approx(1, abs=1e-5)


def test_a_429_never_shortens_the_row(make, now):
    governor, step = make(PRO), distance(RATES[PRO][Label.RESOURCE_INTENSIVE])
    for _ in range(4):
        governor.reserve(Label.RESOURCE_INTENSIVE, now)
    governor.penalise(Label.RESOURCE_INTENSIVE, limited("per-second", now - timedelta(hours=1)), now)
    assert governor.reserve(Label.RESOURCE_INTENSIVE, now) == pytest.approx(4 * step, abs=1e-5)


def test_a_long_429_is_obeyed_to_its_end(make, place, now):
    governor = make(PRO)
    governor.penalise(Label.LIGHT, limited("per-second", now + timedelta(hours=2)), now)
    refused = refusal(governor, Label.LIGHT, now)
    assert refused.retry_at == pytest.approx(now + timedelta(hours=2), abs=timedelta(seconds=1))
    place.advance(7190)
    assert governor.reserve(Label.LIGHT, now) == pytest.approx(10, abs=1e-3)


@pytest.mark.parametrize("plan", list(ZoomPlan))
@pytest.mark.parametrize("label", list(Label))
def test_a_429_of_the_day_ends_the_day_also_where_no_daily_limit_is_published(make, now, plan, label):
    governor = make(plan)
    governor.penalise(label, limited("daily", MIDNIGHT), now)
    refused = refusal(governor, label, now)
    assert (refused.limit, refused.retry_at) == ("daily", MIDNIGHT)
    assert governor.reserve(label, MIDNIGHT) >= 0


def test_where_the_budget_is_kept_can_be_told(make):
    assert make(PRO).check()


def test_a_clock_far_ahead_counts_as_exactly(make, place, now):
    governor, step = make(PRO), distance(RATES[PRO][Label.LIGHT])
    place.advance(6_000_000_000)  # the year 2213: microseconds beyond what 52 bits hold of them
    waits = [governor.reserve(Label.LIGHT, now) for _ in range(100)]
    assert waits == pytest.approx([step * number for number in range(100)], abs=1e-3)
