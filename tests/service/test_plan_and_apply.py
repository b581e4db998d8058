"""Plan, apply, plan again: every field, the fewest calls, and what people do by hand on Zoom."""

from datetime import timedelta
from math import ceil

import pytest

from factories import START, make_session, sessions_of_the_seminar
from zoom_sync.domain.plan import Action
from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.run import ItemState
from zoom_sync.errors import NotFound, StoreConflict

EVENT = "urban-2023"
EDITS = {
    "topic": {"title": "Another title"},
    "agenda": {"items": (AgendaItem("Lima, Peru", "Water"),)},
    "start_time": {"start": START + timedelta(days=1)},
    "duration": {"minutes": 60},
    "timezone": {"timezone": "Europe/Paris"},
    "settings.waiting_room": {"settings": {"waiting_room": True}},
    "settings.question_and_answer.enable": {"settings": {"question_and_answer": {"enable": False}}},
    "settings.alternative_hosts": {"settings": {"alternative_hosts": "host2@example.org"}},
}
BY_HAND = {
    "topic": {"topic": "By hand"},
    "agenda": {"agenda": "By hand"},
    "start_time": {"start_time": "2023-11-07T12:30:00Z"},
    "duration": {"duration": 45},
    "timezone": {"timezone": "Europe/Paris"},
    "passcode": {"password": "byHand7"},
}
BY_HAND_IN_SETTINGS = {
    "settings.waiting_room": {"settings": {"waiting_room": True}},
    "settings.question_and_answer.enable": {"settings": {"question_and_answer": {"enable": False}}},
    "settings.use_pmi": {"settings": {"use_pmi": True}},
}


def in_step(desk):
    plan = desk.plan(deep=True)
    return (plan.changes, plan.held_back) == ((), ())


def test_a_new_session_gets_its_meeting_and_then_nothing_is_left_to_do(desk):
    (item,) = desk.apply()
    assert (item.action, item.state, item.reason) == ("create", ItemState.DONE, "")
    assert in_step(desk)
    shown = desk.zoom.reader.meeting(desk.link().meeting_id)
    assert shown.start == START
    assert shown.passcode == desk.link().passcode
    assert shown.join_url == desk.link().join_url
    assert desk.links.intent(EVENT, "seminar-1") is None


@pytest.mark.parametrize("field", EDITS)
def test_a_change_of_the_programme_reaches_zoom_and_the_link_stays(evening, field):
    before = evening.link()
    evening.load(make_session(**{"timezone": "Asia/Shanghai", **EDITS[field]}))
    (change,) = evening.plan().changes
    assert [one.name for one in change.fields] == [field]
    (item,) = evening.apply()
    assert (item.action, item.state) == ("update", ItemState.DONE)
    assert in_step(evening)
    after = evening.link()
    assert (after.meeting_id, after.join_url, after.passcode) == (
        before.meeting_id, before.join_url, before.passcode,
    )  # fmt: skip


@pytest.mark.parametrize("field", BY_HAND)
def test_an_edit_by_hand_on_zoom_shows_in_the_list_and_is_put_back(evening, field):
    before = evening.link()
    evening.edit(before.meeting_id, **BY_HAND[field])
    (change,) = evening.plan().changes
    assert [one.name for one in change.fields] == [field]
    evening.apply()
    assert in_step(evening)
    assert evening.link().passcode == before.passcode
    assert evening.zoom.reader.meeting(before.meeting_id).join_url == evening.link().join_url


@pytest.mark.parametrize("field", BY_HAND_IN_SETTINGS)
def test_an_edit_by_hand_of_a_setting_shows_when_meetings_are_read(evening, field):
    evening.edit(evening.link().meeting_id, **BY_HAND_IN_SETTINGS[field])
    names = [one.name for change in evening.plan(deep=True).changes for one in change.fields]
    assert field in names
    evening.apply(deep=True)
    assert in_step(evening)


def test_all_differences_of_a_meeting_are_one_call(evening):
    evening.load(make_session(title="T", minutes=30, start=START + timedelta(days=2), timezone="UTC"))
    evening.calls()
    evening.apply()
    calls = evening.calls()
    assert calls["meetingUpdate"] == 1
    assert in_step(evening)


