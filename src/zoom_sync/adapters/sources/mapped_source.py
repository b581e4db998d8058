"""Any JSON or YAML of a conference's own, read by the paths that a mapping tells.

Imports the standard library and this room.
"""

from __future__ import annotations

import re
from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import begins_as_json, read_json
from zoom_sync.adapters.sources.paths import listing_of
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing
from zoom_sync.adapters.sources.yaml_nodes import Mapping, Node, Scalar, Sequence, compose

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")


def read_mapped(source: Source, findings: Findings) -> Listing | None:
    paths = source.mapping.paths
    if paths is None:
        findings.problem(None, "this format needs a mapping with `paths`: where the entries are, and their fields")
        return None
    root = _tree(source.text, findings)
    return None if findings.problems else listing_of(root, paths, source, findings)


# Never found by its content: a mapping says so.
FORMAT = listing_format("mapped", lambda _: False, read_mapped, paths=True)


def _tree(text: str, findings: Findings) -> Any:
    if begins_as_json(text):
        return read_json(text, findings)
    node = compose(text, findings)
    return None if node is None else _value(node)


def _value(node: Node) -> Any:
    """A node as JSON has it. Whole numbers, yes and no are values; a time stays the text that it is."""
    if isinstance(node, Mapping):
        return {key.text: _value(value) for key, value in node.pairs if isinstance(key, Scalar)}
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    if node.is_null:
        return None
    if node.plain and node.text.lower() in {"true", "false"}:
        return node.text.lower() == "true"
    return int(node.text) if node.plain and _WHOLE.fullmatch(node.text) else node.text
