"""Excel workbooks (.xlsx): every sheet that holds a table of sessions.

Read with openpyxl: values as they were last computed, no formula evaluated, no macro and no link to another workbook
followed. A workbook is a ZIP file of XML: its size when unpacked, its parts and its rows are bounded before anything
is parsed, and nothing is unpacked to a disk, so that no name in it can lead anywhere.

Imports openpyxl where a workbook is read, the standard library and this room.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.cells import EPOCH_1900, Cell
from zoom_sync.adapters.sources.columns import MOST_COLUMNS
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.tables import MOST_ROWS, Sheet, read_tables
from zoom_sync.adapters.sources.timetable import Listing
from zoom_sync.domain.validate import shown

MOST_UNPACKED = 48 * 1024 * 1024
MOST_PARTS = 1000
MOST_SHEETS = 100
MOST_MERGED_CELLS = 100_000
MOST_ROWS_NAMED = 10
ERRORS = {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"}  # what a formula may have left
EPOCH_1904 = date(1904, 1, 1)

_ZIP = b"PK\x03\x04"
_MAIN_PART = "xl/workbook.xml"
# What a cell with a value ends in, with and without a prefix for the namespace: a value, a text, a formula's string.
_VALUE_ENDS = (b"</v>", b":v>", b"</is>", b":is>")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z0-9:$]+)["']""")
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s[^<>]{0,1000}>")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d+)["']""")


class _Refused(Exception):
    """The workbook is not read; says why."""


def is_xlsx(data: bytes) -> bool:
    return data.startswith(_ZIP) and _MAIN_PART.encode() in data


def read_xlsx(source: Source, findings: Findings) -> Listing | None:
    try:
        sheets = list(_sheets(source.data, source.mapping.table.sheets, findings))
    except _Refused as refusal:
        findings.problem(None, str(refusal))
        return None
    except Exception:  # noqa: BLE001 - a damaged workbook breaks openpyxl in ways that it does not name
        findings.problem(None, "this workbook is damaged or holds what cannot be read: open it and save it again as"
                               " .xlsx")  # fmt: skip
        return None
    return read_tables(sheets, source, findings)


FORMAT = listing_format("xlsx", lambda _: False, read_xlsx, recognises_bytes=is_xlsx, table=True)


def _sheets(data: bytes, named: Sequence[str], findings: Findings) -> Iterator[Sheet]:
    import openpyxl  # noqa: PLC0415 - heavy, and only workbooks need it

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_size(archive)
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            if len(workbook.worksheets) > MOST_SHEETS:
                raise _Refused(f"this workbook has more than {MOST_SHEETS} sheets: is it really a programme?")
            epoch = EPOCH_1904 if workbook.epoch.year == EPOCH_1904.year else EPOCH_1900
            rows = 0
            for sheet in workbook.worksheets:
                if sheet.sheet_state != "visible" and sheet.title not in named:
                    findings.note(None, f"the sheet `{shown(sheet.title)}` is hidden: left out; name it under `sheets:`"
                                        " in a mapping to read it")  # fmt: skip
                    continue
                part = _part(sheet, archive)
                last_row = _last_row_with_value(part)
                rows += last_row
                if rows > MOST_ROWS:
                    raise _Refused(_too_long(last_row, rows))
                yield _sheet(sheet, part, last_row, epoch, findings)
        finally:
            workbook.close()


def _check_size(archive: zipfile.ZipFile) -> None:
    """What a part says of its size can be trusted as a bound: no more than that is ever read of it."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        mib = MOST_UNPACKED // 1024 // 1024
        raise _Refused(f"this workbook unpacks to more than {mib} MiB or {MOST_PARTS} parts: is it really a programme?")


def _part(sheet: Any, archive: zipfile.ZipFile) -> bytes:
    """A sheet's XML: one that is only read tells neither its used rows nor merged cells."""
    path: str = sheet._worksheet_path  # noqa: SLF001 - as above
    return archive.read(path.lstrip("/"))


