from datetime import timedelta

import pytest
from export_samples import JOIN, question
from figure_samples import ITEMS, figures, guest

from zoom_sync.domain.attendance import Role


def test_people_are_counted_by_role_and_who_only_waited_apart():
    told = figures()
    assert (told.people, told.roles, told.only_waited) == (4, {Role.HOST: 1, Role.AUDIENCE: 3}, 1)


def test_the_curve_is_counted_by_minute_of_the_session():
    told = figures()
    assert len(told.by_minute) == 90
    assert [told.by_minute[minute] for minute in (0, 44, 45, 79, 80, 89)] == [2, 2, 3, 3, 4, 4]
    assert (told.curve.peak, told.curve.peak_at) == (4, JOIN + timedelta(minutes=80))
    assert told.curve.median_stay == (90 + 45) / 2 * 60
    assert told.minute(80).isoformat() == "2023-11-06T21:50:00+08:00"


@pytest.mark.parametrize(
    ("minutes", "quarter"), [(1, 0), (22, 0), (23, 1), (45, 1), (46, 2), (67, 2), (68, 3), (90, 3)]
)
def test_what_people_heard_is_told_in_quarters(minutes, quarter):
    assert figures([guest("Ann", 0, minutes)]).stayed[quarter] == 1


def test_who_came_outside_the_session_heard_nothing_of_it():
    assert figures([guest("Ann", -20, -5)]).stayed == (1, 0, 0, 0)


def test_questions_that_wait_come_first_and_deleted_ones_not_at_all():
    told = figures(most_questions=2)
    assert [one.text for one in told.questions] == ["Why?", "Who pays?"]
    assert (told.asked, told.unanswered) == (3, 2)


def test_each_item_has_its_part_and_its_audience():
    first, second = figures().items
    assert (first.timed.item, second.timed.item) == ITEMS
    assert (first.timed.start.isoformat(), second.timed.start.isoformat()) == (
        "2023-11-06T20:30:00+08:00",
        "2023-11-06T21:15:00+08:00",
    )
    assert second.timed.end == JOIN + timedelta(minutes=90)
    assert first.people == 2
    assert second.people == pytest.approx(3 + 10 / 45)


def test_nobody_at_all_is_a_result():
    told = figures((), (), ())
    assert (told.people, told.curve.peak, told.asked, set(told.by_minute)) == (0, 0, 0, {0})


def test_people_are_taken_one_at_a_time():
    taken = []

    def people():
        for number in range(3):
            taken.append(number)
            yield guest(f"Guest {number}", 0, 90)

    assert figures(people(), iter([question()])).people == 3
    assert taken == [0, 1, 2]
