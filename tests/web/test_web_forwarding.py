"""A session's permanent address: it leads in when that can be, and else says when, or why not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from support.stage import EVENT, NEW, NOW, OTHER, PAST, READY, SESSIONS, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.forwarding import Answer, answer

PLACE = f"/j/{EVENT}/{READY}"
SESSION = SESSIONS[1]


@pytest.mark.parametrize(
    ("minutes", "live", "said"),
    [
        (-31, False, Answer.TOO_EARLY), (-31, True, Answer.FORWARD), (-30, False, Answer.FORWARD),
        (119, False, Answer.FORWARD), (120, False, Answer.OVER), (600, True, Answer.FORWARD),
    ],
)  # fmt: skip
def test_it_leads_in_around_the_sessions_time_and_while_it_runs(minutes, live, said):
    at = SESSION.start + timedelta(minutes=minutes)
    assert answer(SESSION, at, has_meeting=True, live=live) is said
    assert answer(replace(SESSION, cancelled=True), at, has_meeting=True, live=live) is Answer.CANCELLED


def now_at(stage, session, minutes=0):
    """The programme with the session begun so many minutes ago."""
    length = session.end - session.start
    start = NOW - timedelta(minutes=minutes)
    moved = replace(session, start=start, end=start + length)
    stage.load(seminar(*(moved if one.key == session.key else one for one in SESSIONS)))


def test_a_stranger_is_led_to_what_lets_people_in_now(browse, stage):
    assert "It has not begun." in browse().get(PLACE).text
    now_at(stage, SESSION)
    link = stage.parts.links.link(EVENT, READY)
    answered = browse().get(PLACE)
    assert (answered.status_code, answered.headers["location"]) == (302, link.join_url)
    assert answered.headers["cache-control"] == "no-store"
    stage.parts.links.applied(EVENT, replace(link, join_url="https://zoom.example/j/1?pwd=new"), NOW)
    assert browse().get(PLACE).headers["location"] == "https://zoom.example/j/1?pwd=new"


def test_before_and_after_it_says_when_and_holds_no_link(browse, stage):
    link = stage.parts.links.link(EVENT, READY)
    early, over, missing = (browse().get(f"/j/{EVENT}/{key}") for key in (READY, PAST, NEW))
    assert "This address lets you in from today 19:00." in early.text
    assert "It is over." in over.text
    assert "It has not begun." in missing.text
    assert not [page for page in (early, over, missing) if link.meeting_id in page.text or "pwd=" in page.text]
    now_at(stage, SESSIONS[2])
    assert "The way in is not there yet." in browse().get(f"/j/{EVENT}/{NEW}").text


def test_what_was_cancelled_or_left_the_programme_says_so(browse, stage):
    browse().get(f"/e/{EVENT}/calendar.ics")  # people are told of it
    stage.load(seminar(SESSIONS[0], replace(SESSION, cancelled=True)))
    assert "It was cancelled." in browse().get(PLACE).text
    browse().get(f"/e/{EVENT}/calendar.ics")
    assert "It was cancelled." in browse().get(f"/j/{EVENT}/{NEW}").text


def test_what_is_not_for_the_public_is_not_there_but_for_who_may_join(browse, stage):
    stage.load(seminar(SESSIONS[0], replace(SESSION, public=False)))
    assert browse().get(PLACE).status_code == 404
    assert browse(Role.VIEWER).get(PLACE).status_code == 404
    assert browse(Role.STAFF).get(PLACE).status_code == 200
    assert browse().get(f"/j/{OTHER}/opening").status_code == 404
    assert browse().get(f"/j/{EVENT}/nothing").status_code == 404


def test_a_room_leads_to_what_is_held_there_now(browse, stage):
    start = NOW - timedelta(minutes=10)
    rooms = [replace(one, room="Aula") for one in SESSIONS]
    rooms[1] = replace(rooms[1], start=start, end=start + timedelta(hours=1))
    stage.load(seminar(*rooms))
    link = stage.parts.links.link(EVENT, READY)
    assert browse().get(f"/j/{EVENT}/rooms/Aula").headers["location"] == link.join_url
    assert browse().get(f"/j/{EVENT}/rooms/Keller").status_code == 404


def test_staff_can_copy_the_permanent_address(browse):
    assert f'{PLACE}"' in browse(Role.STAFF).get(f"/events/{EVENT}/sessions/{READY}").text
