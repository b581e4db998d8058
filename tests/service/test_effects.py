"""Nothing is destroyed in passing: what a change takes from people is counted, held back, and done only by name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.domain.delivery import Live
from zoom_sync.domain.drift import Group, Treatment
from zoom_sync.domain.plan import Action, plan_json
from zoom_sync.domain.programme import Kind, KnownMeeting, RegistrationMode
from zoom_sync.domain.run import ItemState
from zoom_sync.errors import UserError
from zoom_sync.service_layer.apply import apply_item, start_run
from zoom_sync.service_layer.apply.items import Listings
from zoom_sync.service_layer.orphans import delete_orphans, find_orphans

EVENT = "urban-2023"
WEEKLY = {"type": 2, "repeat_interval": 1, "weekly_days": "2", "end_times": 5}
BY_NAME = frozenset({"seminar-1"})


def session(**differences):
    return make_session(timezone="Asia/Shanghai", **differences)


def on_zoom(desk, meeting_id=None):
    meeting_id = str(meeting_id or desk.link().meeting_id)
    (found,) = [one for one in desk.zoom.meetings() if str(one["id"]) == meeting_id]
    return found


def register(desk, count, meeting_id=None):
    meeting_id = meeting_id or desk.link().meeting_id
    desk.edit(meeting_id, settings={"approval_type": 0})
    desk.control("POST", f"meetings/{meeting_id}/register", {"count": count})


def registrants(desk, meeting_id=None):
    meeting_id = meeting_id or desk.link().meeting_id
    return desk.zoom.reader.count_registrants(str(meeting_id), Kind.MEETING, "approved")


def the_held(plan):
    (held,) = plan.held_back
    return held


# --- registrants ---------------------------------------------------------------------------------------------------


@pytest.fixture
def without_registration(desk):
    desk.profiles["plain"]["approval_type"] = 2
    desk.apply()
    return desk


@pytest.mark.parametrize("policy", [{}, {"repair_drift": True}, {"repair": BY_NAME}])
def test_registration_that_staff_switched_on_outlives_the_deep_sync(without_registration, policy):
    desk = without_registration
    register(desk, 20)
    plan = desk.plan(deep=True, **policy)
    assert plan.changes == ()
    held = the_held(plan)
    assert held.why == "20 registrants would be lost; needs --allow-loss seminar-1"
    assert held.needs == "--allow-loss seminar-1"
    assert plan_json(plan)["held_back"][0]["losses"] == [{"what": "registrants", "count": 20, "of": None}]
    for _ in range(3):
        desk.apply(deep=True, **policy)
    assert registrants(desk) == 20


def test_it_is_switched_off_where_the_session_is_named(without_registration):
    desk = without_registration
    register(desk, 20)
    (item,) = desk.apply(deep=True, allow_loss=BY_NAME)
    assert item.state is ItemState.DONE
    assert on_zoom(desk)["settings"]["approval_type"] == 2


def test_another_name_allows_nothing(without_registration):
    register(without_registration, 3)
    assert without_registration.plan(deep=True, allow_loss=frozenset({"seminar-2"})).changes == ()


def test_registration_that_nobody_used_is_switched_off_as_ever(without_registration):
    desk = without_registration
    desk.edit(desk.link().meeting_id, settings={"approval_type": 1})
    desk.apply(deep=True)
    assert on_zoom(desk)["settings"]["approval_type"] == 2


def test_the_other_fields_of_the_session_still_arrive(without_registration):
    desk = without_registration
    register(desk, 2)
    desk.load(session(title="Another title"))
    desk.apply(deep=True)
    assert (on_zoom(desk)["topic"], registrants(desk)) == ("Another title", 2)


def test_the_programme_that_ends_registration_is_held_back_as_well(desk):
    desk.load(session(registration=RegistrationMode.MANUAL))
    desk.apply()
    register(desk, 7)
    desk.edit(desk.link().meeting_id, settings={"approval_type": 1})
    desk.load(session(registration=RegistrationMode.NONE))
    assert "7 registrants" in the_held(desk.plan()).why
    desk.apply()
    assert registrants(desk) == 7


def test_a_number_that_cannot_be_read_counts_as_a_loss(without_registration):
    register(without_registration, 2)
    without_registration.zoom.fault(kind="refuse", operation="meetingRegistrants", times=50)
    assert "their number could not be read" in the_held(without_registration.plan(deep=True)).why


def test_registrants_are_counted_only_where_a_change_could_lose_them(without_registration):
    desk = without_registration
    desk.calls()
    desk.plan(deep=True)
    desk.load(session(title="Another title"))
    desk.plan(deep=True)
    assert "meetingRegistrants" not in desk.calls()
    register(desk, 2)
    desk.plan(deep=True)
    assert desk.calls()["meetingRegistrants"] == 2


def test_what_the_settings_keep_is_not_held_back(without_registration):
    without_registration.treatments = {Group.SETTINGS: Treatment.KEEP}
    register(without_registration, 2)
    plan = without_registration.plan(deep=True)
    assert (plan.changes, plan.held_back) == ((), ())


# --- deleting and replacing ----------------------------------------------------------------------------------------


def test_a_meeting_with_registrants_is_deleted_only_by_both_names(without_registration):
    desk = without_registration
    register(desk, 20)
    desk.load(session(key="seminar-9", start=START + timedelta(days=1)))
    held = next(one for one in desk.plan().held_back if one.change.action is Action.DELETE)
    assert held.why == "20 registrants would be lost; needs --allow-delete and --allow-loss seminar-1"
    assert held.needs == "--allow-delete --allow-loss seminar-1"
    desk.apply(allow_delete=True)
    assert registrants(desk) == 20
    meeting = desk.link().meeting_id
    desk.apply(allow_delete=True, allow_loss=BY_NAME)
    assert meeting not in {str(one["id"]) for one in desk.zoom.meetings()}


def test_a_meeting_with_registrants_is_replaced_only_by_both_names(without_registration):
    desk = without_registration
    register(desk, 20)
    old = desk.link().meeting_id
    desk.load(session(host="host2@example.org"))
    if desk.link().host_id == next(user["id"] for user in desk.control("GET", "state")["users"][1:2]):
        desk.load(session(host="host1@example.org"))
    assert the_held(desk.plan()).needs == "--allow-replace --allow-loss seminar-1"
    assert the_held(desk.plan(allow_replace=True)).needs == "--allow-loss seminar-1"
    desk.apply(allow_replace=True)
    assert desk.link().meeting_id == old
    desk.apply(allow_replace=True, allow_loss=BY_NAME)
    assert desk.link().meeting_id != old
    assert old not in {str(one["id"]) for one in desk.zoom.meetings()}


def test_nothing_to_lose_needs_no_other_name(evening):
    evening.load(session(key="seminar-9", start=START + timedelta(days=1)))
    (held,) = [one for one in evening.plan().held_back if one.change.action is Action.DELETE]
    assert held.needs == "--allow-delete"


# --- series --------------------------------------------------------------------------------------------------------


def weekly(desk, **fields):
    return desk.by_hand(type=8, recurrence=WEEKLY, **fields)


def test_adopting_a_weekly_series_of_five_for_one_evening_leaves_it_a_series(desk):
    made = weekly(desk, topic="Weekly talk")
    desk.load(session(known=KnownMeeting(str(made["id"]))))
    held = the_held(desk.plan())
    assert held.why == "4 of 5 occurrences would be lost; needs --allow-loss seminar-1"
    desk.apply()
    shown = on_zoom(desk, made["id"])
    assert (shown["type"], len(shown["occurrences"]), shown["topic"]) == (8, 5, "Weekly talk")


def test_a_series_that_was_linked_by_hand_keeps_its_occurrences(desk):
    made = weekly(desk)
    desk.adopt("seminar-1", made["id"])
    for _ in range(3):
        desk.apply(deep=True)
    assert len(on_zoom(desk, made["id"])["occurrences"]) == 5
    assert "4 of 5 occurrences" in desk.plan(deep=True).held_back[0].why
    desk.apply(deep=True, allow_loss=BY_NAME)
    assert on_zoom(desk, made["id"])["type"] == 2


def test_one_evening_that_staff_made_weekly_stays_so(evening):
    evening.edit(evening.link().meeting_id, type=8, recurrence=WEEKLY)
    evening.apply(deep=True)
    evening.apply()
    assert len(on_zoom(evening)["occurrences"]) == 5
    assert "4 of 5 occurrences" in evening.plan().held_back[0].why


def test_a_series_that_becomes_longer_loses_nothing(desk):
    made = desk.by_hand(type=8, recurrence={**WEEKLY, "end_times": 2})
    evenings = [session(key=f"evening-{n}", start=START + timedelta(weeks=n), meeting_of="evening-0" if n else None)
                for n in range(3)]  # fmt: skip
    desk.load(*evenings)
    desk.adopt("evening-0", made["id"])
    desk.apply(deep=True)
    assert len(on_zoom(desk, made["id"])["occurrences"]) == 3


def test_a_meeting_with_registrants_does_not_become_a_series_in_passing(without_registration):
    desk = without_registration
    register(desk, 4)
    desk.profiles["plain"].pop("approval_type")
    evenings = [session(), session(key="later", start=START + timedelta(weeks=1), meeting_of="seminar-1")]
    desk.load(*evenings)
    assert "4 registrants" in the_held(desk.plan()).why
    desk.apply()
    assert (on_zoom(desk)["type"], registrants(desk)) == (2, 4)


# --- lists ---------------------------------------------------------------------------------------------------------

HOST2 = "host2@example.org"


@pytest.mark.parametrize("wanted", ["", "host1@example.org"])
def test_an_alternative_host_whom_staff_added_stays(desk, wanted):
    desk.profiles["plain"]["alternative_hosts"] = wanted
    desk.load(session(host="host3@example.org"))
    desk.apply()
    both = ";".join(filter(None, (wanted, HOST2)))
    desk.edit(desk.link().meeting_id, settings={"alternative_hosts": both})
    plan = desk.plan(deep=True)
    assert (plan.changes, plan.held_back, plan.drift) == ((), (), ())
    desk.load(session(host="host3@example.org", title="Another title"))
    desk.apply(deep=True)
    assert on_zoom(desk)["settings"]["alternative_hosts"] == both


def test_ours_is_kept_in_beside_theirs_and_taken_out_once_it_is_no_longer_named(desk):
    desk.profiles["plain"]["alternative_hosts"] = "host1@example.org"
    desk.load(session(host="host3@example.org"))
    desk.apply()
    desk.edit(desk.link().meeting_id, settings={"alternative_hosts": HOST2})  # ours was taken out
    desk.apply(deep=True)
    assert on_zoom(desk)["settings"]["alternative_hosts"] == f"{HOST2};host1@example.org"
    assert desk.plan(deep=True).changes == ()
    desk.profiles["plain"]["alternative_hosts"] = ""
    desk.apply()
    assert on_zoom(desk)["settings"]["alternative_hosts"] == HOST2
    assert desk.plan(deep=True).changes == ()


def test_who_was_there_before_we_came_stays(desk):
    made = desk.by_hand(settings={"alternative_hosts": HOST2})
    desk.profiles["plain"]["alternative_hosts"] = "host3@example.org"
    desk.adopt("seminar-1", made["id"])
    desk.apply(deep=True)
    assert on_zoom(desk)["settings"]["alternative_hosts"] == f"{HOST2};host3@example.org"
    assert desk.plan(deep=True).changes == ()
    assert desk.plan().changes == ()


def test_where_lists_are_to_be_exact_theirs_are_taken_out_by_name_and_not_in_passing(desk):
    desk.exact_lists = True
    desk.profiles["plain"]["alternative_hosts"] = "host1@example.org"
    desk.load(session(host="host3@example.org"))
    desk.apply()
    desk.edit(desk.link().meeting_id, settings={"alternative_hosts": f"host1@example.org;{HOST2}"})
    desk.apply(deep=True)
    assert on_zoom(desk)["settings"]["alternative_hosts"] == f"host1@example.org;{HOST2}"
    assert "added to the meeting's lists, 1 would be lost" in the_held(desk.plan(deep=True)).why
    desk.apply(deep=True, allow_loss=BY_NAME)
    assert on_zoom(desk)["settings"]["alternative_hosts"] == "host1@example.org"
    assert desk.plan(deep=True).changes == ()


def test_rooms_and_interpreters_that_staff_added_stay(desk):
    rooms = [{"name": "One", "participants": ["ann@example.org"]}]
    desk.profiles["plain"]["breakout_room"] = {"enable": True, "rooms": rooms}
    desk.apply()
    more = [{"name": "One", "participants": ["ann@example.org", "bo@example.org"]}, {"name": "Two", "participants": []}]
    desk.edit(desk.link().meeting_id, settings={"breakout_room": {"enable": True, "rooms": more}})
    assert desk.plan(deep=True).changes == ()
    rooms.append({"name": "Three", "participants": []})
    desk.apply(deep=True)
    kept = on_zoom(desk)["settings"]["breakout_room"]["rooms"]
    assert {one["name"]: sorted(one["participants"]) for one in kept} == {
        "One": ["ann@example.org", "bo@example.org"], "Two": [], "Three": [],
    }  # fmt: skip
    assert desk.plan(deep=True).changes == ()


def test_rooms_are_not_switched_off_with_what_is_in_them(desk):
    desk.profiles["plain"]["breakout_room"] = {"enable": False}
    desk.apply()
    rooms = [{"name": "One", "participants": ["ann@example.org"]}]
    desk.edit(desk.link().meeting_id, settings={"breakout_room": {"enable": True, "rooms": rooms}})
    assert "of what others added to the meeting's lists, 1 would be lost" in the_held(desk.plan(deep=True)).why


# --- personal rooms ------------------------------------------------------------------------------------------------


def test_a_meeting_in_a_personal_room_is_not_adopted(desk):
    made = desk.by_hand(settings={"use_pmi": True})
    desk.load(session(known=KnownMeeting(str(made["id"]))))
    assert "personal meeting room" in the_held(desk.plan()).why
    desk.apply(allow_loss=BY_NAME)
    assert on_zoom(desk, made["id"])["topic"] == "By hand"
    assert desk.link() is None


def test_a_personal_id_that_the_programme_names_gets_no_other_meeting(desk):
    room = desk.control("GET", "state")["users"][0]["pmi"]
    desk.load(session(known=KnownMeeting(str(room))))
    assert "personal meeting room" in the_held(desk.plan()).why
    assert desk.apply() == ()
    assert [meeting for meeting in desk.zoom.meetings() if meeting["type"] != 4] == []  # the room itself is there


def test_ours_that_was_put_into_a_room_is_only_taken_out_of_it(evening):
    evening.edit(evening.link().meeting_id, settings={"use_pmi": True}, topic="By hand")
    plan = evening.plan(deep=True)
    assert [[one.name for one in change.fields] for change in plan.changes] == [["settings.use_pmi"]]
    assert "personal meeting ID" in the_held(plan).why
    evening.apply(deep=True)
    evening.apply(deep=True)
    assert evening.plan(deep=True).changes == ()
    assert on_zoom(evening)["join_url"] == evening.link().join_url


# --- right before the write ----------------------------------------------------------------------------------------


def begun(desk, **policy):
    """A run that is committed and not carried out yet."""
    return start_run(desk.applying, desk.plan(**policy))


def carried_out(desk, run):
    (item,) = desk.runs.items(run)
    return apply_item(desk.applying, Listings(desk.applying), item)


def test_a_meeting_that_was_opened_since_the_plan_is_left_alone(evening):
    evening.load(session(title="Another title"))
    run = begun(evening)
    evening.control("POST", f"meetings/{evening.link().meeting_id}/start")
    outcome = carried_out(evening, run)
    assert (outcome.state, outcome.may_help) == (ItemState.SKIPPED, True)  # a worker tries again
    assert on_zoom(evening)["topic"] != "Another title"
    evening.control("POST", f"meetings/{evening.link().meeting_id}/end")
    assert carried_out(evening, run).state is ItemState.DONE
    assert on_zoom(evening)["topic"] == "Another title"


def test_who_registers_after_the_plan_stops_it(without_registration):
    desk = without_registration
    desk.edit(desk.link().meeting_id, settings={"approval_type": 0})
    run = begun(desk, deep=True)
    register(desk, 1)
    outcome = carried_out(desk, run)
    assert outcome.reason == "1 registrant would be lost; that is more than the plan showed: plan again"
    assert registrants(desk) == 1


def test_more_than_was_accepted_stops_it_and_no_more_does_not(without_registration):
    desk = without_registration
    register(desk, 2)
    run = begun(desk, deep=True, allow_loss=BY_NAME)
    assert desk.runs.items(run)[0].accepted == {"registrants": 2}
    register(desk, 1)
    assert "3 registrants" in carried_out(desk, run).reason
    assert carried_out(desk, begun(desk, deep=True, allow_loss=BY_NAME)).state is ItemState.DONE


def test_an_evening_made_weekly_after_the_plan_keeps_its_evenings(evening):
    evening.load(session(minutes=60))
    run = begun(evening)
    evening.edit(evening.link().meeting_id, type=8, recurrence=WEEKLY)
    assert "plan again" in carried_out(evening, run).reason
    assert len(on_zoom(evening)["occurrences"]) == 5


def test_a_registrant_who_comes_before_a_deletion_stops_it(without_registration):
    desk = without_registration
    desk.load(session(key="seminar-9", start=START - timedelta(hours=12)))
    run = begun(desk, allow_delete=True)
    register(desk, 1)
    item = next(one for one in desk.runs.items(run) if one.action == "delete")
    assert "plan again" in apply_item(desk.applying, Listings(desk.applying), item).reason


def test_an_update_costs_a_read_and_a_write_as_the_plan_tells(evening):
    evening.load(session(title="Another title"))
    plan = evening.plan()
    evening.calls()
    evening.apply()
    made = evening.calls()
    assert plan.calls == {"LIGHT": 2}
    assert (made["meeting"], made["meetingUpdate"]) == (1, 1)


def test_webinars_too(make_desk):
    desk = make_desk()
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z"})
    desk.profiles["plain"]["approval_type"] = 2
    desk.load(session(kind=Kind.WEBINAR))
    desk.apply()
    register(desk, 5)
    assert "5 registrants" in the_held(desk.plan(deep=True)).why
    desk.load(replace(session(), kind=Kind.MEETING))
    assert "5 registrants" in the_held(desk.plan(allow_replace=True)).why


def test_an_opened_webinar_is_left_alone_where_webhooks_tell_of_it(make_desk):
    desk = make_desk()
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z"})
    desk.load(session(kind=Kind.WEBINAR))
    desk.apply()
    desk.load(session(kind=Kind.WEBINAR, title="Another title"))
    run = begun(desk)
    (item,) = desk.runs.items(run)
    since = desk.zoom.clock.now() - timedelta(minutes=5)
    heard = replace(desk.applying, live=lambda _event: {"seminar-1": Live(since, 3)})
    outcome = apply_item(heard, Listings(heard), item)
    assert (outcome.state, outcome.may_help) == (ItemState.SKIPPED, True)
    lost = replace(desk.applying, live=lambda _event: {"seminar-1": Live(since - timedelta(days=2), 3)})
    assert apply_item(lost, Listings(lost), item).state is ItemState.DONE


def test_an_orphan_with_registrants_is_deleted_only_by_name(evening):
    made = evening.by_hand(host=2, topic="Making our cities safe")
    register(evening, 6, made["id"])
    number = str(made["id"])
    found = find_orphans(evening.planning)
    with pytest.raises(UserError) as refused:
        delete_orphans(evening.planning, evening.zoom.writer, found, [number])
    assert "6 registrants would be lost; needs --allow-loss" in str(refused.value.problems[0])
    assert registrants(evening, number) == 6
    assert delete_orphans(evening.planning, evening.zoom.writer, found, [number], {number}) == [number]
