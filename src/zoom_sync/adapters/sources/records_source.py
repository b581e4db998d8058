"""Records: a JSON list of objects, one for each session, whose keys are read as the headings of a table.

It is what many programs export, and what the rows of a database are handed on as.

Imports the standard library and this room.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.cells import Cell, Whole, cell_text
from zoom_sync.adapters.sources.columns import MOST_COLUMNS, find_columns
from zoom_sync.adapters.sources.json_text import read_json, told_name
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.tables import MOST_ROWS, Sheet, read_tables
from zoom_sync.adapters.sources.timetable import Listing

RECORDS = "records"
MOST_OF_NUMBERS = 10**15  # what is larger is no time and no length
FIRST = 30  # records that show which keys there are

_LIST = re.compile(r"\A\s*\[\s*\{")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def looks_like_records(text: str) -> bool:
    """Whether the keys of a list of objects name a title and a time. Linked data is none: its keys have their own."""
    if not _LIST.match(text):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    keys = _keys(value[:FIRST]) if all(isinstance(entry, dict) for entry in value) else []
    return not {"@type", "@context"} & set(keys) and find_columns([list(map(spaced, keys))], {}) is not None


def read_records(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        findings.problem(None, "this is not a list of records: `[{...}, {...}]`, one object for each session")
        return None
    if not value:
        findings.problem(None, "there is no row at all: is the query, or the export, the one that is meant?")
        return None
    rules = source.mapping.table
    spaced_columns = {name: spaced(heading) for name, heading in rules.columns.items()}
    rules = replace(rules, columns=spaced_columns, header_row=1)
    return records_listing(value, replace(source, mapping=replace(source.mapping, table=rules)), findings)


FORMAT = listing_format(RECORDS, looks_like_records, read_records, table=True)


def records_listing(
    records: Sequence[Mapping[str, Any]], source: Source, findings: Findings, numbers: Iterable[int] | None = None
) -> Listing | None:
    """The listing of records whose keys are headings. `numbers` are their lines; else they are counted from 1."""
    if len(records) > MOST_ROWS:
        findings.problem(None, f"there are more than {MOST_ROWS} rows: is it really a programme?")
        return None
    keys = _keys(records)[:MOST_COLUMNS]
    rows: list[list[Cell | tuple[Cell, ...]]] = [[spaced(key) for key in keys]]
    rows += [[as_cell(record.get(key)) for key in keys] for record in records]
    counted = list(numbers) if numbers is not None else list(range(1, len(records) + 1))
    return read_tables([Sheet(rows, [1, *counted])], source, findings)


def spaced(key: str) -> str:
    """A key as a heading: `startsAt` are two words."""
    return _CAMEL.sub(" ", key)


def as_cell(value: Any) -> Cell | tuple[Cell, ...]:
    """A value of JSON as what a cell of a table holds."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        names = (told_name(one) if isinstance(one, dict) else cell_text(_plain(one)) for one in value)
        return tuple(Whole(name) for name in names if name) or None
    return told_name(value) or None if isinstance(value, dict) else _plain(value)


def _plain(value: Any) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= MOST_OF_NUMBERS:
        return str(value)
    return value if isinstance(value, str | int | float) else None


def _keys(records: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for record in records for key in record))
