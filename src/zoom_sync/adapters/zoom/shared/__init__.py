"""What the processes on one Redis have together: the budget of calls, their counts, the access token.

Loaded only where there is a Redis: the package is slow to import. Imports the rest of `adapters.zoom`, `domain` and
`errors`; redis, and cryptography for the token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from redis import Redis

from zoom_sync.adapters.zoom.auth import Credentials
from zoom_sync.adapters.zoom.limits import Rate
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.shared.counting import RedisCounts
from zoom_sync.adapters.zoom.shared.governor import RedisGovernor
from zoom_sync.adapters.zoom.shared.token_cache import RedisTokenCache


class Shared:
    """A Redis, and what of one Zoom account is kept in it. Connects at first use."""

    def __init__(self, url: str, account: str) -> None:
        """`account` keeps accounts apart that share a Redis."""
        self._redis = Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5)
        self._account = account

    def governor(self, rates: Mapping[Label, Rate]) -> RedisGovernor:
        return RedisGovernor(self._redis, rates, self._account)

    def counts(self) -> RedisCounts:
        return RedisCounts(self._redis, self._account)

    def token_cache(self, credentials: Credentials, now: Callable[[], datetime]) -> RedisTokenCache:
        return RedisTokenCache(self._redis, credentials, now)
