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

from redis import Redis
from redis.exceptions import RedisError

from zoom_sync.adapters.zoom.limits import Rate
from zoom_sync.adapters.zoom.protocol import Label
from zoom_sync.domain.hosts import next_utc_day, utc_day
from zoom_sync.errors import RateLimited, Unavailable

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


def _day_is_used(now: datetime) -> RateLimited:
    return RateLimited(
        "the account's calls of this kind are used up for today", limit="daily", retry_at=next_utc_day(now)
    )


def _row_is_long(now: datetime, wait: float) -> RateLimited:
    later = now + timedelta(seconds=wait)
    return RateLimited(f"{wait:.0f} s of calls are waiting already", limit="per-second", retry_at=later)


def _penalty_seconds(limited: RateLimited, now: datetime) -> float:
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
                raise _row_is_long(now, place - here)
            self._count(rate, now)
            self._next[label] = place + distance(rate)
        return place - here

    def penalise(self, label: Label, limited: RateLimited, now: datetime) -> None:
        rate = self._rates[label]
        with self._lock:
            if limited.limit == "daily":
                self._used[rate.day_group, utc_day(now)] = rate.per_day or USED_UP
                return
            until = self._monotonic() + _penalty_seconds(limited, now)
            self._next[label] = max(until, self._next.get(label, 0.0))

    def used_today(self, label: Label, now: datetime) -> int:
        return self._used.get((self._rates[label].day_group, utc_day(now)), 0)

    def check(self) -> str:
        return "in this process"

    def _count(self, rate: Rate, now: datetime) -> None:
        key = (rate.day_group, utc_day(now))
        used = self._used.get(key, 0)
        if used >= (rate.per_day or USED_UP):
            raise _day_is_used(now)
        self._used[key] = used + 1


# KEYS: place of the label, count of the day. ARGV: distance and longest wait in microseconds, the day's limit.
# Answers the wait in microseconds, -1 where the day is used up, or -2 - wait where the row is too long.
# A place is kept for as long as it lies ahead, and a little longer.
RESERVE = """
local time = redis.call('TIME')
local here = time[1] * 1000000 + time[2]
local place = tonumber(redis.call('GET', KEYS[1]) or '0')
if place < here then place = here end
if place - here > tonumber(ARGV[2]) then return -2 - (place - here) end
local used = tonumber(redis.call('GET', KEYS[2]) or '0')
if used >= tonumber(ARGV[3]) then return -1 end
redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], 172800)
redis.call('SET', KEYS[1], string.format('%.0f', place + tonumber(ARGV[1])), 'PX', 600000)
return place - here
"""

# KEYS: place of the label. ARGV: how long to hold the row, in microseconds.
HOLD = """
local time = redis.call('TIME')
local here = time[1] * 1000000 + time[2]
local place = tonumber(redis.call('GET', KEYS[1]) or '0')
local held = tonumber(ARGV[1])
if here + held > place then
  redis.call('SET', KEYS[1], string.format('%.0f', here + held), 'PX', string.format('%.0f', held / 1000 + 600000))
end
return 0
"""


class RedisGovernor:
    """The budget of all processes that share a Redis, by Redis' own clock. One round trip per call."""

    def __init__(self, redis: Redis, rates: Mapping[Label, Rate], account: str) -> None:
        """`account` keeps accounts apart that share a Redis."""
        self._redis = redis
        self._rates = rates
        self._prefix = f"zoom_sync:{account}:"
        self._reserve = redis.register_script(RESERVE)
        self._hold = redis.register_script(HOLD)

    def reserve(self, label: Label, now: datetime) -> float:
        rate = self._rates[label]
        arguments = [int(distance(rate) * 1e6), int(MAX_WAIT_SECONDS * 1e6), rate.per_day or USED_UP]
        try:
            wait = int(self._reserve(keys=[self._place(label), self._day(rate, now)], args=arguments))
        except RedisError as error:
            raise Unavailable(f"the shared limits cannot be reached: {type(error).__name__}") from None
        if wait == -1:
            raise _day_is_used(now)
        if wait < -1:
            raise _row_is_long(now, (-2 - wait) / 1e6)
        return wait / 1e6

    def penalise(self, label: Label, limited: RateLimited, now: datetime) -> None:
        rate = self._rates[label]
        try:
            if limited.limit == "daily":
                self._redis.set(self._day(rate, now), rate.per_day or USED_UP, ex=2 * DAY_SECONDS)
            else:
                self._hold(keys=[self._place(label)], args=[int(_penalty_seconds(limited, now) * 1e6)])
        except RedisError as error:
            raise Unavailable(f"the shared limits cannot be reached: {type(error).__name__}") from None

    def used_today(self, label: Label, now: datetime) -> int:
        try:
            return int(self._redis.get(self._day(self._rates[label], now)) or 0)
        except RedisError as error:
            raise Unavailable(f"the shared limits cannot be reached: {type(error).__name__}") from None

    def check(self) -> str:
        try:
            return f"in redis {self._redis.info('server')['redis_version']}"
        except RedisError as error:
            raise Unavailable(f"the shared limits cannot be reached: {type(error).__name__}") from None

    def _place(self, label: Label) -> str:
        return f"{self._prefix}place:{label}"

    def _day(self, rate: Rate, now: datetime) -> str:
        return f"{self._prefix}used:{rate.day_group}:{utc_day(now)}"
