"""YAML text as a tree of plain nodes that know their lines, built so that no text can do harm.

Built from PyYAML's events and not by its `compose`: that one calls itself for each level, and a text of nothing but
`[` ends the whole process in the C parser. Nodes hold texts as they are written; nothing is turned into an object.
Aliases are followed, but a tree may not contain itself nor grow beyond `MOST_NODES`.

Imports PyYAML, the standard library and this room's values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from zoom_sync.adapters.sources.decoding import line_at
from zoom_sync.adapters.sources.reading import Findings

MOST_NODES = 500_000
MOST_LEVELS = 30

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
}
_TEXT_TAGS = {"tag:yaml.org,2002:str", "!"}
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Scalar:
    """A value as it is written. `plain` tells that it stood without quotes."""

    line: int
    text: str
    plain: bool
    size: int = 1

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULLS


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    items: list[Node] = field(default_factory=list)
    size: int = 1


@dataclass(slots=True)
class Mapping:
    """Keys with their values, in the order of the text; a key may occur more than once."""

    line: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    key: Node | None = None
    size: int = 1


Node = Scalar | Sequence | Mapping


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def compose(text: str, findings: Findings) -> Node | None:
    """The root of the text's only document, or None; then the findings say why."""
    strange = _NOT_YAML.search(text)
    if strange:
        line = line_at(text, strange.start())
        findings.problem(line, f"the character U+{ord(strange.group()):04X} may not stand in YAML: remove it")
        return None
    try:
        return _Tree().build(yaml.parse(text, Loader=_LOADER))
    except _Refused as refusal:
        findings.problem(refusal.line, str(refusal))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        reason = getattr(error, "problem", None) or "it cannot be read"
        findings.problem(
            mark.line + 1 if mark else None,
            f"this is not valid YAML: {reason}. Check the indentation (spaces, no tabs) and put texts that hold `: ` or"
            " ` #`, or begin with a sign, in double quotes",
        )
    return None


class _Tree:
    """The state of building: the collections still open, and the anchors met so far."""

    def __init__(self) -> None:
        self.open: list[Sequence | Mapping] = []
        self.anchors: dict[str, Node] = {}
        self.root: Node | None = None
        self.documents = 0

    def build(self, events: Iterator[yaml.Event]) -> Node | None:
        for event in events:
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.ScalarEvent):
                self.add(event, Scalar(line, event.value, _is_plain(event, line)))
            elif isinstance(event, yaml.CollectionStartEvent):
                self.enter(event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.leave()
            elif isinstance(event, yaml.AliasEvent):
                self.place(self.target(event.anchor, line))
            elif isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise _Refused(line, "a second YAML document begins here (`---`): keep one programme per file")
        return self.root

    def enter(self, event: yaml.CollectionStartEvent, line: int) -> None:
        _is_plain(event, line)
        if len(self.open) >= MOST_LEVELS:
            raise _Refused(line, f"lists and mappings stand in one another more than {MOST_LEVELS} deep: flatten them")
        node = Sequence(line) if isinstance(event, yaml.SequenceStartEvent) else Mapping(line)
        self.add(event, node)
        self.open.append(node)

    def leave(self) -> None:
        closed = self.open.pop()
        if self.open:
            self.grow(self.open[-1], closed.size - 1)

    def add(self, event: yaml.NodeEvent, node: Node) -> None:
        if event.anchor:
            self.anchors[event.anchor] = node
        self.place(node)

    def place(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        self.grow(parent, node.size)
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            parent.pairs.append((parent.key, node))
            parent.key = None

    def grow(self, parent: Node, by: int) -> None:
        parent.size += by
        if parent.size > MOST_NODES:
            raise _Refused(
                parent.line, f"the programme has more than {MOST_NODES} values: split it or use fewer aliases"
            )

    def target(self, anchor: str | None, line: int) -> Node:
        node = self.anchors.get(anchor or "")
        if node is None:
            raise _Refused(
                line, "this alias (`*name`) has no anchor (`&name`) before it; quote a text that begins with *"
            )
        if any(node is parent for parent in self.open):
            raise _Refused(line, "this alias stands inside of what it stands for: write the value out")
        return node


def _is_plain(event: Any, line: int) -> bool:
    """Whether a scalar stood without quotes and without a tag; refuses every tag that would build an object."""
    if event.tag and event.tag not in _PLAIN_TAGS and event.tag != "!":
        raise _Refused(line, "a YAML tag (`!...`) stands here: tags are not read, write the plain value")
    return not getattr(event, "style", None) and event.tag not in _TEXT_TAGS
