"""Tables as Excel workbooks: times, numbers, shares and yes-or-no with their types, the head in sight, with filters.

A time is the session's local one, which spreadsheets can reckon with; they know no zones, so each cell's format shows
the offset behind it. What does not fit on a sheet stands on the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from zoom_sync.adapters.exports.spreadsheet import MEDIA_TYPE, MOST_ROWS, writing_book
from zoom_sync.adapters.exports.tables import Table

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class XlsxWriter:
    """Writes .xlsx; `most_rows` is how many rows a sheet holds, its head included."""

    most_rows: int = MOST_ROWS
    media_type: str = MEDIA_TYPE
    suffix: str = ".xlsx"
    binary: bool = True

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows` to `out`, which stays open; the number of rows."""
        with writing_book(out) as book:
            return book.write_table(table.name, table, rows, self.most_rows)


WRITERS = {"xlsx": XlsxWriter()}
