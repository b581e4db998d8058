"""Sessions that do not take place, and rehearsals: what happens to their meetings, their links and their reports."""

from dataclasses import replace
from datetime import timedelta

from factories import START, make_session
from service.conftest import EVENT
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.adapters.store.overview import Overview
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.adapters.store.webhooks import Webhooks
from zoom_sync.domain.delivery import Delivery
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.notices import Subject
from zoom_sync.domain.plan import Action
from zoom_sync.service_layer.collect import due_sessions, outstanding
from zoom_sync.service_layer.noticing import Noticing, notices_of
from zoom_sync.service_layer.publish import Publishing, announce
from zoom_sync.service_layer.schedule import Scheduling, collect_due
from zoom_sync.service_layer.status import status_of
from zoom_sync.service_layer.summary import summarise
from zoom_sync.service_layer.work import Working

DAY = timedelta(days=1)


def actions(plan):
    return [(change.action, change.key) for change in plan.changes]


def announced(desk, database, **how):
    publishing = Publishing(desk.programmes, desk.links, Publications(database), desk.zoom.clock)
    return announce(publishing, EVENT, public=True, **how)


def test_a_cancelled_session_that_has_no_meeting_gets_none(desk):
    desk.load(make_session(cancelled=True), make_session("seminar-2", start=START + DAY))
    assert actions(desk.plan()) == [(Action.CREATE, "seminar-2")]


def test_a_cancelled_session_keeps_its_meeting_and_its_link(desk):
    desk.apply()
    link = desk.link()
    desk.load(make_session(timezone="Asia/Shanghai", cancelled=True))
    plan = desk.plan()
    assert actions(plan) == []
    assert plan.held_back == ()
    assert (desk.link().meeting_id, desk.link().join_url) == (link.meeting_id, link.join_url)


def test_a_meeting_is_made_while_one_of_the_sessions_in_it_takes_place(desk):
    first = make_session("one", minutes=30, cancelled=True)
    second = make_session("two", minutes=30, start=START + timedelta(minutes=30), meeting_of="one")
    desk.load(first, second)
    assert actions(desk.plan()) == [(Action.CREATE, "one")]
    desk.load(first, replace(second, cancelled=True))
    assert actions(desk.plan()) == []


def test_nothing_is_collected_of_what_is_cancelled_or_a_rehearsal_and_nothing_is_missed(desk):
    sessions = [make_session(), make_session("dry-run", start=START - DAY, rehearsal_of="seminar-1")]
    desk.load(*sessions)
    desk.apply()
    desk.load(replace(sessions[0], cancelled=True), sessions[1])
    desk.pass_time(days=10)
    now = desk.zoom.clock.now()
    assert due_sessions(desk.collecting, EVENT, now) == []
    assert outstanding(desk.collecting, EVENT, now) == []
    assert summarise(desk.programmes, desk.reports, EVENT, [], now).sessions == ()


def test_a_rehearsal_has_a_meeting_of_its_own_on_the_same_host(desk):
    desk.load(make_session(host="host2@example.org"))
    desk.apply()
    desk.load(
        make_session(host="host2@example.org"), make_session("dry-run", start=START - DAY, rehearsal_of="seminar-1")
    )
    desk.apply()
    assert desk.link("dry-run").host_id == desk.link("seminar-1").host_id
    assert desk.link("dry-run").meeting_id != desk.link("seminar-1").meeting_id
    assert actions(desk.plan()) == []


def test_a_rehearsal_takes_the_host_of_a_meeting_that_is_there(desk):
    desk.load(make_session())
    desk.apply()
    desk.load(make_session(), make_session("dry-run", start=START - DAY, rehearsal_of="seminar-1"))
    desk.apply()
    assert desk.link("dry-run").host_id == desk.link("seminar-1").host_id


def test_neither_a_rehearsal_nor_what_is_not_public_is_announced(desk, database):
    desk.load(
        make_session(),
        make_session("dry-run", start=START - DAY, rehearsal_of="seminar-1"),
        make_session("jury", start=START + DAY, public=False),
    )
    desk.apply()
    told = announced(desk, database)
    assert [one.session.key for one in told.sessions()] == ["seminar-1"]
    assert set(told.revisions) == {"seminar-1"}


def test_what_stops_being_public_is_called_off_in_calendars(desk, database):
    announced(desk, database)
    desk.load(make_session(public=False))
    told = announced(desk, database)
    assert told.sessions() == ()
    assert [one.key for one in told.called_off()] == ["seminar-1"]


def test_cancelling_raises_the_sequence_once_and_shows_no_way_in(desk, database):
    desk.apply()
    assert announced(desk, database).revisions["seminar-1"].sequence == 0
    desk.load(make_session(timezone="Asia/Shanghai", cancelled=True))
    told = announced(desk, database)
    assert told.revisions["seminar-1"].sequence == 1
    assert announced(desk, database).revisions["seminar-1"].sequence == 1
    [one] = told.sessions()
    assert (one.state, one.join_url, one.passcode) == ("cancelled", None, None)
    assert status_of(desk.programmes, desk.links, desk.reports, EVENT).sessions[0].state == "cancelled"


def test_what_must_not_be_recorded_is_not_whatever_the_profile_says(desk):
    desk.profiles["plain"]["auto_recording"] = "cloud"
    desk.load(make_session(record=False, settings={"auto_recording": "local"}))
    desk.apply()
    meeting = desk.zoom.reader.meeting(desk.link().meeting_id, make_session().kind)
    assert meeting.settings["auto_recording"] == "none"


def test_a_cancelled_session_without_a_meeting_that_begins_soon_is_not_told_of_as_missing(desk, database):
    desk.load(make_session("held"), make_session("off", cancelled=True))
    desk.zoom.clock.advance((START - timedelta(hours=1) - desk.zoom.clock.now()).total_seconds())
    now = desk.zoom.clock.now()
    noticing = Noticing(desk.programmes, desk.links, desk.runs, desk.reports, Notices(database), timedelta(hours=3))
    (outlook,) = Schedule(database).outlooks()
    outlook = replace(outlook, loaded_at=now - DAY)
    told = [(one.subject, one.concern.key) for one in notices_of(noticing, outlook, now)]
    assert told == [(Subject.NOT_READY, "held")]
    waiting = Overview(database).waiting(now, now + DAY, EVENT)
    assert [(str(one.kind), one.key) for one in waiting] == [("no_meeting", "held")]


def test_what_a_webhook_tells_of_the_meeting_of_a_cancelled_session_collects_nothing(desk, database):
    desk.apply()
    meeting = desk.link().meeting_id
    desk.run()
    desk.load(make_session(timezone="Asia/Shanghai", cancelled=True))
    desk.pass_time(days=10)
    webhooks, now = Webhooks(database), desk.zoom.clock.now()
    webhooks.take_in([Delivery("d", "s", "meeting.ended", now, meeting)], {}, now)
    working = Working(desk.planning, desk.applying, desk.collecting, timedelta(minutes=5))
    rhythm = Rhythm(DAY, DAY, DAY)
    scheduling = Scheduling(working, Schedule(database), webhooks, rhythm, timedelta(minutes=10), 3 * DAY)
    assert collect_due(scheduling) == []
