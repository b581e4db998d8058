"""Files of other layouts, known or plainly something else: named once, instead of a problem for each line.

Imports the standard library and this room.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from zoom_sync.adapters.sources.json_text import begins_as_json

ADVICE = "make a table of it with headings such as `Title`, `Start` and `End`"
BY_PATHS = "tell where its entries are with `paths` in a mapping"
_HTML = re.compile(r"\A\s*(?:<!doctype html|<html\b)", re.IGNORECASE)
_XML = re.compile(r"\A\s*<(?:\?xml|[A-Za-z])")
_ROOT = re.compile(r"<([A-Za-z][\w.:-]{0,60})[\s>/]")


def other_layout(text: str) -> str | None:
    """What is to be said of a text that no reader knows for certain; None where a reader may try its luck."""
    if begins_as_json(text):
        return _of_json(text)
    if _HTML.match(text):
        return f"this is a web page without schema.org events: export the programme as a file, or {ADVICE}"
    if _XML.match(text):
        root = next((match[1] for match in _ROOT.finditer(text[:20_000]) if match[1].lower() != "xml"), "")
        name = f" (`<{root}>`)" if root else ""
        return f"this is XML{name}, but no schedule of the frab family: export it as schedule.xml, or {ADVICE}"
    return None


def _of_json(text: str) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None  # YAML may still read it, and tells where it is broken
    keys = frozenset(value) if isinstance(value, dict) else frozenset()
    if keys & {"event", "defaults"} and "sessions" in keys:
        return None  # our own form, written as JSON
    name = next((name for name, fits in _KNOWN.items() if fits(value, keys)), None)
    if name:
        return f"this is {name}, a layout that is not read: {ADVICE}"
    return f"this JSON is not a programme that zoom_sync reads by itself: {BY_PATHS}, or {ADVICE}"


_KNOWN: Mapping[str, Callable[[Any, frozenset[str]], bool]] = {
    "a GeoJSON file": lambda _told, keys: {"type", "features"} <= keys,
    "an iCalendar in JSON (jCal)": lambda value, _keys: isinstance(value, list) and value[:1] == ["vcalendar"],
}
