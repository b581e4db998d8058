"""What of a meeting is compared and written, and the one form that both sides of a comparison are brought to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from zoom_sync.domain.occurrences import Span, spans_of

# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
TOPIC_LIMIT = 200
AGENDA_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class MeetingFields:
    """What of a meeting is compared and written.

    `start` is in UTC, `duration` in minutes. `settings` maps a dotted path below Zoom's `settings`
    (`"question_and_answer.enable"`) to its value; on the desired side it holds only what is managed. A series has a
    `recurrence`, in Zoom's words, and `occurrences`: when it begins each time, in UTC; `start` is the first of them.
    """

    topic: str
    agenda: str
    start: datetime
    duration: int
    timezone: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    recurrence: Mapping[str, Any] | None = None
    occurrences: tuple[datetime, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """When the meeting is held."""
        return spans_of(self.occurrences or (self.start,), self.duration)


def without(fields: MeetingFields, left_out: Callable[[str], bool]) -> MeetingFields:
    """The same fields less those settings whose paths are to be left out."""
    return replace(fields, settings={path: value for path, value in fields.settings.items() if not left_out(path)})


def clean(text: str) -> str:
    """Text as both sides are compared: one kind of line end, no blanks at the ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def clip(text: str, limit: int) -> str:
    """Text cut to `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def flatten(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Nested settings as dotted paths; a list is a value."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def unflatten(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted paths as nested settings, the form that Zoom takes."""
    nested: dict[str, Any] = {}
    for path, value in settings.items():
        *parents, leaf = path.split(".")
        level = nested
        for parent in parents:
            level = level.setdefault(parent, {})
        level[leaf] = value
    return nested


def addresses(value: Any) -> list[str]:
    """The addresses or IDs of alternative hosts, separated by ";" or ",", as they are told."""
    return [part.strip() for part in str(value or "").replace(",", ";").split(";") if part.strip()]
