"""Registering people over the real client and a real store, on the simulator."""

from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.registrants import Registrants
from zoom_sync.adapters.zoom import protocol
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.registration import ZoomRegistration
from zoom_sync.domain.programme import Kind, RegistrationMode
from zoom_sync.domain.registering import Guest, State
from zoom_sync.errors import UserError
from zoom_sync.service_layer.privacy import erase_person, seek
from zoom_sync.service_layer.registering import Registering, decide, prepare_push, push, read_back

EVENT, KEY = "urban-2023", "seminar-1"


class Crash(BaseException):
    """The process is gone."""


def guests(count, first=0):
    return [Guest(f"p{n}@example.org", f"P{n}", "Li", "City", n + 2) for n in range(first, first + count)]


class Counter:
    """Somebody who registers people; each call is a process of its own."""

    def __init__(self, desk, database):
        self.desk = desk
        self.store = Registrants(database)

    @property
    def registering(self):
        desk = self.desk
        zoom = ZoomRegistration(desk.zoom.exchange)
        return Registering(desk.programmes, desk.links, self.store, desk.zoom.reader, zoom, desk.zoom.clock)

    def plan(self, people, *, anew=False):
        return prepare_push(self.registering, EVENT, KEY, people, anew=anew)

    def push(self, people, **told):
        return push(self.registering, EVENT, self.plan(people, **told))

    def decide(self, action, *emails):
        return decide(self.registering, EVENT, KEY, action, emails)

    def states(self):
        return {one.key: str(one.state) for one in self.store.registrants(EVENT, KEY)}

    def on_zoom(self):
        """E-mail and status of everybody on Zoom."""
        (meeting,) = [one for one in self.desk.zoom.simulator.world.meetings.values()
                      if str(one.id) == self.desk.link().meeting_id]  # fmt: skip
        return [(one["email"], one["status"]) for one in meeting.registrants]

    def by_itself(self, email, **told):
        """Somebody registers on Zoom's page."""
        body = {"email": email, "first_name": "Self", **told}
        link = self.desk.link()
        self.desk.zoom.exchange.call(protocol.add_registrant(link.meeting_id, link.kind, body, approved=False))


@pytest.fixture
def make_counter(make_desk, database):
    def make(mode=RegistrationMode.AUTOMATIC, **session):
        desk = make_desk()
        desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
        desk.again()
        desk.load(make_session(timezone="Asia/Shanghai", registration=mode, **session))
        desk.apply()
        desk.calls()
        return Counter(desk, database)

    return make


@pytest.fixture
def counter(make_counter):
    return make_counter()


def test_a_hundred_and_fifty_people_are_registered_in_five_calls_and_have_their_links(counter):
    plan = counter.plan(guests(150))
    counter.desk.calls()
    results = push(counter.registering, EVENT, plan)
    calls = counter.desk.calls()

    assert calls["addBatchRegistrants"] == plan.calls["HEAVY"] == 5
    assert sum(calls.values()) <= plan.calls["HEAVY"] + plan.calls["MEDIUM"]
    assert [one.failed for one in results] == [""] * 150
    assert len({one.registrant.join_url for one in results if "tk=" in one.registrant.join_url}) == 150
    assert counter.on_zoom() == [(f"p{n}@example.org", "approved") for n in range(150)]


def test_a_second_push_sends_nobody(counter):
    counter.push(guests(40))
    plan = counter.plan(guests(40))
    assert (plan.register, plan.already, plan.calls) == ((), 40, {})


@pytest.mark.parametrize("at", range(1, 9))
def test_a_crash_anywhere_registers_nobody_twice_and_the_next_push_ends_it(counter, at):
    plan = counter.plan(guests(70))
    left = at

    def dies(_request):
        nonlocal left
        left -= 1
        if not left:
            raise Crash

    counter.desk.zoom.wire.after = dies
    if at <= 6:
        with pytest.raises(Crash):
            push(counter.registering, EVENT, plan)
    else:
        push(counter.registering, EVENT, plan)
    counter.desk.again()
    results = counter.push(guests(70))
    assert not any(one.failed for one in results)
    assert sorted(counter.on_zoom()) == sorted((f"p{n}@example.org", "approved") for n in range(70))
    assert set(counter.states().values()) == {"approved"}


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "garbage_after", "drop_before"])
def test_a_lost_answer_is_cleared_up_by_the_lists(counter, kind):
    counter.desk.zoom.fault(kind=kind, operation="addBatchRegistrants")
    results = counter.push(guests(31))
    assert not any(one.failed for one in results)
    assert len(counter.on_zoom()) == 31


