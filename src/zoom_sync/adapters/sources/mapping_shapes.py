"""Kinds of value that only a mapping file has.

Imports the domain and this room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.yaml_nodes import Mapping, Node, Scalar
from zoom_sync.adapters.sources.yaml_shapes import is_null, named_values
from zoom_sync.domain.validate import text_flaw


@dataclass(frozen=True, slots=True)
class Texts:
    """A free mapping of texts to texts; with `known`, of these keys only. `flaw` judges each value."""

    known: tuple[str, ...] = ()
    flaw: Callable[[str], str | None] = text_flaw

    def read(self, node: Node, what: str, findings: Findings) -> dict[str, str] | None:
        if not isinstance(node, Mapping):
            findings.problem(node.line, f"{what} must be a mapping: lines of the form `name: value`, indented")
            return None
        values = {}
        for name, value in named_values(node, findings).items():
            if self.known and name not in self.known:
                choices = ", ".join(f"`{each}`" for each in self.known)
                findings.problem(value.line, f"{what} has an unknown key: known are {choices}")
            elif not isinstance(value, Scalar) or is_null(value) or text_flaw(value.text):
                findings.problem(value.line, f"every value of {what} must be a single text")
            elif flaw := self.flaw(value.text.strip()):
                findings.problem(value.line, f"`{name}` of {what} {flaw}")
            else:
                values[name] = value.text.strip()
        return values

    def schema(self) -> dict[str, Any]:
        names = {"propertyNames": {"enum": list(self.known)}} if self.known else {}
        return {"type": "object", "additionalProperties": {"type": "string"}, **names}
