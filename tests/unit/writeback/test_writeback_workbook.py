"""XLSX: formats, formulas and other sheets stay; merged cells are respected; nothing is lost in silence."""

from datetime import date, time
from io import BytesIO
from zipfile import ZipFile

import pytest
from filed_samples import MEETINGS, PROGRAMME
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill

from zoom_sync.adapters.writeback.workbook import fill_workbook
from zoom_sync.errors import UserError

HEADER = ["Title", "Date", "Time", "Seats"]
ROWS = [
    ["Opening", date(2023, 11, 6), time(20, 30), 10], ["Course", date(2023, 11, 7), time(20, 30), 20],
    ["Course", date(2023, 11, 8), time(20, 30), 30],
]  # fmt: skip


def book_of(*rows, title="Programme"):
    book = Workbook()
    book.active.title = title
    for row in rows or (HEADER, *ROWS):
        book.active.append(row)
    return book


def packed(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def filled(book):
    got = fill_workbook(packed(book), PROGRAMME, MEETINGS)
    return got, load_workbook(BytesIO(got.content))


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_new_columns_come_at_the_end_as_texts():
    got, book = filled(book_of())
    told = values(book.active)
    assert told[0] == [*HEADER, "meeting_id", "join_url", "passcode", "hosted_by"]
    assert told[1][4:] == ["82318937943", "https://zoom.example/j/0?pwd=a", "011820", "Ada"]
    assert book.active["G2"].number_format == "@"
    assert got.sessions == {"one", "two", "three"}


def test_columns_that_are_there_are_filled():
    _, book = filled(book_of(["会议号", "Key", "Title"], [None, "one", "Opening"], [82318937944, "two", "Course"]))
    assert [row[0] for row in values(book.active)] == ["会议号", "82318937943", 82318937944]
    assert values(book.active)[0][3:] == ["会议链接", "会议密码", "会议所属账号"]


def test_formats_formulas_widths_and_other_sheets_stay():
    book = book_of()
    sheet = book.active
    sheet["A1"].font = Font(bold=True, color="FFAA0000")
    sheet["D1"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["D5"] = "=SUM(D2:D4)"
    sheet["B2"].number_format = "dd.mm.yyyy"
    sheet.column_dimensions["A"].width = 44
    sheet.freeze_panes = "A2"
    other = book.create_sheet("Rooms")
    other.append(["Hall", "=1+1"])
    other.merge_cells("A2:B3")
    _, told = filled(book)
    after = told["Programme"]
    assert (after["A1"].font.bold, after["A1"].font.color.rgb) == (True, "FFAA0000")
    assert (after["D5"].value, after["B2"].number_format) == ("=SUM(D2:D4)", "dd.mm.yyyy")
    assert (after.column_dimensions["A"].width, after.freeze_panes) == (44, "A2")
    assert after["E1"].fill.fgColor.rgb == "FF00FF00"
    assert values(told["Rooms"])[0] == ["Hall", "=1+1"]
    assert [str(area) for area in told["Rooms"].merged_cells.ranges] == ["A2:B3"]


def test_a_date_merged_over_its_sessions_holds_for_each():
    book = book_of(
        ["Date", "Time", "Title"], [date(2023, 11, 7), time(20, 30), "Course"], [None, time(22, 30), "Course"]
    )
    book.active.merge_cells("A2:A3")
    got, _ = filled(book)
    assert got.sessions == {"two"}
    assert got.unmatched[0][0] == "Programme, row 3"


def test_a_cell_merged_over_rows_or_with_a_formula_is_kept_and_told():
    book = book_of(
        ["Key", "Title", "Meeting ID", "Passcode"],
        ["one", "Opening", None, "=A1"],
        ["two", "Course", None, None],
    )
    book.active.merge_cells("C2:C3")
    got, told = filled(book)
    assert dict(got.kept) == {
        "Programme, cell C2": "the cell is merged over several rows, which would all tell one meeting",
        "Programme, cell C3": "the cell is merged over several rows, which would all tell one meeting",
        "Programme, cell D2": "the cell holds a formula",
    }
    assert told.active["D2"].value == "=A1"
    assert told.active["D3"].value == "011821"


def test_each_sheet_with_a_programme_is_filled():
    book = book_of(HEADER, ROWS[0], title="Monday")
    for row in (HEADER, ROWS[1]):
        (book["Tuesday"] if "Tuesday" in book else book.create_sheet("Tuesday")).append(row)
    got, told = filled(book)
    assert got.sessions == {"one", "two"}
    assert told["Tuesday"]["E2"].value == "82318937944"


def test_a_value_that_looks_like_a_formula_is_a_text():
    got = fill_workbook(packed(book_of(["Key", "Title"], ["one", "Opening"])), PROGRAMME, {
        "one": type(MEETINGS["one"])("82318937943", "https://x.example", "-1@", "=cmd()")
    })  # fmt: skip
    sheet = load_workbook(BytesIO(got.content)).active
    assert [(cell.value, cell.data_type) for cell in sheet[2][2:]] == [
        ("82318937943", "s"), ("https://x.example", "s"), ("-1@", "s"), ("'=cmd()", "s"),
    ]  # fmt: skip


def test_filling_again_leaves_the_very_bytes():
    got, _ = filled(book_of())
    assert fill_workbook(got.content, PROGRAMME, MEETINGS).content == got.content


@pytest.mark.parametrize(
    "part", ["xl/threadedComments/threadedComment1.xml", "xl/media/image3.emf", "customXml/item1.xml"]
)
def test_a_workbook_that_would_lose_something_is_refused(part):
    out = BytesIO(packed(book_of()))
    with ZipFile(out, "a") as book:
        book.writestr(part, "<x/>")
    with pytest.raises(UserError) as caught:
        fill_workbook(out.getvalue(), PROGRAMME, MEETINGS)
    (problem,) = caught.value.problems
    assert part.rpartition("/")[0].lower() in str(problem)


def test_a_workbook_without_macros_does_not_say_that_it_has_some():
    got, _ = filled(book_of())
    with ZipFile(BytesIO(got.content)) as told:
        assert b"macroEnabled" not in told.read("[Content_Types].xml")


def test_a_chart_stays():
    book = book_of()
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=4, min_row=1, max_row=4))
    book.active.add_chart(chart, "J1")
    got, _ = filled(book)
    with ZipFile(BytesIO(got.content)) as told:
        assert "xl/charts/chart1.xml" in told.namelist()


@pytest.mark.parametrize("content", [b"PK\x03\x04 nothing", packed(book_of(["Hall"], [1]))])
def test_what_is_no_programme_is_refused(content):
    with pytest.raises(UserError):
        fill_workbook(content, PROGRAMME, MEETINGS)


def test_what_unpacks_to_too_much_is_refused_before_it_is_read():
    out = BytesIO()
    with ZipFile(out, "w", 8) as bomb:
        bomb.writestr("xl/workbook.xml", b"\0" * 210 * 1024 * 1024)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(UserError, match="unpacks"):
        fill_workbook(out.getvalue(), PROGRAMME, MEETINGS)
