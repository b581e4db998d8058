import io
import itertools
from dataclasses import replace

import openpyxl
import pytest
from export_samples import attendance_row
from figure_samples import PEOPLE, event, figures, guest

from zoom_sync.adapters.exports.tables import ATTENDANCE
from zoom_sync.adapters.exports.workbook import write_workbook
from zoom_sync.domain.publication import ReportRow

ROWS = [ReportRow("seminar-1", "Asia/Shanghai", one) for one in PEOPLE]


def book_of(told=None, people=(("seminar-1", ROWS),), **options):
    out = io.BytesIO()
    count = write_workbook(told or event(), people, out, **options)
    assert not out.closed
    assert count == sum(len(rows) for _, rows in people)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def summary_of(book):
    head, *lines = book["summary"].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_summary_comes_first_and_then_a_sheet_per_session():
    told = event(figures(), figures(number=2))
    book = book_of(told, [("seminar-1", ROWS), ("seminar-2", ROWS[:1])])
    assert book.sheetnames == ["summary", "charts", "seminar-1", "seminar-2", "curves"]
    assert [cell.value for cell in book["seminar-2"][1]] == ATTENDANCE.names
    assert [row[1].value for row in book["seminar-1"].iter_rows(min_row=2)] == [one.name for one in PEOPLE]


def test_the_summary_has_a_line_of_figures_per_session():
    (line,) = summary_of(book_of())
    assert (line["session"], line["zone"]) == ("seminar-1", "Asia/Shanghai (UTC+8)")
    assert line["start"].isoformat() == "2023-11-06T20:30:00"
    assert (line["people"], line["audience"], line["hosts_and_staff"]) == (4, 3, 1)
    assert (line["peak"], line["peak_at"].isoformat(), line["median_minutes"]) == (4, "2023-11-06T21:50:00", 67.5)
    assert (line["questions"], line["unanswered"]) == (3, 2)
    assert line["reports"] == "attendance: partial: 120 of 130 rows\nquestions: none: nobody asked"


def test_a_session_that_was_not_collected_says_so():
    (line,) = summary_of(book_of(event(figures((), (), ()))))
    assert (line["reports"], line["peak"], line["peak_at"]) == ("not collected yet", 0, None)


def test_each_sessions_curve_is_a_line_chart_of_its_minutes():
    book = book_of(event(figures(), figures([guest("Ann", 0, 10)], number=2)))
    curves = list(book["curves"].iter_rows(values_only=True))
    assert curves[0] == ("seminar-1 time", "seminar-1 people", "seminar-2 time", "seminar-2 people")
    assert (curves[1][0].isoformat(), curves[1][1], curves[46][1], curves[90][1]) == ("2023-11-06T20:30:00", 2, 3, 4)
    assert (curves[10][3], curves[11][3], len(curves)) == (1, 0, 91)
    charts = book["charts"]._charts
    assert [type(chart).__name__ for chart in charts] == ["LineChart", "LineChart"]
    assert [(chart.series[0].cat.numRef.f, chart.series[0].val.numRef.f) for chart in charts] == [
        ("curves!$A$2:$A$91", "curves!$B$2:$B$91"), ("curves!$C$2:$C$91", "curves!$D$2:$D$91"),
    ]  # fmt: skip
    assert [int(point.v) for point in charts[0].series[0].val.numRef.numCache.pt][:46][-2:] == [2, 3]


def test_charts_stand_below_one_another_and_whole_on_their_pages():
    sheet = book_of(event(*(figures(number=number) for number in range(1, 6))))["charts"]
    rows = [(chart.anchor._from.row, chart.anchor.to.row) for chart in sheet._charts]
    assert all(end < following for (_, end), (following, _) in itertools.pairwise(rows))
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert len(breaks) == 2
    assert not [row for row in breaks for begin, end in rows if begin < row <= end]


def test_every_sheet_prints_on_landscape_pages_with_its_head_on_each():
    book = book_of(event(figures(), figures(number=2)), [("seminar-1", ROWS), ("seminar-2", ROWS[:1])])
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        if sheet.title == "charts":
            continue
        assert sheet.print_title_rows == "$1:$1"
        fitted = (
            (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight)
            if sheet.title != "curves"
            else None
        )
        assert fitted in (None, (True, 0))


def test_every_time_of_a_curve_has_room_and_each_page_holds_whole_pairs_of_columns():
    sheet = book_of(event(*(figures(number=number) for number in range(1, 6))))["curves"]
    shown = len("2023-11-06 20:30:00 +08:00")
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFGHIJ"]
    assert min(widths[::2]) > shown
    ends = [0, *(each.id for each in sheet.col_breaks.brk), len(widths)]
    pages = [widths[begin:end] for begin, end in itertools.pairwise(ends)]
    assert all(len(page) % 2 == 0 and sum(page) <= 125 for page in pages)  # so many characters of 11 points are on A4


@pytest.mark.parametrize("key", ["summary", "curves", "Summary", "charts"])
def test_a_session_may_be_called_like_a_sheet_of_ours(key):
    book = book_of(event(figures(key=key)), [(key, ROWS)])
    assert book.sheetnames[0] == "summary"
    assert len({name.casefold() for name in book.sheetnames}) == 4
    (chart,) = book["charts"]._charts
    assert book.sheetnames[-1] in chart.series[0].val.numRef.f


def test_a_session_of_more_rows_than_a_sheet_holds_has_two():
    rows = [attendance_row(f"Guest {number}") for number in range(7)]
    book = book_of(people=[("seminar-1", rows)], most_rows=5)
    assert book.sheetnames == ["summary", "charts", "seminar-1", "seminar-1 2", "curves"]


def test_an_event_without_sessions_is_a_head_alone():
    book = book_of(replace(event(), sessions=()), ())
    assert book.sheetnames == ["summary"]
    assert summary_of(book) == []
