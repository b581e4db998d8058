"""Over an event a person has one key, told by the strongest evidence first; nobody has two lines of one session."""

from hypothesis import given
from hypothesis import strategies as st
from stay_samples import WINDOW, stay

from zoom_sync.domain.attendance import EventPeople, Registration, merge, registration_from_row
from zoom_sync.domain.questions import questions_from_report


def lines(**sessions):
    return [(key, one) for key, rows in sessions.items() for one in merge(rows, window=WINDOW).attendees]


def people(**sessions):
    return list(EventPeople(lines(**sessions)).people())


def test_one_key_over_all_sessions_by_e_mail_whatever_the_registration():
    (ann,) = people(
        a=[stay(0, 30, "Ann Lee", registrant_id="R1", email="ann@x.org")],
        b=[stay(-10, 50, "Ann", registrant_id="R2", email="ANN@x.org")],
    )
    assert (ann.key, ann.seconds, ann.total) == ("email:ann@x.org", {"a": 1800, "b": 3000}, 4800)
    assert ann.attended == {"b"}


def test_a_name_joins_the_one_person_who_bears_it():
    (ann,) = people(a=[stay(0, 30, "Ann", email="ann@x.org")], b=[stay(0, 50, "ANN")], c=[stay(0, 50, "Ann ")])
    assert set(ann.seconds) == {"a", "b", "c"}


def test_a_name_joins_nobody_where_two_bear_it():
    found = people(a=[stay(0, 30, email="a@x.org"), stay(0, 30, email="b@x.org")], b=[stay(0, 50)])
    assert len(found) == 3


def test_who_was_told_apart_in_one_session_stays_apart_in_all():
    both = [stay(0, 60, "Olga", registrant_id="N2", email="own@x.org")]
    both += [stay(20, 50, "Fred", registrant_id="N2", email="friend@x.org")]
    found = people(a=both, b=[stay(0, 9, "Fred", registrant_id="N2", email="friend@x.org")])
    assert {(one.email, tuple(one.seconds)) for one in found} == {
        ("own@x.org", ("a",)),
        ("friend@x.org", ("a", "b")),
    }


def test_two_e_mails_on_one_link_in_two_sessions_at_one_time_are_two_people():
    found = people(
        a=[stay(0, 60, "Olga", registrant_id="N2", email="own@x.org")],
        b=[stay(20, 50, "Fred", registrant_id="N2", email="friend@x.org")],
    )
    assert len(found) == 2


def test_an_account_without_an_e_mail_is_known_by_its_id():
    (ann,) = people(a=[stay(0, 9, "Ann", participant_id="P")], b=[stay(0, 9, "Ann Lee", participant_id="P")])
    assert ann.key == "participant:P"


def test_bots_are_no_people():
    assert people(a=[stay(0, 9, "Otter.ai")]) == []


def test_questions_and_registrations_belong_to_the_person():
    every = EventPeople(lines(a=[stay(0, 30, "Ann", email="ann@x.org"), stay(0, 30, "Bo")], b=[stay(0, 30, "Bo")]))
    asked = {"question_details": [{"question": "Why?"}, {"question": "How?"}]}
    every.add_questions("a", questions_from_report({"questions": [{"name": "?", "email": "ANN@x.org", **asked}]}))
    every.add_questions("b", questions_from_report({"questions": [{"name": "bo", **asked}]}))
    row = {"id": "R1", "first_name": "Ann", "email": "Ann@x.org", "job_title": "Rector"}
    row["custom_questions"] = [
        {"title": "Diet?", "value": "none"},
        {"title": "Bad"},
        "odd",
        {"title": "", "value": "x"},
    ]
    every.add_registrations("a", [registration_from_row(row), Registration("R9", "Cy", "cy@x.org")])
    ann, bo, cy = every.people()
    assert (ann.questions, bo.questions) == (2, 2)
    assert ann.answers == {"job_title": "Rector", "Diet?": "none"}
    assert (ann.registered, bo.registered) == ({"a"}, frozenset())
    assert (cy.email, cy.seconds, cy.registered) == ("cy@x.org", {}, {"a"})


some = st.sampled_from
rows = st.lists(
    st.builds(
        lambda begin, length, **rest: stay(begin, begin + length, **rest),
        begin=st.integers(0, 60),
        length=st.integers(0, 30),
        name=some(["", "Ann", "Bo"]),
        email=some(["", "a@x.org", "b@x.org"]),
        registrant_id=some(["", "R1", "R2"]),
        participant_id=some(["", "P1", "R1"]),
        user_id=some(list("1234")),
    ),
    max_size=5,
)


@given(rows, rows, rows)
def test_each_line_is_one_persons_and_no_person_has_two_of_a_session(a, b, c):
    told = lines(a=a, b=b, c=c)
    every = EventPeople(told)
    found = list(every.people())
    assert len({one.key for one in found}) == len(found)
    assert sum(one.total for one in found) == sum(line.seconds_inside for _, line in told)
    keys = every.key_of()
    assert len(keys) == len(told)
    for session in "abc":
        of_session = [key for (where, _), key in keys.items() if where == session]
        assert len(of_session) == len(set(of_session))
