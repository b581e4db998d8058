"""The curve of a session is made with its lines: a page that shows it does not read them."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from zoom_sync.adapters.store.reports import Reports
from zoom_sync.service_layer.audience import audience_of, measured

EVENT, KEY = "urban-2023", "seminar-1"


@pytest.fixture
def held(evening):
    evening.run(audience=30, instances=2)
    evening.pass_time(hours=7)
    evening.collect()
    return evening


def session_of(desk):
    return next(one for one in desk.programmes.programme(EVENT).sessions if one.key == KEY)


def test_the_curve_of_a_merged_session_is_that_of_its_lines_and_reads_none(held):
    session = session_of(held)
    expected = measured(held.reports.attendance(EVENT, KEY), session)
    assert expected.peak > 0
    with patch.object(Reports, "attendance", side_effect=AssertionError("lines were read")):
        assert audience_of(held.reports, EVENT, session) == expected


@pytest.mark.parametrize("how", ["other lines", "another time", "lines of an earlier version"])
def test_a_curve_that_was_made_of_something_else_is_made_anew(held, how):
    session = session_of(held)
    lines = list(held.reports.attendance(EVENT, KEY))
    if how == "other lines":
        lines = lines[:5]
        held.reports.set_attendance(EVENT, KEY, lines)
    elif how == "another time":
        session = replace(session, start=session.start + timedelta(minutes=20))
    else:
        held.reports.set_audience(EVENT, KEY, {})
    assert audience_of(held.reports, EVENT, session) == measured(lines, session)


def test_what_else_is_counted_leaves_the_curve(held):
    before = held.reports.audience(EVENT, KEY)
    held.reports.set_questions(EVENT, KEY, ())
    assert held.reports.audience(EVENT, KEY) == before
