from dataclasses import replace

import pytest
from stay_samples import WINDOW, at, names, only, stay

from zoom_sync.domain.attendance import Certainty, Flaw, Role, Roster, Unreadable, merge


def test_one_stay_is_one_line():
    ann = only(stay(10, 55, email="ann@x.org", participant_id="P", user_id="1"))
    assert (ann.name, ann.email, ann.key) == ("Ann", "ann@x.org", "email:ann@x.org")
    assert (ann.first_join, ann.last_leave) == (at(10), at(55))
    assert (ann.seconds, ann.share, ann.joins, ann.devices) == (45 * 60, 0.5, 1, 1)
    assert (ann.certainty, ann.role, ann.phone, ann.note) == (Certainty.EMAIL, Role.AUDIENCE, False, "")


def test_rejoins_and_restarted_instances_add_up_and_two_devices_do_not():
    ann = only(
        stay(0, 20, participant_id="P", user_id="1"),
        stay(10, 30, participant_id="P", user_id="2"),
        stay(40, 60, participant_id="P", user_id="3", instance="two=="),
    )
    assert (ann.seconds, ann.joins, ann.devices) == (50 * 60, 3, 2)
    assert [(end - start) // 60 for start, end in ann.intervals] == [30, 20]


def test_leaving_and_coming_back_in_the_same_second_is_one_device():
    assert only(stay(0, 20, user_id="1"), stay(20, 40, user_id="2")).devices == 1


def test_time_before_and_after_the_session_is_kept_apart():
    ann = only(stay(-30, 30), stay(80, 100))
    assert (ann.seconds, ann.seconds_inside, ann.seconds_outside) == (80 * 60, 40 * 60, 40 * 60)
    assert ann.share == pytest.approx(40 / 90)


def test_without_a_window_there_is_no_share():
    (ann,) = merge([stay(0, 30)]).attendees
    assert (ann.seconds_inside, ann.seconds_outside, ann.share) == (1800, 0, None)


def test_the_waiting_room_counts_apart():
    ann = only(stay(0, 5, waiting=True, user_id="1"), stay(5, 15, user_id="2"))
    assert (ann.first_join, ann.seconds, ann.seconds_waiting, ann.joins) == (at(5), 600, 300, 1)


def test_the_waiting_room_counts_apart_of_somebody_whose_rows_differ_too():
    ann = only(stay(0, 5, "Ann P", waiting=True, email="ann@x.org"), stay(5, 15, "Ann Poe", email="ann@x.org"))
    assert (ann.first_join, ann.seconds, ann.seconds_waiting, ann.joins) == (at(5), 600, 300, 1)


def test_who_only_waited_is_kept_with_nothing_and_comes_last():
    attendees = merge([stay(0, 5, "Aaron", waiting=True), stay(5, 15, "Zoe")], window=WINDOW).attendees
    assert [one.name for one in attendees] == ["Zoe", "Aaron"]
    aaron = attendees[1]
    assert (aaron.first_join, aaron.last_leave, aaron.seconds, aaron.joins, aaron.devices) == (None, None, 0, 0, 0)
    assert aaron.seconds_waiting == 300


def test_breakout_rooms_double_neither_time_nor_joins_nor_devices():
    ann = only(stay(0, 60, user_id="1"), stay(20, 40, user_id="1", breakout_id="7"))
    assert (ann.seconds, ann.joins, ann.devices) == (3600, 1, 1)


def test_a_breakout_room_alone_counts_as_one_join():
    ann = only(stay(0, 10, breakout_id="7"), stay(10, 20, breakout_id="8"))
    assert (ann.seconds, ann.joins, ann.devices) == (1200, 1, 1)


# --- who is who ------------------------------------------------------------------------------------------------------


def test_identities_link_from_row_to_row():
    ann = only(
        stay(0, 10, registrant_id="R", email="Ann@X.org "[:-1]),
        stay(20, 30, "Ann on phone", email="ANN@x.org", participant_id="P"),
        stay(40, 50, "Ann", participant_id="P"),
    )
    assert (ann.seconds, ann.name, ann.email) == (1800, "Ann", "ann@x.org")
    assert (ann.certainty, ann.key) == (Certainty.REGISTRANT, "registrant:R")


def test_a_registrants_id_is_also_the_participant_id():
    assert only(stay(0, 10, registrant_id="R"), stay(20, 30, participant_id="R")).certainty is Certainty.REGISTRANT


def test_two_registrants_with_one_name_stay_two():
    assert len(names(stay(0, 10, registrant_id="R"), stay(0, 10, registrant_id="S"), stay(0, 10))) == 3


def test_user_id_is_no_identity():
    assert len(names(stay(0, 10, participant_id="P", user_id="1"), stay(0, 10, participant_id="Q", user_id="1"))) == 2


def test_a_name_alone_groups_and_says_how_unsure_that_is():
    ann = only(stay(0, 10, "Ann  Lee"), stay(20, 30, "ann lee"))
    assert ann.certainty is Certainty.NAME
    assert "by name only" in ann.note


def test_rows_without_anything_stay_lines_of_their_own():
    attendees = merge([stay(0, 10, "", user_id="1"), stay(0, 10, "", user_id="2")], window=WINDOW).attendees
    assert [one.certainty for one in attendees] == [Certainty.UNKNOWN] * 2


def test_two_registrations_with_one_email_are_one_person_with_a_note():
    ann = only(stay(0, 10, registrant_id="R", email="a@x.org"), stay(0, 10, registrant_id="S", email="a@x.org"))
    assert "2 registrations" in ann.note


def test_a_hash_sign_in_a_name_is_left():
    assert only(stay(0, 1, "Lee# Ann")).name == "Lee# Ann"


@pytest.mark.parametrize(
    "name", ["+1 415-555-0100", "14155550100", "1415***0100", "Call-In User_1", "+86 (10) 5555 0100"]
)
def test_dial_in_callers_are_told_by_their_name(name):
    assert only(stay(0, 1, name)).phone


@pytest.mark.parametrize("name", ["Ann", "", "Room 1415", "2023", "4 Seasons"])
def test_other_names_are_no_telephone_numbers(name):
    assert not only(stay(0, 1, name)).phone


@pytest.mark.parametrize("named", ["HOST@x.org", " host-id"])
def test_hosts_are_known_by_email_or_id(named):
    stays = [
        stay(0, 1, email="host@x.org", participant_id="host-id"),
        stay(0, 1, "Bo", internal=True),
        stay(0, 1, "Cy"),
    ]
    roles = {one.name: one.role for one in merge(stays, hosts=frozenset({named})).attendees}
    assert roles == {"Ann": Role.HOST, "Bo": Role.INTERNAL, "Cy": Role.AUDIENCE}


def test_of_several_roles_the_first_counts_and_staff_may_be_a_domain():
    mails = ("host@x.org", "pan@x.org", "ann@x.org", "ben@sub.x.org", "cy@y.org", "di@notx.org", "eve@z.org")
    stays = [stay(0, 1, mail.partition("@")[0], email=mail) for mail in mails]
    roster = Roster(
        hosts=frozenset({"HOST@x.org"}),
        panelists=frozenset({"Pan@x.org", "host@x.org"}),
        staff=frozenset({"x.org", "CY@y.org"}),
        internal=frozenset({"eve@z.org", "cy@y.org"}),
    )
    found = merge(stays, roster=roster).attendees
    assert {one.name: one.role for one in found} == {
        "host": Role.HOST, "pan": Role.PANELIST, "ann": Role.STAFF, "ben": Role.STAFF, "cy": Role.STAFF,
        "di": Role.AUDIENCE, "eve": Role.INTERNAL,
    }  # fmt: skip
    assert {one.name for one in found if one.panelist} == {"host", "pan"}


def test_where_the_panelists_are_not_known_nobody_is_said_to_be_none():
    assert only(stay(0, 1)).panelist is None
    assert only(stay(0, 1), roster=Roster(panelists=frozenset())).panelist is False


@pytest.mark.parametrize(("share", "attended"), [(0.5, True), (0.51, False), (0, True)])
def test_who_was_there_for_the_told_share_has_attended(share, attended):
    assert only(stay(-30, 45), least_share=share).attended is attended


# --- rows that are odd -----------------------------------------------------------------------------------------------


def test_a_stay_collected_twice_counts_once_and_the_longer_record_wins():
    early = stay(0, 0, user_id="1", participant_id="P", flaws=Flaw.NO_LEAVE | Flaw.ZERO_LENGTH)
    late = stay(0, 60, user_id="1", participant_id="P", internal=True)
    for rows in ([early, late], [late, early]):
        ann = only(*rows)
        assert (ann.seconds, ann.joins, ann.devices, ann.role, ann.note) == (3600, 1, 1, Role.INTERNAL, "")


def test_two_records_of_one_stay_that_differ_in_name_only_give_the_same_line_in_either_order():
    records = [stay(0, 9, name, user_id="1", participant_id="P") for name in ("Ann", "Bo")]
    assert only(*records) == only(*reversed(records))


def test_the_email_of_either_record_is_kept():
    assert only(
        stay(0, 9, user_id="1", participant_id="P"), stay(0, 5, user_id="1", participant_id="P", email="a@x.org")
    ).email == "a@x.org"  # fmt: skip


def test_a_stay_without_length_is_kept_and_noted():
    attendance = merge([stay(5, 5, flaws=Flaw.ZERO_LENGTH)], window=WINDOW)
    (ann,) = attendance.attendees
    assert (ann.first_join, ann.last_leave, ann.seconds, ann.joins) == (at(5), at(5), 0, 1)
    assert [(note.flaw, note.stays) for note in attendance.notes] == [(Flaw.ZERO_LENGTH, 1)]
    assert "without length" in ann.note


def test_unreadable_rows_are_listed_once():
    bad = Unreadable("one==", "no time", name="Ann")
    assert merge([bad, stay(0, 1), bad]).unreadable == (bad,)


def test_lines_come_by_first_join_then_name_then_key():
    rows = [stay(5, 9, "A"), stay(0, 9, "B", participant_id="2"), stay(0, 9, "B", participant_id="1"), stay(0, 9, "A1")]
    assert [one.key for one in merge(rows).attendees] == ["name:a1", "participant:1", "participant:2", "name:a"]


@pytest.mark.parametrize("window", [(WINDOW[1], WINDOW[0]), (WINDOW[0], WINDOW[0])])
def test_a_window_that_ends_before_it_starts_is_refused(window):
    with pytest.raises(ValueError, match="ends after"):
        merge([], window=window)


def test_a_window_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="no instant"):
        merge([], window=(WINDOW[0].replace(tzinfo=None), WINDOW[1]))


def test_who_somebody_is_does_not_show_when_a_line_is_printed():
    shown = repr(only(stay(0, 1, email="ann@x.org")))
    assert "ann" not in shown.casefold()
    assert "ann" not in repr(replace(only(stay(0, 1)), name="Ann")).casefold()
