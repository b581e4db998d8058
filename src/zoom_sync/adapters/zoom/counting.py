"""What was asked of Zoom, counted for whoever watches."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
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
        self._add({(CALLS, call.label, outcome): 1})

    def sign_in(self, outcome: str) -> None:
        self._add({(CALLS, SIGN_IN, outcome): 1})

    def wait(self, label: Label, seconds: float) -> None:
        self._add({(WAITS, label, ""): 1, (WAITED, label, ""): seconds})

    def counted(self) -> Counted:
        with self._lock:
            return dict(self._counted)

    def _add(self, amounts: Counted) -> None:
        with self._lock:
            self._counted.update(amounts)


class FolderCounts(ProcessCounts):
    """The counts of all processes of a machine that share a folder: each has a file of its own there.

    A process that ended keeps its file, so that what was counted does not fall. The folder ends with who made it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._own = folder / f"{os.getpid()}-{os.urandom(4).hex()}.json"

    def counted(self) -> Counted:
        total: Counter[tuple[str, str, str]] = Counter()
        for path in self._folder.glob("*.json"):
            with suppress(OSError, ValueError):
                for name, label, outcome, number in json.loads(path.read_text(encoding="utf-8")):
                    total[name, label, outcome] += number
        return dict(total)

    def _add(self, amounts: Counted) -> None:
        with self._lock, suppress(OSError):
            self._counted.update(amounts)
            written = self._own.with_suffix(".new")
            written.write_text(json.dumps([[*key, number] for key, number in self._counted.items()]), encoding="utf-8")
            written.replace(self._own)  # whoever reads meanwhile reads the whole of one or the other
