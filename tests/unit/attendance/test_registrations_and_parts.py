import pytest
from stay_samples import WINDOW, at, only, stay

from zoom_sync.domain.attendance import (
    Registration,
    Roster,
    Turnout,
    absentees,
    compare_registrations,
    merge,
    registration_from_row,
    registration_lines,
    shares_of_parts,
    with_registration,
)


def compare(registrations, *stays, **options):
    got = compare_registrations(registrations, merge(stays, window=WINDOW).attendees, **options)
    return (
        [(one.registrant_id, attendee.name) for one, attendee in got.came],
        [one.registrant_id for one in got.absent],
        [attendee.name for attendee in got.unregistered],
    )


def registered(registrant_id, email="", name="Ann"):
    return Registration(registrant_id, name, email)


def test_a_registration_is_read_from_zooms_row():
    row = {"id": "R", "first_name": "Ann", "last_name": "Lee", "email": " ann@x.org", "status": "approved", "zip": None}
    assert registration_from_row(row) == Registration("R", "Ann Lee", "ann@x.org", "approved")


def test_what_else_a_registration_tells_is_read():
    row = {"id": "R", "first_name": "Ann", "email": "a@x.org", "org": "City", "create_time": "2023-11-06T12:30:00Z"}
    assert (registration_from_row(row).registered_at, registration_from_row(row).organisation) == (at(0), "City")


def test_two_registrations_of_one_person_both_came():
    stays = [stay(0, 10, registrant_id="R", email="a@x.org"), stay(10, 20, registrant_id="S", email="a@x.org")]
    assert compare([registered("R"), registered("S", "other@x.org")], *stays)[0] == [("R", "Ann"), ("S", "Ann")]


def test_a_participant_id_that_is_the_registrants_is_a_match():
    assert compare([registered("R")], stay(0, 10, participant_id="R")) == ([("R", "Ann")], [], [])


def test_hosts_and_panelists_need_no_registration():
    rows = [stay(0, 9, "Host", email="h@x.org"), stay(0, 9, "Pan", email="p@x.org"), stay(0, 9, "Bo")]
    roster = Roster(hosts=frozenset({"h@x.org"}), panelists=frozenset({"P@x.org"}))
    got = compare_registrations([], merge(rows, window=WINDOW, roster=roster).attendees)
    assert [one.name for one in got.unregistered] == ["Bo"]


def test_the_report_has_a_line_for_who_came_who_did_not_and_who_came_unregistered():
    attendees = merge([stay(0, 60, registrant_id="R"), stay(5, 9, "Bo", email="bo@x.org")], window=WINDOW).attendees
    late = Registration("R", "Ann", "ann@x.org", "approved", at(-10))
    early = Registration("S", "Cy", "cy@x.org", "approved", at(-90))
    lines = registration_lines(compare_registrations([late, early], attendees))
    assert [(one.registration.name, one.turnout, one.seconds, one.attended) for one in lines] == [
        ("Cy", Turnout.ABSENT, 0, None), ("Ann", Turnout.CAME, 3600, True), ("Bo", Turnout.UNREGISTERED, 240, False),
    ]  # fmt: skip


def test_each_attendee_is_told_whether_a_registration_is_his():
    attendees = merge([stay(0, 60, registrant_id="R"), stay(5, 9, "Bo")], window=WINDOW).attendees
    assert [one.registered for one in attendees] == [None, None]
    told = with_registration(attendees, compare_registrations([registered("R")], attendees))
    assert [(one.name, one.registered) for one in told] == [("Ann", True), ("Bo", False)]


def test_absent_is_who_was_approved_and_is_not_in_the_attendance():
    came = merge([stay(0, 10, registrant_id="R")], window=WINDOW).attendees
    told = [registered("R"), Registration("S", "Bo", "", "approved"), Registration("T", "Cy", "", "denied")]
    assert [one.name for one in absentees(compare_registrations(told, came), [])] == ["Bo"]


def test_of_a_restarted_webinar_absent_is_who_missed_every_instance():
    r, s, t = (Registration(one, one, "", "approved") for one in "RST")
    came = merge([stay(0, 10, registrant_id="T")], window=WINDOW).attendees
    comparison = compare_registrations([r, s, t], came)
    assert absentees(comparison, [[r, s, t], [s, t]]) == (s,)


def test_who_registered_is_found_by_id_or_by_email():
    stays = [stay(0, 10, registrant_id="R"), stay(0, 10, "Bo", email="BO@x.org")]
    assert compare([registered("R"), registered("S", "bo@X.org")], *stays) == ([("R", "Ann"), ("S", "Bo")], [], [])


def test_an_equal_name_is_no_match():
    assert compare([registered("R", "ann@x.org")], stay(0, 10)) == ([], ["R"], ["Ann"])


def test_who_only_waited_did_not_come():
    assert compare([registered("R")], stay(0, 10, registrant_id="R", waiting=True)) == ([], ["R"], [])


def test_how_long_counts_as_having_come_can_be_told():
    stays = [stay(0, 10, registrant_id="R"), stay(0, 5, "Bo")]
    assert compare([registered("R")], *stays, least_seconds=601) == ([], ["R"], [])
    assert compare([registered("R")], *stays, least_seconds=600) == ([("R", "Ann")], [], [])


def test_each_part_of_a_session_has_its_own_share():
    ann = only(stay(10, 20), stay(25, 60))
    parts = [(at(0), at(10)), (at(10), at(30)), (at(30), at(60)), (at(50), at(90))]
    assert shares_of_parts(ann, parts) == (0, 0.75, 1, 0.25)


def test_a_part_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="ends after"):
        shares_of_parts(only(stay(0, 1)), [(at(5), at(5))])
