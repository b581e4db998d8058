"""Tables as CSV (RFC 4180): UTF-8, CRLF. `csv` is for programs, `csv-excel` for spreadsheets of a certain language.

Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers.

`csv` has commas, points in its numbers, and times in ISO 8601 with offset. It has no byte order mark, because programs
read the first column's name with it.

A spreadsheet reads a CSV file by the rules of its own language, and the file cannot say which it is written by (a line
`sep=;` makes Excel take UTF-8 for the local code page). `csv-excel` is therefore written for one language: with its
separator, decimal sign and words for yes and no, and with the mark by which spreadsheets know UTF-8. Every cell is in
quotes, so that a decimal comma does not part a number where commas and semicolons both are taken for separators.

A moment takes two columns, the day and the time: LibreOffice, unless told to detect special numbers, takes a day for a
date but a day with a time only with a "T" between (https://help.libreoffice.org/latest/en-US/text/shared/00/00000208.html),
which Excel does not. Both are by the clock of the session's zone, which the last column names: spreadsheets know no
offsets.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import BinaryIO, TypeVar

from zoom_sync.adapters.exports.cleaning import no_formula
from zoom_sync.adapters.exports.tables import Cell, Column, Table
from zoom_sync.domain.publication import SpreadsheetLanguage

Row = TypeVar("Row")

ZONE = "timezone"


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """Writes CSV for programs."""

    media_type: str = "text/csv; charset=utf-8"
    suffix: str = ".csv"
    binary: bool = False

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows` to `out`, which stays open; the number of rows."""
        return _write(out, "utf-8", table.names, ([_plain(cell) for cell in table.cells(row)] for row in rows))


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a spreadsheet of one language reads a CSV file."""

    separator: str
    decimal: str
    yes: str
    no: str


# The list separator and decimal sign of the language's locale, and Excel's own names of the two truth values.
CONVENTIONS: Mapping[SpreadsheetLanguage, Conventions] = {
    SpreadsheetLanguage.ENGLISH: Conventions(",", ".", "TRUE", "FALSE"),
    SpreadsheetLanguage.GERMAN: Conventions(";", ",", "WAHR", "FALSCH"),
    SpreadsheetLanguage.CHINESE: Conventions(",", ".", "TRUE", "FALSE"),
}


@dataclass(frozen=True, slots=True)
class SpreadsheetCsvWriter:
    """Writes CSV that a spreadsheet in `language` opens with numbers and dates."""

    language: SpreadsheetLanguage = SpreadsheetLanguage.ENGLISH
    media_type: str = "text/csv; charset=utf-8"
    suffix: str = ".csv"
    binary: bool = False

    def for_spreadsheet(self, language: SpreadsheetLanguage) -> SpreadsheetCsvWriter:
        """The writer for spreadsheets in another language."""
        return SpreadsheetCsvWriter(language)

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows` to `out`, which stays open; the number of rows."""
        conventions = CONVENTIONS[self.language]
        head = [name for column in table.columns for name in _heads(column)]
        timed = ZONE not in table.names and any(column.type is datetime for column in table.columns)

        def cells(row: Row) -> list[str]:
            values = table.cells(row)
            line = [
                text
                for column, value in zip(table.columns, values, strict=True)
                for text in _shown(column, value, conventions)
            ]
            zone = next((str(value.tzinfo) for value in values if isinstance(value, datetime)), "")
            return [*line, zone] if timed else line

        head = [*head, ZONE] if timed else head
        return _write(out, "utf-8-sig", head, map(cells, rows), conventions.separator, csv.QUOTE_ALL)


WRITERS = {"csv": CsvWriter(), "csv-excel": SpreadsheetCsvWriter()}


def _write(
    out: BinaryIO,
    encoding: str,
    head: list[str],
    rows: Iterable[Iterable[object]],
    separator: str = ",",
    quoting: int = csv.QUOTE_MINIMAL,
) -> int:
    text = TextIOWrapper(out, encoding=encoding, newline="")
    count = 0
    try:
        sheet = csv.writer(text, delimiter=separator, quoting=quoting)  # type: ignore[arg-type]  # one of csv's own
        sheet.writerow(head)
        for count, row in enumerate(rows, 1):  # noqa: B007
            sheet.writerow(row)
    finally:
        text.detach()
    return count


def _plain(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return no_formula(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _heads(column: Column[Row]) -> tuple[str, ...]:
    return (column.name, f"{column.name}_time") if column.type is datetime else (column.name,)


def _shown(column: Column[Row], cell: Cell, conventions: Conventions) -> tuple[str, ...]:
    if column.type is datetime:
        return (f"{cell:%Y-%m-%d}", f"{cell:%H:%M:%S}") if isinstance(cell, datetime) else ("", "")
    if cell is None:
        return ("",)
    if isinstance(cell, bool):
        return (conventions.yes if cell else conventions.no,)
    return (no_formula(cell) if isinstance(cell, str) else str(cell).replace(".", conventions.decimal),)
