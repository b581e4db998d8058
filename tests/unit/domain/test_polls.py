"""Answers to polls and surveys: each a value of its own, and counted by people."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.domain.polls import ChoiceCount, Source, answers_from_rows, count_answers, definitions_of


def person(*answers, name="Ann Lee", email="ann@x.org", poll="p1", at="2023-11-06T12:40:00.123Z"):
    details = [{"question": q, "answer": a, "polling_id": poll, "date_time": at} for q, a in answers]
    return {"name": name, "email": email, "first_name": "Ann", "last_name": "Lee", "question_details": details}


def read(*rows, source=Source.POLL):
    return tuple(answers_from_rows(rows, source))


def counts(*rows):
    return [(one.question, one.people, {c.choice: c.people for c in one.choices}) for one in count_answers(read(*rows))]


def test_each_answer_of_a_person_is_a_value_of_its_own():
    first, second = read(person(("How?", " Well "), ("Why?", "A;B")))
    assert (first.question, first.answer, first.name, first.email) == ("How?", "Well", "Ann Lee", "ann@x.org")
    assert first.at == datetime(2023, 11, 6, 12, 40, tzinfo=UTC)
    assert (first.poll_id, first.anonymous, second.choices) == ("p1", False, ("A", "B"))
    assert "ann" not in repr(first).casefold()


def test_a_survey_has_the_same_values_under_other_names():
    row = {"name": "Bo", "email": "", "answer_details": [{"question": "Q", "question_id": "s1", "answer": "5"}]}
    (answer,) = read(row, source=Source.SURVEY)
    assert (answer.source, answer.poll_id, answer.answer, answer.anonymous, answer.at) == (
        Source.SURVEY, "s1", "5", False, None,
    )  # fmt: skip


def test_anonymous_answers_are_known_as_such_and_count_each():
    rows = [person(("How?", "Well"), name="Anonymous Attendee", email="") for _ in range(3)]
    assert all(one.anonymous and one.email is None for one in read(*rows))
    assert counts(*rows) == [("How?", 3, {"Well": 3})]


def test_people_count_once_for_each_choice_and_shares_are_of_those_who_answered():
    told = read(
        person(("How?", "A;B;A")), person(("How?", "B"), email="bo@x.org"), person(("How?", ""), email="cy@x.org")
    )
    (question,) = count_answers(told)
    assert question.people == 2
    assert question.choices == (ChoiceCount("B", 2, 1.0), ChoiceCount("A", 1, 0.5))


def test_who_answers_again_counts_with_the_later_answer_in_whatever_order():
    early, late = person(("How?", "Bad")), person(("How?", "Well"), email="ANN@x.org", at="2023-11-06T13:00:00Z")
    for rows in ((early, late), (late, early)):
        assert counts(*rows) == [("How?", 1, {"Well": 1})]


def test_equal_words_in_two_polls_are_two_questions():
    assert len(counts(person(("How?", "A")), person(("How?", "A"), poll="p2"))) == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "email", "question_details", "answer_details", "answer", "question", "date_time"]),
            inner,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("source", Source)
@given(rows=st.lists(JSON, max_size=4))
def test_whatever_a_report_holds_it_is_read(source, rows):
    for one in count_answers(answers_from_rows(rows, source)):
        assert all(0 < choice.people <= one.people for choice in one.choices)


def defined(*questions, poll="p1"):
    return {
        "id": poll,
        "questions": [{"name": name, "type": kind, "answers": answers} for name, kind, answers in questions],
    }


def counted(definitions, *rows, source=Source.POLL):
    told = count_answers(answers_from_rows(rows, source, definitions))
    return [(one.question, one.people, {c.choice: c.people for c in one.choices}) for one in told]


@pytest.mark.parametrize("kind", ["single", "short_answer", "long_answer", "rating_scale"])
def test_an_answer_of_one_part_stays_whole_whatever_is_in_it(kind):
    known = definitions_of([defined(("What else?", kind, None))], ())
    assert counted(known, person(("What else?", "Longer; and slower"))) == [
        ("What else?", 1, {"Longer; and slower": 1})
    ]


@pytest.mark.parametrize("kind", ["multiple", "matching", "rank_order", "fill_in_the_blank"])
def test_an_answer_of_several_parts_is_each_of_them(kind):
    known = definitions_of([defined(("Which?", kind, ["A", "B"]))], ())
    assert counted(known, person(("Which?", "A;B"))) == [("Which?", 1, {"A": 1, "B": 1})]


def test_a_choice_with_a_semicolon_is_one_choice_of_several():
    known = definitions_of([defined(("Which?", "multiple", ["Red", "Red;Blue", "Red;Blue;Green", "Other"]))], ())
    rows = [person(("Which?", "Red;Blue; Other")), person(("Which?", "Red;Blue;Green"), email="bo@x.org")]
    assert counted(known, *rows) == [("Which?", 2, {"Other": 1, "Red;Blue": 1, "Red;Blue;Green": 1})]


def test_a_surveys_question_is_known_by_its_text():
    known = definitions_of((), [{"name": "What else?", "type": "long_answer"}])
    row = {"name": "Bo", "answer_details": [{"question": "What else?", "question_id": "s1", "answer": "a; b"}]}
    assert counted(known, row, source=Source.SURVEY) == [("What else?", 1, {"a; b": 1})]


def test_the_same_question_of_another_poll_has_its_own_type():
    known = definitions_of([defined(("Q", "single", None)), defined(("Q", "multiple", None), poll="p2")], ())
    rows = [person(("Q", "a;b")), person(("Q", "a;b"), poll="p2")]
    assert [choices for _, _, choices in counted(known, *rows)] == [{"a;b": 1}, {"a": 1, "b": 1}]


def test_a_question_that_is_defined_in_two_ways_is_of_no_known_type():
    known = definitions_of([defined(("Q", "single", None), ("Q", "multiple", None))], ())
    assert known.of(Source.POLL, "p1", "Q") is None


def test_two_guests_of_the_same_name_are_two_people():
    rows = [person(("How?", "Well"), name="Ann", email="") for _ in range(2)]
    assert counts(*rows) == [("How?", 2, {"Well": 2})]


def test_a_guest_who_answers_again_in_a_poll_that_is_started_again_is_one():
    early, late = person(("How?", "Bad"), name="Ann", email=""), person(("How?", "Well"), at="2023-11-06T13:00:00Z")
    row = {**early, "question_details": [*early["question_details"], *late["question_details"]]}
    assert counts(row) == [("How?", 1, {"Well": 1})]


@given(
    st.lists(
        st.recursive(
            st.none() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(st.sampled_from(["id", "questions", "name", "type", "answers"]), inner)
            ),
        )
    )
)
def test_definitions_are_read_whatever_they_hold(rows):
    definitions_of(rows, rows)
