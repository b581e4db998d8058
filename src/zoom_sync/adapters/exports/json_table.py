r"""Tables as JSON: an array of objects, one to a line, with the columns as keys. Text is kept as Zoom gave it.

Times are ISO 8601 with offset, absent cells null. Half surrogates, which UTF-8 cannot hold, are written as `\udXXX`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, TypeVar

from zoom_sync.adapters.exports.tables import Table

Row = TypeVar("Row")


def to_json(value: object, indent: int | None = None) -> bytes:
    """`value` as UTF-8 JSON. A half surrogate's backslash escape is JSON's own escape for it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain, indent=indent)
    return text.encode("utf-8", "backslashreplace")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@dataclass(frozen=True, slots=True)
class JsonWriter:
    """Writes an array of objects."""

    media_type: str = "application/json"
    suffix: str = ".json"
    binary: bool = False

    def write(self, table: Table[Row], rows: Iterable[Row], out: BinaryIO) -> int:
        """Write all `rows` to `out`, which stays open; the number of rows."""
        names, count = table.names, 0
        for count, row in enumerate(rows, 1):
            out.write(b"[\n" if count == 1 else b",\n")
            out.write(to_json(dict(zip(names, table.cells(row), strict=True))))
        out.write(b"\n]\n" if count else b"[]\n")
        return count


WRITERS = {"json": JsonWriter()}
