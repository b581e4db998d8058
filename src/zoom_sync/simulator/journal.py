"""The list of requests that reached the API, for whoever wants to know what a client really did."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .clock import iso

_KEPT = 500_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `status` is 0 where no answer was sent; `path` has no query, which might hold secrets."""

    time: float
    method: str
    path: str
    label: str
    status: int
    operation: str
    host: str = ""

    def to_json(self) -> dict[str, object]:
        """The entry as the control routes show it."""
        shown: dict[str, object] = {
            "time": iso(self.time),
            "at": round(self.time, 3),
            "method": self.method,
            "path": self.path,
            "label": self.label,
            "status": self.status,
            "operation": self.operation,
        }
        return {**shown, "host": self.host} if self.host else shown


class Journal:
    """The latest half million entries."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=_KEPT)

    def add(self, entry: Entry) -> None:
        """Appends an entry."""
        self.entries.append(entry)

    def clear(self) -> None:
        """Forgets all entries."""
        self.entries.clear()

    def to_json(self) -> dict[str, object]:
        """The journal as the control routes show it."""
        return {"requests": [entry.to_json() for entry in self.entries]}
