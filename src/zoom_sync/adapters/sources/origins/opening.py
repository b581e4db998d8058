"""A source with everything that was said about it, as plain values; and the place behind it, opened.

Imports `domain`, `errors` and this room.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from zoom_sync.adapters.sources.decoding import MOST_BYTES
from zoom_sync.adapters.sources.fetching import Fetcher, is_url, source_name
from zoom_sync.adapters.sources.formats import read_programme
from zoom_sync.adapters.sources.mapping import Api, Place, SourceMapping, Sql
from zoom_sync.adapters.sources.mapping_file import read_mapping
from zoom_sync.adapters.sources.origins.conference import open_api
from zoom_sync.adapters.sources.origins.sql import Database
from zoom_sync.adapters.sources.origins.values import NotRead, WrittenBack
from zoom_sync.adapters.sources.reading import Reading
from zoom_sync.adapters.sources.records_source import RECORDS
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.returning import Earlier, Returned
from zoom_sync.domain.timetable import Aspect, Per
from zoom_sync.errors import UserError

_NAMES_ITS_SOURCE = re.compile(rb"^(?:sql|pretalx|indico|source)[ \t]*:", re.MULTILINE)
_IS_PROGRAMME = re.compile(rb"^sessions[ \t]*:", re.MULTILINE)
_SHEET = re.compile(r"(https://docs\.google\.com/spreadsheets/d/[\w-]+)/edit(?:[^#]*)?(?:#gid=([0-9]+).*)?")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as it was named, and what was said of it. Plain values: it can be kept and read again by others."""

    source: str
    timezone: str | None = None
    event: str | None = None
    form: str | None = None
    mapping: str | None = None
    event_title: str | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by the names of `Aspect`
    one_per: str | None = None
    title: str | None = None
    without: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    default_length: int | None = None

    def as_json(self) -> dict[str, Any]:
        """What differs from the default."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), {})}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> SourceSpec:
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {name: value for name, value in told.items() if name in known}
        values["only"] = {name: tuple(those) for name, those in values.get("only", {}).items()}
        values["without"] = tuple(values.get("without", ()))
        return cls(**values)

    def anywhere(self) -> SourceSpec:
        """The same for a process that works in another folder."""
        source = self.source if is_url(self.source) else str(Path(self.source).resolve())
        return replace(self, source=source, mapping=str(Path(self.mapping).resolve()) if self.mapping else None)


@dataclass(frozen=True, slots=True)
class Ways:
    """How places are reached: what variables hold, and the web."""

    secret: Callable[[str], str]
    fetcher: Fetcher


class Origin(Protocol):
    """A place that answers the bytes of a programme."""

    def fetch(self) -> bytes:
        """Raises UserError."""
        ...


class Target(Protocol):
    """A place that takes what is written back, one session after the other."""

    def write_back(self, wanted: Mapping[str, Returned], earlier: Mapping[str, Earlier]) -> WrittenBack:
        """Raises UserError."""
        ...


@dataclass(frozen=True, slots=True)
class File:
    """A file on this machine."""

    path: str

    def fetch(self) -> bytes:
        """Raises NotRead."""
        return file_bytes(self.path)


@dataclass(frozen=True, slots=True)
class Address:
    """An address on the web."""

    url: str
    fetcher: Fetcher

    def fetch(self) -> bytes:
        """Raises NotFetched."""
        return self.fetcher.fetch(as_table(self.url))


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that somebody sent."""

    data: bytes = field(repr=False)

    def fetch(self) -> bytes:
        return self.data


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that can be read. `target` takes what is written back; None for files and addresses."""

    name: str
    origin: Origin
    mapping: SourceMapping
    spec: SourceSpec
    form: str | None = None
    target: Target | None = None

    def read(self, data: bytes | None = None) -> Reading:
        """The programme of these bytes, or of those that are there now. Raises UserError where it cannot be had."""
        told = self.origin.fetch() if data is None else data
        return read_programme(
            told, name=self.name, timezone=self.spec.timezone, event_key=self.spec.event,
            format=self.spec.form or self.form, mapping=self.mapping,
        )  # fmt: skip


def open_source(spec: SourceSpec, ways: Ways) -> Opened:
    """The place of a programme; nothing is read of it yet but mappings. Raises UserError."""
    source_mapping = read_mapping(file_bytes(spec.mapping), spec.mapping) if spec.mapping else None
    source, at = spec.source, spec.mapping
    if source_mapping is None and not is_url(source):
        source_mapping = _mapping_as_source(source)
        at = source if source_mapping is not None else None
    mapping = _with_options(source_mapping or SourceMapping(), spec)
    place = mapping.origin
    if place is not None and spec.mapping is not None:
        raise UserError(f"{spec.mapping} names its source itself: load it, instead of naming it with --mapping")
    if isinstance(place, Sql):
        base = Database(source, ways.secret(place.connection), place, mapping.table.columns)
        return Opened(source, base, mapping, spec, RECORDS, base if place.write_back else None)
    if isinstance(place, Api):
        api = open_api(source, place, ways.secret(place.token) if place.token else "", ways.fetcher)
        return Opened(source, api, mapping, spec, place.system, api if place.answers else None)
    if isinstance(place, Place) and at is not None:
        source = place.name if is_url(place.name) else str(Path(at).parent / place.name)
    if is_url(source):
        return Opened(source_name(source), Address(source, ways.fetcher), mapping, spec)
    return Opened(source, File(source), mapping, spec)


def open_sent(spec: SourceSpec, data: bytes, mapping: bytes | None = None) -> Opened:
    """A programme that was sent, with the mapping file that was sent along; `spec.source` is what messages call it.

    Raises ConfigurationError where the mapping has problems, UserError where it names a place: what is reached from
    here is named by who runs this machine, and not by who may send a file.
    """
    source_mapping = read_mapping(mapping, spec.mapping or "mapping") if mapping is not None else SourceMapping()
    if source_mapping.origin is not None or (_is_yaml(spec.source) and _names_a_place(data)):
        raise UserError(
            Phrase("a mapping that names its source is not read here; load it at the terminal: zoom-sync load")
        )
    return Opened(spec.source, Held(data), _with_options(source_mapping, spec), spec)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _names_a_place(data: bytes) -> bool:
    return bool(_NAMES_ITS_SOURCE.search(data)) and not _IS_PROGRAMME.search(data)


def _mapping_as_source(source: str) -> SourceMapping | None:
    """A mapping that names its source; None where the file is something else, such as the programme itself."""
    if not _is_yaml(source):
        return None
    data = file_bytes(source)
    if not _names_a_place(data):
        return None
    return read_mapping(data, source)


def _with_options(mapping: SourceMapping, spec: SourceSpec) -> SourceMapping:
    """The mapping, with what the options say in the place of what it says."""
    said = mapping.selection
    only = {Aspect(name): tuple(values) for name, values in spec.only.items()}
    selection = replace(
        said,
        only={**said.only, **only},
        without_ids=(*said.without_ids, *spec.without),
        first=date.fromisoformat(spec.first) if spec.first else said.first,
        last=date.fromisoformat(spec.last) if spec.last else said.last,
    )
    shaping = mapping.shaping
    shaping = replace(
        shaping, per=Per(spec.one_per) if spec.one_per else shaping.per, title=spec.title or shaping.title
    )
    return replace(
        mapping,
        title=spec.event_title or mapping.title,
        default_length=spec.default_length or mapping.default_length,
        selection=selection,
        shaping=shaping,
    )


def as_table(url: str) -> str:
    """The address of a Google Sheet's table, of the one that people have in their browser; else the address itself."""
    sheet = _SHEET.fullmatch(url)
    return f"{sheet[1]}/export?format=csv&gid={sheet[2] or 0}" if sheet else url


def file_bytes(path: str) -> bytes:
    """A file's bytes; of one that is larger than any source may be, or has no end, enough for that to be seen.

    Raises NotRead.
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise NotRead(f"{path} cannot be read: {told}") from None
