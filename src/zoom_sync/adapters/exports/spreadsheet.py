"""Excel workbooks (OOXML) written row by row, on which the writers of .xlsx build; XlsxWriter does the format.

Rows go to a temporary file as they come, so memory does not grow with them. Text is always written as text: never as a
formula or a link, whatever it looks like. The limits are Excel's own:
https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from zoom_sync.adapters.exports.cleaning import no_formula, one_line
from zoom_sync.adapters.exports.tables import Cell, Column, Shown, Table

Row = TypeVar("Row")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767  # counted as Excel counts, in UTF-16
LONGEST_SHEET_NAME = 31
A4 = 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}  # inches

MINUTES = "#,##0.0"
PERCENT = "0.0%"

_WIDTHS = {str: 24, int: 9, float: 11, bool: 9, datetime: 27}
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)  # right from March 1900 on, before which Excel has a day too many
_DAY = timedelta(days=1)
_PROSE_WIDTH = 45
# What is short in these, so that a printed page, which is as wide as all columns, can be read.
_SHORT = {"session": 14, "certainty": 12, "role": 10, "status": 12, "turnout": 14, "source": 9, "registered": 12,
          "panelist": 12}  # fmt: skip
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


def cell_text(text: str) -> str:
    """`text` as a cell can hold it: cleaned, no formula, with line ends of one kind, and cut where it is too long.

    The apostrophe stays in the text, so that it is no formula either after the sheet was saved as CSV.
    """
    told = no_formula(text).replace("\r\n", "\n").replace("\r", "\n")
    if told.startswith("<r>"):
        told = f"'{told}"  # XlsxWriter would take it for marked-up text and put it into the file as it is
    if 2 * len(told) > LONGEST_TEXT and _units(told) > LONGEST_TEXT:
        note = f"\u2026 [cut: {len(told)} characters]"
        octets = told.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(note))]
        told = octets.decode("utf-16-le", "ignore") + note
    return told


def serial(moment: datetime) -> float:
    """A time as Excel counts it: days since the last of 1899, by the clock on the wall, without regard to its zone."""
    return (moment.replace(tzinfo=UTC) - _FIRST_DAY) / _DAY


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Book:
    """A workbook that is being written, with the formats of its cells."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self._formats: dict[str, Any] = {}
        self._offsets: dict[Any, str] = {}
        self._names: set[str] = set()
        self.head = workbook.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self.prose = workbook.add_format({"text_wrap": True, "valign": "top"})

    def number(self, shown: str) -> Any:
        """The format of numbers that are shown so."""
        if shown not in self._formats:
            self._formats[shown] = self.workbook.add_format({"num_format": shown})
        return self._formats[shown]

    def add_sheet(self, name: str) -> Any:
        """A new sheet, last in order. What a sheet's name may not hold is replaced, and a name in use is numbered."""
        text = _NOT_IN_SHEET_NAMES.sub("-", one_line(name)).strip("'") or "sheet"
        free = text[:LONGEST_SHEET_NAME]
        number = 2
        while free.casefold() in self._names or free.casefold() == "history":
            ending = f" {number}"
            free, number = text[: LONGEST_SHEET_NAME - len(ending)] + ending, number + 1
        self._names.add(free.casefold())
        sheet = self.workbook.add_worksheet(free)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(**_MARGINS)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def write_head(self, sheet: Any, columns: Iterable[tuple[str, float]], *, one_page_wide: bool = True) -> None:
        """The first row, which stays in sight and is printed on each page: (name, least width) of each column."""
        for place, (name, width) in enumerate(columns):
            sheet.set_column(place, place, max(width, len(name) + 3))
            sheet.write_string(0, place, cell_text(name), self.head)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        if one_page_wide:
            sheet.fit_to_pages(1, 0)

    def write_cell(self, sheet: Any, row: int, place: int, cell: Cell, shown: Shown | None = None) -> None:
        """One cell with its type. A time is the local one of its own zone, whose offset its format shows."""
        if isinstance(cell, str):
            text = cell_text(cell)
            if text:
                sheet.write_string(row, place, text, self.prose if shown is Shown.PROSE else None)
        elif isinstance(cell, bool):
            sheet.write_boolean(row, place, cell)
        elif isinstance(cell, datetime):
            sheet.write_number(row, place, serial(cell), self.number(self._time(cell)))
        elif cell is not None:
            told = {Shown.MINUTES: MINUTES, Shown.SHARE: PERCENT}.get(shown) if shown else None
            sheet.write_number(row, place, cell, self.number(told) if told else None)

    def _time(self, moment: datetime) -> str:
        gone = moment.utcoffset()
        if gone not in self._offsets:
            text = f"{moment:%z}"
            self._offsets[gone] = f'yyyy-mm-dd hh:mm:ss" {text[:3]}:{text[3:5]}"' if text else "yyyy-mm-dd hh:mm:ss"
        return self._offsets[gone]

    def write_table(self, name: str, table: Table[Row], rows: Iterable[Row], most_rows: int = MOST_ROWS) -> int:
        """All `rows` under a head that filters, on as many sheets as they need; the number of rows."""
        left, count = iter(rows), 0
        while True:
            written = self._write_sheet(name, table, islice(left, most_rows - 1))
            count += written
            following = next(left, None) if written == most_rows - 1 else None
            if following is None:
                return count
            left = chain((following,), left)

    def _write_sheet(self, name: str, table: Table[Row], rows: Iterable[Row]) -> int:
        sheet = self.add_sheet(name)
        self.write_head(sheet, ((column.name, _width(column)) for column in table.columns))
        columns, count = list(enumerate(table.columns)), 0
        for count, row in enumerate(rows, 1):
            for place, column in columns:
                self.write_cell(sheet, count, place, column.cell(row), column.shown)
        sheet.autofilter(0, 0, count, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(len(columns))}{count + 1}"})
        return count


def _width(column: Column[Any]) -> int:
    return _PROSE_WIDTH if column.shown is Shown.PROSE else _SHORT.get(column.name, _WIDTHS[column.type])


def _letters(column: int) -> str:
    """The name of a column, counted from 1."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@contextmanager
def writing_book(out: BinaryIO) -> Iterator[Book]:
    """A workbook that goes to `out`, which stays open, once all of it is there; after an error nothing is written.

    Until then it lies in a folder of its own, which is removed whatever happens.
    """
    # Loaded by who writes one: it takes longer to load than most commands run.
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types

    with tempfile.TemporaryDirectory(prefix="zoom_sync-") as folder:
        path = Path(folder, "whole.xlsx")
        workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder})
        workbook.use_zip64()
        try:
            yield Book(workbook)
            workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from None  # the OSError itself, as of a full disk
        finally:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, out)
