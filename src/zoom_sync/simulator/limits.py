"""Zoom's rate limits, per account and label.

The table is https://developers.zoom.us/docs/api/rate-limits/ : so many requests a second (resource-intensive
ones: a minute) and, on some plans, a UTC day. A window slides: a request is let in when fewer than the limit
were let in during the second before it. What is refused does not count.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .clock import DAY, iso, utc_day
from .refusals import Refusal

LIGHT, MEDIUM, HEAVY, RESOURCE = "LIGHT", "MEDIUM", "HEAVY", "RESOURCE-INTENSIVE"
LABELS = (LIGHT, MEDIUM, HEAVY, RESOURCE)
HOST_DAILY = 100
REGISTRANT_DAILY = 3
STATUS_DAILY = 10
_PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
_PER_DAY = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on"
    " when you can make another request."
)
_PER_HOST = (
    "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this"
    " particular user. You may resume these requests at GMT 00:00:00."
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests of a label are let in.

    `burst` per `window` seconds, and `daily` a UTC day (None: no daily limit). Labels with the same `pool` share
    the daily count.
    """

    burst: int
    window: float
    daily: int | None
    pool: str


def _table(
    light: tuple[int, int | None], medium: tuple[int, int | None], heavy: tuple[int, int], resource: int
) -> dict[str, Limit]:
    """A plan with one daily pool for heavy and resource-intensive requests together."""
    return {
        LIGHT: Limit(light[0], 1.0, light[1], LIGHT),
        MEDIUM: Limit(medium[0], 1.0, medium[1], MEDIUM),
        HEAVY: Limit(heavy[0], 1.0, heavy[1], HEAVY),
        RESOURCE: Limit(resource, 60.0, heavy[1], HEAVY),
    }


PLANS: dict[str, dict[str, Limit]] = {
    "free": {
        **_table((4, 6000), (2, 2000), (1, 1000), 10),
        RESOURCE: Limit(10, 60.0, 30_000, RESOURCE),
    },
    "pro": _table((30, None), (20, None), (10, 30_000), 10),
    "business": _table((80, None), (60, None), (40, 60_000), 20),
}


