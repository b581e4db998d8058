"""What is kept of the work, so that whoever watches can tell whether it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.health import Deed, Failing, Process, Record


class HealthStore(Protocol):
    """Deeds and processes. All times are those of the machine that writes, in UTC. Everything raises StoreError."""

    def did(self, deed: Deed, now: datetime) -> None:
        """Commit that something was done."""
        ...

    def failed(self, deed: Deed, now: datetime, failing: Failing, why: str) -> None:
        """Commit that something was tried and failed; since when it fails stays until it is done again."""
        ...

    def records(self) -> Mapping[Deed, Record]:
        """What is kept of each deed that was ever tried."""
        ...

    def seen(self, process: Process) -> None:
        """Commit that a process lives."""
        ...

    def ended(self, process: Process) -> None:
        """Commit that a process has ended as it should."""
        ...

    def forget(self, before: datetime) -> None:
        """Forget processes that were not seen since."""
        ...

    def processes(self) -> Sequence[Process]:
        """Every process that has not ended as it should."""
        ...

    def failing(self) -> Mapping[str, str]:
        """Why an event could not be synced, of those whose latest sync failed for a reason that does not pass."""
        ...

    def collected(self) -> Mapping[str, datetime]:
        """When the reports of each event were last asked for with success."""
        ...