def test_one_bad_e_mail_in_a_batch_is_refused_alone(counter):
    people = guests(35)
    people[7] = Guest("b" * 130 + "@example.org", "Bad")
    results = {one.registrant.key: one for one in counter.push(people)}
    bad = results.pop(people[7].key)
    assert (bad.registrant.state, "email" in bad.failed) == (State.REFUSED, True)
    assert "@" not in bad.failed
    assert not any(one.failed for one in results.values())
    assert len(counter.on_zoom()) == 34


def test_who_registered_too_often_today_is_carried_over_and_the_others_are_not(counter):
    for _ in range(3):
        counter.by_itself("p3@example.org")
    counter.decide("cancel", "p3@example.org")
    results = {one.registrant.key: one for one in counter.push(guests(6), anew=True)}
    late = results.pop("p3@example.org")
    assert (late.registrant.state, "2023-11-02" in late.failed) == (State.WAITING, True)
    assert "@" not in late.failed
    assert not any(one.failed for one in results.values())
    counter.desk.pass_time(hours=25)
    assert [one.failed for one in counter.push(guests(6))] == [""]


def test_by_hand_people_wait_until_they_are_approved(make_counter):
    counter = make_counter(RegistrationMode.MANUAL)
    results = counter.push(guests(3))
    assert [(one.registrant.state, one.registrant.join_url, one.failed) for one in results] == [
        (State.PENDING, "", "")
    ] * 3
    approved = counter.decide("approve", "P0@example.org", "p1@example.org")
    assert all(one.registrant.join_url and not one.failed for one in approved)
    (denied,) = counter.decide("deny", "p2@example.org")
    assert (denied.registrant.state, denied.failed) == (State.DENIED, "")
    assert counter.states() == {"p0@example.org": "approved", "p1@example.org": "approved", "p2@example.org": "denied"}


def test_automatic_lets_in_whom_we_push_and_nobody_who_only_has_the_registration_link(counter):
    counter.by_itself("self@example.org")
    counter.by_itself("p1@example.org")
    counter.push(guests(2))
    assert counter.states()["self@example.org"] == "pending"
    assert counter.states()["p1@example.org"] == "approved"


def test_who_cancelled_stays_cancelled_until_asked_for_by_name(counter):
    counter.push(guests(2))
    (gone,) = counter.decide("cancel", "p1@example.org")
    assert (gone.registrant.state, gone.registrant.join_url) == (State.CANCELLED, "")
    assert [one.person.key for one in counter.plan(guests(2)).left_out] == ["p1@example.org"]
    assert [one.failed for one in counter.push(guests(2), anew=True)] == [""]
    assert counter.states()["p1@example.org"] == "approved"


def test_a_decision_about_somebody_unknown_changes_nobody_and_names_no_address(counter):
    counter.push(guests(2))
    with pytest.raises(UserError) as caught:
        counter.decide("cancel", "p1@example.org", "who@example.org", "where@example.org")
    assert [str(one).split(":")[0] for one in caught.value.problems] == ["number 2", "number 3"]
    assert set(counter.states().values()) == {"approved"}


def test_hosts_are_filtered_out_and_said(make_counter):
    counter = make_counter(settings={"alternative_hosts": "host2@example.org"})
    hosts = [Guest(f"Host{n}@Example.org", "H") for n in (1, 2)]
    plan = counter.plan([*guests(3), *hosts])
    why = sorted(one.why.split(" of ")[0] for one in plan.left_out)
    assert why == ["is an alternative host", "is the meeting's host and comes in without registering"]
    assert not any(one.failed for one in push(counter.registering, EVENT, plan))
    assert counter.desk.calls()["addBatchRegistrants"] == 1


def test_a_webinar_takes_registrants_too_and_its_panelists_are_filtered_out(make_counter):
    counter = make_counter(kind=Kind.WEBINAR)
    path = f"/webinars/{counter.desk.link().meeting_id}/panelists"
    body = {"panelists": [{"email": "p0@example.org", "name": "P"}]}
    panelists = protocol.Call("webinarPanelistCreate", Label.MEDIUM, "POST", path, {}, body)
    counter.desk.zoom.exchange.call(panelists)
    results = counter.push(guests(32))
    assert [one.failed for one in results] == [""] * 31
    assert ("p0@example.org", "approved") not in counter.on_zoom()


