"""The tables of items, polls and registrations: their columns, their times, and hostile text in them."""

import csv
import io
import json
from datetime import timedelta

import pytest
from export_samples import FORMULAS, JOIN, ZONE, attendance_row, attendee, question, session

from zoom_sync.adapters.exports.tables import (
    ABSENTEES,
    ATTENDANCE,
    ITEM_AUDIENCE,
    ITEMS,
    POLL_COUNTS,
    POLLS,
    QUESTIONS,
    REGISTRATIONS,
)
from zoom_sync.adapters.exports.writing import write_table
from zoom_sync.domain.agenda import timed_items
from zoom_sync.domain.attendance import ItemAudience, ItemHearer, Registration, RegistrationLine, Turnout
from zoom_sync.domain.polls import PollAnswer, Source, count_answers
from zoom_sync.domain.publication import ReportRow

(ITEM,) = timed_items(session())


def answer(text="Well", name="Ann", **changes):
    fields = {
        "source": Source.POLL, "poll_id": "p1", "question": "How?", "name": name, "email": "ann@x.org", "anonymous": False,
        "answer": text, "at": JOIN, "item": "Kazan, Russian: Park to rest",
    }  # fmt: skip
    return PollAnswer(**(fields | changes))


def registration(name="Ann", **changes):
    return Registration(**({"registrant_id": "R", "name": name, "email": "ann@x.org", "registered_at": JOIN} | changes))


def rows(text):
    """A row of each table in which `text` stands wherever somebody may have typed it."""
    (counted,) = count_answers([answer(text.strip() or "x", question=text)])
    yield ATTENDANCE, attendance_row(text)
    yield QUESTIONS, question(text, asker=text, item=text)
    yield ITEMS, ItemHearer(ITEM, attendee(text), 2700, 0.5, True)
    yield ITEM_AUDIENCE, ItemAudience(ITEM, 7, 5.25, 6, JOIN)
    yield POLLS, answer(text, text, question=text)
    yield POLL_COUNTS, (counted, counted.choices[0])
    yield REGISTRATIONS, RegistrationLine(registration(text, organisation=text), Turnout.CAME, JOIN, 60, 0.5, True)
    yield ABSENTEES, registration(text, organisation=text)


def written(form, table, value):
    out = io.BytesIO()
    row = value if isinstance(value, ReportRow) else ReportRow("seminar-1", ZONE, value)
    write_table(form, table, [row], out)
    return out.getvalue()


def line_of(table, value):
    (line,) = json.loads(written("json", table, value))
    return line


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_any_table_is_run_as_a_formula(text):
    for table, value in rows(text):
        for cell in next(
            csv.reader(io.StringIO(written("csv", table, value).decode().split("\r\n", 1)[1], newline=""))
        ):
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), (table.name, cell)


def test_every_cell_is_of_the_type_that_its_column_tells():
    for table, value in rows("Ann"):
        row = value if isinstance(value, ReportRow) else ReportRow("seminar-1", ZONE, value)
        for column in table.columns:
            cell = column.cell(row)
            kinds = (int, float) if column.type is float else column.type
            assert cell is None or isinstance(cell, kinds), (table.name, column.name)
            assert column.type in (int, float) or not isinstance(cell, (int, float)) or column.type is bool


def test_new_columns_stand_behind_those_that_others_rely_on():
    assert ATTENDANCE.names[-4:] == ["note", "attended", "registered", "panelist"]
    assert QUESTIONS.names[-4:] == ["anonymous", "item", "item_estimated", "answer_kinds"]
    assert [line_of(ATTENDANCE, attendance_row(registered=known))["registered"] for known in (None, True, False)] == [
        "unknown", "yes", "no",
    ]  # fmt: skip


def test_an_item_is_told_with_its_time_in_the_sessions_zone_and_that_it_is_an_estimate():
    line = line_of(ITEMS, ItemHearer(ITEM, attendee(), 2700, 0.5, True))
    assert (line["item"], line["presenter"], line["estimated"]) == (1, "Kazan, Russian", True)
    assert (line["start"], line["minutes"], line["heard"]) == ("2023-11-06T20:30:00+08:00", 45, True)
    told = line_of(ITEM_AUDIENCE, ItemAudience(ITEM, 7, 5.25, 6, JOIN + timedelta(minutes=1)))
    assert (told["present"], told["average"], told["peak"], told["peak_at"]) == (7, 5.2, 6, "2023-11-06T20:31:00+08:00")


def test_what_is_not_known_of_a_registration_stays_empty():
    line = line_of(REGISTRATIONS, RegistrationLine(registration(registered_at=None), Turnout.ABSENT))
    assert (line["turnout"], line["first_join"], line["share"], line["registered_at"]) == (
        "did not come",
        None,
        None,
        None,
    )


def test_the_kinds_of_the_answers_are_told():
    assert line_of(QUESTIONS, ReportRow("seminar-1", ZONE, question()))["answer_kinds"] == "host_answered"