# --- the fewest calls ----------------------------------------------------------------------------------------------


def test_the_calls_of_the_seminar(make_desk):
    desk = make_desk(hosts=3)
    desk.load(*sessions_of_the_seminar())
    desk.apply()
    assert desk.calls() == {"token": 1, "users": 1, "meetings": 3, "webinars": 3, "meetingCreate": 4}
    holding = len({desk.link(f"seminar-{n}").host_id for n in range(4)})
    assert desk.again().plan().changes == ()
    assert desk.calls() == {"token": 1, "meetings": holding}
    assert desk.plan(deep=True).changes == ()
    assert desk.calls() == {"meetings": holding, "meeting": 4}


def test_the_calls_of_a_thousand_sessions_on_ten_hosts(make_desk):
    desk = make_desk(hosts=10, plan="business")
    slots = [START + timedelta(days=n // 40, hours=2 * (n // 10 % 4)) for n in range(1000)]
    desk.load(*(make_session(f"s-{n:04}", start=start) for n, start in enumerate(slots)))
    items = desk.apply()
    assert {item.state for item in items} == {ItemState.DONE}
    calls = desk.calls()
    assert calls["meetingCreate"] == 1000
    assert calls == {"token": 1, "users": 1, "meetings": 10, "webinars": 10, "meetingCreate": 1000}
    assert len({desk.link(f"s-{n:04}").meeting_id for n in range(1000)}) == 1000
    assert not any(entry["status"] == 429 for entry in desk.control("GET", "journal")["requests"])
    assert desk.again().plan().changes == ()
    calls = desk.calls()
    assert calls.pop("token") == 1
    assert calls == {"meetings": 10 * ceil(100 / 300)}


def test_what_a_day_does_not_cover_is_done_on_the_next(make_desk):
    desk = make_desk(hosts=1)
    desk.load(*(make_session(f"s-{n:03}", start=START + timedelta(hours=2 * n)) for n in range(103)))
    assert {item.state for item in desk.apply()} == {ItemState.DONE}
    assert desk.calls()["meetingCreate"] == 100
    held = desk.plan().held_back
    assert len(held) == 3
    desk.pass_time(days=1)
    assert len(desk.apply()) == 3
    assert in_step(desk)


# --- adopting ------------------------------------------------------------------------------------------------------


def test_a_meeting_made_by_hand_is_taken_over_and_then_brought_into_step(desk):
    made = desk.by_hand(password="011826")
    link = desk.adopt("seminar-1", made["id"])
    assert (link.passcode.value, link.join_url) == ("011826", made["join_url"])
    (change,) = desk.plan().changes
    assert change.action is Action.UPDATE
    desk.apply()
    assert in_step(desk)
    assert desk.link().join_url == made["join_url"]


def test_a_meeting_that_the_programme_names_is_taken_over_by_the_plan(desk):
    made = desk.by_hand(password="011826")
    desk.load(make_session(known_id=str(made["id"])))
    (item,) = desk.apply()
    assert (item.action, item.state) == ("adopt", ItemState.DONE)
    assert desk.link().passcode.value == "011826"
    assert len(desk.zoom.meetings()) == 1
    assert in_step(desk)


def test_a_meeting_without_passcode_is_taken_over_too(desk):
    made = desk.by_hand(password="")
    desk.adopt("seminar-1", made["id"])
    desk.apply()
    assert in_step(desk)


def test_no_start_link_is_ever_stored(evening, database):
    dump = "\n".join(database.engine.raw_connection().driver_connection.iterdump())
    assert evening.link().join_url in dump
    assert not [word for word in ("start_url", "/s/", "zak=") if word in dump]


def test_what_is_taken_cannot_be_taken_again(evening):
    made = evening.by_hand()
    with pytest.raises(StoreConflict):
        evening.adopt("seminar-1", made["id"])
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2"))
    with pytest.raises(StoreConflict):
        evening.adopt("seminar-2", evening.link().meeting_id)
    with pytest.raises(NotFound):
        evening.adopt("seminar-2", 12345678901)


# --- what goes wrong on Zoom's side --------------------------------------------------------------------------------


def test_a_meeting_deleted_on_zoom_is_replaced_only_by_name(evening):
    old = evening.link()
    evening.control("DELETE", f"meetings/{old.meeting_id}")
    assert evening.apply() == ()
    assert evening.link() == old
    (item,) = evening.apply(allow_replace=True)
    assert (item.action, item.state) == ("replace", ItemState.DONE)
    assert evening.link().meeting_id != old.meeting_id
    assert in_step(evening)


def test_an_expired_meeting_of_a_past_session_rests(evening):
    evening.pass_time(days=90)
    evening.calls()
    assert in_step(evening)
    assert evening.calls() == {"token": 1, "users": 1}


def test_another_host_gets_another_meeting_and_the_old_one_is_deleted(evening):
    old = evening.link()
    host = next(host for host in evening.zoom.reader.users() if host.id != old.host_id)
    evening.load(make_session(timezone="Asia/Shanghai", host=host.email))
    evening.apply(allow_replace=True)
    assert evening.link().host_id == host.id
    assert [one["id"] for one in evening.zoom.meetings()] == [int(evening.link().meeting_id)]
    assert in_step(evening)


def test_a_session_that_left_loses_its_meeting_only_by_name(evening):
    evening.load(make_session("seminar-2", timezone="Asia/Shanghai"))
    evening.apply()
    assert len(evening.zoom.meetings()) == 2
    evening.apply(allow_delete=True)
    assert [one["id"] for one in evening.zoom.meetings()] == [int(evening.link("seminar-2").meeting_id)]
    assert in_step(evening)


def test_a_meeting_under_way_is_not_changed_whatever_the_programme_says(evening):
    evening.pass_time(days=5, hours=12, minutes=35)
    evening.control("POST", f"meetings/{evening.link().meeting_id}/start")
    evening.load(make_session(start=START + timedelta(hours=5), timezone="Asia/Shanghai"))
    plan = evening.plan(allow_delete=True, allow_replace=True)
    assert plan.changes == ()
    assert [held.why for held in plan.held_back] == ["the session is under way"]
    evening.load(make_session("seminar-2", start=START + timedelta(days=3)))
    plan = evening.plan(allow_delete=True)
    assert [change.key for change in plan.changes] == ["seminar-2"]
    assert [held.change.action for held in plan.held_back] == [Action.DELETE]


def test_a_host_who_is_gone_stops_nobody_else(make_desk):
    desk = make_desk(hosts=2)
    desk.load(*sessions_of_the_seminar())
    desk.apply()
    lost = desk.link("seminar-0").host_id
    for meeting in desk.zoom.meetings():
        if meeting["host_id"] == lost:
            desk.control("DELETE", f"meetings/{meeting['id']}")
    desk.zoom.simulator.world.users.pop(lost)
    desk.load(*sessions_of_the_seminar(), make_session("late", start=START + timedelta(days=9)))
    plan = desk.plan()
    (change,) = plan.changes
    assert change.key == "late"
    assert change.host_id != lost
    assert {held.change.action for held in plan.held_back} == {Action.REPLACE}
    assert {item.state for item in desk.apply(allow_replace=True)} == {ItemState.DONE}
    assert in_step(desk)


def test_a_creation_that_zoom_refused_is_not_bound_to_its_host(desk):
    desk.zoom.fault(kind="code_under_200", code=300, operation="meetingCreate", times=1)
    (item,) = desk.apply()
    assert item.state is ItemState.FAILED
    assert desk.links.intent(EVENT, "seminar-1") is None
    other = list(desk.zoom.reader.users())[1]
    desk.load(make_session(timezone="Asia/Shanghai", host=other.email))
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert desk.link().host_id == other.id
    assert in_step(desk)


def test_a_lost_answer_makes_no_second_meeting(desk):
    desk.zoom.fault(kind="drop_after", operation="meetingCreate", times=1)
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert len(desk.zoom.meetings()) == 1
    assert in_step(desk)
