"""A host never holds more than he can: over all events, kinds and people, after a change as after a creation."""

from datetime import timedelta

import pytest

from factories import START, make_programme, make_session
from zoom_sync.adapters.zoom.client import ZoomWriter
from zoom_sync.domain.delivery import Live
from zoom_sync.domain.plan import Action
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.run import ItemState
from zoom_sync.errors import InvalidRequest
from zoom_sync.service_layer.apply import carry_out, start_run
from zoom_sync.service_layer.hosts_ready import hosts_ready
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.status import status_of
from zoom_sync.service_layer.warning import warnings_of

EVENT = "urban-2023"
TEN = START.replace(hour=10, minute=0)
ELEVEN = TEN + timedelta(hours=1)


def hour(key, start=TEN, minutes=60, **differences):
    return make_session(key, start=start, minutes=minutes, **differences)


def other_event(desk, *sessions):
    """Another event of the same store, applied."""
    desk.programmes.save(make_programme(*sessions, key="other-2023"), desk.zoom.clock.now())
    plan = desk.plan_of("other-2023")
    run = start_run(desk.applying, plan)
    carry_out(desk.applying, run, lambda _: None, lambda _until, _items: None)
    return desk.runs.items(run)


def with_webinars(make_desk, **options):
    desk = make_desk(**options)
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False, **options})
    return desk.again()


@pytest.fixture
def house(make_desk):
    """Two hosts; `a` at 10 and `c` at 11 are with the same one."""
    desk = make_desk(hosts=2)
    desk.load(hour("a"), hour("c", ELEVEN))
    desk.apply()
    assert desk.link("a").host_id == desk.link("c").host_id
    return desk


def start_on_zoom(desk, key):
    shown = desk.zoom.reader.meeting(desk.link(key).meeting_id)
    return shown.start, shown.duration


def the_held(desk, **policy):
    plan = desk.plan(**policy)
    (held,) = plan.held_back
    return held


def test_a_session_that_grows_into_the_next_one_of_its_host_is_held_back(house):
    house.load(hour("a", minutes=90), hour("c", ELEVEN))
    plan = house.plan()
    assert plan.changes == ()
    (held,) = plan.held_back
    assert (held.change.key, held.change.action, held.needs) == ("a", Action.UPDATE, "--allow-overload a")
    assert held.why == (
        "host Ada Moreau can hold 1 at once, and would have more on 6 November 2023, 11:00 to 11:30 (UTC): "
        "session a (10:00 to 11:30) and session c (11:00 to 12:00); host Bela Novák is free then: --allow-replace "
        "gives the session a new meeting with a new link there; --allow-overload a accepts the overload"
    )
    house.apply()
    assert start_on_zoom(house, "a") == (TEN, 60)


def test_the_rest_of_the_change_is_done_all_the_same(house):
    house.load(hour("a", minutes=90, title="Another"), hour("c", ELEVEN))
    (change,) = house.plan().changes
    assert [one.name for one in change.fields] == ["topic"]
    house.apply()
    assert house.zoom.reader.meeting(house.link("a").meeting_id).topic == "Another"
    assert [held.change.key for held in house.plan().held_back] == ["a"]


def test_with_leave_to_replace_it_goes_to_the_host_who_is_free(house):
    before = house.link("a")
    house.load(hour("a", minutes=90), hour("c", ELEVEN))
    (item,) = house.apply(allow_replace=True)
    assert (item.action, item.state) == ("replace", ItemState.DONE)
    assert house.link("a").host_id != before.host_id
    assert house.plan().changes == house.plan().held_back == ()


def test_accepted_by_name_it_is_done_where_it_is(house):
    house.load(hour("a", minutes=90), hour("c", ELEVEN))
    accepted = frozenset({"a"})
    (item,) = house.apply(allow_overload=accepted)
    assert (item.action, item.state) == ("update", ItemState.DONE)
    assert start_on_zoom(house, "a") == (TEN, 90)
    assert house.plan().changes == house.plan().held_back == ()


