"""schema.org events, as JSON-LD by itself or in a web page's `<script type="application/ld+json">`.

https://schema.org/Event : an event with `subEvent` is the whole, and these are its sessions; else every event is one.
Nothing in a page is followed, and nothing else of it is read.

Imports the standard library and this room.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import begins_as_json, read_json, told_name
from zoom_sync.adapters.sources.mapping import FieldPath, Paths
from zoom_sync.adapters.sources.paths import listing_of
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing, lines, one_line

MOST_LEVELS = 12

_SCHEMA = re.compile(r"schema\.org")
_LD = re.compile(r"<script\b[^>]{0,300}application/ld\+json", re.IGNORECASE)
_EVENT = re.compile(r"(?:https?://schema\.org/|schema:)?\w*Event")
_STATE = re.compile(r"(?:https?://schema\.org/|schema:)?Event(\w+)")


def _some(*paths: str) -> tuple[FieldPath, ...]:
    return (FieldPath(paths),)


SCHEMA_ORG = Paths(
    entries=("$[*]",),
    fields={
        "id": _some("$['@id']", "$.identifier", "$.url"),
        "title": _some("$.name", "$.headline"),
        "start": _some("$.startDate"),
        "end": _some("$.endDate"),
        "duration": _some("$.duration"),
        "description": _some("$.description"),
        "room": _some("$.location[?@['@type'] != 'VirtualLocation'].name", "$.location.name", "$.location"),
        "track": _some("$.about.name", "$.about"),
        "type": _some("$.additionalType"),
        "state": _some("$.eventStatus"),
        "speakers": _some("$.performer[*].name", "$.performer.name", "$.performers[*].name", "$.actor[*].name"),
        "tags": _some("$.keywords[*]", "$.keywords"),
        "language": _some("$.inLanguage"),
        "link": _some("$.location[?@['@type'] == 'VirtualLocation'].url", "$.location.url"),
    },
)


def looks_like_schema_org(text: str) -> bool:
    if not _SCHEMA.search(text):
        return False
    return begins_as_json(text) or bool(_LD.search(text))


def read_schema_org(source: Source, findings: Findings) -> Listing | None:
    text = source.text
    parts = [text] if begins_as_json(text) else _scripts(text)
    told = [value for part in parts if (value := read_json(part, findings)) is not None]
    if findings.problems:
        return None
    events = [event for value in told for event in _events(value, 0)]
    if not events:
        findings.problem(None, "this page, or file, tells of no schema.org `Event`")
        return None
    whole = [event for event in events if _inner(event)]
    sessions = [inner for event in whole for inner in _inner(event)] if whole else events
    told_once = {
        json.dumps(session, sort_keys=True): session for session in sessions
    }  # a page may tell its events twice
    listing = listing_of([_cleaned(one) for one in told_once.values()], SCHEMA_ORG, source, findings)
    if listing is not None and len(whole) == 1:
        listing.title = one_line(whole[0].get("name"), 200) or None
        listing.description = lines(whole[0].get("description"))
    return listing


FORMAT = listing_format("schema-org", looks_like_schema_org, read_schema_org)


def _events(value: Any, level: int) -> list[dict[str, Any]]:
    """The events in it: lists and `@graph` are looked into, an event's own sessions are not."""
    if level > MOST_LEVELS:
        return []
    if isinstance(value, list):
        return [event for one in value for event in _events(one, level + 1)]
    if not isinstance(value, dict):
        return []
    if _is_event(value):
        return [value]
    inner = ("@graph", "mainEntity", "itemListElement", "item", "event", "events", "subEvent")
    return [event for name in inner if name in value for event in _events(value[name], level + 1)]


def _is_event(value: dict[str, Any]) -> bool:
    kinds = value.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _EVENT.fullmatch(kind) for kind in named)


def _inner(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The sessions of an event that has any, those of its parts where it has parts."""
    value = event.get("subEvent", event.get("subEvents"))
    parts = [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]
    return [each for part in parts for each in (_inner(part) or [part])] if _depth(event) <= MOST_LEVELS else parts


def _depth(event: Any) -> int:
    """How deep events stand in one another, as far as that matters."""
    depth, level = 0, [event]
    while level and depth <= MOST_LEVELS:
        depth += 1
        parts = [value.get("subEvent", value.get("subEvents")) for value in level if isinstance(value, dict)]
        level = [each for part in parts if part for each in (part if isinstance(part, list) else [part])]
    return depth


def _cleaned(event: dict[str, Any]) -> dict[str, Any]:
    """The state in one word, a place as a name and not an address, what is a list of one or of many as a list."""
    values = dict(event)
    state = values.get("eventStatus")
    match = _STATE.fullmatch(state) if isinstance(state, str) else None
    word = match[1] if match else state
    values["eventStatus"] = "Scheduled" if word in {"Rescheduled", "MovedOnline"} else word
    if isinstance(values.get("location"), dict):
        values["location"] = [values["location"]]
    for name in ("performer", "performers", "actor"):
        people = values.get(name)
        people = people if isinstance(people, list) else [people]
        values[name] = [{"name": told_name(person)} for person in people if told_name(person)]
    return values


class _Scripts(HTMLParser):
    """What stands in the scripts of linked data."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = next((value for name, value in attrs if name == "type"), None) or ""
        self._in = tag == "script" and kind.split(";")[0].strip().lower() == "application/ld+json"
        if self._in:
            self.parts.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the interface
        self._in = False

    def handle_data(self, data: str) -> None:
        if self._in:
            self.parts[-1] += data


def _scripts(text: str) -> list[str]:
    parser = _Scripts()
    parser.feed(text)
    parser.close()
    return [part for part in parser.parts if part.strip()]
