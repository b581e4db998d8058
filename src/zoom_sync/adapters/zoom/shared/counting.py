"""What all processes that share a Redis asked of Zoom."""

from __future__ import annotations

from collections.abc import Mapping

from redis import Redis
from redis.exceptions import RedisError

from zoom_sync.adapters.zoom.counting import CALLS, SIGN_IN, WAITED, WAITS, Counted
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.protocol import Call


class RedisCounts:
    """The counts of all processes that share a Redis. Lost with it, as counters may be: they begin at zero again."""

    def __init__(self, redis: Redis, account: str) -> None:
        """`account` keeps accounts apart that share a Redis."""
        self._redis = redis
        self._key = f"zoom_sync:{account}:counts"

    def call(self, call: Call, outcome: str) -> None:
        self._add({f"{CALLS}|{call.label}|{outcome}": 1})

    def sign_in(self, outcome: str) -> None:
        self._add({f"{CALLS}|{SIGN_IN}|{outcome}": 1})

    def wait(self, label: Label, seconds: float) -> None:
        self._add({f"{WAITS}|{label}|": 1, f"{WAITED}|{label}|": seconds})

    def counted(self) -> Counted:
        try:
            datas: dict[bytes, bytes] = self._redis.hgetall(self._key)  # type: ignore[assignment]  # no awaitable here
        except RedisError:
            return {}
        return {_name(field): float(value) for field, value in datas.items()}

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
