"""One page of the lines of a session, on each database."""

import pytest

from factories import NOW
from zoom_sync.adapters.store.report_pages import ReportPages
from zoom_sync.domain.attendance import Attendee, Certainty, Role
from zoom_sync.domain.questions import Question, Status
from zoom_sync.domain.report import Counts, Order, Seek

EVENT = "urban-2023"


def attendee(name, email, seconds):
    return Attendee(
        name=name, email=email, seconds=seconds, key=name, first_join=NOW, last_leave=NOW, seconds_inside=seconds,
        seconds_outside=0, seconds_waiting=0, share=None, joins=1, devices=1, certainty=Certainty.EMAIL,
        role=Role.AUDIENCE, phone=False, note="", intervals=((0, 60),),
    )  # fmt: skip


PEOPLE = [
    attendee("Bela", "BELA@example.org", 30),
    attendee("ada", None, 90),
    attendee("Chen 100%", "chen@example.org", 60),
]


@pytest.fixture
def pages(store):
    store.reports.set_attendance(EVENT, "seminar-1", PEOPLE)
    store.reports.set_attendance(EVENT, "seminar-2", PEOPLE[:1])
    asked = Question("Ann", None, False, "why?", NOW, Status.OPEN, (), False)
    store.reports.set_questions(EVENT, "seminar-2", [asked, asked])
    return ReportPages(store.database)


def names(pages, key="seminar-1", **seek):
    found, total = pages.attendance_page(EVENT, key, Seek(**seek))
    return [one.name for one in found], total


@pytest.mark.parametrize(
    ("order", "sorted_"),
    [
        (Order.JOINED, ["Bela", "ada", "Chen 100%"]),
        (Order.NAME, ["ada", "Bela", "Chen 100%"]),
        (Order.TIME, ["Bela", "Chen 100%", "ada"]),
    ],
)
def test_lines_are_sorted_both_ways(pages, order, sorted_):
    assert names(pages, order=order) == (sorted_, 3)
    assert names(pages, order=order, backwards=True) == (sorted_[::-1], 3)


@pytest.mark.parametrize(
    ("text", "found"),
    [("bela@EX", ["Bela"]), ("ADA", ["ada"]), ("%", ["Chen 100%"]), ("_", []), ("example", ["Bela", "Chen 100%"])],
)
def test_lines_are_found_by_a_part_of_name_or_address(pages, text, found):
    assert names(pages, text=text) == (found, len(found))


def test_a_page_is_a_part_and_the_total_is_of_all(pages):
    assert names(pages, size=2) == (["Bela", "ada"], 3)
    assert names(pages, size=2, page=2) == (["Chen 100%"], 3)
    assert names(pages, size=2, page=3) == ([], 3)
    assert names(pages, key="none") == ([], 0)


def test_a_line_comes_back_as_it_was_stored(pages):
    (found, *_), _ = pages.attendance_page(EVENT, "seminar-1", Seek())
    assert found == PEOPLE[0]


def test_lines_are_counted_by_session(pages):
    assert pages.counts(EVENT) == {"seminar-1": Counts(3, 0), "seminar-2": Counts(1, 2, 2)}
    assert pages.counts("other") == {}
