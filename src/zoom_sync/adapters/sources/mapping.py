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
    PATHS = "where entries and fields are in a tree"
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
class Lookup:
    """A list of things that an entry names by their ids: where they are, their id, and what is taken of each."""

    among: str
    by: str
    take: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldPath:
    """Where a field stands: the first path that answers anything.

    `up` is how many objects around the entry the path begins; `name` takes the name under which that object stands,
    instead of something in it. `lookup` says what the answer stands for. `const` stands for whatever is true.
    """

    paths: tuple[str, ...] = ("$",)
    up: int = 0
    name: bool = False
    lookup: Lookup | None = None
    const: str | None = None


@dataclass(frozen=True, slots=True)
class Paths:
    """How a tree is read: where its entries are (the first path that answers), and their fields."""

    entries: tuple[str, ...]
    fields: Mapping[str, tuple[FieldPath, ...]]
    title: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Sql:
    """A database that holds the programme. `connection` names the variable with its address, which is a secret.

    `query` answers one row for each session. `write_back` is a statement for one session, with parameters `:name`.
    """

    connection: str
    query: str
    write_back: str | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """A conference system with an HTTP API: the system, the site's address, the event there.

    `token` names the variable with the token. `answers` names, for what is written back, the question whose answer it
    becomes: `join_url: 17`.
    """

    system: str
    address: str
    event: str
    token: str | None = None
    answers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or an address on the web, that the mapping file names: relative to itself."""

    name: str


Origin = Sql | Api | Place


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """All of it; nothing said by default. `title` and `timezone` are the event's, `default_length` is minutes.

    `origin` is where the programme is, where the mapping says that too.
    """

    title: str | None = None
    key: str | None = None
    timezone: str | None = None
    default_length: int | None = None
    table: TableRules = TableRules()
    selection: Selection = field(default_factory=Selection)
    shaping: Shaping = field(default_factory=Shaping)
    origin: Origin | None = None
    paths: Paths | None = None

    @property
    def parts(self) -> frozenset[Part]:
        """The parts of which something is said."""
        values = {
            Part.EVENT: bool(self.title or self.key or self.timezone),
            Part.LENGTH: self.default_length is not None,
            Part.TABLE: bool(self.table),
            Part.PATHS: self.paths is not None,
            Part.TIMETABLE: bool(self.selection) or bool(self.shaping),
        }
        return frozenset(part for part, there in values.items() if there)
