"""Orphans: found by what they look like, deleted only by name."""

import pytest

from factories import make_session
from zoom_sync.errors import UserError
from zoom_sync.service_layer.orphans import delete_orphans, find_orphans, orphan_json

TITLE = "Making our cities safe"


def found(desk):
    return {one.meeting.meeting_id: one for one in find_orphans(desk.planning)}


def delete(desk, *ids):
    return delete_orphans(desk.planning, desk.zoom.writer, find_orphans(desk.planning), [str(one) for one in ids])


def on_zoom(desk):
    return {one["id"] for one in desk.zoom.meetings()}


def test_what_is_linked_or_like_nothing_is_no_orphan(evening):
    evening.by_hand(topic="Staff meeting")
    assert found(evening) == {}


def test_meetings_that_look_like_a_session_are_found_wherever_they_are(evening):
    same = evening.by_hand(host=3, topic=f" {TITLE} ")["id"]
    later = evening.by_hand(host=2, topic=TITLE, start_time="2023-11-08T12:30:00Z")["id"]
    told = found(evening)
    assert {(one.session, one.why) for one in told.values()} == {
        ("seminar-1", "same title and time as the session"),
        ("seminar-1", "same title as the session, another time"),
    }
    assert set(told) == {str(same), str(later)}
    assert orphan_json(told[str(same)])["event"] == "urban-2023"


def test_doubles_among_meetings_that_are_nobodys_are_found(evening):
    one, other = (evening.by_hand(host=host, topic="Staff meeting")["id"] for host in (2, 3))
    evening.by_hand(host=2, topic="Staff meeting", start_time="2023-11-08T12:30:00Z")
    told = found(evening)
    assert set(told) == {str(one), str(other)}
    assert told[str(one)].why == f"same title and time as meeting {other}"
    assert orphan_json(told[str(one)])["session"] is None


def test_only_those_named_are_deleted(evening):
    one, other = (evening.by_hand(host=host, topic=TITLE)["id"] for host in (2, 3))
    assert delete(evening, one, one) == [str(one)]
    assert on_zoom(evening) == {other, int(evening.link().meeting_id)}


def test_what_is_no_orphan_is_not_deleted_and_neither_is_the_rest(evening):
    orphan, staff = evening.by_hand(host=2, topic=TITLE)["id"], evening.by_hand(topic="Staff meeting")["id"]
    before = on_zoom(evening)
    with pytest.raises(UserError, match="nothing was deleted") as caught:
        delete(evening, orphan, staff, evening.link().meeting_id, 12345678901)
    assert len(caught.value.problems) == 3
    assert on_zoom(evening) == before


def test_a_meeting_under_way_or_past_is_not_deleted(evening):
    now = evening.by_hand(host=2, topic=TITLE)["id"]
    evening.control("POST", f"meetings/{now}/start")
    past = evening.by_hand(host=3, topic=TITLE, start_time="2023-11-01T01:00:00Z")["id"]
    evening.pass_time(hours=2)
    with pytest.raises(UserError) as caught:
        delete(evening, now, past)
    assert [str(problem) for problem in caught.value.problems] == [
        f"meeting {now} is under way",
        f"meeting {past} is past: it is what reports are about",
    ]


def test_what_a_dying_run_has_made_is_kept_for_its_session(desk):
    desk.zoom.fault(kind="drop_after", operation="meetingCreate", times=1)
    sleep = desk.zoom.clock.sleep

    def interrupted(seconds):
        if seconds > 5:  # the creation is in doubt, and a run waits until it can be looked for
            raise KeyboardInterrupt
        sleep(seconds)

    desk.zoom.clock.sleep = interrupted
    with pytest.raises(KeyboardInterrupt):
        desk.apply()
    desk.again()
    (orphan,) = found(desk)
    with pytest.raises(UserError) as caught:
        delete(desk, orphan)
    assert "zoom-sync apply" in str(caught.value.problems[0])
    desk.pass_time(minutes=5)
    desk.apply()
    assert desk.link().meeting_id == orphan
    assert found(desk) == {}


def test_one_that_is_linked_or_gone_meanwhile_is_left(evening):
    orphans = [evening.by_hand(host=host, topic=TITLE)["id"] for host in (2, 3)]
    listed = find_orphans(evening.planning)
    evening.control("DELETE", f"meetings/{orphans[1]}")
    assert delete_orphans(evening.planning, evening.zoom.writer, listed, [str(orphans[1])]) == []
    evening.load(make_session(timezone="Asia/Shanghai"), make_session("seminar-2"))
    evening.adopt("seminar-2", orphans[0])
    with pytest.raises(UserError) as caught:
        delete_orphans(evening.planning, evening.zoom.writer, listed, [str(orphans[0])])
    assert "linked" in str(caught.value.problems[0])
