"""Who registers, how it stands after Zoom's lists were read, and what a push comes to."""

import pytest

from factories import PROFILE, make_link, make_session
from zoom_sync.domain.desired import desired_meeting
from zoom_sync.domain.programme import RegistrationMode
from zoom_sync.domain.registering import (
    Guest,
    Registrant,
    State,
    after_lists,
    listed,
    mode_of,
    people_of,
    portions,
    profile_conflict,
    registration_flaw,
)
from zoom_sync.domain.registering.pushing import plan_push
from zoom_sync.errors import UserError

AUTOMATIC, MANUAL, NONE = RegistrationMode.AUTOMATIC, RegistrationMode.MANUAL, RegistrationMode.NONE
LINK = make_link()


def guest(number, **differences):
    return Guest(**{"email": f"p{number}@example.org", "first_name": f"P{number}", **differences})


def kept(number, state, **told):
    return Registrant(guest(number), state, meeting_id=told.pop("meeting_id", LINK.meeting_id), **told)


# --- what a session asks for ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "approval"), [(None, 0), (NONE, 2), (AUTOMATIC, 1), (MANUAL, 1)])
def test_a_sessions_registration_decides_the_approval_and_without_it_the_profile_does(mode, approval):
    asked = desired_meeting(make_session(registration=mode), {"plain": {**PROFILE, "approval_type": 0}}, "plain")
    assert asked.fields.settings["approval_type"] == approval


def test_a_registration_against_the_sessions_own_settings_is_a_flaw():
    assert "keep one of the two" in registration_flaw(AUTOMATIC, {"approval_type": 0})
    assert registration_flaw(AUTOMATIC, {"approval_type": 1}) is None
    assert registration_flaw(None, {"approval_type": 0}) is None


def test_overruling_a_profile_that_decided_is_told():
    assert "instead of 0" in profile_conflict("s", AUTOMATIC, "open", {"approval_type": 0})
    assert "instead of 1" in profile_conflict("s", NONE, "closed", {"approval_type": 1})
    assert profile_conflict("s", AUTOMATIC, "plain", {"approval_type": 2}) is None
    assert profile_conflict("s", None, "open", {"approval_type": 0}) is None


def test_who_gets_in_follows_from_the_programme_and_what_the_meeting_has():
    assert mode_of(AUTOMATIC, 1) is AUTOMATIC
    assert mode_of(None, 1) is MANUAL
    assert mode_of(None, 0) is AUTOMATIC
    assert mode_of(None, 2) is mode_of(NONE, None) is NONE


# --- a table of people ---------------------------------------------------------------------------------------------


def test_columns_are_known_in_english_and_chinese():
    english = people_of([(1, ["E-Mail", "First Name", "Surname", "Company"]), (2, ["a@b.org", "Ann", "Li", "City"])])
    chinese = people_of([(1, ["姓", "名", "电子邮箱", "单位"]), (2, ["Li", "Ann", "a@b.org", "City"])])
    assert english.people == chinese.people == (Guest("a@b.org", "Ann", "Li", "City"),)
    assert not english.problems + chinese.problems


def test_an_undivided_name_stays_whole():
    found = people_of([(1, ["姓名", "邮箱"]), (2, ["欧阳静怡", "a@b.org"])])
    assert (found.people[0].first_name, found.people[0].last_name) == ("欧阳静怡", "")


def test_all_problems_are_told_at_once_with_their_lines_and_without_addresses():
    rows = [(1, ["name", "email"]), (3, ["", "x@y.org"]), (4, ["Bo", "bo-at-example"]), (5, ["Cy", ""]),
            (6, ["D" * 65, "d@y.org"])]  # fmt: skip
    found = people_of(rows, "guests.csv")
    assert [(one.line, one.source) for one in found.problems] == [(n, "guests.csv") for n in (3, 4, 5, 6)]
    assert not any("x@y" in str(one) or "bo-at" in str(one) for one in found.problems)


def test_the_same_e_mail_in_another_case_is_one_person_and_told():
    found = people_of([(1, ["name", "email"]), (2, ["Ann", "Ann@Example.org"]), (3, ["Ann", "ann@example.ORG"])])
    assert [one.line for one in found.people] == [2]
    assert [(one.line, "line 2" in one.message) for one in found.notes] == [(3, True)]


def test_a_table_without_the_columns_that_are_needed_is_told():
    assert len(people_of([(1, ["when", "where"]), (2, ["a", "b"])]).problems) == 2
    assert people_of([]).problems
    assert people_of([(1, ["name", "email"])]).problems


