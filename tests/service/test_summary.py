"""The figures of an event, from what was collected."""

from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.domain.attendance import Attendance, audience_curve
from zoom_sync.domain.questions import Status
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.summary import summarise

EVENT = "urban-2023"


def figures(desk, *keys, **options):
    return summarise(desk.programmes, desk.reports, EVENT, keys, START, **options)


def test_the_figures_are_those_of_the_reports(evening):
    evening.run(audience=40, questions=9)
    evening.pass_time(hours=1)
    evening.collect()
    told = figures(evening)
    (session,) = told.sessions
    people = tuple(evening.reports.attendance(EVENT, "seminar-1"))
    asked = list(evening.reports.questions(EVENT, "seminar-1"))
    assert (told.event.key, told.at) == (EVENT, START)
    assert session.people + session.only_waited == len(people)
    assert session.curve == audience_curve(Attendance(people, (), (), None))
    assert sum(session.stayed) == session.people
    assert session.asked == sum(one.status is not Status.DELETED for one in asked)
    assert not session.questions[0].answered
    assert {one.kind for one in session.reports} >= {"participants", "questions"}


def test_what_was_not_collected_is_empty_and_has_no_state(evening):
    (session,) = figures(evening).sessions
    assert (session.people, session.asked, session.reports) == (0, 0, ())


def test_sessions_keep_their_number_and_only_the_named_are_told(desk):
    desk.load(*(make_session(f"seminar-{number}", start=START + timedelta(days=number)) for number in (1, 2, 3)))
    assert [(one.number, one.session.key) for one in figures(desk, "seminar-3", "seminar-2").sessions] == [
        (2, "seminar-2"), (3, "seminar-3"),
    ]  # fmt: skip


def test_a_session_that_does_not_exist_is_named(desk):
    with pytest.raises(NotInStore, match="'seminar-9'"):
        figures(desk, "seminar-1", "seminar-9")


def test_as_many_questions_are_told_as_are_wanted(evening):
    evening.run(audience=40, questions=9)
    evening.pass_time(hours=1)
    evening.collect()
    (session,) = figures(evening, most_questions=2).sessions
    assert len(session.questions) == 2
    assert session.asked == 9
