"""What is taken out of a row, and what stays; rows hold whatever Zoom or anybody puts there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.domain.privacy import (
    NOT_STORED,
    RAW_SHAPES,
    ROW,
    Known,
    Person,
    erased,
    mark_of,
    told_of,
    whole_marks,
    without,
)
from zoom_sync.domain.questions import questions_from_report

ANN = Person(mark_of(Known.EMAIL, "Ann@Example.org"), token="t")
ASKER = RAW_SHAPES["questions"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from([*ROW.fields, *ROW.inner, "question", "content", "other"])
ROWS = st.dictionaries(KEYS, JSON | st.just("ann@example.org"), max_size=8)


def tag(token):
    return f"erased-{token}"


def test_a_registrant_is_erased_with_every_detail_and_keeps_its_place():
    row = {
        "id": "r1", "email": "ANN@example.org", "first_name": "Ann", "last_name": "Lee", "city": "Kazan",
        "custom_questions": [{"title": "Diet", "value": "none"}], "status": "approved", "join_url": "https://x/tk=1",
    }  # fmt: skip
    assert erased(row, ROW, ANN, tag) == {
        "id": "erased-t", "email": "", "first_name": "erased", "last_name": "", "city": "",
        "custom_questions": [], "status": "approved", "join_url": "",
    }  # fmt: skip


def test_a_poll_keeps_its_questions_and_counts():
    row = {"name": "Ann", "email": "ann@example.org", "question_details": [{"question": "Tea?", "answer": "Yes"}]}
    assert erased(row, ROW, ANN, tag) == {
        "name": "erased", "email": "", "question_details": [{"question": "Tea?", "answer": "(erased)"}],
    }  # fmt: skip


def test_an_answer_of_the_erased_goes_from_anothers_question_and_from_the_joined_text():
    answers = [
        {"name": "Ann", "email": "ann@example.org", "content": "Mine"},
        {"name": "Bo", "email": "", "content": "His"},
    ]
    row = {
        "name": "Bo",
        "email": "bo@x.org",
        "question_details": [{"question": "Q", "answer": "Mine;His", "answer_details": answers}],
    }
    made = erased(row, ASKER, ANN, tag)
    (detail,) = made["question_details"]
    assert (made["name"], detail["question"], detail["answer"]) == ("Bo", "Q", "")
    assert [one["content"] for one in detail["answer_details"]] == ["(erased)", "His"]
    assert told_of(row, ASKER, ANN) == [answers[0]]


def test_who_has_an_e_mail_is_never_recognised_by_a_name():
    by_name = Person(mark_of(Known.NAME, "Ann  LEE"), by_name=True, token="t")
    assert by_name(mark_of(Known.NAME, "ann lee")) == "t"
    assert by_name(mark_of(Known.NAME, "ann lee") | mark_of(Known.EMAIL, "other@x.org")) is None
    assert by_name(mark_of(Known.NAME, "ann lee") | mark_of(Known.ID, "7")) is None


def test_what_stands_for_nobody_is_no_mark():
    for known, text in [
        (Known.NAME, "Anonymous Attendee"), (Known.NAME, " erased "), (Known.NAME, ""), (Known.EMAIL, "no address"),
        (Known.ID, "erased-123"), (Known.ID, ""), (Known.ID, None), (Known.NAME, ["x"]),
    ]:  # fmt: skip
        assert not list(mark_of(known, text))


@given(ROWS, st.sampled_from([ROW, ASKER]))
def test_nothing_in_a_row_raises_and_once_erased_nobody_is_recognised_again(row, shape):
    made = erased(row, shape, ANN, tag)
    assert [m for m, enough in whole_marks(made, shape) if ANN(m, name_enough=enough)] == []
    assert erased(made, shape, ANN, tag) is made
    assert (made is row) == (not told_of(row, shape, ANN))


@given(ROWS, st.sampled_from(list(NOT_STORED.values())))
def test_what_is_not_stored_is_gone_and_doing_it_twice_changes_nothing(row, roles):
    once = without(row, ROW, roles)
    assert once.keys() == row.keys()
    assert without(once, ROW, roles) == once
    assert not [name for name, role in ROW.fields.items() if role in roles and once.get(name)]


HOST = Person(mark_of(Known.EMAIL, "host@example.org"), token="h")


def asked(joined, *replies):
    details = [{"name": "Host", "email": "host@example.org", "content": text, "type": kind} for text, kind in replies]
    detail = {"question": "Why?", "answer": joined, "question_status": "open", "answer_details": details}
    return {"name": "Bo", "email": "bo@example.org", "question_details": [detail]}


@pytest.mark.parametrize(
    ("row", "answered"),
    [
        (asked("live answered"), True),
        (asked("live answered;thanks", ("thanks", "participant_commented")), True),
        (asked("live answered", ("live answered", "host_answered_publicly")), True),
        (asked("because", ("because", "host_answered")), True),
        (asked("because", ("because", "default")), True),
        (asked("Live Answered", ("Live Answered", "participant_commented")), False),
        (asked("thanks", ("thanks", "participant_commented")), False),
    ],
)
def test_erasing_who_answered_leaves_a_question_as_answered_as_it_was(row, answered):
    def reads(value):
        (question,) = questions_from_report({"questions": [value]})
        return question.answered

    once = erased(row, ASKER, HOST, tag)
    assert reads(row) == reads(once) == reads(erased(once, ASKER, HOST, tag)) == answered
    assert reads(without(row, ASKER, NOT_STORED["questions"])) == answered
    assert "thanks" not in str(once)
    assert "because" not in str(once)


def test_the_definitions_of_polls_are_nobodys():
    poll = {"id": "p", "questions": [{"name": "Ann Lee", "type": "single", "answers": ["ann@example.org"]}]}
    for kind in ("poll-types", "survey-types"):
        assert erased(poll, RAW_SHAPES[kind], ANN, tag) == poll
        assert without(poll, RAW_SHAPES[kind], frozenset().union(*NOT_STORED.values())) == poll
