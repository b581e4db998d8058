"""Who is one person: contradictory evidence is two people, and nobody is guessed in silence."""

import unicodedata

import pytest
from stay_samples import WINDOW, only, stay

from zoom_sync.domain.attendance import Certainty, Flaw, Role, Roster, Unreadable, merge

OWNER = {"registrant_id": "N2", "email": "own@x.org"}
FRIEND = {"registrant_id": "N2", "email": "friend@x.org"}


def lines(*stays, **options):
    return list(merge(stays, window=WINDOW, **options).attendees)


def by_name(*stays, **options):
    return {one.name: one for one in lines(*stays, **options)}


# --- contradiction ---------------------------------------------------------------------------------------------------


def test_two_emails_at_one_time_on_one_link_are_two_people_and_whose_link_it_was_is_told():
    found = by_name(stay(0, 60, "Olga Own", **OWNER), stay(20, 50, "Fred Friend", **FRIEND))
    owner, friend = found["Olga Own"], found["Fred Friend"]
    assert (owner.key, owner.registrant_ids, owner.email) == ("registrant:N2", ("N2",), "own@x.org")
    assert (friend.key, friend.registrant_ids, friend.email) == ("email:friend@x.org", (), "friend@x.org")
    assert (friend.link_of.name, friend.link_of.email, friend.link_of.by_link) == ("Olga Own", "own@x.org", True)
    assert friend.remark.startswith("came by the registrant's link of Olga Own <own@x.org>")
    assert "somebody else came by the same link" in owner.note
    assert "Fred" not in owner.remark


def test_whose_link_it_is_the_registration_tells_and_not_who_stayed_longest():
    roster = Roster(registered={"N2": "Own@x.org"})
    found = by_name(stay(0, 10, "Olga", **OWNER), stay(5, 90, "Fred", **FRIEND), roster=roster)
    assert found["Olga"].registrant_ids == ("N2",)
    assert found["Fred"].link_of.name == "Olga"


@pytest.mark.parametrize("shared", [{"registrant_id": "N2"}, {"participant_id": "A1"}])
def test_two_names_without_a_word_in_common_at_one_time_are_two_people(shared):
    found = by_name(stay(0, 60, "Olga Own", **shared), stay(20, 50, "Fred Friend", **shared))
    assert set(found) == {"Olga Own", "Fred Friend"}
    assert found["Fred Friend"].certainty is Certainty.NAME
    assert found["Fred Friend"].link_of.name == "Olga Own"
    assert len({one.key for one in found.values()}) == 2


def test_two_names_with_the_e_mail_of_the_link_are_two_people_at_one_time():
    assert len(lines(stay(0, 60, "Olga", **OWNER), stay(20, 50, "Fred", **OWNER))) == 2


def test_the_same_one_after_the_other_may_be_one_person():
    (one,) = lines(stay(0, 20, "Olga", **OWNER), stay(20, 50, "Fred", **FRIEND))
    assert "another name or e-mail address came by the same link or account at another time" in one.note


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((("Olga Own", {"email": "own@x.org"})), ("Olga Own", {"email": "olga@work.org"})),
        (("Olga Own", {}), ("Fred Friend", {})),
        (("Olga Own", {"email": "own@x.org"}), ("Fred Friend", {"email": "own@x.org"})),
    ],
)
def test_that_two_may_have_come_one_after_the_other_is_told(first, then):
    (one,) = lines(*(stay(n, n + 9, name, registrant_id="N2", **told) for n, (name, told) in ((0, first), (20, then))))
    assert "taken as the same person" in one.note


@pytest.mark.parametrize("name", ["iPhone", "Olga", "olga  OWN", ""])
def test_another_way_to_write_a_name_or_a_device_is_no_second_person(name):
    (one,) = lines(stay(0, 9, "Olga Own", registrant_id="N2"), stay(20, 50, name, registrant_id="N2"))
    assert one.note == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee", "iPhone"), ("Ann Lee", "Ann (phone)"), ("Ann Lee", "A. Lee"), ("Rob Ray", "Robert Ray"),
        ("José Gil", "Jose"), ("Ann Lee", "+1 415-555-0100"), ("田中太郎", "田中"), ("Ann", ""),
        ("Ann Lee", "SM-G991B"), ("Ann Lee", "Galaxy S21"),
    ],
)  # fmt: skip
def test_names_that_can_be_one_persons_are_no_contradiction(one, other):
    assert len(lines(stay(0, 60, one, participant_id="P"), stay(10, 50, other, participant_id="P"))) == 1


