"""A brake for mass change, as a pure function over the plan."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from factories import NOW, START, make_desired, make_host, make_link, make_observed, make_session
from zoom_sync.domain.plan import Action, Known, Observation, Policy, make_plan, plan_json
from zoom_sync.domain.plan.braking import signed

HOSTS = tuple(make_host(number) for number in range(1, 4))
DAY = timedelta(days=1)


def session(number, **differences):
    start = differences.pop("start", START + number * DAY)
    return make_session(f"s-{number:02}", **{"start": start, "title": f"Session {number}", **differences})


class Event:
    """So many sessions that are linked and in step; tests load another programme and plan."""

    def __init__(self, count):
        self.sessions = [session(number) for number in range(count)]
        self.links = {one.key: make_link(one, f"{81000000000 + number}") for number, one in enumerate(self.sessions)}
        self.seen = {link.meeting_id: make_observed(link, deep=True) for link in self.links.values()}

    def plan(self, sessions, now=NOW, **policy):
        desired = [make_desired(one) for one in sessions]
        known, seen = Known(self.links), Observation(self.seen)
        return make_plan("event", desired, known, seen, HOSTS, Policy(**policy), now, UTC)

    def moved(self, count, by):
        return [
            replace(one, start=one.start + by, end=one.end + by) if number < count else one
            for number, one in enumerate(self.sessions)
        ]


@pytest.fixture
def event():
    return Event(20)


def test_twenty_of_twenty_that_move_are_told_in_one_sentence_and_none_is_done(event):
    plan = event.plan(event.moved(20, timedelta(hours=12)))
    assert plan.brake.sentence == "20 of 20 sessions move by +12 h"
    assert (plan.changes, len(plan.held_back)) == ((), 20)
    assert {(held.needs, held.together) for held in plan.held_back} == {("--allow-mass-change", True)}
    assert plan_json(plan)["mass_change"] == {
        "sentence": "20 of 20 sessions move by +12 h", "sessions": 20, "of": 20, "held_back": True,
    }  # fmt: skip


def test_by_name_all_of_it_is_done(event):
    plan = event.plan(event.moved(20, timedelta(hours=12)), allow_mass_change=True)
    assert (len(plan.changes), plan.held_back, plan.brake.released) == (20, (), True)


@pytest.mark.parametrize(("count", "held"), [(6, False), (7, True)])
def test_a_share_is_what_counts(event, count, held):
    plan = event.plan(event.moved(count, timedelta(hours=1)))
    assert (plan.is_braked, len(plan.changes)) == ((True, 0) if held else (False, 6))


def test_the_share_is_a_setting(event):
    assert event.plan(event.moved(2, DAY), mass_change=5).is_braked
    assert not event.plan(event.moved(20, DAY), mass_change=100).is_braked


@pytest.mark.parametrize(("linked", "held"), [(9, False), (10, True)])
def test_few_sessions_are_no_mass(linked, held):
    event = Event(linked)
    assert event.plan(event.moved(linked, DAY)).is_braked is held


def test_times_titles_and_what_vanished_count_together(event):
    sessions = [
        replace(one, title="Another") if number in (1, 2, 3) else one for number, one in enumerate(event.sessions)
    ]
    sessions = [*event.moved(1, DAY)[:1], *sessions[1:-3]]
    plan = event.plan(sessions)
    assert plan.brake.sentence == (
        "1 of 20 sessions moves by +1 d; 3 of 20 sessions get another title; "
        "3 of 20 sessions are no longer in the programme"
    )
    assert plan.changes == ()
    assert {held.needs for held in plan.held_back} == {"--allow-mass-change", "--allow-delete --allow-mass-change"}


def test_an_option_that_allows_deleting_does_not_allow_it_for_many(event):
    rest = event.sessions[:10]
    plan = event.plan(rest, allow_delete=True)
    assert plan.brake.sentence == "10 of 20 sessions are no longer in the programme"
    assert plan.changes == ()
    assert len(event.plan(rest, allow_delete=True, allow_mass_change=True).changes) == 10
    both = {held.needs for held in event.plan(rest, allow_mass_change=True).held_back}
    assert both == {"--allow-delete"}


def test_another_host_for_many_needs_two_options(event):
    sessions = [replace(one, host="host2@example.org") for one in event.sessions]
    plan = event.plan(sessions, allow_replace=True)
    assert (plan.brake.sentence, plan.changes) == ("20 of 20 sessions get another meeting and link", ())
    assert {one.action for one in event.plan(sessions, allow_replace=True, allow_mass_change=True).changes} == {
        Action.REPLACE
    }


def test_descriptions_and_new_sessions_are_no_mass_change(event):
    sessions = [replace(one, description="Another text") for one in event.sessions]
    assert len(event.plan(sessions).changes) == 20
    new = [*event.sessions, *(session(number) for number in range(20, 60))]
    assert len(event.plan(new).changes) == 40


def test_what_was_edited_on_zoom_is_put_back_whatever_the_programme_does(event):
    for meeting_id, shown in event.seen.items():
        event.seen[meeting_id] = replace(shown, agenda="By hand")
    plan = event.plan(event.sessions)
    assert (plan.brake, len(plan.changes)) == (None, 20)
    plan = event.plan(event.moved(20, DAY))
    assert {tuple(one.name for one in change.fields) for change in plan.changes} == {("agenda",)}
    assert {tuple(one.name for one in held.change.fields) for held in plan.held_back} == {("start_time",)}


def test_what_is_left_of_an_event_is_measured_too():
    event = Event(60)
    now = START + timedelta(days=44, hours=3)  # 45 are over
    later = [
        one if number < 45 else replace(one, start=one.start + DAY, end=one.end + DAY)
        for number, one in enumerate(event.sessions)
    ]
    plan = event.plan(later, now)
    assert plan.brake.sentence == "15 of 15 sessions move by +1 d"
    assert event.plan(event.moved(0, DAY), now).brake is None


def test_what_a_person_approved_before_does_not_count_again(event):
    sessions = event.moved(20, timedelta(hours=12))
    marks = [change.mark for change in event.plan(sessions, allow_mass_change=True).changes]
    assert len(event.plan(sessions, approved=frozenset(marks)).changes) == 20
    others = event.moved(20, timedelta(hours=13))
    assert event.plan(others, approved=frozenset(marks)).changes == ()


def test_moves_that_differ_are_told_from_least_to_most(event):
    sessions = [*event.moved(10, timedelta(hours=12))[:10], *event.moved(20, timedelta(hours=13))[10:]]
    assert event.plan(sessions).brake.sentence == "20 of 20 sessions move by +12 h to +13 h"
    longer = [replace(one, end=one.end + timedelta(minutes=15)) for one in event.sessions]
    assert event.plan(longer).brake.sentence == "20 of 20 sessions get other times"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(720, "+12 h"), (-90, "-1 h 30 min"), (10080, "+7 d"), (0, "+0 min"), (1501, "+1 d 1 h 1 min")],
)
def test_a_length_of_time_has_a_sign(minutes, told):
    assert signed(timedelta(minutes=minutes)) == told


def test_a_programme_that_has_no_session_any_more_is_mass_change(event):
    plan = event.plan([], allow_delete=True)
    assert plan.brake.sentence == "20 of 20 sessions are no longer in the programme"
    assert plan.changes == ()
    assert len(event.plan([], allow_delete=True, allow_mass_change=True).changes) == 20


def test_a_single_session_is_told_in_the_singular(event):
    first, *others = event.sessions
    for sessions, sentence in (
        ([replace(first, title="Another"), *others], "1 of 20 sessions gets another title"),
        (event.moved(1, DAY), "1 of 20 sessions moves by +1 d"),
        (others, "1 of 20 sessions is no longer in the programme"),
    ):
        assert event.plan(sessions, mass_change=1).brake.sentence == sentence
