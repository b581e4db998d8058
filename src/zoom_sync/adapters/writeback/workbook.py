"""A workbook (XLSX) with the meetings put in: formats, formulas and other sheets stay.

openpyxl reads a workbook into its own terms and writes it from them. What it has no terms for would be lost in silence;
so the parts of the file are compared, and a workbook that would lose one is refused.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from copy import copy
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from zoom_sync.adapters.writeback.filled import Filled, Meetings
from zoom_sync.adapters.writeback.table import Fill, fill
from zoom_sync.domain.programme import Programme
from zoom_sync.errors import Problem, UserError

MOST_BYTES = 200 * 1024 * 1024  # unpacked; a programme is far smaller
MOST_CELLS = 2_000_000
# Parts that every program writes its own way, and whose loss nobody sees.
_PASSING = re.compile(r"xl/(calcChain|sharedStrings)\.xml|docProps/.*|xl/printerSettings/.*|.*/_rels/.*|_rels/.*")
_NUMBERS = re.compile(r"[0-9]+")


def fill_workbook(content: bytes, programme: Programme, meetings: Meetings) -> Filled:
    """The workbook with its meetings, on every sheet that has a programme's header.

    Raises UserError where it cannot be read, has no such sheet, or would lose something.
    """
    _check_size(content)
    book, values = _loaded(content, formulas=True), _loaded(content, formulas=False)
    filled: list[Fill] = []
    kept: list[tuple[str, str]] = []
    for sheet in book.worksheets:
        told = fill(_grid(values[sheet.title]), programme, meetings, f"{sheet.title}, row")
        if told is not None:
            filled.append(told)
            kept += [*told.kept, *_write(sheet, told)]
    if not filled:
        raise UserError("no sheet has a header row with a key or a title and one more column that is known")
    written = any(fill.cells for fill in filled)
    return Filled(
        _saved(book, content) if written else content,
        frozenset().union(*(fill.sessions for fill in filled)),
        tuple(one for fill in filled for one in fill.unmatched),
        tuple(kept),
    )


def _check_size(content: bytes) -> None:
    """A small file can unpack to more than the memory holds."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except BadZipFile:
        raise UserError("the workbook is damaged, or no workbook at all") from None
    if size > MOST_BYTES:
        raise UserError(f"the workbook unpacks to more than {MOST_BYTES // 1024 // 1024} MiB: is it a programme?")


def _loaded(content: bytes, *, formulas: bool) -> Any:
    """The workbook; without formulas with the values that they had last. Raises UserError, also where it would lose."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import

    with warnings.catch_warnings(record=True) as warning_messages:
        warnings.simplefilter("always")
        try:
            # Kept macros make a file say that it has some, and Excel refuses it where that is not so.
            macros = formulas and "xl/vbaproject.bin" in _parts(content)
            book = load_workbook(BytesIO(content), data_only=not formulas, rich_text=formulas, keep_vba=macros)
        except Exception as error:  # openpyxl raises whatever its parts raise
            raise UserError("the workbook cannot be read; save it again from the program it was made with") from error
    lost = sorted(
        {
            str(warning_message.message)
            for warning_message in warning_messages
            if "will be removed" in str(warning_message.message)
        }
    )
    if lost:
        raise UserError("the workbook would lose something by being written", [Problem(text) for text in lost])
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MOST_CELLS:
        raise UserError(f"the workbook has more than {MOST_CELLS} cells: is it a programme?")
    return book


def _grid(sheet: Any) -> list[list[Any]]:
    """The values of a sheet; a merged area says the same in each of its cells."""
    grid = [[cell.value for cell in row] for row in sheet.iter_rows()]
    for area in sheet.merged_cells.ranges:
        value = sheet.cell(area.min_row, area.min_col).value
        for row in range(area.min_row, min(area.max_row, len(grid)) + 1):
            for column in range(area.min_col, min(area.max_col, len(grid[0])) + 1):
                grid[row - 1][column - 1] = value
    return grid


def _write(sheet: Any, fill: Fill) -> Iterator[tuple[str, str]]:
    """Put the values into their cells; answers where that may not be, and why."""
    for (row, column), value in sorted(fill.cells.items()):
        cell = sheet.cell(row + 1, column + 1)
        why = _why_kept(sheet, cell)
        if why:
            yield f"{sheet.title}, cell {cell.coordinate}", why
            continue
        if column in fill.added:
            _dress(cell, sheet.cell(row + 1, max(1, fill.width)), header=row == fill.header)
        cell.value = value
        cell.data_type = "s"  # a text, whatever it looks like: a passcode keeps its zeros and is no formula
        if row != fill.header:
            cell.number_format = "@"


def _why_kept(sheet: Any, cell: Any) -> str | None:
    for area in sheet.merged_cells.ranges:
        if cell.coordinate in area and area.size["rows"] > 1:
            return "the cell is merged over several rows, which would all tell one meeting"
        if cell.coordinate in area and (cell.row, cell.column) != (area.min_row, area.min_col):
            return "the cell is part of a merged one"
    return "the cell holds a formula" if cell.data_type == "f" else None


def _dress(cell: Any, beside: Any, *, header: bool) -> None:
    """A new column looks like the one beside it."""
    if beside.has_style:
        for name in ("font", "border", "fill", "protection", "alignment"):
            setattr(cell, name, copy(getattr(beside, name)))
    if header:
        sheet = cell.parent
        sheet.column_dimensions[cell.column_letter].width = 24


def _saved(book: Any, before: bytes) -> bytes:
    out = BytesIO()
    book.save(out)
    lost = sorted(_parts(before) - _parts(out.getvalue()))
    if lost:
        raise UserError(
            "the workbook holds what would be lost by writing it; save the programme's sheet as a workbook of its own,"
            " or as CSV",
            [Problem(f"it would lose {part}") for part in lost],
        )
    return out.getvalue()


def _parts(content: bytes) -> set[str]:
    """The parts of a file that somebody would miss, whatever number they bear."""
    with ZipFile(BytesIO(content)) as packed:
        names: Sequence[str] = packed.namelist()
    return {_NUMBERS.sub("", name.lower()) for name in names if not _PASSING.fullmatch(name)}
