"""A meeting is not made a second time in silence: one of the same title and start, linked to nothing, is seen before."""

from datetime import timedelta

from factories import START, make_programme, make_session
from zoom_sync.domain.plan import Action
from zoom_sync.domain.run import ItemState
from zoom_sync.service_layer.apply import Listings, apply_item, start_run

TITLE = make_session().title
LATER = START + timedelta(days=1)


def the_held(plan):
    assert not plan.changes
    [held] = plan.held_back
    return held


def test_the_same_programme_from_another_store_makes_no_meeting_twice(desk):
    made = desk.by_hand(2, topic=TITLE)["id"]
    desk.load(make_session())
    held = the_held(desk.plan())
    assert (held.change.action, held.needs) == (Action.CREATE, "--allow-double")
    assert f"already holds meeting {made} of this title and start" in held.why
    assert "zoom-sync adopt --propose" in held.why
    desk.apply()
    assert [one["id"] for one in desk.zoom.meetings()] == [made]


def test_by_name_another_one_is_made(desk):
    desk.by_hand(topic=TITLE)
    desk.load(make_session())
    assert [item.state for item in desk.apply(allow_double=True)] == [ItemState.DONE]
    assert len(desk.zoom.meetings()) == 2
    assert desk.plan().changes == desk.plan().held_back == ()


def test_once_it_is_taken_over_nothing_is_held_back(desk):
    made = desk.by_hand(topic=TITLE)["id"]
    desk.load(make_session())
    desk.adopt("seminar-1", made)
    desk.apply()
    assert [one["id"] for one in desk.zoom.meetings()] == [made]
    assert desk.plan().held_back == ()


def test_another_time_another_title_and_another_kind_are_no_double(desk):
    desk.by_hand(topic=TITLE, start_time=f"{LATER:%Y-%m-%dT%H:%M:%SZ}")
    desk.by_hand(topic="Something else")
    desk.load(make_session())
    assert [change.action for change in desk.plan().changes] == [Action.CREATE]


def test_what_another_event_of_the_store_holds_is_no_stranger(desk):
    desk.load(make_session())
    desk.apply()
    desk.programmes.save(make_programme(make_session(), key="other"), desk.zoom.clock.now())
    assert [change.action for change in desk.plan_of("other").changes] == [Action.CREATE]


def test_sessions_of_the_same_title_and_time_are_all_made(desk):
    desk.load(make_session("room-1"), make_session("room-2"))
    assert [item.state for item in desk.apply()] == [ItemState.DONE] * 2


def test_a_creation_in_doubt_is_looked_for_and_is_no_stranger(desk):
    desk.load(make_session())
    desk.control("POST", "faults", {"kind": "drop_after", "operation": "meetingCreate"})
    run = start_run(desk.applying, desk.plan())
    [item] = desk.runs.items(run)
    apply_item(desk.applying, Listings(desk.applying), item)
    [change] = desk.plan().changes
    assert change.reason == "an earlier run began to create it; looked for on Zoom first"
    desk.load(make_session(), make_session("twin"))  # and neither is it to another session of the same look
    assert len(desk.plan().changes) == 2
    desk.pass_time(minutes=5)
    desk.apply()
    assert len(desk.zoom.meetings()) == 2


def test_a_new_meeting_for_one_that_is_gone_is_held_back_where_somebody_made_it_again_by_hand(desk):
    desk.load(make_session())
    desk.apply()
    desk.control("DELETE", f"meetings/{desk.link().meeting_id}")
    made = desk.by_hand(topic=TITLE)["id"]
    held = the_held(desk.plan(allow_replace=True))
    assert (held.change.action, held.needs) == (Action.REPLACE, "--allow-double")
    assert str(made) in held.why
