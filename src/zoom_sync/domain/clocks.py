"""What is told of clocks that cannot be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.phrases import Phrase


@dataclass(frozen=True, slots=True)
class ClockJump:
    """The time in Zoom's answers jumped by so many seconds; `at` is this machine's time."""

    at: datetime
    seconds: int

    @property
    def note(self) -> Phrase:
        """The jump in words."""
        moment = f"{self.at:%Y-%m-%d %H:%M:%S}"
        return Phrase(
            "the time in Zoom's answers jumped by {seconds} s at {moment} UTC; what is due or past is decided by it",
            seconds=f"{self.seconds:+d}",
            moment=moment,
        )
