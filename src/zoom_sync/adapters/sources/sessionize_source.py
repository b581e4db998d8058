"""Sessionize's API as it answers: the views All, Sessions and Grid.

https://sessionize.com/playbook/api : times are those of the event's place and tell no zone. What organisers put between
the sessions (`isServiceSession`: registration, lunch) is a break.

Imports the standard library and this room.
"""

from __future__ import annotations

from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import begins_as_json, entries, has_key, mapping, read_json
from zoom_sync.adapters.sources.mapping import FieldPath, Lookup, Paths
from zoom_sync.adapters.sources.paths import listing_of
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing


def _some(*paths: str) -> tuple[FieldPath, ...]:
    return (FieldPath(paths),)


_NAMES = ("$.fullName", "$.name")
SESSIONIZE = Paths(
    entries=("$.sessions[*]", "$[*].sessions[*]", "$[*].rooms[*].sessions[*]"),
    fields={
        "id": _some("$.id"),
        "title": _some("$.title"),
        "start": _some("$.startsAt"),
        "end": _some("$.endsAt"),
        "description": _some("$.description"),
        "room": (FieldPath(("$.room",)), FieldPath(("$.roomId",), lookup=Lookup("$.rooms[*]", "$.id", ("$.name",)))),
        "type": (FieldPath(("$.isServiceSession",), const="break"),),
        "state": _some("$.status"),
        "speakers": (
            FieldPath(("$.speakers[*].name",)),
            FieldPath(("$.speakers[*]",), lookup=Lookup("$.speakers[*]", "$.id", _NAMES)),
        ),
        "tags": (
            FieldPath(("$.categories[*].categoryItems[*].name",)),
            FieldPath(("$.categoryItems[*]",), lookup=Lookup("$.categories[*].items[*]", "$.id", ("$.name",))),
        ),
        "link": _some("$.liveUrl"),
    },
)


def looks_like_sessionize(text: str) -> bool:
    return begins_as_json(text) and has_key(text, "sessions") and has_key(text, "startsAt")


def read_sessionize(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    return None if findings.problems else listing_of(_each_once(value), SESSIONIZE, source, findings)


FORMAT = listing_format("sessionize", looks_like_sessionize, read_sessionize)


def _each_once(value: Any) -> Any:
    """In the view of the grid a session for all rooms stands in each of them, under one id and one room."""
    seen: set[str] = set()
    for day in entries(value):
        for room in map(mapping, entries(mapping(day).get("rooms"))):
            there = [
                values for values in map(mapping, entries(room.get("sessions"))) if str(values.get("id")) not in seen
            ]
            seen.update(str(values.get("id")) for values in there)
            room["sessions"] = there
    return value
