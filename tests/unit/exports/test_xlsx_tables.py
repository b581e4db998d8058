import io
import tempfile
from datetime import timedelta

import openpyxl
import pytest
from export_samples import JOIN, attendance_row, question

from zoom_sync.adapters.exports.spreadsheet import cell_text
from zoom_sync.adapters.exports.tables import ATTENDANCE, QUESTIONS, Column, Table
from zoom_sync.adapters.exports.xlsx_table import XlsxWriter
from zoom_sync.domain.publication import ReportRow


def book_of(table, *rows, **options):
    out = io.BytesIO()
    assert XlsxWriter(**options).write(table, iter(rows), out) == len(rows)
    assert not out.closed
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def only_sheet(*rows, table=ATTENDANCE):
    (sheet,) = book_of(table, *rows).worksheets
    return sheet


def cells(sheet, row=2):
    return dict(zip([cell.value for cell in sheet[1]], sheet[row], strict=True))


def test_cells_have_their_types():
    line = cells(only_sheet(attendance_row()))
    assert line["name"].value == "Ann"
    assert (line["minutes"].value, line["minutes"].number_format) == (75, "#,##0.0")
    assert (line["share"].value, line["share"].number_format) == (0.8333, "0.0%")
    assert (line["joins"].value, line["phone"].value) == (2, False)


def test_a_time_is_the_sessions_local_one_with_its_offset_shown():
    line = cells(only_sheet(attendance_row(first_join=JOIN + timedelta(seconds=7))))
    assert line["first_join"].is_date
    assert line["first_join"].value.isoformat() == "2023-11-06T20:30:07"
    assert line["first_join"].number_format == 'yyyy-mm-dd hh:mm:ss" +08:00"'


@pytest.mark.parametrize(("zone", "hour", "ending"), [("America/St_Johns", 9, '" -03:30"'), ("UTC", 12, '" +00:00"')])
def test_each_session_keeps_its_own_zone(zone, hour, ending):
    row = attendance_row()
    line = cells(only_sheet(ReportRow("s", zone, row.value)))
    assert line["first_join"].value.hour == hour
    assert line["first_join"].number_format.endswith(ending)


def test_the_head_stays_in_sight_and_filters():
    sheet = only_sheet(attendance_row(), attendance_row())
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:S3"
    assert [cell.value for cell in sheet[1]] == ATTENDANCE.names
    assert sheet["A1"].font.bold


def test_columns_are_as_wide_as_what_is_in_them():
    sheet = only_sheet(ReportRow("s", "UTC", question()), table=QUESTIONS)
    widths = {sheet[f"{letter}1"].value: told.width for letter, told in sheet.column_dimensions.items()}
    assert widths["question"] > widths["asked_at"] > widths["answered"] > 9
    assert sheet["E2"].alignment.wrap_text


def test_what_is_not_known_is_an_empty_cell():
    line = cells(only_sheet(attendance_row(email=None, first_join=None, share=None, note="")))
    assert {line[name].value for name in ("email", "first_join", "share", "note")} == {None}


def test_no_rows_are_a_head_alone():
    sheet = only_sheet()
    assert (sheet.max_row, sheet.auto_filter.ref) == (1, "A1:S1")


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (4, [4]), (5, [4, 1]), (8, [4, 4]), (9, [4, 4, 1])])
def test_what_does_not_fit_on_a_sheet_stands_on_the_next(rows, sheets):
    book = book_of(ATTENDANCE, *(attendance_row(f"Guest {number}") for number in range(rows)), most_rows=5)
    assert [sheet.max_row - 1 for sheet in book] == sheets
    assert book.sheetnames == ["attendance", "attendance 2", "attendance 3"][: len(sheets)]
    assert all([cell.value for cell in sheet[1]] == ATTENDANCE.names for sheet in book)
    names = [row[1].value for sheet in book for row in sheet.iter_rows(min_row=2)]
    assert names == [f"Guest {number}" for number in range(rows)]


def test_a_link_stays_text():
    line = cells(only_sheet(attendance_row("https://x.example/?a=1", note="mailto:ann@x.org")))
    assert line["name"].hyperlink is line["note"].hyperlink is None
    assert line["name"].value == "https://x.example/?a=1"


@pytest.mark.parametrize("text", ["x" * 32_768, "\U0001f642" * 16_384, "=" + "x" * 32_767, "\U0001f642" * 20_000])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(text):
    cell = cell_text(text)
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith(" characters]")
    assert cell[:100].removeprefix("'") == text[: 100 - cell.startswith("'")]


@pytest.mark.parametrize("text", ["x" * 32_767, "\U0001f642" * 16_383, "x" * 10_000])
def test_a_text_that_a_cell_can_hold_is_whole(text):
    assert cell_text(text) == text


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("a/b:c", "a-b-c"),
        ("x" * 40, "x" * 31),
        ("'quoted'", "quoted"),
        ("", "sheet"),
        ("History", "History 2"),
        ("a\x00", "a"),
    ],
)
def test_any_name_becomes_a_name_for_a_sheet(name, sheet):
    assert book_of(Table(name, (Column("number", int, lambda row: row),)), 1).sheetnames == [sheet]


def test_nothing_is_written_or_left_behind_after_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows():
        yield attendance_row()
        raise ZeroDivisionError

    out = io.BytesIO()
    with pytest.raises(ZeroDivisionError):
        XlsxWriter().write(ATTENDANCE, rows(), out)
    assert (out.getvalue(), list(tmp_path.iterdir())) == (b"", [])
