"""What runs, where webhooks do not tell: a look at the few meetings that should run, shared by everybody who looks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from zoom_sync.domain.overview import Line, Phase, Presence
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import ZoomError
from zoom_sync.service_layer.ports.zoom import ZoomReader

EVERY = timedelta(seconds=30)
MOST = 20  # meetings read at one look: a light call each


@dataclass(frozen=True, slots=True)
class Seen:
    """What the latest look told: of each meeting whether it runs; `failed` where Zoom could not be reached."""

    at: datetime
    running: dict[str, bool]
    failed: bool = False


@dataclass(slots=True)
class Looks:
    """The latest look at each event. Of several who want one at once, one looks and the others take what is known."""

    _seen: dict[str, Seen] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, reader: ZoomReader, event: str, lines: Sequence[Line], now: datetime, *, look: bool) -> Seen | None:
        """What is known of the meetings that should run now; looks anew where it is asked to and nobody just did."""
        known = self._seen.get(event)
        due = [line for line in lines if _asks(line, now)][:MOST]
        if not look or not due or (known is not None and now - known.at < EVERY):
            return known
        if not self._lock.acquire(blocking=False):
            return known
        try:
            self._seen[event] = _look(reader, due, now)
        finally:
            self._lock.release()
        return self._seen[event]


def with_looks(lines: Sequence[Line], seen: Seen | None) -> list[Line]:
    """The lines with those that were seen to run."""
    running = {} if seen is None else seen.running
    return [
        replace(line, presence=Presence(None, None))
        if line.presence is None and running.get(line.meeting_id)
        else line
        for line in lines
    ]  # fmt: skip


def _asks(line: Line, now: datetime) -> bool:
    """Whether it should run, and nobody has told whether it does. Of a webinar Zoom does not tell it."""
    silent = line.presence is None and line.meeting_id and line.kind is Kind.MEETING
    return bool(silent) and line.phase(now) is Phase.DUE


def _look(reader: ZoomReader, due: Sequence[Line], now: datetime) -> Seen:
    running: dict[str, bool] = {}
    try:
        for line in due:
            running[line.meeting_id] = reader.meeting(line.meeting_id, line.kind).running
    except ZoomError:
        return Seen(now, running, failed=True)
    return Seen(now, running)
