"""Approval as a way of working: the schedule prepares, tells, and carries out exactly what a person has approved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import START, make_programme, make_session
from service.conftest import EVENT
from zoom_sync.adapters.store.approvals import Approvals
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.domain.notices import Subject
from zoom_sync.domain.plan import Policy
from zoom_sync.domain.programme import Changes
from zoom_sync.errors import OwnApproval
from zoom_sync.service_layer.apply import carry_out
from zoom_sync.service_layer.approve import approve
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.sync import plan_event
from zoom_sync.service_layer.work import Working, sync_event

LATER = START + timedelta(hours=2)
DAY = timedelta(days=1)


class Office:
    """A schedule and the people around it: Olga loads, Otto approves."""

    def __init__(self, desk, database):
        self.desk, self.approvals, self.notices = desk, Approvals(database), Notices(database)

    def load(self, *sessions, changes=None, freeze_hours=None, by="Olga"):
        programme = make_programme(*sessions)
        event = replace(programme.event, changes=changes, freeze_hours=freeze_hours)
        self.desk.programmes.save(replace(programme, event=event), self.desk.zoom.clock.now(), by=by)

    def planning(self, **settings):
        return replace(self.desk.planning, approvals=self.approvals, **settings)

    def work(self, **settings):
        """What `serve` does when the event is due; answers how its items ended."""
        desk = self.desk
        working = Working(self.planning(**settings), desk.applying, desk.collecting, timedelta(minutes=5), self.notices)
        run = sync_event(working, EVENT)
        return [] if run is None else self.do(run)

    def do(self, run):
        carry_out(self.desk.applying, run, lambda _: None, lambda _until, _items: None)
        return [(item.key, str(item.state)) for item in self.desk.runs.items(run)]

    def approve(self, who="Otto", **policy):
        rules = Policy(**policy)
        seen = plan_event(self.planning(), EVENT, rules).plan
        return approve(self.planning(), self.desk.applying, EVENT, seen.digest, rules, who).run

    def told(self):
        return [(one.what, one.why) for one in self.notices.concerns(EVENT, Subject.HELD_BACK)]

    def starts(self):
        return [one["start_time"] for one in self.desk.zoom.meetings()]


@pytest.fixture
def office(desk, database):
    return Office(desk, database)


def test_without_a_word_of_it_changes_are_made_at_once(office):
    office.load(make_session())
    assert office.work() == [("seminar-1", "done")]


def test_an_event_that_asks_has_its_plan_prepared_and_told_and_nothing_done(office):
    office.load(make_session(), make_session("two", start=START + DAY), changes=Changes.ASK)
    assert office.work() == []
    assert office.told() == [("approval", "2 changes wait for approval: 2 to create")]
    assert office.starts() == []


def test_what_was_approved_is_carried_out_and_what_comes_after_it_waits(office):
    office.load(make_session(), changes=Changes.ASK)
    assert office.do(office.approve()) == [("seminar-1", "done")]
    assert office.work() == []
    assert office.told() == []
    office.load(make_session(start=LATER), changes=Changes.ASK)
    assert office.work() == []
    assert office.told() == [("approval", "1 change waits for approval: 1 to update")]


def test_the_schedule_goes_on_with_what_was_approved_and_could_not_be_done(office):
    office.load(make_session(), changes=Changes.ASK)
    office.desk.control("POST", "faults", {"kind": "refuse", "status": 400, "operation": "meetingCreate"})
    assert office.do(office.approve()) == [("seminar-1", "failed")]
    office.desk.control("DELETE", "faults")
    assert office.work() == [("seminar-1", "done")]


def test_a_host_whom_the_programme_names_since_is_something_else(office):
    office.load(make_session(), changes=Changes.ASK)
    office.approve()
    office.load(make_session(host="host2@example.org"), changes=Changes.ASK)
    assert office.work() == []


def test_an_approval_lapses_when_what_it_is_about_changes_and_only_then(office):
    first, second = make_session(), make_session("two", start=START + DAY, title="Second")
    office.load(first, second, changes=Changes.ASK)
    office.approve()  # and nobody has begun the run
    office.load(replace(first, start=LATER, end=LATER + timedelta(hours=1)), second, changes=Changes.ASK)
    assert office.work() == [("two", "done")]
    assert office.told() == [("approval", "1 change waits for approval: 1 to create")]
    office.load(first, second, changes=Changes.ASK)
    assert office.work() == []  # it had lapsed, and does not come back by itself


def test_the_committed_run_of_a_lapsed_approval_does_nothing_else(office):
    office.load(make_session(), changes=Changes.ASK)
    run = office.approve()
    office.load(make_session(start=LATER), changes=Changes.ASK)
    assert office.do(run) == [("seminar-1", "skipped")]
    assert office.starts() == []


def test_what_cannot_be_found_out_counts_as_changed(office):
    office.load(make_session(), changes=Changes.ASK)
    office.do(office.approve())
    office.load(make_session(start=LATER), changes=Changes.ASK)
    office.approve()
    rule = {"what": "refuse", "operation": "meetings", "host": office.desk.link().host_id, "status": 400, "code": 3161}
    [*_, twist] = office.desk.control("POST", "twists", {**rule, "message": "No."})
    assert office.work() == []
    office.desk.control("DELETE", f"twists/{twist['number']}")
    assert office.work() == []
    assert [what for what, _ in office.told()] == ["approval"]


def test_of_an_event_that_asks_nobody_approves_what_he_loaded_himself(office):
    office.load(make_session(), changes=Changes.ASK, by="Olga")
    with pytest.raises(OwnApproval, match="olga loaded this programme"):
        office.approve(who="olga")
    assert office.work() == []
    assert office.do(office.approve(who="Otto")) == [("seminar-1", "done")]
    office.load(make_session(start=LATER), by="Olga")
    assert office.do(office.approve(who="Olga")) == [("seminar-1", "done")]


def test_the_first_plan_waits_and_what_comes_after_it_goes_by_itself(office):
    office.load(make_session(), changes=Changes.FIRST)
    assert office.work() == []
    office.do(office.approve())
    office.load(make_session(start=LATER), changes=Changes.FIRST)
    assert office.work() == [("seminar-1", "done")]


def test_a_setting_says_it_for_events_that_do_not(office):
    office.load(make_session())
    assert office.work(changes=Changes.ASK) == []
    office.load(make_session(), changes=Changes.AUTOMATIC)
    assert office.work(changes=Changes.ASK) == [("seminar-1", "done")]


def test_a_creation_in_doubt_is_looked_for_without_being_approved_again(office):
    office.load(make_session(), changes=Changes.ASK)
    office.desk.control("POST", "faults", {"kind": "drop_after", "operation": "meetingCreate"})
    run = office.approve()
    office.do(run)
    office.load(make_session("another"), changes=Changes.ASK)
    office.desk.pass_time(minutes=5)
    office.work()
    assert len(office.starts()) <= 1
    assert not office.desk.links.known(EVENT, "").intents


def test_in_a_freeze_changes_are_made_by_name_only(office):
    office.load(make_session(), freeze_hours=24)
    office.work()
    office.desk.zoom.clock.advance((START - timedelta(hours=23) - office.desk.zoom.clock.now()).total_seconds())
    office.load(make_session(title="Another"), freeze_hours=24)
    assert office.work() == []
    [(what, why)] = office.told()
    assert (what, why) == ("frozen", "the event is frozen until 2023-11-06 14:00 UTC, and 1 change is held back")
    plan = plan_event(office.planning(), EVENT, Policy())
    assert [held.needs for held in plan.plan.held_back] == ["--allow-frozen"]
    assert len(plan.released.changes) == 1
    assert office.do(office.approve(allow_frozen=True)) == [("seminar-1", "done")]


def test_before_and_after_the_freeze_nothing_is_frozen(office):
    office.load(make_session(), freeze_hours=24)
    office.work()
    office.load(make_session(title="Another"), freeze_hours=24)
    assert office.work() == [("seminar-1", "done")]
    assert (
        office.planning(freeze_hours=24)
        .with_settings(Policy(), office.desk.programmes.programme(EVENT), START + timedelta(hours=3))
        .frozen_until
        is None
    )


def test_an_approval_covers_what_is_carried_over_to_a_hosts_next_day(office):
    office.desk.pool = [HostRule("Ada Moreau", daily_writes=1)]
    office.load(make_session(), make_session("two", start=START + DAY, title="Second"), changes=Changes.ASK)
    assert office.do(office.approve()) == [("seminar-1", "done")]
    assert office.work() == []
    assert office.told() == []
    office.desk.pass_time(days=1)
    assert office.work() == [("two", "done")]
    assert office.told() == []
