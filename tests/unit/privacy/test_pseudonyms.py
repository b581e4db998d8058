"""Pseudonyms: stable for a person within an event, of no use to whoever lacks the key; texts are masked."""

import pytest

from zoom_sync.domain.attendance import Registration, RegistrationLine, Turnout, merge, stay_from_row
from zoom_sync.domain.polls import ChoiceCount, PollAnswer, PollQuestion, Source
from zoom_sync.domain.privacy import Pseudonyms, masked
from zoom_sync.domain.questions import questions_from_report

ONE = Pseudonyms(b"k" * 32, "event")


def attendee(**row):
    times = {"join_time": "2023-11-06T12:30:00Z", "leave_time": "2023-11-06T12:50:00Z"}
    return merge([stay_from_row({"name": "Ann", **times, **row}, "u")]).attendees[0]


def question(text, name="Ann", email="ann@example.org", answer="See bo@example.org"):
    details = {"question": text, "answer_details": [{"name": "Bo", "content": answer}]}
    (made,) = questions_from_report({"questions": [{"name": name, "email": email, "question_details": [details]}]})
    return made


def test_one_person_has_one_pseudonym_whatever_else_differs():
    lines = [attendee(user_email="ann@example.org", id="1"), attendee(user_email="ANN@example.org", registrant_id="2")]
    names = {ONE.attendee(line).name for line in lines}
    assert len(names) == 1
    assert names == {ONE.question(question("Why?", email="ann@EXAMPLE.org")).asker}
    assert names.isdisjoint({ONE.attendee(attendee(user_email="bo@example.org")).name})


def test_another_key_or_event_gives_another_pseudonym():
    line = attendee(user_email="ann@example.org")
    made = {Pseudonyms(key, event).attendee(line).name for key in (b"a", b"b") for event in ("e", "f")}
    assert len(made) == 4


def test_no_part_of_who_it_is_is_left():
    line = attendee(user_email="ann@example.org", registrant_id="reg-7")
    hidden = ONE.attendee(line)
    told = repr([getattr(hidden, name) for name in type(hidden).__slots__])
    assert not [part for part in ("Ann", "ann@", "reg-7") if part in told]
    assert (hidden.seconds, hidden.joins, hidden.certainty) == (line.seconds, line.joins, line.certainty)


def test_the_anonymous_stay_anonymous_and_answers_are_hidden_too():
    hidden = ONE.question(question("Why?", name="Anonymous Attendee", email=""))
    assert (hidden.asker, hidden.email) == ("Anonymous Attendee", None)
    (answer,) = hidden.answers
    assert answer.author.startswith("person-")
    assert answer.text == "See [e-mail]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to Ann.Lee+x@mail.example.org, please", "write to [e-mail], please"),
        ("mail <ann@example.org>.", "mail <[e-mail]>."),
        ("call +86 20 8411-2345!", "call [number]!"),
        ("(020) 8411 2345", "[number]"),
        ("0151/23456789", "[number]"),
        ("in 2023, 90 minutes, 20:30, 3.14 of 1,000", "in 2023, 90 minutes, 20:30, 3.14 of 1,000"),
        ("联系 ann@example.cn 谢谢", "联系 [e-mail] 谢谢"),
        ("@ home @everybody", "@ home @everybody"),
        ("", ""),
    ],
)
def test_addresses_and_numbers_in_texts_are_masked(text, shown):
    assert masked(text) == shown


EVERY_LINE = [
    attendee(name="Ann Example", user_email="ann@example.org", registrant_id="reg-7"),
    question("Write to ann@example.org", name="Ann Example"),
    PollAnswer(Source.POLL, "p", "Q?", "Ann Example", "ann@example.org", False, "ann@example.org", None),
    Registration("r1", "Ann Example", "ann@example.org", "approved", None, "Example Inc."),
    RegistrationLine(Registration("r1", "Ann Example", "ann@example.org", organisation="Example Inc."), Turnout.CAME),
    (PollQuestion(Source.POLL, "p", "Q?", 1, ()), ChoiceCount("call ann@example.org", 1, 1.0)),
]


@pytest.mark.parametrize("line", EVERY_LINE, ids=lambda line: type(line).__name__)
def test_no_line_of_any_report_tells_who_it_is_of(line):
    from dataclasses import asdict, is_dataclass

    hidden = Pseudonyms(b"key", "event").line(line)
    told = str(
        [asdict(one) if is_dataclass(one) else one for one in (hidden if isinstance(hidden, tuple) else [hidden])]
    )
    assert "ann@example.org" not in told.casefold()
    assert "ann example" not in told.casefold()
    assert "Example Inc." not in told
    assert "reg-7" not in told


def test_a_line_that_nobody_thought_of_is_refused_and_not_written_as_it_is():
    with pytest.raises(TypeError):
        Pseudonyms(b"key", "event").line(object())
