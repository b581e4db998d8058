"""The clock of Zoom, as far as its answers tell it.

What is past, whose day has begun and when a token expires is decided by Zoom's clock, not by this machine's: every
answer carries it in its Date header. A local clock that is wrong by hours then does no harm.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

# Smaller differences mean nothing: the header counts whole seconds, and Zoom has many machines.
SAME = timedelta(seconds=3)


def contradicts(server: datetime, sent: datetime, now: datetime) -> bool:
    """Whether an answer's time shows that the clock is wrong, which said `sent` and `now` at its two ends.

    The header was written anywhere in between: after a slow answer, an older time is no contradiction. `now` is before
    `sent` where another answer has put the clock right meanwhile.
    """
    return not min(sent, now) - SAME <= server <= max(sent, now) + SAME


class ZoomClock:
    """The machine's clock, put right by what Zoom's answers say."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def local(self) -> datetime:
        """The machine's own clock."""
        return datetime.now(UTC)

    def now(self) -> datetime:
        return self.local() + self._offset

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))

    def told(self, server: datetime) -> None:
        """Take note of the server's time in an answer that has just come."""
        offset = server - self.local()
        self._offset = offset if abs(offset) > SAME else timedelta()

    @property
    def offset(self) -> timedelta:
        """How far this machine's clock is behind Zoom's."""
        return self._offset