def _too_long(last_row: int, rows: int) -> str:
    """Why a workbook is not read: for one far cell of a sheet, or for the rows of all its sheets."""
    if last_row > MOST_ROWS:
        return f"a sheet has a value in row {last_row}; {MOST_ROWS} rows are read: is it really a programme?"
    return f"the sheets have {rows} rows or more; {MOST_ROWS} are read: is it really a programme?"


def _sheet(sheet: Any, part: bytes, last_row: int, epoch: date, findings: Findings) -> Sheet:
    # Rows without a value go up to a workbook's last one where somebody has formatted them, and each would be made.
    used = sheet.iter_rows(max_row=last_row, max_col=MOST_COLUMNS, values_only=True) if last_row else ()
    rows: list[list[Cell]] = [[_value(cell) for cell in cells] for cells in used]
    left = MOST_MERGED_CELLS
    for area in _merged(part):
        left -= _spread(rows, area)
        if left < 0:
            raise _Refused("a sheet has more merged cells than any programme needs: split them")
    hidden = _hidden_rows(part) & set(range(1, len(rows) + 1))
    if hidden:
        text = ", ".join(map(str, sorted(hidden)[:MOST_ROWS_NAMED])) + (
            " and more" if len(hidden) > MOST_ROWS_NAMED else ""
        )
        findings.note(min(hidden), f"hidden rows of the sheet `{shown(sheet.title)}` are left out: {text}")
    numbers = [number for number in range(1, len(rows) + 1) if number not in hidden]
    return Sheet([rows[number - 1] for number in numbers], numbers, sheet.title, epoch)


def _hidden_rows(part: bytes) -> set[int]:
    """The numbers of the rows that nobody sees, by hand or by a filter."""
    heads = (head[0] for head in _ROW.finditer(part))
    found = (_ROW_NUMBER.search(head) for head in heads if _HIDDEN.search(head))
    return {int(number[1]) for number in found if number}


def _last_row_with_value(part: bytes) -> int:
    """The number of a sheet's last row that holds a value, from the sheet's XML; 0 where none does.

    Looked for from the end and as text: a far cell, or a million empty rows, costs no more than its bytes.
    """
    end = max(part.rfind(closing) for closing in _VALUE_ENDS)
    if end < 0:
        return 0
    opening = max(part.rfind(b"<row ", 0, end), part.rfind(b":row ", 0, end))
    number = _ROW_NUMBER.search(part, opening, part.find(b">", opening)) if opening >= 0 else None
    # A row need not tell its number: then there are as many as there are rows, and at most so many.
    return int(number[1]) if number else min(part.count(b"row>") + part.count(b"row "), MOST_ROWS)


def _value(cell: Any) -> Cell:
    if cell is None or isinstance(cell, bool):
        return None
    if cell in ERRORS:
        return None
    return cell if isinstance(cell, str | int | float | date | time | timedelta) else str(cell)


def _merged(part: bytes) -> Iterator[tuple[int, int, int, int]]:
    """The merged areas of a sheet, from its XML, as first column, first row, last column, last row."""
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415 - only workbooks need it

    for area in _MERGED.finditer(part, max(part.find(b"mergeCells"), 0)):
        left, top, right, bottom = range_boundaries(area[1].decode("ascii", "replace"))
        if left and top and right and bottom:
            yield left, top, right, bottom


def _spread(rows: list[list[Cell]], area: tuple[int, int, int, int]) -> int:
    """What stands in the first cell of a merged area stands in all rows of it; answers how many cells that were.

    Only downwards: a day or a room that is merged holds for the rows beside it, a heading over columns does not.
    """
    column, top, _, bottom = area
    bottom = min(bottom, len(rows))
    if top > len(rows) or column > len(rows[top - 1]):
        return 1
    value = rows[top - 1][column - 1]
    for row in rows[top:bottom]:
        row.extend([None] * (column - len(row)))
        row[column - 1] = value
    return max(bottom - top, 1)
