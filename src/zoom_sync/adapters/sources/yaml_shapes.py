"""The kinds of value that the YAML form is described with. Each reads a node and also says what it is as JSON Schema.

One description serves the reader and the schema for editors, so that they cannot drift. Not pydantic: a model that
fails answers no values at all, whereas here every readable value goes on to the later checks (order, DST, duplicates),
so that all problems are told at once, each with its line. A shape answers None for what is absent or unreadable, and
has then written the problem down. The schema asks for the clean form; the reader also takes a number where a text is
expected, exactly as it is written (`011826` keeps its zero).

Imports the standard library, the domain's rules and this room's values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Protocol

from zoom_sync.adapters.sources.moments import EXAMPLE, NotAMoment, written_moment
from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.yaml_nodes import Mapping, Node, Scalar, Sequence
from zoom_sync.domain.profiles import setting_flaws
from zoom_sync.domain.validate import shown

_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,300}\.[0-9]{0,300}([eE][-+]?[0-9]{1,2})?")


class Shape(Protocol):
    """What a value may be."""

    def read(self, node: Node, what: str, findings: Findings) -> Any: ...

    def schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is written, judged by `flaw`; `limits` is the same rule in words of JSON Schema."""

    flaw: Callable[[str], str | None]
    limits: dict[str, Any] = field(default_factory=dict)
    clean: Callable[[str], str] = str.strip
    sentence: bool = False  # the flaw is a whole sentence and needs no name before it

    def read(self, node: Node, what: str, findings: Findings) -> str | None:
        if not isinstance(node, Scalar):
            findings.problem(node.line, f"{what} must be a single text, not {_kind(node)}: put it in double quotes")
            return None
        text = self.clean(node.text)
        flaw = self.flaw(text)
        if flaw:
            findings.problem(node.line, flaw if self.sentence else f"{what} {flaw}")
        return None if flaw else text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", **self.limits}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, what: str, findings: Findings) -> str | None:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if text in self.words:
            return text
        near = get_close_matches(text[:60].casefold(), self.words, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        findings.problem(node.line, f"{what} must be {' or '.join(f'`{word}`' for word in self.words)}{hint}")
        return None

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no, in any of YAML's words for it."""

    def read(self, node: Node, what: str, findings: Findings) -> bool | None:
        value = typed(node) if isinstance(node, Scalar) else None
        if isinstance(value, bool):
            return value
        findings.problem(node.line, f"{what} must be `true` or `false`, without quotes")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Minutes:
    """A whole number of minutes."""

    most: int

    def read(self, node: Node, what: str, findings: Findings) -> int | None:
        if isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,9}", node.text) and 1 <= int(node.text) <= self.most:
            return int(node.text)
        findings.problem(node.line, f"{what} must be a whole number of minutes from 1 to {self.most}, such as 90")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Hours:
    """A whole number of hours; 0 for none."""

    most: int

    def read(self, node: Node, what: str, findings: Findings) -> int | None:
        if isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,9}", node.text) and int(node.text) <= self.most:
            return int(node.text)
        findings.problem(node.line, f"{what} must be a whole number of hours from 0 to {self.most}, such as 24")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of people."""

    most: int

    def read(self, node: Node, what: str, findings: Findings) -> int | None:
        if isinstance(node, Scalar) and re.fullmatch(r"[0-9]{1,9}", node.text) and int(node.text) <= self.most:
            return int(node.text)
        findings.problem(node.line, f"{what} must be a whole number from 0 to {self.most}, such as 120")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, in percent."""

    def read(self, node: Node, what: str, findings: Findings) -> int | None:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if re.fullmatch(r"[0-9]{1,3}\s*%?", text) and 1 <= (share := int(text.rstrip("% "))) <= 100:  # noqa: PLR2004
            return share
        findings.problem(node.line, f"{what} must be a whole number of percent from 1 to 100, such as 75")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": 100}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of hours, with two decimals at most."""

    most: int

    def read(self, node: Node, what: str, findings: Findings) -> float | None:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text) and float(text) <= self.most:
            return float(text)
        findings.problem(node.line, f"{what} must be a number of hours from 0 to {self.most}, such as 1.5")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": 0, "maximum": self.most, "multipleOf": 0.01}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time, local to the session's zone unless it carries an offset."""

    def read(self, node: Node, what: str, findings: Findings) -> datetime | None:
        try:
            return written_moment(node.text.strip() if isinstance(node, Scalar) else "")
        except NotAMoment as reason:
            findings.problem(node.line, f"{what} {reason}")
            return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}-\d{1,2}-\d{1,2}([Tt]|\s+)\d{1,2}:\d{2}", "examples": [EXAMPLE]}


