"""What a writer of tables is, and the formats there are.

A new format is one new file `…_table.py` with `WRITERS`, and its test: docs/how-to/add-a-format.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO, Protocol, TypeVar, runtime_checkable

from zoom_sync.adapters.exports.tables import Table
from zoom_sync.adapters.offered import modules
from zoom_sync.domain.publication import SpreadsheetLanguage
from zoom_sync.errors import UserError

Row = TypeVar("Row")


class TableWriter(Protocol):
    """Writes a table in one format: `media_type` and `suffix` are for downloads, `binary` is not for terminals."""

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    @property
    def binary(self) -> bool: ...

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows`, one at a time, to `out`, which stays open; the number of rows written."""
        ...


@runtime_checkable
class ByLanguage(Protocol):
    """A writer whose files are for spreadsheets of one language: English ones, where none is chosen."""

    def for_spreadsheet(self, language: SpreadsheetLanguage) -> TableWriter:
        """The writer for spreadsheets in this language."""
        ...


FIRST = ("csv", "csv-excel", "xlsx")  # are shown before the others: what most people want


def _writers() -> Mapping[str, TableWriter]:
    """The writers that the files of this room hold, by the names of their formats."""
    held: dict[str, TableWriter] = {}
    for each in modules(__package__, "_table"):
        held |= each.WRITERS
    return dict(sorted(held.items(), key=lambda one: (FIRST.index(one[0]) if one[0] in FIRST else len(FIRST), one[0])))


WRITERS = _writers()


def by_language(format_name: str) -> bool:
    """Whether the files of a format are for spreadsheets of one language."""
    return isinstance(WRITERS.get(format_name), ByLanguage)


def writer_of(format_name: str, spreadsheet: SpreadsheetLanguage | None = None) -> TableWriter:
    """The writer of a format by its name. Raises UserError, which lists the formats, for an unknown one.

    `spreadsheet` is the language of the spreadsheet that a file is for; formats that need none are the same for all.
    """
    writer = WRITERS.get(format_name)
    if writer is None:
        raise UserError(f"Reports are not written as {format_name!r}; choose one of: {', '.join(WRITERS)}.")
    return writer.for_spreadsheet(spreadsheet) if spreadsheet and isinstance(writer, ByLanguage) else writer


def write_table(
    format_name: str,
    table: Table[Row],
    rows: Iterable[Row],
    out: BinaryIO,
    spreadsheet: SpreadsheetLanguage | None = None,
) -> int:
    """Write `rows` of `table` to `out`, open for bytes, in memory that does not grow with the rows.

    Answers the number of rows. Raises UserError for an unknown format, and what reading `rows` or writing raises.
    """
    return writer_of(format_name, spreadsheet).write(table, rows, out)
