"""The governor: one budget of calls for all processes, so that Zoom never has to answer 429.

Calls of a label leave at even distances: each caller reserves the next place in the row and waits for it, so waiting
is fair (first come, first served), bounded, and needs no polling. The limiter libraries that were looked at (`limits`,
`pyrate-limiter`) let a caller try and be refused, not reserve; under load their callers poll, and the last may starve.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from zoom_sync.adapters.zoom.limits import Rate
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.domain.hosts import next_utc_day, utc_day
from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import RateLimited

# The share of a published rate that is used: requests that leave at even distances bunch a little on their way.
SHARE = 0.96
MAX_WAIT_SECONDS = 120.0
DAY_SECONDS = 86_400
USED_UP = 1 << 52  # a count that no daily limit reaches, exact in Lua's numbers


class Governor(Protocol):
    """A place in the row for every call."""

    def reserve(self, label: Label, now: datetime) -> float:
        """Reserve the next place; answers how many seconds to wait for it.

        `now` is Zoom's time, for the daily limits. Raises RateLimited where the day is used up or the row is longer
        than MAX_WAIT_SECONDS; nothing is reserved then. Raises Unavailable where the shared budget cannot be reached.
        """
        ...

    def penalise(self, label: Label, limited: RateLimited, now: datetime) -> None:
        """Zoom answered 429 all the same: another app uses the same limits. Hold the row until it is over."""
        ...

    def used_today(self, label: Label, now: datetime) -> int:
        """Calls reserved this UTC day that count against the label's daily limit."""
        ...

    def check(self) -> str:
        """Where the budget is kept. Raises Unavailable where that does not answer."""
        ...


def distance(rate: Rate) -> float:
    """Seconds between two calls of a label."""
    return rate.seconds / (rate.calls * SHARE)


def day_is_used(now: datetime) -> RateLimited:
    return RateLimited(
        Phrase("the account's calls of this kind are used up for today"), limit="daily", retry_at=next_utc_day(now)
    )


def row_is_long(now: datetime, wait: float) -> RateLimited:
    later = now + timedelta(seconds=wait)
    phrase = Phrase("{seconds} s of calls are waiting already", seconds=f"{wait:.0f}")
    return RateLimited(phrase, limit="per-second", retry_at=later)


def penalty_seconds(limited: RateLimited, now: datetime) -> float:
    until = limited.retry_at or now + timedelta(seconds=1)
    return min(max(0.0, (until - now).total_seconds()), DAY_SECONDS)


class ProcessGovernor:
    """The budget of one process, in its memory. Daily counts begin anew with the process."""

    def __init__(self, rates: Mapping[Label, Rate], monotonic: Callable[[], float]) -> None:
        self._rates = rates
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._next: dict[Label, float] = {}
        self._used: dict[tuple[str, str], int] = {}

    def reserve(self, label: Label, now: datetime) -> float:
        rate = self._rates[label]
        with self._lock:
            here = self._monotonic()
            place = max(here, self._next.get(label, here))
            if place - here > MAX_WAIT_SECONDS:
                raise row_is_long(now, place - here)
            self._count(rate, now)
            self._next[label] = place + distance(rate)
        return place - here

    def penalise(self, label: Label, limited: RateLimited, now: datetime) -> None:
        rate = self._rates[label]
        with self._lock:
            if limited.limit == "daily":
                self._used[rate.day_group, utc_day(now)] = rate.per_day or USED_UP
                return
            until = self._monotonic() + penalty_seconds(limited, now)
            self._next[label] = max(until, self._next.get(label, 0.0))

    def used_today(self, label: Label, now: datetime) -> int:
        return self._used.get((self._rates[label].day_group, utc_day(now)), 0)

    def check(self) -> str:
        return "in this process"

    def _count(self, rate: Rate, now: datetime) -> None:
        key = (rate.day_group, utc_day(now))
        used = self._used.get(key, 0)
        if used >= (rate.per_day or USED_UP):
            raise day_is_used(now)
        self._used[key] = used + 1
