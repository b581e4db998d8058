"""What a caller says about a source beyond its zone and key: how a table is meant, what becomes a session, and how.

Imports the domain and the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zoom_sync.domain.timetable import Selection, Shaping


class Part(StrEnum):
    """The parts of a mapping: not every format can use each."""

    EVENT = "the event's title, key or zone"
    TABLE = "how a table is read"
    LENGTH = "how long a session is whose length is not told"
    TIMETABLE = "which entries become sessions, and how"


@dataclass(frozen=True, slots=True)
class TableRules:
    """How a table is meant. `columns` maps a field to the heading it stands under; None and empty: found by itself.

    `fill_down` are the fields whose empty cells mean what stands above them.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheets: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != TableRules()


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """All of it; nothing said by default. `title` and `timezone` are the event's, `default_length` is minutes."""

    title: str | None = None
    key: str | None = None
    timezone: str | None = None
    default_length: int | None = None
    table: TableRules = TableRules()
    selection: Selection = field(default_factory=Selection)
    shaping: Shaping = field(default_factory=Shaping)

    @property
    def parts(self) -> frozenset[Part]:
        """The parts of which something is said."""
        told = {
            Part.EVENT: bool(self.title or self.key or self.timezone),
            Part.LENGTH: self.default_length is not None,
            Part.TABLE: bool(self.table),
            Part.TIMETABLE: bool(self.selection) or bool(self.shaping),
        }
        return frozenset(part for part, there in told.items() if there)
