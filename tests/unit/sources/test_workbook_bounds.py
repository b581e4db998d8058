"""A small workbook that says it is a large one is refused before its cells are made."""

import io

import openpyxl
import pytest

from zoom_sync.adapters.sources import read_programme


def workbook(cells, sheets=1):
    """A workbook whose sheets have headings, and a value in each of the cells (row, column)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(sheets):
        sheet = book.create_sheet(f"Day {number}")
        sheet.append(["Title", "Start", "Minutes"])
        for row, column in cells:
            sheet.cell(row, column).value = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "sheets", "words"),
    [
        ([(1048576, 16384)], 1, "a sheet has a value in row 1048576; 20000 rows are read"),
        ([(20001, 1)], 1, "a sheet has a value in row 20001"),
        ([(9000, 60)], 90, "the sheets have 27000 rows or more; 20000 are read"),
        ([], 101, "more than 100 sheets"),
    ],
)
def test_what_is_too_long_or_has_too_many_sheets_is_refused(cells, sheets, words):
    data = workbook(cells, sheets)
    assert len(data) < 200_000
    (problem,) = read_programme(data, name="far.xlsx", timezone="UTC").problems
    assert words in problem.message


def test_a_far_column_costs_no_more_than_the_columns_that_are_read():
    reading = read_programme(workbook([(2, 16384)]), name="far.xlsx", timezone="UTC")
    assert not any("rows are read" in one.message for one in reading.problems)
