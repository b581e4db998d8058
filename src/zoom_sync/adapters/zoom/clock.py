"""The clock of Zoom, as far as its answers tell it.

What is past, whose day has begun and when a token expires is decided by Zoom's clock, not by this machine's: every
answer carries it in its Date header. A local clock that is wrong by hours then does no harm.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

# The header counts whole seconds and the answer took a while: smaller differences mean nothing.
SAME = timedelta(seconds=3)


class ZoomClock:
    """The machine's clock, put right by what Zoom's answers say."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))

    def told(self, server: datetime) -> None:
        """Take note of the server's time in an answer that has just come."""
        offset = server - datetime.now(UTC)
        self._offset = offset if abs(offset) > SAME else timedelta()

    @property
    def offset(self) -> timedelta:
        """How far this machine's clock is behind Zoom's."""
        return self._offset
