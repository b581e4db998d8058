"""An event's attendance as one Excel workbook: a summary, a sheet of curves as charts, a sheet of people per session.

The charts are Excel's own, drawn from the last sheet, so that who opens the workbook can change them. They have a sheet
of their own because a sheet that is fitted to the width of a page cannot say where its pages end:
https://support.microsoft.com/en-us/office/insert-move-or-delete-page-breaks-in-a-worksheet-ad3dc726-beec-4a4c-861f-ed640612bdc2
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from zoom_sync.adapters.exports.announcement.wording import offset
from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.adapters.exports.spreadsheet import MOST_COLUMNS, MOST_ROWS, Book, serial, writing_book
from zoom_sync.adapters.exports.summary.wording import wording_of
from zoom_sync.adapters.exports.tables import ATTENDANCE, Cell, Shown
from zoom_sync.domain.attendance import Attendee, Role
from zoom_sync.domain.publication import ReportRow
from zoom_sync.domain.summary import EventFigures, SessionFigures

SUMMARY, CHARTS, CURVES = "summary", "charts", "curves"
HEAD = (
    ("session", 14), ("title", 32), ("start", 27), ("end", 27), ("zone", 18), ("people", 9), ("audience", 9),
    ("hosts_and_staff", 9), ("peak", 9), ("peak_at", 27), ("median_minutes", 11), ("questions", 9), ("unanswered", 9),
    ("reports", 42),
)  # fmt: skip
_SHOWN = {"median_minutes": Shown.MINUTES, "title": Shown.PROSE, "reports": Shown.PROSE}
# In pixels; a row is 20 high, a column 64 wide, or a third more where there is no Calibri. A page of A4 holds two of
# them, one below the other.
_CHART_ROWS, _CHART_COLUMNS, _CHART_WIDTH, _CHART_HEIGHT, _CHARTS_TO_A_PAGE = 16, 11, 700, 300, 2
_CURVES_TO_A_PAGE = 2  # pairs of columns that fit beside one another on A4, landscape
_TIME_WIDTH = 28  # a date, a time and its offset
_MOST_LABELS = 12
# A sheet has so many columns, and a session's curve takes two.
MOST_CURVES = MOST_COLUMNS // 2


def write_workbook(
    figures: EventFigures,
    people: Iterable[tuple[str, Iterable[ReportRow[Attendee]]]],
    out: BinaryIO,
    most_rows: int = MOST_ROWS,
) -> int:
    """Write the whole workbook to `out`, which stays open; the number of people's rows.

    `people` are the rows of each session, by its key, taken one at a time: memory does not grow with them.
    """
    with writing_book(out) as book:
        summary = book.add_sheet(SUMMARY)
        _write_summary(book, summary, figures)
        curves = [session for session in figures.sessions if session.by_minute][:MOST_CURVES]
        charts = book.add_sheet(CHARTS) if curves else None
        count = sum(book.write_table(name, ATTENDANCE, rows, most_rows) for name, rows in people)
        if charts is not None:
            _write_curves(book, charts, curves)
    return count


def _write_summary(book: Book, sheet: Any, figures: EventFigures) -> None:
    book.write_head(sheet, HEAD)
    for row, session in enumerate(figures.sessions, 1):
        for place, ((name, _), cell) in enumerate(zip(HEAD, _cells(session), strict=True)):
            book.write_cell(sheet, row, place, cell, _SHOWN.get(name))
    sheet.autofilter(0, 0, len(figures.sessions), len(HEAD) - 1)


def _cells(figures: SessionFigures) -> list[Cell]:
    session, curve, words = figures.session, figures.curve, wording_of("en")
    zone, audience = f"{session.timezone} ({offset(session.start)})", figures.roles.get(Role.AUDIENCE, 0)
    return [
        session.key, one_line(session.title), session.start, session.end, zone,
        figures.people, audience, figures.people - audience,
        curve.peak, curve.peak_at.astimezone(session.start.tzinfo) if curve.peak_at else None,
        curve.median_stay / 60, figures.asked, figures.unanswered,
        "\n".join(f"{words.kind(report)}: {words.state(report)}" for report in figures.reports)
        or words.say("not_collected"),
    ]  # fmt: skip


def _write_curves(book: Book, charts: Any, sessions: Sequence[SessionFigures]) -> None:
    """The minutes of each session beside one another, and a chart of each, one below the other, whole on its page."""
    sheet = book.add_sheet(CURVES)
    heads = [
        (f"{session_figures.session.key} {name}", width)
        for session_figures in sessions
        for name, width in (("time", _TIME_WIDTH), ("people", 12))
    ]
    book.write_head(sheet, heads, one_page_wide=False)
    sheet.set_v_pagebreaks(range(2 * _CURVES_TO_A_PAGE, len(heads), 2 * _CURVES_TO_A_PAGE))
    for row in range(max(len(session.by_minute) for session in sessions)):
        for number, session_figures in enumerate(sessions):
            if row < len(session_figures.by_minute):
                book.write_cell(sheet, row + 1, 2 * number, session_figures.minute(row))
                book.write_cell(sheet, row + 1, 2 * number + 1, session_figures.by_minute[row])
    for number, session_figures in enumerate(sessions):
        charts.insert_chart(number * _CHART_ROWS, 0, _chart(book, sheet.get_name(), number, session_figures))
    last = len(sessions) * _CHART_ROWS
    charts.hide_gridlines(2)
    charts.center_horizontally()
    charts.set_column(0, _CHART_COLUMNS - 1, 8.43)  # said, because other programs have other widths by default
    charts.set_default_row(15)
    charts.print_area(0, 0, last - 1, _CHART_COLUMNS - 1)
    charts.set_h_pagebreaks(range(_CHARTS_TO_A_PAGE * _CHART_ROWS, last, _CHARTS_TO_A_PAGE * _CHART_ROWS))


def _chart(book: Book, sheet: str, number: int, figures: SessionFigures) -> Any:
    minutes = len(figures.by_minute)
    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": [sheet, 0, 2 * number + 1],
            "categories": [sheet, 1, 2 * number, minutes, 2 * number],
            "values": [sheet, 1, 2 * number + 1, minutes, 2 * number + 1],
            "line": {"width": 1.5},
            # What the chart shows before its cells are reckoned, as in a preview.
            "categories_data": [serial(figures.minute(minute)) for minute in range(minutes)],
            "values_data": list(figures.by_minute),
        }
    )
    every = -(-minutes // _MOST_LABELS)
    chart.set_title({"name": f"{figures.session.key}: people present", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "hh:mm", "text_axis": True, "interval_unit": every, "interval_tick": every})
    chart.set_y_axis({"min": 0, "num_format": "0"})
    chart.set_legend({"none": True})
    chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
    return chart