def test_a_webinars_bad_batch_ends_approved_too(make_counter):
    counter = make_counter(kind=Kind.WEBINAR)
    results = counter.push([*guests(3), Guest("b" * 130 + "@example.org", "Bad")])
    assert sorted(one.registrant.state for one in results) == ["approved"] * 3 + ["refused"]


def test_a_meeting_that_is_full_stops_the_push_and_keeps_the_rest_waiting(counter):
    plan = counter.plan(guests(90))
    counter.desk.zoom.control("POST", f"meetings/{plan.link.meeting_id}/register", {"count": 4_960})
    results = push(counter.registering, EVENT, plan)
    full = [one for one in results if "capacity" in one.failed]
    assert len(full) == 60
    assert {one.registrant.state for one in full} == {State.WAITING}
    assert counter.desk.calls()["addBatchRegistrants"] == 2


def test_where_nobody_can_register_it_is_said_before_zoom_is_asked(make_counter):
    counter = make_counter(None)
    with pytest.raises(UserError, match="takes no registrations"):
        counter.plan(guests(1))
    counter.desk.load(make_session(timezone="Asia/Shanghai", registration=RegistrationMode.MANUAL))
    with pytest.raises(UserError, match="apply"):
        counter.plan(guests(1))
    counter.desk.apply()
    assert counter.plan(guests(1)).register
    counter.desk.pass_time(days=6)
    with pytest.raises(UserError, match="is over"):
        counter.plan(guests(1))


def test_planning_writes_nothing(counter):
    counter.plan(guests(5))
    assert counter.states() == {}
    assert set(counter.desk.calls()) <= {"meetingRegistrants", "token", "users"}


def test_who_was_erased_is_not_registered_again(counter, database):
    counter.push(guests(2))
    counter.decide("cancel", "p0@example.org", "p1@example.org")
    people = People(database)
    erase_person(people, seek(people, "p1@example.org"), counter.desk.zoom.clock.now())
    (gone,) = [one for one in counter.push(guests(2), anew=True) if one.failed]
    assert "erased" in gone.failed
    assert "p1@example.org" not in counter.states()


def test_what_happened_on_zoom_is_read_back(counter):
    counter.push(guests(2))
    counter.by_itself("self@example.org")
    world = counter.desk.zoom.simulator.world
    world.meetings[int(counter.desk.link().meeting_id)].registrants[0]["status"] = "cancelled"
    read_back(counter.registering, EVENT, KEY)
    assert counter.states() == {
        "p0@example.org": "cancelled", "p1@example.org": "approved", "self@example.org": "pending",
    }  # fmt: skip


def test_people_register_for_the_meeting_that_a_session_shares(counter):
    """The registration is the meeting's: who was registered for one session need not be for the other."""
    later = make_session("seminar-2", start=START + timedelta(hours=2), timezone="Asia/Shanghai", meeting_of=KEY)
    first = make_session(timezone="Asia/Shanghai", registration=RegistrationMode.AUTOMATIC)
    counter.desk.load(first, later)
    counter.desk.apply()
    counter.push(guests(2))
    plan = prepare_push(counter.registering, EVENT, "seminar-2", guests(3), anew=False)
    assert [one.person.email for one in plan.register] == ["p2@example.org"]
    assert [one.failed for one in push(counter.registering, EVENT, plan)] == [""]
    assert len(read_back(counter.registering, EVENT, "seminar-2")) == 3
    (cancelled,) = decide(counter.registering, EVENT, "seminar-2", "cancel", ["p0@example.org"])
    assert str(cancelled.registrant.state) == "cancelled"


def test_the_plan_says_that_a_session_overrules_its_profile(desk):
    desk.profiles["plain"]["approval_type"] = 0
    desk.load(make_session(timezone="Asia/Shanghai", registration=RegistrationMode.AUTOMATIC))
    assert any("wins over profile" in note for note in desk.plan().notes)
    desk.apply()
    assert desk.link().applied.settings["approval_type"] == 1
    assert desk.plan(deep=True).changes == ()