def test_a_start_that_moves_onto_another_session_is_held_back(house):
    house.load(hour("a", ELEVEN + timedelta(minutes=30)), hour("c", ELEVEN))
    assert the_held(house).change.key == "a"


def test_two_that_change_places_are_both_moved(house):
    house.load(hour("a", ELEVEN), hour("c", TEN))
    assert [item.state for item in house.apply()] == [ItemState.DONE, ItemState.DONE]
    assert (start_on_zoom(house, "a"), start_on_zoom(house, "c")) == ((ELEVEN, 60), (TEN, 60))


def test_a_whole_afternoon_may_move_by_an_hour(house):
    house.load(hour("a", ELEVEN), hour("c", ELEVEN + timedelta(hours=1)))
    assert {item.state for item in house.apply()} == {ItemState.DONE}
    assert house.plan().held_back == ()


def test_buffers_count_as_the_pool_has_them(house):
    house.pool = [HostRule("host1@example.org", buffer_after=10), HostRule("host2@example.org")]
    house.load(hour("a", minutes=55), hour("c", ELEVEN))
    assert house.plan().held_back == ()  # they are closer now, and were closer still
    house.apply()
    house.load(hour("a", minutes=60), hour("c", ELEVEN))
    assert the_held(house).change.key == "a"


def test_two_at_once_are_no_trouble_where_the_licence_holds_two(make_desk):
    desk = make_desk(hosts=1, plan="business")
    desk.load(hour("a"), hour("c", ELEVEN))
    desk.apply()
    desk.load(hour("a", minutes=90), hour("c", ELEVEN))
    assert [item.state for item in desk.apply()] == [ItemState.DONE]
    assert start_on_zoom(desk, "a") == (TEN, 90)


def test_a_session_does_not_move_onto_another_events(house):
    other_event(house, hour("x", ELEVEN + timedelta(hours=1), host="host1@example.org"))
    house.load(hour("a"), hour("c", ELEVEN, minutes=90))
    assert "session x of event other-2023 (12:00 to 13:00)" in the_held(house).why


def test_a_session_does_not_move_onto_what_others_made(house):
    made = house.by_hand(start_time="2023-11-06T12:00:00Z", duration=30)
    house.load(hour("a"), hour("c", ELEVEN, minutes=90))
    assert f"meeting {made['id']}, which others made" in the_held(house).why


def test_a_session_does_not_move_onto_a_webinar_that_others_made(make_desk):
    desk = with_webinars(make_desk, hosts=1, plan="business")
    desk.load(hour("a"))
    desk.apply()
    host = desk.link("a").host_id
    body = {"type": 5, "start_time": "2023-11-06T11:00:00Z", "duration": 60, "topic": "Theirs"}
    desk.webinar_by_hand(host, body)
    desk.load(hour("a", minutes=90))
    assert "which others made (11:00 to 12:00)" in the_held(desk).why
    desk.load(hour("a"), hour("b", ELEVEN))
    assert the_held(desk).change.key == "b"


def test_the_later_evenings_of_a_series_that_others_made_count(make_desk):
    desk = make_desk(hosts=1)
    weekly = {"type": 2, "repeat_interval": 1, "weekly_days": "2", "end_times": 3}
    desk.by_hand(type=8, start_time="2023-11-06T10:00:00Z", duration=60, recurrence=weekly)
    desk.load(hour("a", TEN + timedelta(days=14)))
    assert the_held(desk).needs == "--allow-overload a"


def test_a_session_made_anew_does_not_share_its_host_with_the_deletion_that_is_held_back(make_desk):
    desk = make_desk(hosts=1)
    desk.load(hour("a"))
    desk.apply()
    desk.load(hour("b"))
    assert {held.change.action for held in desk.plan().held_back} == {Action.DELETE, Action.CREATE}
    assert [item.state for item in desk.apply(allow_delete=True)] == [ItemState.DONE, ItemState.DONE]
    assert desk.plan().held_back == ()


