"""A list of people as CSV: who shall be registered. Delimiter and encoding are found out as for a programme's table."""

from __future__ import annotations

import csv
from contextlib import suppress
from itertools import islice

from zoom_sync.adapters.sources.csv_source import BEGINNING, DELIMITERS, csv_rows
from zoom_sync.adapters.sources.decoding import to_bytes, to_text
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.domain.registering import MOST, People, people_of
from zoom_sync.domain.registering.table import field_of
from zoom_sync.errors import Problem

MOST_ROWS = 4 * MOST


def read_guests(data: bytes, source: str) -> People:
    """The people of a file and everything that is wrong with it; `source` is the file's name, for messages."""
    findings = Findings(source)
    body = to_bytes(data, findings)
    text = None if body is None else to_text(body, findings)
    if text is None:
        return People((), tuple(findings.problems), tuple(findings.notes))
    try:
        rows = list(islice(csv_rows(text, _delimiter(text[:BEGINNING])), MOST_ROWS + 1))
    except csv.Error as error:
        flaw = f"this table cannot be read: {error}. Is a quotation mark left open?"
        return People((), (Problem(flaw, None, source),), ())
    if len(rows) > MOST_ROWS:
        return People((), (Problem(f"there are more than {MOST_ROWS:,} rows", rows[-1][0], source),), ())
    found = people_of(rows, source)
    return People(found.people, found.problems, (*findings.notes, *found.notes))


def _delimiter(beginning: str) -> str:
    """The delimiter that makes most known headings of the first row."""

    def known(delimiter: str) -> int:
        with suppress(csv.Error):
            for _, cells in csv_rows(beginning, delimiter):
                if any(cell.strip() for cell in cells):
                    return len({field_of(cell) for cell in cells} - {None})
        return 0

    return max(DELIMITERS, key=known)
