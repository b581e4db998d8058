"""JSON as plain values, whatever the text holds; and small questions asked of values of any kind.

Imports the standard library and this room's values.
"""

from __future__ import annotations

import json
import re
from typing import Any

from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.timetable import one_line

_BEGINS = re.compile(r"\A\s*[{\[]")


def begins_as_json(text: str) -> bool:
    return bool(_BEGINS.match(text))


def has_key(text: str, key: str) -> bool:
    """Whether a key stands somewhere in a text of JSON."""
    return bool(re.search(rf'"{re.escape(key)}"\s*:', text))


def read_json(text: str, findings: Findings) -> Any:
    """The value, or None; then the findings say why."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        findings.problem(error.lineno, f"this is not valid JSON: {error.msg}. Export it again")
    except (RecursionError, ValueError):
        findings.problem(None, "this JSON is nested too deep, or holds a number too large: is it really a programme?")
    return None


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def told_name(value: Any) -> str:
    """A name that stands as a text, in several languages (`{"en": ...}`), or as a thing with a name."""
    if isinstance(value, dict):
        if "name" in value:
            value = value["name"]
            return told_name(value) if isinstance(value, str) else _in_one_language(value)
        return _in_one_language(value)
    return one_line(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _in_one_language(value: Any) -> str:
    """English where there is English."""
    told = mapping(value)
    return next((one_line(each) for each in (told.get("en"), *told.values()) if isinstance(each, str)), "")


def told_id(value: Any) -> str | None:
    return one_line(value, 200) or None if isinstance(value, str | int) and not isinstance(value, bool) else None