class RateLimits:
    """Counts the requests of one account."""

    def __init__(self, plan: str, enforced: bool = True) -> None:
        self.enforced = enforced
        self._limits = PLANS[plan]
        self._arrivals: dict[str, deque[float]] = {label: deque() for label in LABELS}
        self._daily: dict[str, int] = {}
        self._hosts: dict[str, int] = {}
        self._registrants: dict[str, int] = {}
        self._day = -1
        self._latest = 0.0

    def _settle(self, now: float) -> None:
        """A clock set back begins all windows anew; a new UTC day the daily counts."""
        if now < self._latest:
            for arrivals in self._arrivals.values():
                arrivals.clear()
        day = utc_day(now)
        if day != self._day:
            self._daily.clear()
            self._hosts.clear()
            self._registrants.clear()
            self._day = day
        self._latest = now

    def admit(self, label: str, now: float, taken: tuple[int, int] = (0, 0)) -> dict[str, str]:
        """Lets a request in and answers the headers of its response. Raises Refusal with 429.

        `taken` is what other apps on the account use of every second and of every day.
        """
        if not self.enforced:
            return {"X-RateLimit-Category": _category(label)}
        self._settle(now)
        limit = self._limits[label]
        arrivals = self._arrivals[label]
        while arrivals and arrivals[0] <= now - limit.window:
            arrivals.popleft()
        burst_taken, day_taken = taken
        used = self._daily.get(limit.pool, 0)
        if limit.daily is not None and used + day_taken >= limit.daily:
            raise too_many(label, "daily", limit, now)
        if len(arrivals) + burst_taken >= limit.burst:
            raise too_many(label, "qps", limit, now)
        arrivals.append(now)
        self._daily[limit.pool] = used + 1
        return self._headers(label, limit, used + day_taken + 1, len(arrivals) + burst_taken)

    def _headers(self, label: str, limit: Limit, used: int, burst: int) -> dict[str, str]:
        kind, size, rest = "QPS", limit.burst, limit.burst - burst
        if limit.daily is not None:
            kind, size, rest = "Daily-limit", limit.daily, limit.daily - used
        return {
            "X-RateLimit-Category": _category(label),
            "X-RateLimit-Type": kind,
            "X-RateLimit-Limit": str(size),
            "X-RateLimit-Remaining": str(max(rest, 0)),
        }

    def admit_write(self, host: str, now: float) -> dict[str, str]:
        """Counts a create or update against the meeting's host: 100 per UTC day. Raises Refusal with 429.

        The headers of such a response show this count in place of the label's (https://devforum.zoom.us/t/59670).
        """
        if not self.enforced:
            return {}
        self._settle(now)
        used = self._hosts.get(host, 0)
        if used >= HOST_DAILY:
            raise too_many_writes(LIGHT, self._limits[LIGHT], self._daily.get(LIGHT, 0))
        self._hosts[host] = used + 1
        return {
            "X-RateLimit-Category": _category(LIGHT),
            "X-RateLimit-Limit": str(HOST_DAILY),
            "X-RateLimit-Remaining": str(HOST_DAILY - used - 1),
        }

    def admit_registrant(self, meeting: int, email: str, now: float) -> None:
        """Counts a registration: three a day for the same registrant in the same meeting."""
        if not self.enforced:
            return
        self._settle(now)
        key = f"{meeting}:{email.lower()}"
        if self._registrants.get(key, 0) >= REGISTRANT_DAILY:
            raise too_many_registrations(email)
        self._registrants[key] = self._registrants.get(key, 0) + 1

    def admit_status(self, meeting: int, email: str, now: float) -> None:
        """Counts a change of a registrant's status: ten a day for the same registrant in the same meeting."""
        if not self.enforced:
            return
        self._settle(now)
        key = f"status:{meeting}:{email.lower()}"
        if self._registrants.get(key, 0) >= STATUS_DAILY:
            raise too_many_registrations(email, STATUS_DAILY, "Update registrant's status", "Medium")
        self._registrants[key] = self._registrants.get(key, 0) + 1

    def refuse(self, kind: str, label: str, now: float, email: str = "user@example.com") -> Refusal:
        """The 429 of a kind (qps, daily, host, registrant), for an injected fault."""
        limit = self._limits[label or LIGHT]
        if kind == "host":
            return too_many_writes(label, limit, self._daily.get(limit.pool, 0))
        if kind == "registrant":
            return too_many_registrations(email)
        return too_many(label or LIGHT, kind, limit, now)

    def counts(self) -> dict[str, dict[str, int]]:
        """What was used since 00:00 UTC: by pool and by host."""
        return {"daily": dict(self._daily), "writes_by_host": dict(self._hosts)}

    def to_json(self) -> dict[str, object]:
        """The daily counts, for a state file; windows of a second are not worth keeping."""
        return {"day": self._day, "registrants": dict(self._registrants), **self.counts()}

    def restore(self, day: int, daily: dict[str, int], hosts: dict[str, int], registrants: dict[str, int]) -> None:
        """Goes on with the daily counts of a state file."""
        self._day, self._daily, self._hosts, self._registrants = day, daily, hosts, registrants


def _category(label: str) -> str:
    return label.capitalize()


def too_many(label: str, kind: str, limit: Limit, now: float) -> Refusal:
    """429 of a label. Only the daily one says when to come back: an ISO instant, not seconds.

    https://devforum.zoom.us/t/18928
    """
    daily = kind == "daily"
    headers = {
        "X-RateLimit-Category": _category(label),
        "X-RateLimit-Type": "Daily-limit" if daily else "QPS",
        "X-RateLimit-Limit": str(limit.daily or 0 if daily else limit.burst),
        "X-RateLimit-Remaining": "0",
    }
    if daily:
        headers["Retry-After"] = iso((utc_day(now) + 1) * DAY)
    return Refusal(429, {"code": 429, "message": _PER_DAY if daily else _PER_SECOND}, headers)


def too_many_writes(label: str, limit: Limit, used: int) -> Refusal:
    """429 of a host: neither X-RateLimit-Type nor Retry-After (https://devforum.zoom.us/t/18928)."""
    size = limit.daily or 6000
    headers = {
        "X-RateLimit-Category": _category(label or LIGHT),
        "X-RateLimit-Limit": str(size),
        "X-RateLimit-Remaining": str(max(size - used, 0)),
    }
    return Refusal(429, {"code": 429, "message": _PER_HOST}, headers)


def too_many_registrations(
    email: str, most: int = REGISTRANT_DAILY, what: str = "Add a meeting registrant", category: str = "Light"
) -> Refusal:
    """429 of a registrant: https://devforum.zoom.us/t/141856 shows it, …/122482 that of a status."""
    message = (
        f"You have exceeded the daily rate limit of ({most}) for {what} API requests for the"
        f" registrant ({email}). You can resume these API requests at GMT 00:00:00."
    )
    headers = {"X-RateLimit-Category": category, "X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": "0"}
    return Refusal(429, {"code": 429, "message": message}, headers)