def test_more_people_than_a_meeting_takes_are_a_problem():
    rows = [(1, ["name", "email"]), *((n, ["X", f"p{n}@y.org"]) for n in range(2, 5002))]
    assert "4,999" in people_of(rows).problems[0].message


# --- after Zoom's lists were read ----------------------------------------------------------------------------------


def on_zoom(number, state=State.APPROVED, **row):
    told = {"email": f"P{number}@Example.org", "first_name": "Z", "id": f"id-{number}", "join_url": f"link-{number}"}
    return next(listed([told | row], state, LINK.meeting_id))


def test_who_is_listed_has_the_state_the_id_and_the_link_of_the_list_and_our_own_name():
    (one,) = after_lists([kept(1, State.SENT)], [on_zoom(1)], LINK.meeting_id)
    assert (one.state, one.registrant_id, one.join_url) == (State.APPROVED, "id-1", "link-1")
    assert one.person == guest(1)


def test_who_was_sent_and_is_not_listed_waits_again_and_who_was_listed_has_cancelled():
    after = after_lists([kept(1, State.SENT), kept(2, State.APPROVED, join_url="l")], [], LINK.meeting_id)
    assert [(one.state, one.join_url) for one in after] == [(State.WAITING, ""), (State.CANCELLED, "")]


def test_a_list_that_lags_behind_takes_nobody_for_gone():
    before = [kept(1, State.SENT), kept(2, State.APPROVED, join_url="l")]
    assert after_lists(before, [], LINK.meeting_id, just_sent=True) == before


def test_a_replaced_meeting_has_everybody_waiting_but_those_who_cancelled():
    before = [kept(1, State.APPROVED, meeting_id="9"), kept(2, State.CANCELLED, meeting_id="9")]
    assert [one.state for one in after_lists(before, [], LINK.meeting_id)] == [State.WAITING, State.CANCELLED]


def test_who_registered_with_zoom_itself_is_taken_in():
    assert [one.key for one in after_lists([], [on_zoom(3, State.PENDING)], LINK.meeting_id)] == ["p3@example.org"]


# --- what a push comes to ------------------------------------------------------------------------------------------


def plan(people, known=(), mode=AUTOMATIC, never=None, **told):
    return plan_push("s", LINK, mode, people, known, never or {}, **told)


def test_a_push_sends_whom_zoom_does_not_have():
    known = [kept(1, State.APPROVED), kept(2, State.REFUSED), kept(3, State.WAITING)]
    told = plan([guest(n) for n in range(1, 5)], known)
    assert [one.key for one in told.register] == [f"p{n}@example.org" for n in (2, 3, 4)]
    assert told.already == 1


def test_hosts_and_those_who_cancelled_are_left_out_and_said():
    told = plan([guest(1), guest(2)], [kept(2, State.CANCELLED)], never={"p1@example.org": "is the host"})
    assert [(one.person, one.why[:13]) for one in told.left_out] == [
        (guest(1), "is the host"),
        (guest(2), "was cancelled"),
    ]
    assert [one.key for one in plan([guest(2)], [kept(2, State.CANCELLED)], anew=True).register] == ["p2@example.org"]


def test_who_waits_on_zoom_is_approved_by_an_automatic_push_and_by_no_other():
    known = [kept(1, State.PENDING)]
    assert plan([guest(1)], known).approve
    assert not plan([guest(1)], known, MANUAL).approve


def test_the_cost_is_told_by_label():
    assert plan([guest(n) for n in range(150)]).calls["HEAVY"] == 5
    assert plan([guest(1)], [kept(1, State.APPROVED)]).calls == {}


def test_more_than_a_meeting_takes_is_refused_before_anything_is_sent():
    known = [kept(n, State.APPROVED) for n in range(4_990)]
    with pytest.raises(UserError, match="4,999"):
        plan([guest(n) for n in range(5_000, 5_010)], known)
    assert len(plan([guest(n) for n in range(5_000, 5_009)], known).register) == 9


def test_portions_are_of_thirty():
    assert [len(some) for some in portions([kept(n, State.WAITING) for n in range(61)])] == [30, 30, 1]


def test_nothing_personal_is_in_a_repr():
    one = kept(1, State.APPROVED, registrant_id="secret-id", join_url="https://example.zoom.us/w/1?tk=secret")
    assert not any(secret in repr(one) for secret in ("p1@", "P1", "secret"))