def test_an_overload_that_others_made_does_not_stop_what_has_nothing_to_do_with_it(house):
    house.by_hand(start_time="2023-11-06T10:00:00Z", duration=60)
    house.load(hour("a", minutes=50), hour("c", ELEVEN, title="Another"))
    assert {item.state for item in house.apply()} == {ItemState.DONE}
    assert house.plan().held_back == ()


def test_a_creation_that_nobody_is_free_for_can_be_accepted_by_name(make_desk):
    desk = make_desk(hosts=1)
    desk.load(hour("a"))
    desk.apply()
    desk.load(hour("a"), hour("b"))
    assert the_held(desk).needs == "--allow-overload b"
    (item,) = desk.apply(allow_overload=frozenset({"b"}))
    assert item.state is ItemState.DONE


def test_two_events_that_are_planned_before_either_is_applied_do_not_share_an_hour(make_desk):
    desk = make_desk(hosts=1)
    desk.load(hour("a"))
    desk.programmes.save(make_programme(hour("x"), key="other-2023"), desk.zoom.clock.now())
    plans = [desk.plan(), desk.plan_of("other-2023")]
    assert [len(plan.changes) for plan in plans] == [1, 1]
    items = []
    for plan in plans:
        run = start_run(desk.applying, plan)
        carry_out(desk.applying, run, lambda _: None, lambda _until, _items: None)
        items += desk.runs.items(run)
    assert [item.state for item in items] == [ItemState.DONE, ItemState.SKIPPED]
    assert items[1].reason.endswith("plan again")
    assert len(desk.zoom.meetings()) == 1


def test_an_update_finds_the_hour_taken_by_a_run_that_was_faster(house):
    house.programmes.save(
        make_programme(hour("x", ELEVEN + timedelta(hours=1), host="host1@example.org"), key="other-2023"),
        house.zoom.clock.now(),
    )
    house.load(hour("a"), hour("c", ELEVEN, minutes=90))
    mine, theirs = house.plan(), house.plan_of("other-2023")
    assert len(mine.changes) == len(theirs.changes) == 1
    for plan in (theirs, mine):
        run = start_run(house.applying, plan)
        carry_out(house.applying, run, lambda _: None, lambda _until, _items: None)
    (item,) = house.runs.items(run)
    assert (item.state, item.action) == (ItemState.SKIPPED, "update")
    assert start_on_zoom(house, "c") == (ELEVEN, 60)


def test_the_run_that_comes_between_the_look_and_the_commit_is_seen(make_desk, monkeypatch):
    """Both have read the same version of the host's calendar; only one of them can raise it."""
    desk = make_desk(hosts=1)
    desk.load(hour("a"))
    desk.programmes.save(make_programme(hour("x"), key="other-2023"), desk.zoom.clock.now())
    plans = [desk.plan(), desk.plan_of("other-2023")]
    runs = [start_run(desk.applying, plan) for plan in plans]
    look, between = desk.links.calendar, [runs[1]]

    def look_and_wait(host_id, now):
        calendar = look(host_id, now)
        if between:
            carry_out(desk.applying, between.pop(), lambda _: None, lambda _until, _items: None)
        return calendar

    monkeypatch.setattr(desk.links, "calendar", look_and_wait)
    carry_out(desk.applying, runs[0], lambda _: None, lambda _until, _items: None)
    states = [item.state for run in runs for item in desk.runs.items(run)]
    assert states == [ItemState.SKIPPED, ItemState.DONE]
    assert len(desk.zoom.meetings()) == 1


def test_a_host_without_a_webinar_licence_gets_no_webinar_and_it_is_said(make_desk):
    desk = make_desk(hosts=2)
    desk.load(hour("a", kind=Kind.WEBINAR))
    plan = desk.plan()
    assert plan.changes == ()
    (held,) = plan.held_back
    assert "no host holds webinars" in held.why
    assert any("webinar add-on" in note for note in plan.notes)
    desk.calls()
    desk.plan()
    assert "userSettings" not in desk.calls()


