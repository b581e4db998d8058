"""Sessions of FOSSASIA's Open Event: `sessions.json` of an export, and the API's answers with what they include.

https://github.com/fossasia/open-event : of two spellings, `starts-at` and `starts_at`, either may stand there.

Imports the standard library and this room.
"""

from __future__ import annotations

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import begins_as_json, has_key, read_json
from zoom_sync.adapters.sources.mapping import FieldPath, Lookup, Paths
from zoom_sync.adapters.sources.paths import listing_of
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing


def _of(*names: str) -> tuple[FieldPath, ...]:
    """A value in the export, or among the attributes of the API's answers, in both spellings."""
    spelt = [name.replace("_", sign) for name in names for sign in ("_", "-")]
    return (FieldPath(tuple(f"$['{name}']" for name in dict.fromkeys(spelt))
                      + tuple(f"$.attributes['{name}']" for name in dict.fromkeys(spelt))),)  # fmt: skip


def _related(name: str, kind: str, take: str = "name") -> tuple[FieldPath, ...]:
    """A thing of its own, or its name; in the API's answers it is among what is included."""
    spelt = tuple(dict.fromkeys((name, name.replace("_", "-"))))
    lookup = Lookup(f"$.included[?@.type == '{kind}']", "$.id", (f"$.attributes.{take}",))
    return (
        FieldPath(tuple(f"$['{text}'].name" for text in spelt) + tuple(f"$['{text}'][*].name" for text in spelt)),
        FieldPath(tuple(f"$.relationships['{text}'].data.id" for text in spelt)
                  + tuple(f"$.relationships['{text}'].data[*].id" for text in spelt), lookup=lookup),
    )  # fmt: skip


OPEN_EVENT = Paths(
    entries=("$.data[*]", "$.sessions[*]", "$[*]"),
    fields={
        "id": (FieldPath(("$.id",)),),
        "title": _of("title"),
        "start": _of("starts_at"),
        "end": _of("ends_at"),
        "description": _of("long_abstract", "short_abstract"),
        "room": _related("microlocation", "microlocation"),
        "track": _related("track", "track"),
        "type": _related("session_type", "session-type"),
        "state": _of("state"),
        "speakers": _related("speakers", "speaker"),
        "language": _of("language"),
    },
)


def looks_like_open_event(text: str) -> bool:
    if not begins_as_json(text) or not (has_key(text, "starts-at") or has_key(text, "starts_at")):
        return False
    return any(has_key(text, name) for name in ("microlocation", "session-type", "session_type", "relationships"))


def read_open_event(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    return None if findings.problems else listing_of(value, OPEN_EVENT, source, findings)


FORMAT = listing_format("open-event", looks_like_open_event, read_open_event)
