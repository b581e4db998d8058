"""Meetings made by hand, taken over: those that the programme names, and those that look like its sessions."""

from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.domain.programme import Kind, KnownMeeting
from zoom_sync.service_layer.adopting import adopt_each, named, proposal_json, proposals

EVENT = "urban-2023"
TITLE = "Making our cities safe"


def proposed(desk):
    return {(one.session, one.meeting.meeting_id): one for one in proposals(desk.planning, EVENT)}


def test_a_meeting_made_by_hand_is_proposed_to_the_session_it_looks_like(desk):
    made = str(desk.by_hand(host=2, topic=f"Seminar: {TITLE}")["id"])
    desk.by_hand(topic="Staff meeting")
    told = proposed(desk)
    assert set(told) == {("seminar-1", made)}
    assert proposal_json(told["seminar-1", made])["reason"] == "title alike by 90%, same start"
    assert "pwd" not in str(proposal_json(told["seminar-1", made]))


def test_what_is_linked_is_proposed_to_nobody_and_a_session_with_a_meeting_gets_none(evening):
    evening.by_hand(host=2, topic=TITLE)
    assert proposed(evening) == {}
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2", start=START + timedelta(hours=20)))
    assert {key for key, _ in proposed(evening)} == {"seminar-2"}


def test_webinars_are_listed_where_the_programme_has_some(make_desk):
    desk = make_desk()
    desk.load(make_session(kind=Kind.WEBINAR, timezone="Asia/Shanghai"))
    desk.by_hand(topic=TITLE)
    assert proposed(desk) == {}
    assert "webinars" in desk.calls()


def test_one_call_per_host_is_made(desk):
    proposed(desk)
    desk.calls()
    proposed(desk)
    assert desk.calls()["meetings"] == 3


def test_adopting_links_it_as_it_is_and_twice_is_told(desk):
    made = str(desk.by_hand(topic=TITLE, password="807001")["id"])
    wanted = [("seminar-1", made, Kind.MEETING)]
    assert [one.why for one in adopt_each(desk.applying, EVENT, wanted)] == [""]
    assert (desk.link().meeting_id, desk.link().passcode.value) == (made, "807001")
    assert proposed(desk) == {}
    (again,) = adopt_each(desk.applying, EVENT, wanted)
    assert "zoom-sync status" in again.why


def test_one_that_is_gone_stops_no_other(desk):
    desk.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2"))
    made = str(desk.by_hand(topic=TITLE)["id"])
    told = adopt_each(
        desk.applying, EVENT, [("seminar-2", "99999999999", Kind.MEETING), ("seminar-1", made, Kind.MEETING)]
    )
    assert "any more" in told[0].why
    assert (told[1].why, desk.link().meeting_id) == ("", made)


def test_what_a_dying_run_has_made_is_left_to_apply(desk):
    desk.zoom.fault(kind="drop_after", operation="meetingCreate", times=1)
    sleep = desk.zoom.clock.sleep

    def interrupted(seconds):
        if seconds > 5:
            raise KeyboardInterrupt
        sleep(seconds)

    desk.zoom.clock.sleep = interrupted
    with pytest.raises(KeyboardInterrupt):
        desk.apply()
    desk.again()
    (made,) = (str(one["id"]) for one in desk.zoom.meetings())
    assert proposed(desk) == {}
    desk.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2"))
    (told,) = adopt_each(desk.applying, EVENT, [("seminar-2", made, Kind.MEETING)])
    assert "zoom-sync apply" in told.why


def test_the_meetings_that_the_programme_names_are_those_without_a_link(desk):
    made = [str(desk.by_hand(host=host, topic="By hand")["id"]) for host in (1, 2)]
    sessions = [
        make_session(f"seminar-{n}", known=KnownMeeting(one), timezone="Asia/Shanghai") for n, one in enumerate(made)
    ]
    desk.load(*sessions, make_session("seminar-9"))
    assert [one.key for one in named(desk.planning, EVENT)] == ["seminar-0", "seminar-1"]
    adopt_each(desk.applying, EVENT, [("seminar-0", made[0], Kind.MEETING)])
    assert [one.key for one in named(desk.planning, EVENT)] == ["seminar-1"]