def test_more_people_than_the_licence_takes_are_told_before(make_desk):
    desk = with_webinars(make_desk, hosts=1)
    desk.load(hour("a", kind=Kind.WEBINAR, settings={"registrants_restrict_number": 600}))
    plan = desk.plan()
    assert "no host holds webinars for 600 people" in plan.held_back[0].why
    assert any("600 people may register" in note and "takes 500" in note for note in plan.notes)


def test_what_the_lists_cost_is_told(make_desk):
    desk = with_webinars(make_desk, hosts=2)
    desk.load(hour("a"))
    assert desk.plan().lists == {"meetings": 2, "webinars": 2}


# --- what hosts are by Zoom's word ---------------------------------------------------------------------------------


def move_on_zoom(desk, key, user):
    desk.control("POST", f"meetings/{desk.link(key).meeting_id}/move", {"host": user.email})


def user_of(desk, email):
    return next(user for user in desk.zoom.reader.users() if user.email == email)


def test_a_session_follows_its_meeting_to_another_host_and_it_is_told_once(house):
    here, other = house.link("a").host_id, user_of(house, "host2@example.org")
    move_on_zoom(house, "a", other)
    plan = house.plan()
    assert list(plan.notes) == [f"session a: Zoom says that its host is {other.name} now"]
    assert (plan.changes, plan.held_back) == ((), ())
    assert house.link("a").host_id == other.id != here
    assert house.plan().notes == ()


def test_the_days_writes_count_against_the_new_host_and_his_calendar_holds_the_meeting(house):
    other = user_of(house, "host2@example.org")
    move_on_zoom(house, "a", other)
    house.load(hour("a", minutes=90), hour("c", ELEVEN))
    plan = house.plan()
    assert plan.writes_by_host == {other.id: 1}  # nothing is in its way with him
    house.apply()
    assert house.links.known(EVENT, "2023-11-01").writes_today[other.id] == 1
    house.load(hour("a", minutes=90), hour("c", ELEVEN), hour("d", host="host2@example.org"))
    assert the_held(house).change.key == "d"


def test_a_host_who_lost_his_licence_is_told_for_each_of_his_sessions(house):
    user = user_of(house, "host1@example.org")
    house.control("PATCH", f"users/{user.id}", {"type": 1})
    house.pass_time(days=2)
    notes = house.plan().notes
    assert [note.split(":")[0] for note in notes] == ["session a", "session c"]
    assert all("40 minutes" in note for note in notes)
    told = status_of(house.programmes, house.links, house.reports, EVENT)
    warned = warnings_of(told, house.links, {}, house.zoom.clock.now())
    assert warned == {"a": (notes[0],), "c": (notes[1],)}
    expected = [HostRule("host1@example.org", licence="basic")]
    assert warnings_of(told, house.links, {}, house.zoom.clock.now(), expected) == {}


def test_a_session_that_does_not_end_before_the_next_one_is_told_everywhere(house):
    house.pass_time(days=5, hours=10, minutes=1)
    house.control("POST", f"meetings/{house.link('a').meeting_id}/start")
    house.pass_time(minutes=60)
    said = (
        "session a still runs after its end, and its host has session c at 11:00 UTC: end it, or let another host open "
        "the next one"
    )
    assert said in house.plan().notes
    now = house.zoom.clock.now()
    told = status_of(house.programmes, house.links, house.reports, EVENT)
    live = {"a": Live(now, 3)}
    (note,) = warnings_of(told, house.links, live, now)["a"]
    assert note == said.replace("session c", f"session c of event {EVENT}")
    assert warnings_of(told, house.links, {}, now) == {}


