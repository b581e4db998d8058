"""One budget of calls for all processes that share a Redis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from textwrap import shorten

from redis import Redis
from redis.exceptions import RedisError

from zoom_sync.adapters.zoom.governor import (
    DAY_SECONDS,
    MAX_WAIT_SECONDS,
    USED_UP,
    day_is_used,
    distance,
    penalty_seconds,
    row_is_long,
)
from zoom_sync.adapters.zoom.limits import Rate
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.domain.hosts import utc_day
from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import RateLimited, Unavailable

REASON_CHARACTERS = 160

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


@contextmanager
def _reaching_redis() -> Iterator[None]:
    """Tell Redis' own reason: neither its replies nor redis-py's errors hold the password."""
    try:
        yield
    except RedisError as error:
        reason = shorten(str(error), REASON_CHARACTERS, placeholder=" …") or type(error).__name__
        raise Unavailable(Phrase("the shared limits cannot be reached: {why}", why=reason)) from None


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
        with _reaching_redis():
            wait = int(self._reserve(keys=[self._place(label), self._day(rate, now)], args=arguments))
        if wait == -1:
            raise day_is_used(now)
        if wait < -1:
            raise row_is_long(now, (-2 - wait) / 1e6)
        return wait / 1e6

    def penalise(self, label: Label, limited: RateLimited, now: datetime) -> None:
        rate = self._rates[label]
        with _reaching_redis():
            if limited.limit == "daily":
                self._redis.set(self._day(rate, now), rate.per_day or USED_UP, ex=2 * DAY_SECONDS)
            else:
                self._hold(keys=[self._place(label)], args=[int(penalty_seconds(limited, now) * 1e6)])

    def used_today(self, label: Label, now: datetime) -> int:
        with _reaching_redis():
            return int(self._redis.get(self._day(self._rates[label], now)) or 0)

    def check(self) -> str:
        with _reaching_redis():
            return f"in redis {self._redis.info('server')['redis_version']}"

    def _place(self, label: Label) -> str:
        return f"{self._prefix}place:{label}"

    def _day(self, rate: Rate, now: datetime) -> str:
        return f"{self._prefix}used:{rate.day_group}:{utc_day(now)}"
