"""The part of a mapping file that says where entries and fields are in JSON or YAML.

Imports the domain and this room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from zoom_sync.adapters.sources.columns import FIELDS
from zoom_sync.adapters.sources.mapping import FieldPath, Lookup, Paths
from zoom_sync.adapters.sources.paths import path_flaw
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.yaml_nodes import Mapping, Node, Scalar, Sequence
from zoom_sync.adapters.sources.yaml_shapes import Field, Flag, Form, Record, Shape, Text, named_values
from zoom_sync.domain.validate import text_flaw

MOST_UP = 9


@dataclass(frozen=True, slots=True)
class OneOrMore:
    """One value, or a list of them of which the first that answers counts."""

    item: Shape

    def read(self, node: Node, what: str, findings: Findings) -> tuple[Any, ...] | None:
        nodes = node.items if isinstance(node, Sequence) else [node]
        read = [self.item.read(each, what, findings) for each in nodes]
        return tuple(value for value in read if value is not None) or None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.item.schema(), {"type": "array", "items": self.item.schema()}]}


@dataclass(frozen=True, slots=True)
class Way:
    """A path, or a mapping that says more of it."""

    def read(self, node: Node, what: str, findings: Findings) -> FieldPath | None:
        if isinstance(node, Scalar):
            path = _PATH.read(node, what, findings)
            return FieldPath((path,)) if path else None
        record = _WAY.read(node, what, findings)
        return _way(record, what, findings) if record else None

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [_PATH.schema(), _WAY.schema()]}


@dataclass(frozen=True, slots=True)
class Ways:
    """The fields with their ways."""

    def read(self, node: Node, what: str, findings: Findings) -> dict[str, tuple[FieldPath, ...]] | None:
        if not isinstance(node, Mapping):
            findings.problem(node.line, f"{what} must be a mapping: lines of the form `field: $.path`, indented")
            return None
        rows = {}
        for name, value in named_values(node, findings).items():
            if name not in FIELDS:
                choices = ", ".join(f"`{each}`" for each in FIELDS)
                findings.problem(value.line, f"{what} has an unknown key: known are {choices}")
            elif ways := OneOrMore(Way()).read(value, f"`{name}`", findings):
                rows[name] = ways
        return rows

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "propertyNames": {"enum": list(FIELDS)}, "additionalProperties": Way().schema()}


def _up_flaw(text: str) -> str | None:
    return None if re.fullmatch(f"[0-{MOST_UP}]", text) else f"must be a number of levels, from 0 to {MOST_UP}"


_PATH = Text(path_flaw)
_SOME = OneOrMore(_PATH)
_WAY = Form(
    "a field",
    {
        "path": Field(_SOME, "The path, from the entry on."),
        "up": Field(Text(_up_flaw), "How many objects around the entry the path begins."),
        "name": Field(Flag(), "Takes the name under which that object, or the list that it stands in, is kept."),
        "among": Field(_PATH, "The path answers ids of things that are here, from the beginning of the file."),
        "by": Field(_PATH, "The id of such a thing."),
        "take": Field(_SOME, "What of such a thing is meant."),
        "const": Field(Text(text_flaw), "What is meant where the path answers anything but no."),
    },
)
PATHS = Form(
    "`paths`",
    {
        "entries": Field(_SOME, "Where the entries are.", must="say where the entries are, such as `$.sessions[*]`"),
        "fields": Field(Ways(), "Where their fields are, `field: path`.", must="say where title and start are"),
        "title": Field(_PATH, "Where the event's title is."),
        "timezone": Field(_PATH, "Where the zone of the times is."),
    },
)


def _way(record: Record, what: str, findings: Findings) -> FieldPath | None:
    told = record.values
    looks = [name for name in ("among", "by", "take") if name in told]
    if looks and len(looks) < 3:  # noqa: PLR2004
        findings.problem(record.line, f"{what} needs `among`, `by` and `take` together")
        return None
    if "path" not in told and not told.get("name"):
        findings.problem(record.line, f"{what} has no `path`: write it, or `name: true`")
        return None
    lookup = Lookup(told["among"], told["by"], told["take"]) if looks else None
    return FieldPath(told.get("path", ("$",)), int(told.get("up", "0")), told.get("name", False), lookup,
                     told.get("const"))  # fmt: skip


def paths_of(record: Record | None, findings: Findings) -> Paths | None:
    """The paths of a mapping; None where it has none, or they cannot be used."""
    if record is None or findings.problems:
        return None
    told = record.values
    fields = told["fields"]
    if "title" not in fields or not {"start", "date"} & fields.keys():
        findings.problem(record.line_of("fields"), "`fields` of `paths` must say where `title` and `start` are")
        return None
    return Paths(told["entries"], fields, told.get("title"), told.get("timezone"))