def test_who_is_told_of_what_begins_soon_hears_that_the_one_before_still_runs(house):
    house.load(hour("a"), hour("c", ELEVEN + timedelta(minutes=30)))
    house.apply()
    house.pass_time(days=5, hours=10, minutes=1)
    house.control("POST", f"meetings/{house.link('a').meeting_id}/start")
    assert hosts_ready(house.planning, EVENT, timedelta(hours=2)) == []
    house.pass_time(minutes=60)
    (one,) = hosts_ready(house.planning, EVENT, timedelta(hours=1))
    assert (one.key, one.told) == ("c", f"session a of event {EVENT} of the same host still runs after its end")


def test_a_creation_refused_for_its_licence_is_remembered_and_goes_to_another_host(make_desk):
    desk = with_webinars(make_desk, hosts=2)
    desk.load(hour("a", kind=Kind.WEBINAR))
    words = "Webinar plan is missing. You must subscribe to the webinar plan and enable webinars for user x."
    refusal = InvalidRequest(words, status=400, code=200)
    run = start_run(desk.applying, desk.plan())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ZoomWriter, "create", lambda *_: (_ for _ in ()).throw(refusal))
        carry_out(desk.applying, run, lambda _: None, lambda _until, _items: None)
    (failed,) = desk.runs.items(run)
    assert failed.state is ItemState.FAILED
    (change,) = desk.plan().changes
    assert change.host_id != failed.host_id


def test_a_licence_that_is_lost_after_it_was_read_is_asked_for_before_a_webinar_is_made(make_desk):
    desk = with_webinars(make_desk, hosts=2)
    desk.load(hour("a", kind=Kind.WEBINAR))
    (before,) = desk.plan().changes
    desk.control("PATCH", f"users/{before.host_id}", {"webinar": False})
    desk.pass_time(minutes=5)
    (change,) = desk.plan().changes
    assert change.host_id != before.host_id
    desk.calls()
    desk.apply()
    assert desk.calls()["webinarCreate"] == 1
    assert desk.link("a").host_id == change.host_id


def test_a_meeting_that_became_a_webinar_nobody_may_read_takes_all_of_its_host(make_desk):
    desk = make_desk(hosts=2, plan="business")
    desk.load(hour("a"))
    desk.apply()
    desk.control("POST", f"meetings/{desk.link('a').meeting_id}/convert", {})
    desk.load(hour("a"), hour("c"))
    desk.apply()
    assert desk.link("c").host_id != desk.link("a").host_id


def test_what_cannot_be_read_is_not_deleted_and_goes_on_taking_its_hosts_time(make_desk):
    desk = make_desk(hosts=2)
    desk.load(hour("a"))
    desk.apply()
    link = desk.link("a")
    desk.control("POST", f"meetings/{link.meeting_id}/convert", {})
    desk.load(hour("c"))
    plan = desk.plan(allow_delete=True)
    (held,) = plan.held_back
    assert (held.change.action, held.change.key) == (Action.DELETE, "a")
    assert "could not be read" in held.why
    (created,) = plan.changes
    assert (created.key, created.host_id != link.host_id) == ("c", True)


def test_a_creation_that_was_begun_does_not_hold_its_place_against_what_came_meanwhile(make_desk):
    desk = make_desk(hosts=2)
    desk.load(hour("a"))
    desk.zoom.fault(kind="drop_before", operation="meetingCreate", times=None)
    desk.apply()
    desk.control("DELETE", "faults")
    begun = desk.links.intent(EVENT, "a").host_id
    number = next(n for n in (1, 2) if desk.zoom.simulator.world.user(f"host{n}@example.org").id == begun)
    desk.by_hand(host=number, start_time="2023-11-06T10:00:00Z", duration=60)
    desk.pass_time(minutes=5)
    for _ in range(2):
        desk.apply()
        desk.pass_time(minutes=5)
    assert desk.link("a").host_id != begun
    assert desk.links.intent(EVENT, "a") is None
