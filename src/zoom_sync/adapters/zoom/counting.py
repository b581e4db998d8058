"""What was asked of Zoom, counted for whoever watches."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.protocol import Call

CALLS, WAITED, WAITS = "calls", "waited", "waits"
# The label of sign-ins among the calls; Zoom counts them apart from all others.
SIGN_IN = "SIGN_IN"
Counted = Mapping[tuple[str, str, str], float]


class Counts(Protocol):
    """Counts that only grow. Counting never raises: work does not end because nobody counts it."""

    def call(self, call: Call, outcome: str) -> None:
        """One call ended: `outcome` is ok, or the name of its error."""
        ...

    def sign_in(self, outcome: str) -> None:
        """One token was asked for: `outcome` as for a call."""
        ...

    def wait(self, label: Label, seconds: float) -> None:
        """One call waited so long for its place."""
        ...

    def counted(self) -> Counted:
        """Every count by (name, label, outcome): CALLS; WAITED in seconds and WAITS, without outcome."""
        ...


class ProcessCounts:
    """The counts of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, str, str]] = Counter()

    def call(self, call: Call, outcome: str) -> None:
        with self._lock:
            self._counted[CALLS, call.label, outcome] += 1

    def sign_in(self, outcome: str) -> None:
        with self._lock:
            self._counted[CALLS, SIGN_IN, outcome] += 1

    def wait(self, label: Label, seconds: float) -> None:
        with self._lock:
            self._counted[WAITS, label, ""] += 1
            self._counted[WAITED, label, ""] += seconds  # type: ignore[assignment]  # typeshed's Counter knows ints only

    def counted(self) -> Counted:
        with self._lock:
            return dict(self._counted)
