"""Entries and their fields found by JSONPath in a tree of any layout, as records that are read like rows of a table.

JSONPath is that of RFC 9535, by python-jsonpath. A path of a field begins (`$`) at its entry.

Imports python-jsonpath and this room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from zoom_sync.adapters.sources.json_text import told_name
from zoom_sync.adapters.sources.mapping import FieldPath, Lookup, Paths
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.records_source import records_listing
from zoom_sync.adapters.sources.tables import MOST_ROWS
from zoom_sync.adapters.sources.timetable import Listing, one_line

MOST_PER_FIELD = 200


def path_flaw(path: str) -> str | None:
    """What is wrong with a path, to be read after its name."""
    import jsonpath  # noqa: PLC0415 - slow to import

    if len(path) > 500:  # noqa: PLR2004
        return "is too long for a path"
    if not path.startswith("$"):
        return "must be a JSONPath that begins with `$`, such as `$.sessions[*]`"
    try:
        jsonpath.compile(path)
    except (jsonpath.JSONPathError, ValueError, RecursionError) as error:
        text = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        return f"is not a JSONPath: {text}"
    return None


def records_of(root: Any, paths: Paths, findings: Findings) -> list[dict[str, Any]]:
    """The entries as records by the names of their fields. Never raises for what the tree holds."""
    import jsonpath  # noqa: PLC0415

    if not isinstance(root, dict | list):  # a text would be read as JSON once more
        return []
    try:
        return list(_Tree(root, paths).records())
    except (jsonpath.JSONPathError, RecursionError, OverflowError) as error:
        text = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        findings.problem(None, f"the paths cannot be followed in this file: {text}")
        return []


@dataclass
class _Tree:
    root: Any
    paths: Paths
    _looked: dict[Lookup, dict[str, list[Any]]] = field(default_factory=dict)

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        return {}

    def _path(self, text: str) -> Any:
        import jsonpath  # noqa: PLC0415

        if text not in self._compiled:
            self._compiled[text] = jsonpath.compile(text)
        return self._compiled[text]

    def records(self) -> Iterator[dict[str, Any]]:
        for text in self.paths.entries:
            count = 0
            for match in self._path(text).finditer(self.root):
                if isinstance(match.obj, dict):
                    count += 1
                    yield self._record(match)
                if count > MOST_ROWS:
                    return
            if count:
                return

    def _record(self, match: Any) -> dict[str, Any]:
        told = {}
        for name, ways in self.paths.fields.items():
            values = next((found for way in ways if (found := self._values(match, way))), [])
            told[name] = values[0] if len(values) == 1 else values[:MOST_PER_FIELD] or None
        return told

    def _values(self, match: Any, way: FieldPath) -> list[Any]:
        node = _above(match, way.up)
        if node is None:
            return []
        if way.name:
            name = _name_of(node)
            return [] if name is None else [name]
        for text in way.paths:
            values = [value for value in self._find(text, node.obj) if value not in (None, "", [], {})]
            if way.lookup is not None:
                values = [each for value in values for each in self._looked_up(way.lookup, value)]
            if way.const is not None:
                values = [way.const] if any(value not in (False, 0) for value in values) else []
            if values:
                return values
        return []

    def _find(self, text: str, value: Any) -> list[Any]:
        """What a path answers; the plainest ones, `$.name`, without the library, as there are very many of them."""
        if text == "$":
            return [value]
        name = text[2:]
        if text.startswith("$.") and name.isidentifier():
            return [value[name]] if isinstance(value, dict) and name in value else []
        return list(self._path(text).findall(value)) if isinstance(value, dict | list) else []

    def _looked_up(self, lookup: Lookup, value: Any) -> list[Any]:
        ids = value if isinstance(value, list) else [value]
        there = self._things(lookup)
        return [each for one in ids for each in there.get(_id(one), [] if isinstance(one, dict) else [one])]

    def _things(self, lookup: Lookup) -> dict[str, list[Any]]:
        if lookup not in self._looked:
            rows: dict[str, list[Any]] = {}
            for thing in self._find(lookup.among, self.root):
                ids = self._find(lookup.by, thing)
                taken = next((values for text in lookup.take if (values := self._find(text, thing))), [])
                for one in ids:
                    rows.setdefault(_id(one), [value for value in taken if value is not None])
            self._looked[lookup] = rows
        return self._looked[lookup]


def _id(value: Any) -> str:
    return str(value)


def _above(match: Any, up: int) -> Any:
    """The match itself, or that of the object so many objects around it."""
    while up and match is not None:
        match = match.parent
        while match is not None and not isinstance(match.obj, dict):
            match = match.parent
        up -= 1
    return match


def _name_of(match: Any) -> str | None:
    """The name under which something stands, or the list that it stands in."""
    return next((part for part in reversed(match.parts) if isinstance(part, str)), None)


def listing_of(root: Any, paths: Paths, source: Source, findings: Findings) -> Listing | None:
    """The listing of a tree; None where its findings say why there is none."""
    records = records_of(root, paths, findings)
    if findings.problems:
        return None
    if not records:
        findings.problem(None, f"there is no entry at {' or '.join(f'`{path}`' for path in paths.entries)}")
        return None
    columns = {name: name for name in paths.fields}
    rules = replace(source.mapping.table, columns=columns, header_row=1)
    quiet = Findings(findings.name)  # how its columns are called is no news: they are those of the paths
    told = replace(source, mapping=replace(source.mapping, table=rules))
    listing = records_listing(records, told, quiet)
    findings.problems += quiet.problems
    findings.notes += quiet.notes[1:]
    if listing is not None:
        listing.title = one_line(_first(root, paths.title), 200) or None
        listing.timezone = one_line(_first(root, paths.timezone), 100) or None
    return listing


def _first(root: Any, path: str | None) -> Any:
    """The first text that a path answers."""
    import jsonpath  # noqa: PLC0415

    if path is None or not isinstance(root, dict | list):
        return None
    try:
        return next((told_name(value) for value in jsonpath.findall(path, root) if told_name(value)), None)
    except (jsonpath.JSONPathError, RecursionError):
        return None