@dataclass(frozen=True, slots=True)
class Settings:
    """Zoom's settings by their names: values as YAML types them, held against the table of what Zoom takes."""

    def read(self, node: Node, what: str, findings: Findings) -> dict[str, Any] | None:
        if isinstance(node, Mapping):
            values = self._mapping(node, findings)
            for path, flaw in setting_flaws(values):
                findings.problem(_line_of(node, path), flaw)
            return values
        findings.problem(node.line, f"{what} must be a mapping: lines of the form `name: value`, indented")
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}

    def _mapping(self, node: Mapping, findings: Findings) -> dict[str, Any]:
        return {name: self._value(value, findings) for name, value in named_values(node, findings).items()}

    def _value(self, node: Node, findings: Findings) -> Any:
        if isinstance(node, Mapping):
            return self._mapping(node, findings)
        if isinstance(node, Sequence):
            return [self._value(item, findings) for item in node.items]
        return typed(node)


def _line_of(node: Node, path: tuple[str | int, ...]) -> int:
    """The line of what a path leads to; where it leads nowhere, of the last node on the way."""
    line = node.line
    for step in path:
        if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif isinstance(node, Mapping):
            found = [(key, value) for key, value in node.pairs if isinstance(key, Scalar) and key.text == step]
            if not found:
                return line
            line, node = found[-1][0].line, found[-1][1]
            continue
        else:
            return line
        line = node.line
    return line


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape."""

    item: Shape

    def read(self, node: Node, what: str, findings: Findings) -> list[Any] | None:
        if not isinstance(node, Sequence):
            findings.problem(node.line, f"{what} must be a list: each entry on lines of its own after `- `")
            return None
        read = [self.item.read(item, f"an entry of {what}", findings) for item in node.items]
        return [value for value in read if value is not None]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema()}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a form: the shape of its value, what it means, and whether it must be there.

    `must` is the reason that is added when it is missing. `null_is` is the problem of a key without value, where that
    is worth one; elsewhere such a key counts as left out.
    """

    shape: Shape
    about: str
    must: str | None = None
    null_is: str | None = None


@dataclass(slots=True)
class Record:
    """What was read of a mapping: readable values, and the line of every key that is there."""

    line: int
    values: dict[str, Any]
    lines: dict[str, int]

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping with known keys."""

    name: str
    fields: dict[str, Field]

    def read(self, node: Node, what: str, findings: Findings) -> Record | None:
        if not isinstance(node, Mapping):
            keys = ", ".join(f"`{name}`" for name in self.fields)
            findings.problem(node.line, f"{what} must be a mapping with the keys {keys}, not {_kind(node)}")
            return None
        present = named_values(node, findings)
        record = Record(node.line, {}, {name: value.line for name, value in present.items()})
        for name, value in present.items():
            self._read_field(name, value, record, findings)
        for name, each in self.fields.items():
            absent = name not in present or is_null(present[name])
            if each.must and absent:
                findings.problem(record.line_of(name), f"{self.name} has no `{name}`: {each.must}")
        return record

    def schema(self) -> dict[str, Any]:
        properties = {name: {"description": each.about, **each.shape.schema()} for name, each in self.fields.items()}
        required = [name for name, each in self.fields.items() if each.must]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def _read_field(self, name: str, node: Node, record: Record, findings: Findings) -> None:
        known = self.fields.get(name)
        if known is None:
            findings.problem(record.lines[name], self._unknown(name))
        elif not is_null(node):
            value = known.shape.read(node, f"`{name}`", findings)
            if value is not None:
                record.values[name] = value
        elif known.null_is:
            findings.problem(node.line, known.null_is)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name[:60].casefold(), self.fields, n=1)
        hint = (
            f"did you mean `{near[0]}`?" if near else "known here are " + ", ".join(f"`{key}`" for key in self.fields)
        )
        return f"{self.name} has an unknown key `{shown(name)}`: {hint}"


def named_values(node: Mapping, findings: Findings) -> dict[str, Node]:
    """The values of a mapping by their keys; a key that is no text or stands twice is a problem."""
    found: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key, value in node.pairs:
        if not isinstance(key, Scalar):
            findings.problem(key.line, f"a key must be a word, not {_kind(key)}")
        elif key.text == "<<" and key.plain:
            findings.problem(key.line, "`<<` (merge) is not read: put what is common under `defaults`")
        elif key.text in found:
            told = f"the key `{shown(key.text)}` stands twice in one mapping (lines {lines[key.text]} and {key.line})"
            findings.problem(key.line, f"{told}: keep one")
        else:
            found[key.text], lines[key.text] = value, key.line
    return found


def typed(node: Scalar) -> Any:
    """A scalar of a free mapping as the value it looks like; anything in quotes is a text."""
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if node.text.lower() in _BOOLEANS:
        return _BOOLEANS[node.text.lower()]
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if _DECIMAL.fullmatch(node.text) else node.text


def is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        return "a single value"
    return "a list" if isinstance(node, Sequence) else "a mapping"
