"""The schedule over a real store and the simulator: what is due is done once, and nothing is forgotten."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from factories import START, make_programme, make_session
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.schedule import Schedule
from zoom_sync.adapters.store.webhooks import Webhooks
from zoom_sync.domain.delivery import Delivery
from zoom_sync.domain.due import Rhythm
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.run import ItemState
from zoom_sync.errors import ConfigurationError, StoreUnavailable, Unavailable
from zoom_sync.service_layer.apply import Listings
from zoom_sync.service_layer.schedule import GIVEN_UP, LEASE, PAUSE, Scheduling, collect_due, sync_due
from zoom_sync.service_layer.status import status_of, still_live
from zoom_sync.service_layer.work import Working, do_item

EVENT = "urban-2023"
FAR = timedelta(hours=1)
END = START + timedelta(minutes=90)
HORIZON = timedelta(hours=72)


class Keeper:
    """Somebody who only ever asks what is due, and does it."""

    def __init__(self, desk, database):
        self.desk = desk
        self.schedule, self.webhooks = Schedule(database), Webhooks(database)

    @property
    def scheduling(self):
        desk = self.desk
        working = Working(desk.planning, desk.applying, desk.collecting, timedelta(minutes=5))
        rhythm = Rhythm(FAR, timedelta(minutes=10), timedelta(minutes=5))
        return Scheduling(working, self.schedule, self.webhooks, rhythm, timedelta(minutes=10), HORIZON)

    def sync(self):
        return self.do(sync_due(self.scheduling))

    def collect(self):
        return self.do(collect_due(self.scheduling))

    def do(self, runs):
        """Do the runs; answers what was done, by run."""
        done = []
        for run in runs:
            for item in self.desk.runs.items(run):
                do_item(self.scheduling.working, Listings(self.desk.applying), item.id)
            items = self.desk.runs.items(run)
            assert {item.state for item in items} == {ItemState.DONE}
            done.append([(item.action, item.key) for item in items])
        return done

    def advance(self, **time):
        self.desk.zoom.clock.advance(timedelta(**time).total_seconds())

    def go_to(self, moment):
        self.desk.zoom.clock.advance((moment - self.now).total_seconds())

    @property
    def now(self):
        return datetime.fromtimestamp(self.desk.zoom.simulator.clock_now, UTC)

    def calls(self):
        return self.desk.zoom.control("GET", "journal")["requests"]

    def forget_calls(self):
        self.desk.zoom.control("DELETE", "journal")

    def tell(self, what, key="seminar-1", at=None, **told):
        meeting = self.desk.link(key).meeting_id
        at = at or self.now
        self.webhooks.take_in(
            [Delivery(f"{what} {key} {at}", "s", f"meeting.{what}", at, meeting, **told)], {}, self.now
        )

    def states(self, key="seminar-1"):
        """Of the reports that there can be of this session: nobody has to register for it."""
        told = (one for one in self.desk.reports.states(EVENT) if one.key == key and one.kind != "registrants")
        return {one.kind: (one.state, one.reason) for one in told}


@pytest.fixture
def keeper(desk, database):
    desk.load(make_session())
    return Keeper(desk, database)


def test_a_programme_is_carried_out_once_and_then_looked_at_ever_so_often(keeper):
    assert keeper.sync() == [[("create", "seminar-1")]]
    keeper.forget_calls()
    for _ in range(20):
        assert keeper.sync() == []
    assert keeper.calls() == []  # nothing is due, and nobody is asked
    keeper.advance(hours=1)
    assert keeper.sync() == []
    assert {one["operation"] for one in keeper.calls()} <= {"meetings", "users", "token"}
    assert len(keeper.calls()) > 0


def test_an_edit_of_the_programme_is_carried_out_at_the_next_tick(keeper):
    keeper.sync()
    keeper.advance(minutes=1)
    keeper.desk.load(make_session(title="Another title"))
    assert keeper.sync() == [[("update", "seminar-1")]]


def test_an_edit_on_zoom_is_put_right_once_a_webhook_tells_of_it(keeper):
    keeper.sync()
    keeper.advance(minutes=10)
    keeper.desk.edit(keeper.desk.link().meeting_id, settings={"waiting_room": True})  # a list does not show it
    assert keeper.sync() == []
    keeper.tell("updated")
    assert keeper.sync() == [[("update", "seminar-1")]]
    keeper.forget_calls()
    keeper.advance(minutes=1)
    assert keeper.sync() == []
    assert keeper.calls() == []  # the hint is used up


def test_an_edit_on_zoom_that_no_webhook_told_of_is_found_within_a_day(keeper):
    keeper.sync()
    keeper.advance(minutes=10)
    keeper.desk.edit(keeper.desk.link().meeting_id, settings={"waiting_room": True})
    begun = keeper.now
    while not keeper.sync():
        keeper.advance(minutes=30)
        assert keeper.now - begun < timedelta(hours=25)


def test_our_own_writes_coming_back_cost_no_call(keeper):
    keeper.sync()
    keeper.tell("created")
    keeper.tell("updated")
    keeper.forget_calls()
    assert keeper.sync() == []
    assert keeper.calls() == []


def test_a_report_is_asked_for_until_it_is_complete_and_then_no_more(keeper):
    keeper.sync()
    assert keeper.collect() == []
    keeper.desk.run(audience=20, questions=3)
    assert keeper.collect() == [[("collect", "seminar-1")]]
    assert keeper.collect() == []
    looks = 1
    while keeper.states()["participants"][0] is not ReportState.COMPLETE:
        keeper.advance(minutes=5)
        looks += len(keeper.collect())
        assert keeper.now < END + timedelta(hours=2)
    assert looks <= 5
    keeper.forget_calls()
    for _ in range(100):
        keeper.advance(hours=1)
        assert keeper.collect() == []
    assert keeper.calls() == []


def test_what_is_not_complete_at_the_horizon_is_given_up_and_says_so(keeper):
    keeper.sync()
    keeper.desk.run(audience=20, questions=0)
    keeper.desk.zoom.fault(kind="refuse", operation="pastMeetings", status=500, times=None)
    looks = 0
    while keeper.now < END + HORIZON + timedelta(hours=30):
        looks += len(collect := collect_due(keeper.scheduling))
        for run in collect:
            for item in keeper.desk.runs.items(run):
                do_item(keeper.scheduling.working, Listings(keeper.desk.applying), item.id)
        keeper.advance(minutes=20)
    asked = [(state, reason) for state, reason in keeper.states().values() if state is not ReportState.NONE]
    assert {state for state, _ in asked} == {ReportState.FAILED}
    assert all(reason.endswith(GIVEN_UP) for _, reason in asked)
    assert looks < 25


def test_a_report_that_never_came_keeps_its_reason(keeper, monkeypatch):
    keeper.sync()
    keeper.desk.run(audience=20, questions=0)
    keeper.collect()
    keeper.go_to(END + HORIZON + timedelta(hours=1))
    # the last look was made, in vain
    for one in keeper.desk.reports.states(EVENT):
        waiting = type(one)(one.key, one.kind, ReportState.PARTIAL, 3, 20, "3 of 20 rows", keeper.now)
        keeper.desk.reports.note(EVENT, waiting)
    keeper.advance(hours=40)  # half of the time that it has been over
    assert keeper.collect() == []
    assert keeper.collect() == []
    assert set(keeper.states().values()) == {(ReportState.PARTIAL, f"3 of 20 rows; {GIVEN_UP}")}


def test_a_meeting_that_ran_over_is_collected_again_when_a_webhook_tells_of_its_end(keeper):
    keeper.sync()
    keeper.desk.run(audience=5, questions=0)
    keeper.collect()
    keeper.advance(hours=1)
    keeper.collect()
    assert keeper.states()["participants"][0] is ReportState.COMPLETE
    keeper.tell("ended")
    assert keeper.collect() == [[("collect", "seminar-1")]]
    assert keeper.collect() == []


def test_a_session_whose_reports_are_in_is_not_live_though_nobody_told_of_its_end(keeper):
    def live():
        told = status_of(keeper.desk.programmes, keeper.desk.links, keeper.desk.reports, EVENT)
        return still_live(told, keeper.webhooks.live(EVENT))

    keeper.sync()
    keeper.tell("started", uuid="u==")
    assert list(live()) == ["seminar-1"]
    keeper.desk.run(audience=5, questions=0)
    keeper.advance(hours=1)
    keeper.collect()
    assert live() == {}


def test_an_end_that_is_told_before_the_sessions_end_waits_for_it(keeper):
    keeper.sync()
    keeper.go_to(END - timedelta(minutes=10))
    keeper.tell("ended")
    assert keeper.collect() == []
    keeper.go_to(END)
    assert keeper.collect() == [[("collect", "seminar-1")]]


def test_no_run_is_started_while_one_is_under_way(keeper):
    [run] = sync_due(keeper.scheduling)
    keeper.advance(hours=2)
    assert sync_due(keeper.scheduling) == []
    keeper.do([run])
    assert sync_due(keeper.scheduling) == []  # nothing is to do


def test_an_event_that_cannot_be_planned_stops_no_other_and_is_tried_again_later(keeper, monkeypatch):
    keeper.desk.programmes.save(make_programme(make_session(), key="broken"), keeper.now)
    read = Programmes.programme

    def programme(self, event):
        if event == "broken":
            raise ConfigurationError("it cannot be planned")
        return read(self, event)

    monkeypatch.setattr(Programmes, "programme", programme)
    assert keeper.sync() == [[("create", "seminar-1")]]
    [broken] = [one for one in keeper.schedule.outlooks() if one.event == "broken"]
    assert timedelta() < broken.sync.claimed_until - keeper.now <= PAUSE
    assert broken.sync.done_at is None


def test_of_many_who_ask_at_once_one_does_it(keeper):
    keeper.desk.zoom.reader.server_time()
    answers, together = [], threading.Barrier(4)

    def ask():
        together.wait()
        answers.extend(sync_due(keeper.scheduling))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 1
    keeper.do(answers)
    assert len(keeper.desk.zoom.meetings()) == 1


def test_whoever_dies_in_the_middle_is_followed_by_another(keeper, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("zoom_sync.service_layer.schedule.sync_event", die)
        with pytest.raises(Killed):
            keeper.sync()
    assert keeper.sync() == []  # for all the others know, somebody is at it
    keeper.advance(seconds=LEASE.total_seconds() + 1)
    assert keeper.sync() == [[("create", "seminar-1")]]


def test_a_store_that_is_away_is_the_callers_matter(keeper, monkeypatch):
    def away(*_, **__):
        raise StoreUnavailable("gone")

    monkeypatch.setattr("zoom_sync.service_layer.schedule.sync_event", away)
    with pytest.raises(StoreUnavailable):
        sync_due(keeper.scheduling)


def test_a_zoom_that_is_away_is_asked_again_after_a_pause(keeper):
    keeper.desk.zoom.reader.server_time()
    keeper.desk.zoom.wire.refuse = 100
    assert keeper.sync() == []
    keeper.desk.zoom.wire.refuse = 0
    assert keeper.sync() == []
    keeper.advance(seconds=PAUSE.total_seconds())
    assert keeper.sync() == [[("create", "seminar-1")]]


def test_without_zooms_time_nothing_is_begun(keeper):
    keeper.desk.zoom.wire.refuse = 1000
    with pytest.raises(Unavailable):
        sync_due(keeper.scheduling)


def test_after_the_last_session_nobody_asks_any_more(keeper):
    keeper.sync()
    keeper.go_to(END + timedelta(minutes=1))
    keeper.sync()
    keeper.forget_calls()
    for _ in range(50):
        keeper.advance(hours=3)
        assert keeper.sync() == []
    assert keeper.calls() == []
