"""The fields of a meeting as the store keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from zoom_sync.domain.meeting import NO_TIME, MeetingFields


def fields_json(fields: MeetingFields) -> dict[str, Any]:
    """Meeting fields as they are kept."""
    series = {
        "recurrence": fields.recurrence,
        "occurrences": [occurrence.isoformat() for occurrence in fields.occurrences],
    }
    return {
        "topic": fields.topic,
        "agenda": fields.agenda,
        "start": fields.start.astimezone(UTC).isoformat(),
        "duration": fields.duration,
        "timezone": fields.timezone,
        "settings": dict(fields.settings),
        **(series if fields.recurrence is not None else {}),
    }


def fields_from_json(kept: dict[str, Any]) -> MeetingFields:
    """The reverse of `fields_json`."""
    occurrences = tuple(map(datetime.fromisoformat, kept.get("occurrences", ())))
    start = max(datetime.fromisoformat(kept["start"]), NO_TIME)  # once, the year 1 stood there for no time
    return MeetingFields(**{**kept, "start": start, "occurrences": occurrences})
