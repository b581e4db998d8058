"""What CSV and sheets have in common: finding the header, the sessions of the rows, the cells to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zoom_sync.adapters.writeback.filled import STAYS, WRITTEN, Meetings, may_write, says, told_of, value_of
from zoom_sync.adapters.writeback.moments import starts_of
from zoom_sync.domain.filing import FileRow, match_rows
from zoom_sync.domain.headers import Column, columns_of, header_name
from zoom_sync.domain.programme import Programme

HEADER_WITHIN = 30  # rows; above a header stand a title and a remark, not the programme

Grid = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Fill:
    """The cells to write, by row and column from 0, the header's among them; and what was found of the sessions."""

    header: int
    width: int
    cells: Mapping[tuple[int, int], str]
    added: Mapping[int, Column]
    sessions: frozenset[str]
    unmatched: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...] = ()


def header_of(grid: Grid) -> tuple[int, dict[Column, int]] | None:
    """The row that names the columns: of the first rows that which names most; it must name a key or a title."""
    best: tuple[int, dict[Column, int]] | None = None
    for number, row in enumerate(grid[:HEADER_WITHIN]):
        columns = columns_of(text_of(cell) for cell in row)
        named = {Column.KEY, Column.TITLE} & columns.keys() and len(columns) > 1
        if named and (best is None or len(columns) > len(best[1])):
            best = number, columns
    return best


def fill(grid: Grid, programme: Programme, meetings: Meetings, place: str = "row") -> Fill | None:
    """What has to be written into a table; None where it has no header that is known.

    A cell that says the value already is left as it is. Columns that are missing come after the last one.
    """
    found = header_of(grid)
    if found is None:
        return None
    header, columns = found
    years = {session.start.year for session in programme.sessions}
    rows = [_row(cells, columns, years, f"{place} {header + 2 + n}") for n, cells in enumerate(grid[header + 1 :])]
    matching = match_rows(rows, programme)
    width = max(_width(row) for row in grid[header:])
    filed = {number: meetings[key] for number, key in matching.sessions.items() if key in meetings}
    needed = [column for column in WRITTEN if any(value_of(meeting, column) for meeting in filed.values())]
    missing = [column for column in needed if column not in columns]
    added = {width + number: column for number, column in enumerate(missing)}
    places = columns | {column: place for place, column in added.items()}
    names = [text_of(cell) for cell in grid[header]]
    cells = {(header, at): header_name(column, names) for at, column in added.items()}
    kept: list[tuple[str, str]] = []
    for number, meeting in filed.items():
        row = header + 1 + number
        for column in needed:
            value, at = value_of(meeting, column), places[column]
            text = text_of(_cell(grid[row], at))
            if not value or says(column, text, value):
                continue
            if may_write(meeting, column, text):
                cells[row, at] = value
            else:
                kept.append((rows[number].place, STAYS))
    return Fill(
        header, width, cells, added, frozenset(matching.sessions.values()), told_of(rows, matching), tuple(kept)
    )


def text_of(cell: Any) -> str:
    """A cell as text; whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _row(cells: Sequence[Any], columns: Mapping[Column, int], years: AbstractSet[int], place: str) -> FileRow:
    values = {column: _cell(cells, at) for column, at in columns.items()}
    return FileRow(place, text_of(values.get(Column.KEY)), text_of(values.get(Column.TITLE)), starts_of(values, years))


def _cell(cells: Sequence[Any], at: int) -> Any:
    return cells[at] if at < len(cells) else None


def _width(row: Sequence[Any]) -> int:
    return max(
        (number for number, cell in enumerate(row, 1) if isinstance(cell, date | datetime) or text_of(cell)), default=0
    )
