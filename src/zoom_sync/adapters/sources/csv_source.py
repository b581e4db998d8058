"""CSV: a table as text, with commas, semicolons, tabs or bars, and its headings in one of the first rows.

Imports the standard library and this room.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.cells import Cell
from zoom_sync.adapters.sources.columns import MOST_COLUMNS, MOST_ROWS_TO_HEADINGS, find_columns
from zoom_sync.adapters.sources.mapping import TableRules
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.tables import MOST_ROWS, Sheet, read_tables
from zoom_sync.adapters.sources.timetable import Listing

DELIMITERS = (",", ";", "\t", "|")
BEGINNING = 64 * 1024  # characters in which a table must show itself

# A line ends at CR, LF or both. `str.splitlines` also ends it at a vertical tab, U+2028 and others, inside of a cell.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SEPARATOR_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)  # as Excel writes it


def looks_like_csv(text: str) -> bool:
    return _delimiter(text[:BEGINNING], TableRules()) is not None


def read_csv(source: Source, findings: Findings) -> Listing | None:
    rules = source.mapping.table
    text = source.text
    delimiter = rules.delimiter or _delimiter(text[:BEGINNING], rules) or ","
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    try:
        for number, cells in islice(csv_rows(text, delimiter), MOST_ROWS + 1):
            rows.append(list[Cell](cells[:MOST_COLUMNS]))
            numbers.append(number)
    except csv.Error as error:
        findings.problem(None, f"this table cannot be read: {error}. Is a quotation mark left open?")
        return None
    if len(rows) > MOST_ROWS:
        findings.problem(numbers[-1], f"there are more than {MOST_ROWS} rows: is it really a programme?")
        return None
    return read_tables([Sheet(rows, numbers)], source, findings)


FORMAT = listing_format("csv", looks_like_csv, read_csv, table=True, guess=2)


def csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it begins on."""
    skip = _SEPARATOR_LINE.match(text)
    body = text[skip.end() :] if skip else text
    before = 1 if skip else 0
    reader = csv.reader(_LINE.findall(body), delimiter=delimiter, skipinitialspace=True)
    number = before + 1
    for cells in reader:
        yield number, cells
        number = before + reader.line_num + 1


def _delimiter(beginning: str, rules: TableRules) -> str | None:
    """The delimiter that gives the row of headings with most fields."""
    told = _SEPARATOR_LINE.match(beginning)
    best: tuple[int, str] | None = None
    for delimiter in (told[1], *DELIMITERS) if told else DELIMITERS:
        rows: list[list[str]] = []
        with suppress(csv.Error):  # what was read before may hold the headings
            first = islice(csv_rows(beginning, delimiter), MOST_ROWS_TO_HEADINGS)
            rows.extend(cells[:MOST_COLUMNS] for _, cells in first)
        columns = find_columns(rows, rules.columns)
        if columns and (best is None or len(columns.places) > best[0]):
            best = len(columns.places), delimiter
    return best[1] if best else None
