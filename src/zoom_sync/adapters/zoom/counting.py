"""What was asked of Zoom, counted for whoever watches: by all processes together where there is a Redis."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from redis import Redis
from redis.exceptions import RedisError

from zoom_sync.adapters.zoom.protocol import Call, Label

CALLS, WAITED, WAITS = "calls", "waited", "waits"
Counted = Mapping[tuple[str, str, str], float]


class Counts(Protocol):
    """Counts that only grow. Counting never raises: work does not end because nobody counts it."""

    def call(self, call: Call, outcome: str) -> None:
        """One call ended: `outcome` is ok, or the name of its error."""
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

    def wait(self, label: Label, seconds: float) -> None:
        with self._lock:
            self._counted[WAITS, label, ""] += 1
            self._counted[WAITED, label, ""] += seconds  # type: ignore[assignment]  # typeshed's Counter knows ints only

    def counted(self) -> Counted:
        with self._lock:
            return dict(self._counted)


class RedisCounts:
    """The counts of all processes that share a Redis. Lost with it, as counters may be: they begin at zero again."""

    def __init__(self, redis: Redis, account: str) -> None:
        """`account` keeps accounts apart that share a Redis."""
        self._redis = redis
        self._key = f"zoom_sync:{account}:counts"

    def call(self, call: Call, outcome: str) -> None:
        self._add({f"{CALLS}|{call.label}|{outcome}": 1})

    def wait(self, label: Label, seconds: float) -> None:
        self._add({f"{WAITS}|{label}|": 1, f"{WAITED}|{label}|": seconds})

    def counted(self) -> Counted:
        try:
            told: dict[bytes, bytes] = self._redis.hgetall(self._key)  # type: ignore[assignment]  # no awaitable here
        except RedisError:
            return {}
        return {_name(field): float(value) for field, value in told.items()}

    def _add(self, amounts: Mapping[str, float]) -> None:
        try:
            with self._redis.pipeline(transaction=False) as pipeline:
                for field, amount in amounts.items():
                    pipeline.hincrbyfloat(self._key, field, amount)
                pipeline.execute()
        except RedisError:
            return


def _name(field: bytes) -> tuple[str, str, str]:
    name, label, outcome = field.decode().split("|")
    return name, label, outcome
