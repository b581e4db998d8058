"""What somebody edits on Zoom: told by field with since when, and put back, kept or asked about as the settings say."""

from datetime import timedelta

import pytest

from factories import NOW, START, make_session
from zoom_sync.domain.drift import Group, Treatment
from zoom_sync.domain.plan import Action
from zoom_sync.errors import ZoomError
from zoom_sync.service_layer.status import status_json, status_of

EVENT = "urban-2023"


def told(desk):
    return [(one.name, to_the_hour(one.since), one.treatment) for one in desk.drifts.drifts(EVENT)]


def to_the_hour(moment):
    return moment.replace(minute=0, second=0, microsecond=0)


def edit(desk, **fields):
    desk.edit(desk.link().meeting_id, **fields)


def test_the_plan_says_who_changed_what(evening):
    evening.load(make_session(title="Another title", timezone="Asia/Shanghai"))
    edit(evening, duration=45)
    (change,) = evening.plan().changes
    assert change.reason == "the programme changed topic; somebody edited duration on Zoom"
    assert {one.name: str(one.cause) for one in change.fields} == {"topic": "programme", "duration": "zoom"}


def test_a_field_that_both_changed_is_the_programmes(evening):
    evening.treatments = {Group.TITLE: Treatment.KEEP}
    evening.load(make_session(title="Another title", timezone="Asia/Shanghai"))
    edit(evening, topic="By hand")
    (change,) = evening.plan().changes
    assert change.reason == "the programme changed topic, and somebody edited the same on Zoom"
    assert change.fields[0].new == "Another title"


def test_since_when_is_kept_from_the_first_look(evening):
    edit(evening, topic="By hand")
    evening.pass_time(hours=1)
    evening.plan()
    evening.pass_time(hours=1)
    (drift,) = evening.plan().drift
    assert to_the_hour(drift.since) == NOW + timedelta(hours=1)
    assert told(evening) == [("topic", NOW + timedelta(hours=1), "repair")]


def test_what_is_put_back_is_drift_no_more(evening):
    edit(evening, topic="By hand")
    evening.apply()
    assert told(evening) == []
    assert evening.plan().drift == ()


def test_a_setting_that_was_put_back_needs_no_other_full_look(evening):
    edit(evening, settings={"waiting_room": True})
    assert evening.plan().drift == ()
    evening.apply(deep=True)
    assert told(evening) == []


def test_what_is_kept_is_shown_and_never_written(evening):
    evening.treatments = {Group.TITLE: Treatment.KEEP}
    edit(evening, topic="By hand")
    plan = evening.plan(deep=True)
    assert (plan.changes, plan.held_back, plan.unchanged) == ((), (), 1)
    assert [(one.name, one.on_zoom, one.treatment) for one in plan.drift] == [("topic", "By hand", "keep")]
    edit(evening, duration=45)
    evening.apply()
    assert told(evening) == [("topic", NOW, "keep")]
    shown = evening.zoom.reader.meeting(evening.link().meeting_id)
    assert (shown.topic, shown.duration) == ("By hand", 90)


def test_what_is_kept_follows_the_programme_once_that_changes(evening):
    evening.treatments = {Group.TITLE: Treatment.KEEP}
    edit(evening, topic="By hand")
    evening.plan()
    evening.load(make_session(title="Another title", timezone="Asia/Shanghai"))
    evening.apply()
    assert evening.zoom.reader.meeting(evening.link().meeting_id).topic == "Another title"


@pytest.mark.parametrize("policy", [{"repair_drift": True}, {"repair": frozenset({"seminar-1"})}])
def test_what_is_asked_about_waits_until_it_is_named(evening, policy):
    evening.treatments = {Group.TIME: Treatment.ASK}
    edit(evening, duration=45, topic="By hand")
    plan = evening.plan()
    assert [[one.name for one in change.fields] for change in plan.changes] == [["topic"]]
    (held,) = plan.held_back
    assert [one.name for one in held.change.fields] == ["duration"]
    assert held.why == "needs --repair-drift, or --repair seminar-1: it was edited on Zoom"
    evening.apply()
    assert told(evening) == [("duration", NOW, "ask")]
    evening.apply(**policy)
    assert told(evening) == []
    assert evening.zoom.reader.meeting(evening.link().meeting_id).duration == 90


def test_another_session_is_not_named_by_it(evening):
    evening.treatments = {Group.TIME: Treatment.ASK}
    edit(evening, duration=45)
    assert evening.plan(repair=frozenset({"seminar-2"})).held_back


@pytest.mark.parametrize(
    ("group", "fields"),
    [
        (Group.TITLE, {"topic": "By hand"}),
        (Group.AGENDA, {"agenda": "By hand"}),
        (Group.TIME, {"start_time": "2023-11-07T12:30:00Z"}),
        (Group.TIME, {"timezone": "Europe/Paris"}),
        (Group.SETTINGS, {"settings": {"waiting_room": True}}),
        (Group.PASSCODE, {"password": "byHand7"}),
    ],
)
def test_each_group_has_its_own_treatment(evening, group, fields):
    others = {one: Treatment.KEEP for one in Group if one is not group}
    evening.treatments = others | {group: Treatment.ASK}
    edit(evening, **fields)
    assert len(evening.plan(deep=True).held_back) == 1
    evening.treatments = dict.fromkeys(Group, Treatment.REPAIR) | {group: Treatment.KEEP}
    assert evening.plan(deep=True).changes == ()


def test_a_kept_difference_is_not_held_back_while_people_are_in(evening):
    evening.treatments = {Group.TITLE: Treatment.KEEP}
    edit(evening, topic="By hand")
    evening.pass_time(seconds=(START - NOW).total_seconds() + 60)
    assert evening.plan().held_back == ()


def test_of_a_session_that_is_over_nothing_is_told(evening):
    evening.treatments = {Group.SETTINGS: Treatment.KEEP}
    edit(evening, settings={"waiting_room": True})
    evening.plan(deep=True)
    assert told(evening)
    evening.pass_time(seconds=(START - NOW).total_seconds() + 24 * 3600)
    evening.plan()
    assert told(evening) == []


def test_the_status_tells_what_was_edited_and_no_address(evening):
    edit(evening, agenda="Write to ann@example.org")
    evening.plan()
    status = status_of(evening.programmes, evening.links, evening.reports, EVENT, evening.drifts)
    (session,) = status_json(status)["sessions"]
    (drift,) = session["drift"]
    assert (drift["field"], drift["on_zoom"], drift["since"]) == ("agenda", "Write to ***", "2023-11-01T00:00:00Z")


@pytest.mark.parametrize("fault", ["refuse", "drop_before", "rate_limit"])
def test_one_error_marks_no_meeting_as_deleted(evening, fault):
    """The list lacks it, and the second look fails: nothing is concluded, and nothing is to be replaced."""
    evening.control("DELETE", f"meetings/{evening.link().meeting_id}")
    evening.control("POST", "faults", {"kind": fault, "operation": "meeting", "times": 10})
    try:
        plan = evening.plan(allow_replace=True)
    except ZoomError:
        return
    assert plan.changes == ()
    assert [held.change.action for held in plan.held_back] == [Action.UPDATE]
    assert "could not be read" in plan.held_back[0].why
