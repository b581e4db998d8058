"""OPASS's schedule, as COSCUP, SITCON and others publish it: sessions that name speakers, types, rooms and tags by ids.

https://github.com/CCIP-App/CCIP-Format : texts stand in Chinese and English; the Chinese ones are taken. `record` there
is the address of a recording, and says nothing of what may be recorded.

Imports the standard library and this room.
"""

from __future__ import annotations

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import begins_as_json, has_key, read_json
from zoom_sync.adapters.sources.mapping import FieldPath, Lookup, Paths
from zoom_sync.adapters.sources.paths import listing_of
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing

_NAMES = ("$.zh.name", "$.en.name", "$.name")


def _named(path: str, among: str) -> tuple[FieldPath, ...]:
    return (FieldPath((path,), lookup=Lookup(f"$.{among}[*]", "$.id", _NAMES)),)


OPASS = Paths(
    entries=("$.sessions[*]",),
    fields={
        "id": (FieldPath(("$.id",)),),
        "title": (FieldPath(("$.zh.title", "$.en.title", "$.title")),),
        "start": (FieldPath(("$.start",)),),
        "end": (FieldPath(("$.end",)),),
        "description": (FieldPath(("$.zh.description", "$.en.description", "$.description")),),
        "room": (*_named("$.broadcast", "rooms"), *_named("$.room", "rooms")),
        "type": _named("$.type", "session_types"),
        "speakers": _named("$.speakers[*]", "speakers"),
        "tags": _named("$.tags[*]", "tags"),
        "language": (FieldPath(("$.language",)),),
        "link": (FieldPath(("$.live",)),),
    },
)


def looks_like_opass(text: str) -> bool:
    return begins_as_json(text) and has_key(text, "session_types") and has_key(text, "sessions")


def read_opass(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    return None if findings.problems else listing_of(value, OPASS, source, findings)


FORMAT = listing_format("opass", looks_like_opass, read_opass)
