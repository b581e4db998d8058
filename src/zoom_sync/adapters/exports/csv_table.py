"""Tables as CSV (RFC 4180): UTF-8, commas, CRLF, quotes where needed. Times are ISO 8601 with offset.

Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers. Without a byte order
mark by default, because programs read the first column's name with it; `bom=True` is for spreadsheets, which take a
file without one for the local code page.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import BinaryIO, TypeVar

from zoom_sync.adapters.exports.cleaning import no_formula
from zoom_sync.adapters.exports.tables import Cell, Table

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """Writes CSV; `bom` puts a byte order mark first."""

    bom: bool = False
    media_type: str = "text/csv; charset=utf-8"
    suffix: str = ".csv"
    binary: bool = False

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows` to `out`, which stays open; the number of rows."""
        text = TextIOWrapper(out, encoding="utf-8-sig" if self.bom else "utf-8", newline="")
        count = 0
        try:
            sheet = csv.writer(text)
            sheet.writerow(table.names)
            for count, row in enumerate(rows, 1):  # noqa: B007
                sheet.writerow([_plain(cell) for cell in table.cells(row)])
        finally:
            text.detach()
        return count


WRITERS = {"csv": CsvWriter(), "csv-excel": CsvWriter(bom=True)}


def _plain(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return no_formula(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, datetime) else cell
