"""Who is entitled to a certificate and why, by the programme's rules and the merged attendance."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import START, make_programme, make_session
from zoom_sync.domain.attendance import Attendee, Certainty, Registration, Role
from zoom_sync.domain.certificates.drafts import Correction, Standing, digest_of, make_drafts
from zoom_sync.domain.certificates.entitling import For, entitlements, units
from zoom_sync.domain.certificates.issued import (
    ALPHABET,
    Certificate,
    CertificateState,
    grouped_number,
    initials,
    read_number,
    verdict,
)
from zoom_sync.domain.certificates.rules import (
    Basis,
    CertificateLanguage,
    CertificateRules,
    Credits,
    Enough,
    SessionCertificate,
    rules_from,
    session_rules_from,
)
from zoom_sync.domain.programme import AgendaItem

EMPTY = {"items": (), "moderators": ()}


def there(shown, minutes, *, late=0, email="", session_start=START, role=Role.AUDIENCE, **differences):
    """Somebody who was in from `late` minutes after the start on, for so many minutes."""
    start = int(session_start.timestamp()) + late * 60
    stay = (start, start + minutes * 60)
    first, last = (datetime.fromtimestamp(at, UTC) for at in stay)
    mail = email or f"{shown.split()[0].lower()}@x.org"
    values = {
        "key": f"email:{mail}", "name": shown, "email": mail, "first_join": first, "last_leave": last, "seconds": minutes * 60,
        "seconds_inside": minutes * 60, "seconds_outside": 0, "seconds_waiting": 0, "share": None, "joins": 1, "devices": 1,
        "certainty": Certainty.EMAIL, "role": role, "phone": False, "note": "", "intervals": (stay,), "emails": (mail,),
    }  # fmt: skip
    return Attendee(**(values | differences))


def programme(rules, *sessions):
    made = make_programme(*(sessions or (make_session(**EMPTY),)))
    return replace(made, event=replace(made.event, certificates=rules))


def judged(told, lines, registrations=None, complete=None, share=0.5):
    keys = frozenset(session.key for session in told.sessions) if complete is None else frozenset(complete)
    return entitlements(told, lines, registrations or {}, keys, share)


def by_name(found):
    return {one.name: one for one in found}


def test_an_event_without_rules_certifies_nobody():
    assert judged(programme(None), {"seminar-1": [there("Ann Lee", 90)]}) == ()


@pytest.mark.parametrize(
    ("enough", "least"),
    [
        (Enough(), 45),  # the setting's half
        (Enough(share=75), 68),
        (Enough(minutes=30), 30),
        (Enough(share=75, minutes=80), 80),
        (Enough(share=75, minutes=10), 68),
        (Enough(share=100), 90),
    ],
)
def test_enough_is_the_share_and_the_minutes_that_are_asked_for(enough, least):
    told = programme(CertificateRules(enough=enough))
    found = by_name(judged(told, {"seminar-1": [there("Ann Lee", least), there("Bob Ray", least - 1)]}))
    assert (found["Ann Lee"].entitled, found["Bob Ray"].entitled) == (True, False)
    assert str(found["Bob Ray"].why) == f"there for {least - 1} of 90 minutes; {least} are enough"


def test_time_outside_the_session_counts_for_nothing():
    early = there("Ann Lee", 90, late=-60)
    (one,) = judged(programme(CertificateRules()), {"seminar-1": [early]})
    assert (one.seconds, one.entitled) == (30 * 60, False)


def two_days():
    second = START + timedelta(days=1)
    return (
        make_session("one", **EMPTY),
        make_session("parallel", start=START + timedelta(minutes=30), **EMPTY),
        make_session("two", start=second, **EMPTY),
    ), second


@pytest.mark.parametrize(
    ("basis", "names"),
    [(Basis.SESSION, ["one", "parallel", "two"]), (Basis.DAY, ["2023-11-06", "2023-11-07"]), (Basis.EVENT, [""])],
)
def test_there_is_one_certificate_for_each_session_day_or_event(basis, names):
    sessions, second = two_days()
    rules = CertificateRules(basis)
    assert [unit.name for unit in units(programme(rules, *sessions), rules)] == names
    ann = {"one": [there("Ann Lee", 90)], "two": [there("Ann Lee", 90, session_start=second)]}
    found = judged(programme(rules, *sessions), ann)
    entitled = [one.unit.name for one in found if one.entitled]
    assert entitled == [name for name in names if name != "parallel"]


def test_sessions_at_the_same_time_count_once_for_who_is_in_both_and_for_how_long_it_is():
    sessions, _ = two_days()
    twice = {"one": [there("Ann Lee", 90)], "parallel": [there("Ann Lee", 60, late=30)]}
    found = judged(programme(CertificateRules(Basis.DAY), *sessions), twice)
    (one,) = [one for one in found if one.unit.name == "2023-11-06"]
    assert (one.seconds, one.whole) == (90 * 60, 120 * 60)


def test_a_day_is_one_of_the_events_zone():
    late = make_session("late", start=datetime(2023, 11, 6, 17, 30, tzinfo=UTC), **EMPTY)
    told = programme(CertificateRules(Basis.DAY), make_session(**EMPTY), late)
    told = replace(told, event=replace(told.event, timezone="Asia/Shanghai"))
    assert [unit.name for unit in units(told, told.event.certificates)] == ["2023-11-06", "2023-11-07"]


def test_a_session_that_does_not_count_is_cancelled_or_rehearses_adds_nothing():
    sessions = (
        make_session("counts", **EMPTY),
        make_session("social", certificates=SessionCertificate(counts=False), **EMPTY),
        make_session("off", cancelled=True, **EMPTY),
        make_session("before", rehearsal_of="counts", **EMPTY),
    )
    rules = CertificateRules()
    (unit,) = units(programme(rules, *sessions), rules)
    assert [session.key for session in unit.sessions] == ["counts"]


def test_a_sessions_own_rule_wins_over_the_events():
    sessions = (make_session("strict", certificates=SessionCertificate(enough=Enough(share=100)), **EMPTY),)
    found = judged(
        programme(CertificateRules(Basis.SESSION, Enough(share=10)), *sessions), {"strict": [there("Ann", 89)]}
    )
    assert not found[0].entitled


def test_credits_are_those_of_the_sessions_that_were_heard_each_kind_by_itself():
    sessions = (
        make_session("one", **EMPTY),  # 90 minutes are 1.5 hours
        make_session("two", start=START + timedelta(hours=2), minutes=50, **EMPTY),  # 45 whole minutes
        make_session("three", start=START + timedelta(hours=4), certificates=SessionCertificate(credits=Credits("CME", 2)), **EMPTY),
    )  # fmt: skip
    rules = CertificateRules(credits=Credits("CPD hours"), enough=Enough(minutes=10))
    lines = {
        "one": [there("Ann", 90)],
        "two": [there("Ann", 50, late=120)],
        "three": [there("Ann", 10, late=240)],  # not half of it
    }
    (one,) = judged(programme(rules, *sessions), lines)
    assert (dict(one.credits), one.sessions) == ({"CPD hours": 2.25}, ("one", "two"))
    lines["three"] = [there("Ann", 90, late=240)]
    (one,) = judged(programme(rules, *sessions), lines)
    assert dict(one.credits) == {"CPD hours": 2.25, "CME": 2}


def test_the_name_is_the_registered_one_or_the_one_most_time_was_spent_under():
    sessions, second = two_days()
    lines = {
        "one": [there("ann", 10, email="ann@x.org"), there("Bob R.", 90, email="bob@x.org")],
        "two": [there("Ann Lee (phone)", 80, email="ann@x.org", session_start=second)],
    }
    registered = {"one": [Registration("r1", "Robert Ray", "BOB@x.org")]}
    names = {one.name for one in judged(programme(CertificateRules(), *sessions), lines, registered)}
    assert names == {"Ann Lee (phone)", "Robert Ray"}


@pytest.mark.parametrize("name", ["", "erased", "+86 138 0000 0000", "Anonymous Attendee"])
def test_what_is_no_name_is_written_on_no_certificate(name):
    told = programme(CertificateRules())
    found = judged(told, {"seminar-1": [there("x", 90, name=name)]})
    (draft,) = drafts(told, found)
    assert (draft.name, draft.standing) == ("", Standing.HELD)
    given = {draft.place: Correction(draft.place, "me", START, "asked", name="Wei Wang")}
    (draft,) = drafts(told, found, given)
    assert (draft.name, draft.standing) == ("Wei Wang", Standing.READY)


@pytest.mark.parametrize("role", [Role.HOST, Role.STAFF, Role.INTERNAL])
def test_who_works_there_is_not_entitled_unless_somebody_says_so(role):
    told = programme(CertificateRules())
    found = judged(told, {"seminar-1": [there("Ann Lee", 90, role=role)]})
    (draft,) = drafts(told, found)
    assert draft.standing is Standing.NOT_ENTITLED
    (draft,) = drafts(
        told, found, {draft.place: Correction(draft.place, "Olga", START, "she took part", entitled=True)}
    )
    assert (draft.standing, str(draft.why)) == (Standing.READY, "Olga says so: she took part")


def test_a_bot_is_nobody():
    assert judged(programme(CertificateRules()), {"seminar-1": [there("Notetaker", 90, role=Role.BOT)]}) == ()


def test_nobody_is_certified_before_the_attendance_is_complete():
    told = programme(CertificateRules())
    (draft,) = drafts(told, judged(told, {"seminar-1": [there("Ann Lee", 90)]}, complete=()))
    assert (draft.standing, str(draft.held)) == (Standing.HELD, "the attendance is not complete yet: seminar-1")


def on_stage(**differences):
    items = (AgendaItem("Kazan Ivanova", "Parks", emails=("k@x.org",)), AgendaItem("Bob Ray", "Rivers"))
    return make_session(items=items, moderators=("Mo Dera",), **differences)


def test_who_presents_or_moderates_gets_a_certificate_of_that_where_the_attendance_shows_it():
    lines = {"seminar-1": [there("K. I.", 20, email="K@x.org", role=Role.PANELIST), there("mo dera", 90)]}
    found = judged(programme(CertificateRules(), on_stage()), lines)
    stage = [(one.why_for, one.name, one.entitled, one.titles) for one in found if one.why_for is not For.ATTENDING]
    assert stage == [
        (For.PRESENTING, "Kazan Ivanova", True, ("Parks",)),
        (For.PRESENTING, "Bob Ray", False, ("Rivers",)),
        (For.MODERATING, "Mo Dera", True, ("Making our cities safe",)),
    ]
    without = judged(programme(CertificateRules(presenters=False), on_stage()), lines)
    assert {one.why_for for one in without} == {For.ATTENDING}


def test_two_of_one_name_are_nobody_in_particular():
    lines = {"seminar-1": [there("Bob Ray", 90, email="b1@x.org"), there("Bob Ray", 90, email="b2@x.org")]}
    found = judged(programme(CertificateRules(), on_stage()), lines)
    assert [one.entitled for one in found if one.name == "Bob Ray" and one.why_for is For.PRESENTING] == [False]


# --- drafts ---------------------------------------------------------------------------------------------------------


def drafts(told, found, corrections=None, certificates=(), lacking=lambda _: ""):
    return make_drafts(told, found, corrections or {}, certificates, lambda text: f"mark of {text}", lacking)


def released(draft, number="0" * 16, **differences):
    values = {
        "name": draft.name,
        "email": draft.entitlement.email,
        "content": draft.content,
        "released_by": "me",
        "released_at": START,
    }
    state = differences.pop("state", CertificateState.RELEASED)
    return Certificate(number, "urban-2023", draft.place, 1, state, **(values | differences))


def test_a_name_that_cannot_be_printed_is_held_back_by_name():
    told = programme(CertificateRules())
    (draft,) = drafts(told, judged(told, {"seminar-1": [there("ไทย", 90)]}), lacking=lambda name: name)
    assert (draft.standing, "ไทย" in draft.held) == (Standing.HELD, True)


def test_who_has_a_certificate_gets_no_second_one_when_an_e_mail_becomes_known():
    told = programme(CertificateRules())
    nameless = there("Ann Lee", 90, email=None, key="name:ann lee", certainty=Certainty.NAME, emails=())
    nameless = replace(nameless, email=None)
    (draft,) = drafts(told, judged(told, {"seminar-1": [nameless]}))
    paper = released(draft)
    (later,) = drafts(told, judged(told, {"seminar-1": [there("Ann Lee", 90)]}), certificates=[paper])
    assert later.certificate == paper
    both = judged(told, {"seminar-1": [nameless, there("Other Ann", 90, email="ann@x.org", name="Ann Lee")]})
    assert sum(one.certificate == paper for one in drafts(told, both, certificates=[paper])) == 1


def test_the_digest_is_of_all_that_would_be_printed_and_of_nothing_else():
    told = programme(CertificateRules())
    lines = [there("Ann Lee", 90), there("Bob Ray", 1)]
    before = digest_of(drafts(told, judged(told, {"seminar-1": lines})))
    shorter = [lines[0], there("Bob Ray", 2)]
    assert digest_of(drafts(told, judged(told, {"seminar-1": shorter}))) == before
    renamed = [replace(lines[0], name="Ann B. Lee"), lines[1]]
    assert digest_of(drafts(told, judged(told, {"seminar-1": renamed}))) != before
    credited = replace(told, event=replace(told.event, certificates=CertificateRules(credits=Credits("CPD"))))
    assert digest_of(drafts(credited, judged(credited, {"seminar-1": lines}))) != before


# --- numbers and what they tell -------------------------------------------------------------------------------------


@given(st.text(alphabet=ALPHABET, min_size=16, max_size=16))
def test_a_number_is_read_as_it_is_printed_and_as_people_type_it(number):
    assert read_number(grouped_number(number)) == number
    assert read_number(grouped_number(number).lower().replace("-", " ")) == number
    assert read_number(number.replace("0", "o").replace("1", "l")) == number


@given(st.text())
def test_any_other_text_is_no_number(text):
    read = read_number(text)
    assert read is None or (len(read) == 16 and set(read) <= set(ALPHABET))


@pytest.mark.parametrize(
    ("name", "told"),
    [("Ann-Marie O'Brien", "A. M. O."), ("王伟", "王."), ("", ""), ("Élodie", "É."), ("عبد الله", "ع. ا."), ("(x) 7", "x. 7.")],
)  # fmt: skip
def test_initials_are_the_first_letter_of_each_part(name, told):
    assert initials(name) == told


def test_a_verdict_tells_the_state_the_event_and_initials_and_nothing_more():
    told = programme(CertificateRules(credits=Credits("CPD")))
    (draft,) = drafts(told, judged(told, {"seminar-1": [there("Ann Lee", 90)]}))
    paper = released(draft, reason="it was her brother", state=CertificateState.WITHDRAWN)
    shown = repr(verdict(paper))
    assert "A. L." in shown
    assert "Seminar" in shown
    for hidden in ("Ann", "Lee", "x.org", "brother", "90", "CPD", "me'"):
        assert hidden not in shown


# --- rules as a programme writes them -------------------------------------------------------------------------------

ENOUGH = st.builds(Enough, st.none() | st.integers(1, 100), st.none() | st.integers(1, 999))
WORTH = st.none() | st.builds(Credits, st.sampled_from(["CPD", "CME"]), st.none() | st.sampled_from([0.25, 1.5, 2.0]))


@given(st.builds(CertificateRules, st.sampled_from(Basis), ENOUGH, WORTH, st.sampled_from(CertificateLanguage), st.booleans()))  # fmt: skip
def test_rules_are_read_as_they_are_written(rules):
    assert rules_from(rules.as_mapping()) == rules


@given(st.builds(SessionCertificate, st.booleans(), ENOUGH, WORTH))
def test_a_sessions_rules_are_read_as_they_are_written(rules):
    assert session_rules_from(rules.as_mapping()) == rules
