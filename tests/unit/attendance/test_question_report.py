from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.domain.questions import AnswerKind, Status, questions_from_report, unanswered_first


def detail(**changes):
    """The example question of Zoom's own description of the report, with some fields changed (None: left out)."""
    fields = {
        "answer": "fine",
        "question": "how are you",
        "question_id": "zxU4wOwnlxs",
        "create_time": "2022-03-15T07:48:00Z",
        "question_status": "open",
        "answer_details": [
            {
                "user_id": "Cn_5wJ9mRNGyYOmpjVufBQ",
                "name": "Paul",
                "email": "paul@example.com",
                "content": "fine",
                "create_time": "2022-03-15T07:50:00Z",
                "type": "default",
            }
        ],
    } | changes
    return {key: value for key, value in fields.items() if value is not None}


def asked(*details, name="Jill Chill", email="jchill@example.com"):
    return questions_from_report({"questions": [{"name": name, "email": email, "question_details": list(details)}]})


def one(**changes):
    (question,) = asked(detail(**changes))
    return question


def test_the_example_is_read_in_full():
    question = one()
    assert (question.asker, question.email, question.anonymous) == ("Jill Chill", "jchill@example.com", False)
    assert (question.text, question.status, question.live_answered) == ("how are you", Status.OPEN, False)
    assert question.asked_at == datetime(2022, 3, 15, 7, 48, tzinfo=UTC)
    (answer,) = question.answers
    assert (answer.author, answer.text, answer.kind) == ("Paul", "fine", AnswerKind.DEFAULT)
    assert answer.at == datetime(2022, 3, 15, 7, 50, tzinfo=UTC)


def test_the_joined_answer_is_used_only_where_there_are_no_details():
    assert [answer.text for answer in one(answer="a; b;; c", answer_details=None).answers] == ["a", "b", "c"]
    assert [answer.text for answer in one(answer="a;b").answers] == ["fine"]


def test_a_semicolon_in_a_detailed_answer_cuts_nothing():
    assert [answer.text for answer in one(answer_details=[{"content": "a; b"}]).answers] == ["a; b"]


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": "live answered", "answer_details": None},
        {"answer": "Live Answered"},
        {"answer": "fine;live answered", "answer_details": None},
        {"answer": None, "answer_details": [{"content": "live answered", "type": "host_answered"}]},
    ],
)
def test_live_answers_are_told_and_are_no_text(changes):
    question = one(**changes)
    assert question.live_answered
    assert question.answered
    assert "live answered" not in [answer.text.lower() for answer in question.answers]


def test_times_without_offset_are_read_too():
    assert one(create_time="2022-05-16 03:33:11").asked_at == datetime(2022, 5, 16, 3, 33, 11, tzinfo=UTC)
    assert one(create_time="soon").asked_at is None


def test_anonymous_askers_are_told():
    (question,) = asked(detail(), name="Anonymous Attendee", email="")
    assert question.anonymous
    assert question.email is None


def test_the_short_form_of_past_meetings_is_read():
    report = {"questions": [{"name": "Ann", "question_details": [{"question": "Why?", "answer": ""}]}]}
    (question,) = questions_from_report(report)
    assert (question.text, question.answers, question.status, question.answered) == ("Why?", (), Status.DEFAULT, False)


def test_a_comment_answers_nothing():
    comment = {"content": "+1", "type": "participant_commented"}
    assert not one(answer=None, answer_details=[comment]).answered


def test_what_waits_for_an_answer_comes_first_in_the_order_of_asking():
    bare = {"answer": None, "answer_details": None}
    questions = asked(
        detail(question="done"),
        detail(question="untimed", create_time=None, **bare),
        detail(question="late", create_time="2022-03-15T08:00:00Z", **bare),
        detail(question="early", **bare),
        detail(question="closed", question_status="answered", create_time="2022-03-15T09:00:00Z", **bare),
    )
    assert [question.text for question in unanswered_first(questions)] == ["early", "late", "untimed", "done", "closed"]


def test_who_asked_what_does_not_show_when_a_question_is_printed():
    assert not {"Jill", "jchill", "how are", "fine", "Paul"} & set(repr(one()).replace("'", " ").split())


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["questions", "question_details", "answer_details", "name", "answer", "type", "create_time"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(junk)
def test_no_report_however_odd_raises(report):
    for question in questions_from_report(report):
        assert isinstance(question.text, str)


def reply(content, kind, name="Paul"):
    return {"name": name, "email": f"{name.lower()}@example.com", "content": content, "type": kind}


@pytest.mark.parametrize("joined", ["Live Answered", "", None, "what do you mean?;Live Answered"])
def test_a_comment_that_reads_live_answered_answers_nothing(joined):
    comments = [reply("what do you mean?", "participant_commented"), reply("Live Answered", "participant_commented")]
    question = one(answer=joined, answer_details=comments)
    assert not question.answered
    assert [answer.text for answer in question.answers] == ["what do you mean?", "Live Answered"]


def test_a_question_that_was_answered_live_is_so_whatever_is_commented():
    for details in ([reply("Live Answered", "participant_commented")], [reply("thanks", "participant_commented")]):
        joined = ";".join(["live answered", *(detail["content"] for detail in details)])
        assert one(answer=joined, answer_details=details).live_answered
    assert one(answer="", answer_details=[reply("Live Answered", "host_answered_publicly")]).live_answered
