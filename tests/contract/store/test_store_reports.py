"""Reports in the store: what Zoom returned once is not lost, and doing it again doubles nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from factories import NOW
from zoom_sync.adapters.store import reports as reports_module
from zoom_sync.adapters.store.tables import attendance
from zoom_sync.domain.attendance import Registration, RegistrationLine, Role, Turnout, merge, stay_from_row
from zoom_sync.domain.polls import Source, answers_from_rows
from zoom_sync.domain.questions import questions_from_report
from zoom_sync.domain.report import Collected, Instance, RawReport, ReportState
from zoom_sync.errors import NotInStore

EVENT, KEY = "urban-2023", "seminar-1"
UUID = "/aB//c+d=="


def row(number, **differences):
    return {
        "id": f"id-{number}",
        "name": f"Person {number}",
        "user_email": f"p{number}@example.org",
        "join_time": "2023-11-06T12:30:00Z",
        "leave_time": "2023-11-06T13:30:00Z",
        "duration": 3600,
        **differences,
    }


def raw(rows, uuid=UUID, kind="participants", start=NOW):
    return RawReport(kind, Instance(uuid, start), tuple(rows))


def people(rows):
    return merge(stay_from_row(one, UUID) for one in rows).attendees


QUESTIONS = {
    "questions": [
        {
            "email": "p1@example.org",
            "name": "Person 1",
            "question_details": [
                {
                    "question": "Why?",
                    "question_id": "q1",
                    "question_status": "answered",
                    "create_time": "2023-11-06T12:40:00Z",
                    "answer_details": [
                        {
                            "name": "Ann",
                            "email": "ann@example.org",
                            "content": "Because ✓",
                            "create_time": "2023-11-06T12:41:00Z",
                            "type": "host_answered_publicly",
                        }
                    ],
                },
                {"question": "And then?", "question_id": "q2", "question_status": "open", "answer_details": []},
            ],
        }
    ]
}


def test_rows_are_kept_exactly_as_they_came(store):
    rows = [row(1, odd={"nested": [1, None, "é\0\ud800"]}), row(2, name="")]
    assert store.reports.keep(EVENT, KEY, raw(rows), NOW)
    assert list(store.reports.raw(EVENT, KEY, "participants")) == [raw(rows)]
    assert list(store.reports.raw(EVENT, KEY, "questions")) == []
    assert list(store.reports.raw(EVENT, "seminar-2", "participants")) == []


def test_more_rows_take_the_place_of_fewer_and_never_the_other_way(store):
    assert store.reports.keep(EVENT, KEY, raw([row(1)]), NOW)
    assert store.reports.keep(EVENT, KEY, raw([row(1), row(2)]), NOW)
    assert not store.reports.keep(EVENT, KEY, raw([row(3)]), NOW)
    assert not store.reports.keep(EVENT, KEY, raw([]), NOW)
    assert store.reports.keep(EVENT, KEY, raw([row(1, duration=60), row(2)]), NOW)
    assert list(store.reports.raw(EVENT, KEY, "participants")) == [raw([row(1, duration=60), row(2)])]


def test_instances_come_in_the_order_they_were_held(store):
    late, early = raw([row(2)], "late", start=NOW + timedelta(hours=1)), raw([row(1)], "early")
    for report in (late, early):
        store.reports.keep(EVENT, KEY, report, NOW)
    assert list(store.reports.raw(EVENT, KEY, "participants")) == [early, late]


def test_the_same_report_twice_at_once_is_kept_once(store, at_once):
    rows = [row(n) for n in range(50)]
    answers = at_once(*(lambda: store.reports.keep(EVENT, KEY, raw(rows), NOW) for _ in range(4)))
    assert answers == [True] * 4
    assert list(store.reports.raw(EVENT, KEY, "participants")) == [raw(rows)]


def test_many_rows_are_written_and_read_in_batches(store, monkeypatch):
    monkeypatch.setattr(reports_module, "ROWS_AT_ONCE", 7)
    rows = [row(n) for n in range(7 * 3)]
    store.reports.keep(EVENT, KEY, raw(rows), NOW)
    assert list(store.reports.raw(EVENT, KEY, "participants")) == [raw(rows)]
    for size in (0, 6, 7, 8, 21):
        told = people(rows[:size])
        store.reports.set_attendance(EVENT, KEY, told)
        assert tuple(store.reports.attendance(EVENT, KEY)) == told


def test_the_state_of_a_report_is_the_latest(store):
    waiting = Collected(KEY, "participants", ReportState.WAITING, 0, None, "too early", NOW)
    complete = Collected(KEY, "participants", ReportState.COMPLETE, 7, 7, "", NOW + timedelta(hours=1))
    questions = Collected(KEY, "questions", ReportState.NONE, 0, None, "nobody asked", None)
    for state in (waiting, questions, complete):
        store.reports.note(EVENT, state)
    assert store.reports.states(EVENT) == (complete, questions)


def test_attendance_comes_out_as_it_went_in_and_is_replaced_as_a_whole(store):
    everybody = people([row(1), row(2, user_email="", name="Ñandú ✓ 李"), row(3, join_time="2023-11-06T12:45:00Z")])
    store.reports.set_attendance(EVENT, KEY, everybody)
    assert tuple(store.reports.attendance(EVENT, KEY)) == everybody
    store.reports.set_attendance(EVENT, KEY, everybody[:1])
    assert tuple(store.reports.attendance(EVENT, KEY)) == everybody[:1]
    assert tuple(store.reports.attendance(EVENT, "seminar-2")) == ()


def test_questions_come_out_as_they_went_in(store):
    asked = questions_from_report(QUESTIONS)
    assert len(asked) == 2
    store.reports.set_questions(EVENT, KEY, asked)
    assert tuple(store.reports.questions(EVENT, KEY)) == asked
    store.reports.set_questions(EVENT, KEY, ())
    assert tuple(store.reports.questions(EVENT, KEY)) == ()


def test_answers_to_polls_come_out_as_they_went_in(store):
    person = {"name": "Ann ✓", "email": "ann@x.org", "question_details": [{"question": "How?", "answer": "A;B"}]}
    survey = {
        "name": "Anonymous Attendee",
        "answer_details": [{"question": "Why?", "date_time": "2023-11-06T12:40:00Z"}],
    }
    told = (*answers_from_rows([person], Source.POLL), *answers_from_rows([survey], Source.SURVEY))
    store.reports.set_polls(EVENT, KEY, told)
    assert tuple(store.reports.polls(EVENT, KEY)) == told
    store.reports.set_polls(EVENT, KEY, told[:1])
    assert tuple(store.reports.polls(EVENT, KEY)) == told[:1]
    assert tuple(store.reports.polls(EVENT, "seminar-2")) == ()


def test_registrations_come_out_as_they_went_in(store):
    ann = Registration("R", "Ann ✓", "ann@x.org", "approved", NOW, "City of X")
    told = (
        RegistrationLine(ann, Turnout.CAME, NOW, 3600, 0.5, True),
        RegistrationLine(Registration("S", "Bo", "", "denied"), Turnout.ABSENT),
        RegistrationLine(Registration("", "Cy", "cy@x.org"), Turnout.UNREGISTERED, NOW, 5, None, None),
    )
    store.reports.set_registrations(EVENT, KEY, told)
    assert tuple(store.reports.registrations(EVENT, KEY)) == told
    store.reports.set_absentees(EVENT, KEY, [ann])
    assert tuple(store.reports.absentees(EVENT, KEY)) == (ann,)
    store.reports.set_registrations(EVENT, KEY, ())
    store.reports.set_absentees(EVENT, KEY, ())
    assert [*store.reports.registrations(EVENT, KEY), *store.reports.absentees(EVENT, KEY)] == []


def test_attendance_keeps_roles_and_whether_somebody_was_registered(store):
    (one,) = people([row(1, registrant_id="R")])
    told = replace(one, role=Role.PANELIST, panelist=True, registered=False, attended=True)
    store.reports.set_attendance(EVENT, KEY, [told])
    assert tuple(store.reports.attendance(EVENT, KEY)) == (told,)
    assert told.registrant_ids == ("R",)


def test_lines_of_before_roles_were_kept_are_still_read(store):
    (one,) = people([row(1)])
    store.reports.set_attendance(EVENT, KEY, [one])
    new = ("attended", "registered", "panelist", "registrant_ids")
    with store.database.transaction() as connection:
        line = connection.execute(select(attendance.c.line)).scalar_one()
        connection.execute(update(attendance).values(line={k: v for k, v in line.items() if k not in new}))
    assert tuple(store.reports.attendance(EVENT, KEY)) == (one,)


def test_the_states_of_one_session_are_its_own(store):
    mine = Collected(KEY, "polls", ReportState.FAILED, 0, None, "no scope", NOW, lasting=True)
    other = Collected("seminar-2", "polls", ReportState.EXPIRED, 3, None, "a year ago", NOW)
    for state in (mine, other):
        store.reports.note(EVENT, state)
    assert store.reports.states(EVENT, KEY) == (mine,)
    assert store.reports.states(EVENT) == (mine, other)


def test_lines_set_at_once_are_those_of_one(store, at_once):
    one, other = people([row(1), row(2)]), people([row(3)])
    answers = at_once(*(lambda each=each: store.reports.set_attendance(EVENT, KEY, each) for each in (one, other) * 2))
    assert answers == [None] * 4
    assert tuple(store.reports.attendance(EVENT, KEY)) in (one, other)


@pytest.mark.parametrize("odd", ["a\0b", "a\ud800b"])
def test_what_is_no_character_in_a_name_loses_nobody(store, odd):
    store.reports.set_attendance(EVENT, KEY, people([row(1, name=odd, user_email=odd)]))
    (kept,) = store.reports.attendance(EVENT, KEY)
    assert kept.name.startswith("a")
    assert kept.name.endswith("b")
    store.reports.set_questions(
        EVENT, KEY, questions_from_report({"questions": [{"name": odd, "question_details": [{"question": odd}]}]})
    )
    assert len(list(store.reports.questions(EVENT, KEY))) == 1


def test_an_event_that_is_not_there_is_said(store):
    with pytest.raises(NotInStore):
        store.reports.keep("other", KEY, raw([]), NOW)
    assert list(store.reports.raw("other", KEY, "participants")) == []
    assert store.reports.states("other") == ()
