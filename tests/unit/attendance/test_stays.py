import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.domain.attendance import Flaw, Stay, Unreadable, stay_from_row

JOIN, LEAVE = 1_648_018_689, 1_648_018_948


def row(**changes):
    """The example row of Zoom's own description of the report, with some fields changed (None: left out)."""
    fields = {
        "customer_key": "349589LkJyeW",
        "duration": 259,
        "failover": False,
        "id": "30R7kT7bTIKSNUFEuH_Qlg",
        "join_time": "2022-03-23T06:58:09Z",
        "leave_time": "2022-03-23T07:02:28Z",
        "name": "example",
        "registrant_id": "abcdefghij0-klmnopq23456",
        "status": "in_meeting",
        "user_email": "jchill@example.com",
        "user_id": "27423744",
        "bo_mtg_id": "",
        "participant_user_id": "DYHrdpjrS3uaOf7dPkkg8w",
    } | changes
    return {key: value for key, value in fields.items() if value is not None}


def read(**changes):
    stay = stay_from_row(row(**changes), "uuid==")
    assert isinstance(stay, Stay)
    return stay


def test_the_example_row_is_read_in_full():
    assert read() == Stay(
        "uuid==", JOIN, LEAVE, "example", "jchill@example.com", "abcdefghij0-klmnopq23456", "DYHrdpjrS3uaOf7dPkkg8w",
        "27423744", customer_key="349589LkJyeW",
    )  # fmt: skip


def test_the_old_id_stands_in_where_there_is_no_participant_user_id():
    assert read(participant_user_id=None).participant_id == "30R7kT7bTIKSNUFEuH_Qlg"
    assert read(participant_user_id=" ", id=" ").participant_id == ""


def test_waiting_room_breakout_and_internal_users_are_told_apart():
    assert read(status="in_waiting_room").waiting
    assert not read(status=None).waiting
    assert read(bo_mtg_id="27423744").breakout_id == "27423744"
    assert read(internal_user=True).internal


@pytest.mark.parametrize(
    ("changes", "start", "end", "flaws"),
    [
        ({"join_time": "2022-03-23T07:58:09+01:00"}, JOIN, LEAVE, Flaw.NONE),
        ({"join_time": "2022-03-23 06:58:09", "leave_time": "2022-03-23 07:02:28"}, JOIN, LEAVE, Flaw.NAIVE_TIME),
        ({"leave_time": None}, JOIN, LEAVE, Flaw.NO_LEAVE),
        ({"leave_time": "", "duration": 0}, JOIN, JOIN, Flaw.NO_LEAVE | Flaw.ZERO_LENGTH),
        ({"join_time": None}, JOIN, LEAVE, Flaw.NO_JOIN),
        ({"leave_time": "2022-03-23T06:58:09Z", "duration": 0}, JOIN, JOIN, Flaw.ZERO_LENGTH),
        ({"leave_time": "2022-03-23T06:00:00Z", "duration": None}, JOIN, JOIN, Flaw.BACKWARDS | Flaw.ZERO_LENGTH),
        ({"leave_time": "2022-03-23T06:00:00Z"}, JOIN, LEAVE, Flaw.BACKWARDS),
        ({"duration": 0}, JOIN, LEAVE, Flaw.UNPROCESSED),
        ({"duration": math.nan}, JOIN, LEAVE, Flaw.NONE),
    ],
)
def test_odd_times_are_mended_and_the_mending_is_told(changes, start, end, flaws):
    stay = read(**changes)
    assert (stay.start, stay.end, stay.flaws) == (start, end, flaws)


@pytest.mark.parametrize("times", [{"join_time": None, "leave_time": None}, {"join_time": "noon", "leave_time": 5}])
def test_a_row_without_any_time_is_kept_as_unreadable(times):
    got = stay_from_row(row(**times), "uuid==")
    assert isinstance(got, Unreadable)
    assert (got.name, got.user_id, got.instance_uuid) == ("example", "27423744", "uuid==")


def test_who_somebody_is_does_not_show_when_a_stay_is_printed():
    shown = repr(read()) + repr(stay_from_row(row(join_time=None, leave_time=None), "uuid=="))
    assert "jchill" not in shown
    assert "example" not in shown


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.just("2022-03-23T06:58:09Z"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*row(), "internal_user"], json_values)) | json_values)
def test_no_row_however_odd_raises_or_vanishes(raw):
    got = stay_from_row(raw, "uuid==")
    assert isinstance(got, Unreadable) or got.start <= got.end


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2022-03-23T06:58:09\ud800"])
def test_times_that_no_zone_could_show_are_no_times(time):
    assert isinstance(stay_from_row(row(join_time=time, leave_time=time), "u"), Unreadable)
