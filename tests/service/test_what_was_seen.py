"""What was seen is what is done: an item whose programme wants something else by now is left to the next plan."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from factories import START, make_session
from service.conftest import EVENT
from zoom_sync.adapters.store.tables import run_items
from zoom_sync.domain.meeting import meeting_digest
from zoom_sync.domain.plan import Policy
from zoom_sync.domain.run import ItemState
from zoom_sync.service_layer.apply import Listings, apply_item, carry_out, start_run
from zoom_sync.service_layer.sync import Profiles, plan_event

AGAIN = "the programme wants something other than the plan showed: plan again"
LATER = START + timedelta(hours=17)


def commit(desk, **policy):
    """A run that is committed and that nobody has begun yet."""
    return start_run(desk.applying, desk.plan(**policy))


def do(desk, run):
    carry_out(desk.applying, run, lambda _: None, lambda _until, _items: None)
    return [(str(item.state), item.reason) for item in desk.runs.items(run)]


def test_a_creation_is_skipped_when_another_programme_was_loaded_since(desk):
    desk.load(make_session())
    run = commit(desk)
    desk.load(make_session(start=LATER))
    assert do(desk, run) == [("skipped", AGAIN)]
    assert desk.zoom.meetings() == []
    assert [item.state for item in desk.apply()] == [ItemState.DONE]


def test_a_move_that_was_approved_is_not_made_to_another_time(desk):
    desk.load(make_session())
    desk.apply()
    before = desk.zoom.meetings()
    desk.load(make_session(start=START + timedelta(hours=1)))
    run = commit(desk)
    desk.load(make_session(start=LATER))
    assert do(desk, run) == [("skipped", AGAIN)]
    assert desk.zoom.meetings() == before


def test_one_bad_item_is_one_item_and_the_others_are_done(desk):
    first, second = make_session(), make_session("seminar-2", start=START + timedelta(days=1), title="Second")
    desk.load(first, second)
    run = commit(desk)
    desk.load(first, replace(second, title="Another"))
    assert do(desk, run) == [("done", ""), ("skipped", AGAIN)]
    assert [one["topic"] for one in desk.zoom.meetings()] == [first.title]


def test_loading_the_same_again_changes_nothing(desk):
    desk.load(make_session())
    run = commit(desk)
    desk.load(make_session())
    assert do(desk, run) == [("done", "")]


def test_a_profile_that_was_edited_since_is_something_else_too(desk):
    desk.load(make_session())
    run = commit(desk)
    desk.profiles["plain"]["waiting_room"] = True
    assert do(desk, run) == [("skipped", AGAIN)]


def test_a_session_that_is_gone_gets_no_meeting(desk):
    desk.load(make_session(), make_session("seminar-2", start=LATER))
    run = commit(desk)
    desk.load(make_session())
    assert [state for state, _ in do(desk, run)] == ["done", "skipped"]


def test_a_deletion_is_skipped_when_the_session_is_back(desk):
    session = make_session("seminar-2", start=LATER)
    desk.load(make_session(), session)
    desk.apply()
    desk.load(make_session())
    run = commit(desk, allow_delete=True)
    desk.load(make_session(), session)
    assert do(desk, run) == [("skipped", "the programme has its session again: plan again")]
    assert len(desk.zoom.meetings()) == 2


def test_an_item_of_a_version_that_did_not_keep_what_was_seen_is_left_to_the_next_plan(desk, database):
    desk.load(make_session())
    run = commit(desk)
    with database.transaction() as connection:
        connection.execute(update(run_items).values(seen=None))
    assert do(desk, run) == [("skipped", AGAIN)]
    assert [item.state for item in desk.apply()] == [ItemState.DONE]


def test_a_creation_in_doubt_whose_session_was_moved_since_makes_no_second_meeting(desk):
    desk.load(make_session())
    run = commit(desk)
    desk.control("POST", "faults", {"kind": "drop_after", "operation": "meetingCreate"})
    [item] = desk.runs.items(run)
    assert apply_item(desk.applying, Listings(desk.applying), item).retry_at is not None
    desk.load(make_session(start=LATER))
    desk.pass_time(minutes=5)
    assert [state for state, _ in do(desk, run)] == ["skipped"]
    desk.apply()
    desk.apply()
    assert [one["start_time"] for one in desk.zoom.meetings()] == [f"{LATER:%Y-%m-%dT%H:%M:%SZ}"]


def test_a_rehearsal_with_the_host_of_what_it_rehearses_is_as_it_was_seen(desk):
    rehearsal = make_session("rehearsal", start=START - timedelta(days=1), rehearsal_of="seminar-1")
    desk.load(make_session(), rehearsal)
    run = commit(desk)
    assert [state for state, _ in do(desk, run)] == ["done", "done"]


@pytest.mark.parametrize(
    "difference",
    [
        {"title": "Another"}, {"start": LATER}, {"minutes": 91}, {"timezone": "Asia/Shanghai"},
        {"description": "Another"}, {"settings": {"waiting_room": True}}, {"host": "host2@example.org"},
        {"items": ()}, {"known_id": "82318937943"},
    ],
)  # fmt: skip
def test_whatever_a_session_may_want_otherwise_is_something_else(difference):
    profiles = Profiles({"plain": {}}, "plain")
    before, after = (profiles.desired(one) for one in (make_session(), make_session(**difference)))
    assert meeting_digest(before) != meeting_digest(after)
    assert meeting_digest(before) == meeting_digest(profiles.desired(make_session()))


def test_the_plan_knows_what_each_session_wants_and_does_not_print_it(desk):
    desk.load(make_session())
    planned = plan_event(desk.planning, EVENT, Policy())
    assert set(planned.plan.wanted) == {"seminar-1"}
    assert "wanted" not in repr(planned.plan)
