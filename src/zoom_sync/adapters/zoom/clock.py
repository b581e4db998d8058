"""The clock of Zoom, as far as its answers tell it.

What is past, whose day has begun and when a token expires is decided by Zoom's clock, not by this machine's: every
answer carries it in its Date header. A local clock that is wrong by hours then does no harm.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)

# Smaller differences mean nothing: the header counts whole seconds, and Zoom has many machines.
SAME = timedelta(seconds=3)
# What two answers may differ by, less the time that passed between them, before that is a jump, in seconds.
JUMP = 10.0


def contradicts(server: datetime, sent: datetime, now: datetime) -> bool:
    """Whether an answer's time shows that the clock is wrong, which said `sent` and `now` at its two ends.

    The header was written anywhere in between: after a slow answer, an older time is no contradiction. `now` is before
    `sent` where another answer has put the clock right meanwhile.
    """
    return not min(sent, now) - SAME <= server <= max(sent, now) + SAME


class ZoomClock:
    """The machine's clock, put right by what Zoom's answers say.

    Whether Zoom's own time jumps is seen by the machine's monotonic time, which nobody sets.
    """

    def __init__(self, jumped: Callable[[float], None] | None = None) -> None:
        """`jumped` is called with the seconds by which the time in Zoom's answers has jumped."""
        self._offset = timedelta()
        self._jumped = jumped
        self._ahead: tuple[float, float] | None = None

    def local(self) -> datetime:
        """The machine's own clock."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that pass evenly, whatever any clock is set to."""
        return time.monotonic()

    def now(self) -> datetime:
        return self.local() + self._offset

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))

    def told(self, server: datetime) -> None:
        """Take note of the server's time in an answer that has just come."""
        offset = server - self.local()
        self._offset = offset if abs(offset) > SAME else timedelta()

    def heard(self, server: datetime, sent: float) -> None:
        """Hold an answer's time against that of the answer before; `sent` is the monotonic time of its request.

        The header was written anywhere between sending and now, so each answer gives a span.
        """
        time_of_answer = server.timestamp()
        ahead = (time_of_answer - self.monotonic(), time_of_answer - sent)
        before, self._ahead = self._ahead, ahead
        if before is None:
            return
        jump = max(ahead[0] - before[1], 0.0) + min(ahead[1] - before[0], 0.0)
        if abs(jump) > JUMP:
            log.warning("zoom_clock_jumped", extra={"seconds": round(jump)})
            if self._jumped is not None:
                self._jumped(jump)

    @property
    def offset(self) -> timedelta:
        """How far this machine's clock is behind Zoom's."""
        return self._offset
