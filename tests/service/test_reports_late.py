"""A report that is late is told, with the day until which Zoom has it; nothing is given up in silence."""

from datetime import timedelta

from test_telling import EVENT, Office, make_session

from zoom_sync.domain.notices import Subject


def told(digests):
    return [notice for digest in digests for notice in digest]


def test_what_nobody_could_ask_for_in_a_long_outage_is_told_and_then_had(desk, database):
    desk.load(make_session())
    office = Office(desk, database)
    office.tick()
    desk.run(audience=20)
    end = desk.programmes.programme(EVENT).sessions[0].end
    office.go_to(end + timedelta(hours=71))
    assert told(office.tell()) == []
    office.go_to(end + timedelta(days=30))
    assert told(office.tell()) == [(Subject.LATE, "seminar-1", "never_asked")]
    office.tick()
    assert [one.state for one in desk.reports.states(EVENT, "seminar-1") if one.kind == "participants"] == ["complete"]


def test_what_zoom_has_no_longer_is_told_to_be_given_up(desk, database):
    desk.load(make_session())
    office = Office(desk, database)
    office.tick()
    office.go_to(desk.programmes.programme(EVENT).sessions[0].end + timedelta(days=366))
    assert told(office.tell()) == [(Subject.LATE, "seminar-1", "given_up")]


def test_who_is_cut_off_when_asking_late_does_not_wait_as_long_again(desk, database):
    desk.load(make_session())
    office = Office(desk, database)
    office.tick()
    desk.run(audience=20)
    office.go_to(desk.programmes.programme(EVENT).sessions[0].end + timedelta(days=30))
    desk.control("POST", "faults", {"kind": "refuse", "status": 503, "operation": "pastMeetings", "times": 100})
    office.tick()
    assert state_of(desk) == "failed"
    desk.control("DELETE", "faults")
    office.go_to(desk.zoom.clock.now() + timedelta(minutes=31))
    office.tick()
    assert state_of(desk) == "complete"


def state_of(desk):
    (told,) = [one.state for one in desk.reports.states(EVENT, "seminar-1") if one.kind == "participants"]
    return told