def test_names_in_two_scripts_are_one_persons_where_the_e_mail_is_one():
    assert len(lines(stay(0, 60, "李安", email="a@x.org"), stay(10, 50, "An Li", email="a@x.org"))) == 1
    assert len(lines(stay(0, 60, "李安", registrant_id="R"), stay(10, 50, "An Li", registrant_id="R"))) == 2


def test_it_is_checked_against_all_that_is_taken_for_one_person_and_not_pair_by_pair():
    # The phone fits either by itself; but with its account it would chain the two owners of e-mails together.
    chain = [
        stay(0, 60, "Olga", registrant_id="R", email="own@x.org"),
        stay(0, 60, "", registrant_id="R", participant_id="P"),
        stay(0, 60, "Fred", participant_id="P", email="friend@x.org"),
    ]
    found = lines(*chain)
    assert {one.email for one in found} == {"own@x.org", "friend@x.org"}
    assert len(found) == 2


def test_a_third_row_goes_to_the_person_of_its_name():
    rows = [stay(0, 60, "Olga", **OWNER), stay(20, 50, "Fred", **FRIEND), stay(70, 80, "Fred", registrant_id="N2")]
    found = by_name(*rows)
    assert (found["Fred"].seconds, found["Olga"].seconds) == (40 * 60, 60 * 60)


def test_a_third_row_of_nobodys_name_goes_to_whose_link_it_is():
    rows = [stay(0, 60, "Olga", **OWNER), stay(20, 50, "Fred", **FRIEND), stay(70, 80, "iPhone", registrant_id="N2")]
    found = by_name(*rows)
    assert (found["Fred"].seconds, found["Olga"].seconds) == (30 * 60, 70 * 60)


def test_two_records_of_one_device_do_not_contradict():
    room = stay(10, 20, "Renamed", user_id="7", participant_id="P", breakout_id="b")
    assert len(lines(stay(0, 60, "Ann", user_id="7", participant_id="P"), room)) == 1


def test_the_friend_of_a_host_is_no_host():
    found = by_name(
        stay(0, 60, "Hana", participant_id="H", email="host@x.org"),
        stay(0, 60, "Fred", participant_id="H", email="friend@x.org"),
        hosts=frozenset({"host@x.org", "H"}),
    )
    assert {name: one.role for name, one in found.items()} == {"Hana": Role.HOST, "Fred": Role.AUDIENCE}


def test_many_on_one_link_are_counted_and_it_takes_no_long_time():
    rows = [
        stay(n % 7, 60, f"Guest{chr(97 + n % 26)}{chr(97 + n // 26 % 26)} Zz{n}", registrant_id="R")
        for n in range(2000)
    ]
    assert len(lines(*rows)) > 500


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José", unicodedata.normalize("NFD", "José")),
        ("Tanaka", "Ｔａｎａｋａ"),
        ("田中", "田\u200b中"),
        ("Ann Lee", "ann\u00a0\u2003 LEE\u200e"),
        ("Straße", "STRASSE"),
        ("ﾀﾅｶ", "タナカ"),
    ],
)
def test_names_are_compared_in_one_form(one, other):
    assert only(stay(0, 10, one), stay(20, 30, other)).seconds == 1200


def test_a_row_without_anything_but_the_name_joins_the_one_person_of_that_name():
    ann = only(stay(0, 10, "Ann Lee", email="ann@x.org"), stay(20, 30, "ANN  Lee"))
    assert (ann.seconds, ann.key) == (1200, "email:ann@x.org")
    assert "nothing but the name" in ann.note


def test_it_joins_nobody_where_the_stays_overlap():
    assert len(lines(stay(0, 25, "Ann", email="ann@x.org"), stay(20, 30, "Ann"))) == 2


def test_it_joins_nobody_where_two_bear_the_name():
    assert len(lines(stay(0, 9, "Ann", email="a@x.org"), stay(0, 9, "Ann", email="b@x.org"), stay(20, 30, "Ann"))) == 3


