"""What people are told, over a real store and the simulator: the right things, once, and whatever a channel does."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import START, make_programme, make_session
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.adapters.store.overview import Overview
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.adapters.store.webhooks import Webhooks
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.notices import Subject
from zoom_sync.domain.run import ItemState, Step
from zoom_sync.errors import NotSent
from zoom_sync.service_layer.apply import Listings
from zoom_sync.service_layer.noticing import Noticing
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.schedule import Scheduling, collect_due, sync_due
from zoom_sync.service_layer.telling import Telling, tell_due
from zoom_sync.service_layer.work import Working, do_item

EVENT = "urban-2023"
HOUR = timedelta(hours=1)


class Post:
    """A channel that keeps what it was given."""

    def __init__(self, name="mail"):
        self.name, self.sent, self.broken = name, [], False

    def check(self):
        return "there"

    def send(self, digest):
        if self.broken:
            raise NotSent("no")
        self.sent.append(digest)
        return "there"

    def told(self):
        """What came since it was last asked, as subject, session and what."""
        digests, self.sent = self.sent, []
        return [[(one.subject, one.concern.key, one.concern.what) for one in digest.new] for digest in digests]


class Office:
    """A schedule that runs, and somebody who is told."""

    def __init__(self, desk, database):
        self.desk, self.notices = desk, Notices(database)
        self.schedule, self.webhooks = Schedule(database), Webhooks(database)
        self.post = Post()
        self.channels = [self.post]

    @property
    def scheduling(self):
        desk = self.desk
        working = Working(desk.planning, desk.applying, desk.collecting, timedelta(minutes=5), self.notices)
        rhythm = Rhythm(HOUR, HOUR, HOUR)
        return Scheduling(working, self.schedule, self.webhooks, rhythm, timedelta(minutes=10), timedelta(hours=72))

    def tick(self):
        """What is due is done, and then told."""
        for run in (*sync_due(self.scheduling), *collect_due(self.scheduling)):
            for item in self.desk.runs.items(run):
                do_item(self.scheduling.working, Listings(self.desk.applying), item.id)
        return self.tell()

    def tell(self):
        desk = self.desk
        noticing = Noticing(desk.programmes, desk.links, desk.runs, desk.reports, self.notices, 3 * HOUR)
        tell_due(Telling(noticing, desk.planning, self.schedule, desk.zoom.clock, self.channels, HOUR))
        return self.post.told()

    def go_to(self, moment):
        now = datetime.fromtimestamp(self.desk.zoom.simulator.clock_now, UTC)
        self.desk.zoom.clock.advance((moment - now).total_seconds())


@pytest.fixture
def office(desk, database):
    desk.load(make_session())
    return Office(desk, database)


def fail(office, reason="Zoom refused", action="update", key="seminar-1", state=ItemState.FAILED):
    runs, now = office.desk.runs, office.desk.zoom.clock.now()
    run = runs.start(EVENT, "apply", "", [Step(action, key)], now)
    runs.settle(runs.items(run)[0].id, state, reason, now)


def test_where_all_is_well_nobody_is_told_anything(office):
    assert office.tick() == []
    office.go_to(START - HOUR)
    assert office.tick() == []


def test_without_a_channel_it_is_recorded_that_a_host_is_not_ready(office, database):
    office.tick()
    office.channels = []
    office.go_to(START - HOUR)
    host = next(iter(office.desk.zoom.simulator.world.users.values()))
    object.__setattr__(host, "type", 1)
    assert office.tell() == []
    (told,) = office.notices.concerns(EVENT, Subject.NOT_READY)
    assert told.key == "seminar-1"
    now = office.desk.zoom.clock.now()
    assert ("not_ready", "seminar-1") in [
        (str(one.kind), one.key) for one in Overview(database).waiting(now, now + HOUR)
    ]
    office.desk.calls()
    assert office.tell() == []
    assert office.desk.calls() == {}  # once in a while, and not at every tick


def test_what_a_person_has_to_decide_is_told_once_and_anew_when_it_comes_back(office):
    office.tick()
    meeting = office.desk.link().meeting_id
    office.desk.pass_time(hours=2)
    office.desk.control("DELETE", f"meetings/{meeting}")
    assert office.tick() == [[(Subject.HELD_BACK, "seminar-1", "replace")]]
    for _ in range(5):
        office.desk.pass_time(hours=2)
        assert office.tick() == []
    office.desk.apply(allow_replace=True)
    office.desk.pass_time(hours=2)
    assert office.tick() == []
    office.desk.control("DELETE", f"meetings/{office.desk.link().meeting_id}")
    office.desk.pass_time(hours=2)
    assert office.tick() == [[(Subject.HELD_BACK, "seminar-1", "replace")]]


def test_what_goes_on_by_itself_is_not_told(office):
    office.tick()
    office.desk.pool = [HostRule("Ada Moreau", daily_writes=1)]
    office.desk.load(make_session(title="Another"))
    office.desk.pass_time(hours=2)
    assert office.desk.plan().held_back[0].until is not None
    assert office.tick() == []


def test_an_event_that_cannot_be_synced_is_told_until_it_can(office):
    office.desk.pool = [HostRule("Nobody")]
    assert office.tick() == [[(Subject.FAILED, "", "sync")]]
    office.desk.pass_time(hours=2)
    assert office.tick() == []
    office.desk.pool = None
    office.desk.pass_time(hours=2)
    assert office.tick() == []
    assert office.notices.told("mail") == frozenset()


def test_a_failure_is_told_once_however_often_it_is_tried_and_is_over_when_it_is_done(office):
    office.tick()
    fail(office)
    assert office.tell() == [[(Subject.FAILED, "seminar-1", "update")]]
    office.desk.pass_time(hours=2)
    fail(office)
    assert office.tell() == []
    fail(office, state=ItemState.DONE)
    assert office.tell() == []
    assert office.notices.told("mail") == frozenset()
    office.desk.pass_time(hours=2)
    fail(office)
    assert office.tell() == [[(Subject.FAILED, "seminar-1", "update")]]


def test_many_new_things_are_one_digest_and_the_next_comes_an_interval_later(office):
    office.tick()
    fail(office, key="a")
    fail(office, key="b")
    assert [len(one) for one in office.tell()] == [2]
    fail(office, key="c")
    office.desk.pass_time(minutes=59)
    assert office.tell() == []
    office.desk.pass_time(minutes=1)
    assert office.tell() == [[(Subject.FAILED, "c", "update")]]


def test_a_session_without_a_meeting_is_told_at_once_when_it_begins_soon(office):
    office.desk.pool = []  # nobody may host
    office.tick()
    office.desk.pass_time(minutes=1)
    fail(office)
    office.go_to(START - 2 * HOUR)
    told = office.tick()
    assert (Subject.NOT_READY, "seminar-1", "no_meeting") in told[0]
    office.desk.pass_time(minutes=30)
    assert office.tick() == []


def test_a_session_held_in_the_meeting_of_another_has_one(office):
    later = make_session("seminar-2", start=START + 2 * HOUR, title="Floods", meeting_of="seminar-1")
    office.desk.load(make_session(), later)
    office.tick()
    office.go_to(START - timedelta(minutes=10))
    assert office.tick() == []
    host = next(iter(office.desk.zoom.simulator.world.users.values()))
    object.__setattr__(host, "type", 1)
    office.desk.pass_time(minutes=15)
    ((one,),) = office.tick()
    assert one[:2] == (Subject.NOT_READY, "seminar-2")
    assert "Basic" in one[2]


def test_a_creation_in_doubt_is_told(office):
    office.desk.zoom.fault(kind="drop_after", operation="meetingCreate", times=None)
    office.go_to(START - timedelta(minutes=10))
    assert [(Subject.NOT_READY, "seminar-1", "in_doubt")] in office.tick()


def test_a_programme_just_loaded_is_given_the_time_to_be_made(office):
    office.go_to(START - 2 * HOUR)
    office.desk.load(make_session(title="Moved"))
    assert office.tell() == []
    office.go_to(START - timedelta(minutes=14))
    assert office.tell() == [[(Subject.NOT_READY, "seminar-1", "no_meeting")]]


def test_a_host_without_a_licence_is_told_and_zoom_is_not_asked_at_every_tick(office):
    office.tick()
    office.go_to(START - 2 * HOUR)
    office.tick()
    host = next(iter(office.desk.zoom.simulator.world.users.values()))
    object.__setattr__(host, "type", 1)
    office.desk.pass_time(minutes=5)
    office.desk.calls()
    assert office.tell() == []
    assert office.desk.calls() == {}
    office.desk.pass_time(minutes=10)
    ((one,),) = office.tell()
    assert one[:2] == (Subject.NOT_READY, "seminar-1")
    assert "Basic" in one[2]
    assert office.desk.calls() == {"users": 1}


def test_a_report_is_told_when_all_of_it_is_there(office):
    office.tick()
    office.go_to(START)
    office.desk.run(audience=12, questions=2)
    told = []
    for _ in range(12):
        office.desk.pass_time(minutes=20)
        told += office.tick()
    ((one,),) = told
    assert one == (Subject.REPORT, "seminar-1", "complete")


def test_what_could_not_be_sent_is_sent_later_by_that_channel_alone(office):
    other = Post("hook")
    office.channels = [office.post, other]
    office.tick()
    office.post.broken = True
    fail(office)
    assert office.tell() == []
    assert len(other.told()) == 1
    office.post.broken = False
    assert office.tell() == []  # not at once again
    office.desk.pass_time(minutes=1)
    assert office.tell() == [[(Subject.FAILED, "seminar-1", "update")]]
    assert other.told() == []


def test_who_died_while_sending_is_followed_by_another(office):
    office.tick()
    fail(office)
    now = office.desk.zoom.clock.now()
    office.notices.claim("mail", now, now + timedelta(minutes=5))
    assert office.tell() == []
    office.desk.pass_time(minutes=5)
    assert len(office.tell()) == 1


def test_nobody_is_told_of_addresses(office):
    office.tick()
    fail(office, reason="ada@example.org is no host")
    desk = office.desk
    noticing = Noticing(desk.programmes, desk.links, desk.runs, desk.reports, office.notices, 3 * HOUR)
    tell_due(Telling(noticing, desk.planning, office.schedule, desk.zoom.clock, office.channels, HOUR))
    (digest,) = office.post.sent
    assert digest.new[0].concern.why == "*** is no host"
    assert digest.new[0].title == make_programme().sessions[0].title
