import pytest
from stay_samples import WINDOW, at, only, stay

from zoom_sync.domain.attendance import (
    Registration,
    compare_registrations,
    merge,
    registration_from_row,
    shares_of_parts,
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