def test_it_joins_nobody_where_one_of_its_own_rows_overlaps():
    rows = [stay(0, 25, "Ann", email="ann@x.org"), stay(20, 30, "Ann"), stay(40, 50, "Ann")]
    assert [one.seconds for one in lines(*rows)] == [1500, 1200]


def test_the_name_shown_is_the_one_most_time_was_spent_under():
    rows = [stay(0, 55, "Ann Lee", participant_id="P")]
    rows += [stay(60 + n, 61 + n, "iPhone", participant_id="P") for n in range(3)]
    assert only(*rows).name == "Ann Lee"
    assert only(*reversed(rows)).name == "Ann Lee"


@pytest.mark.parametrize("other", ["Jose\u0301 Lee", "josé  lee", "Ｊｏｓé Lee"])
def test_ways_of_writing_a_name_are_one_name(other):
    rows = [stay(0, 30, "José Lee", participant_id="P"), stay(30, 50, other, participant_id="P")]
    assert only(*rows, stay(0, 40, "iPhone", participant_id="P")).name == "José Lee"


def test_time_on_several_devices_of_one_name_counts_once():
    rows = [stay(0, 21, "iPad", participant_id="P", user_id=str(n)) for n in range(3)]
    assert only(stay(0, 60, "Ann Lee", participant_id="P"), *rows).name == "Ann Lee"


def test_of_equal_times_the_name_of_a_person_comes_before_that_of_a_device():
    rows = [stay(0, 60, name, participant_id="P", user_id=name) for name in ("Ann Lee", "iPad")]
    assert only(*rows).name == only(*reversed(rows)).name == "Ann Lee"


def test_of_names_with_equal_time_the_one_with_more_rows_counts_and_then_the_last():
    def name(*named):
        return only(*(stay(n, n, each, participant_id="P") for n, each in enumerate(named))).name

    assert name("Ann", "", "Ann B") == "Ann B"
    assert name("Ann", "Ann B", "Ann") == "Ann"


# --- bots ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Otter.ai", "Ann's OtterPilot", "Fireflies.ai Notetaker", "read.ai meeting notes", "tl;dv"]
)
def test_notetakers_are_a_role_of_their_own(name):
    assert only(stay(0, 60, name)).role is Role.BOT


def test_a_notetaker_is_known_by_the_domain_of_its_address():
    assert only(stay(0, 60, "Fred", email="fred@mail.fireflies.ai")).role is Role.BOT


@pytest.mark.parametrize("name", ["Otto Ray", "Aidan Note", "Reada Ivy"])
def test_people_are_no_notetakers(name):
    assert only(stay(0, 60, name)).role is Role.AUDIENCE


def test_the_list_of_notetakers_can_be_extended():
    roster = Roster(notetakers=frozenset({"MinuteBot", "@minutes.example"}))
    assert only(stay(0, 60, "MinuteBot 3000"), roster=roster).role is Role.BOT
    assert only(stay(0, 60, "Mia", email="x@minutes.example"), roster=roster).role is Role.BOT
    assert only(stay(0, 60, "MinuteBot 3000")).role is Role.AUDIENCE


def test_a_notetaker_on_somebodys_link_is_not_that_person():
    found = by_name(stay(0, 60, "Ann Lee", registrant_id="R"), stay(70, 80, "Ann Lee's Otter.ai", registrant_id="R"))
    assert {name: one.role for name, one in found.items()} == {"Ann Lee": Role.AUDIENCE, "Ann Lee's Otter.ai": Role.BOT}


# --- rows without a time ---------------------------------------------------------------------------------------------


def test_a_row_without_a_time_is_told_on_its_persons_line_and_counts_for_nothing():
    bad = Unreadable("one==", "no time", "9", "Ann", "ann@x.org")
    ann = only(bad, stay(0, 10, email="ann@x.org"))
    assert (ann.seconds, ann.joins) == (600, 1)
    assert "could not be read" in ann.note
    alone = only(bad)
    assert (alone.name, alone.first_join, alone.seconds, alone.joins) == ("Ann", None, 0, 0)
    assert "could not be read" in alone.note


def test_rows_without_a_time_are_counted_among_the_notes():
    told = merge([Unreadable("one==", "no time", "9", "Ann"), stay(0, 10)], window=WINDOW)
    assert [(note.flaw, note.stays) for note in told.notes] == [(Flaw.NO_TIME, 1)]
