"""The one clock of the simulator, and how instants are written and read.

An instant is a number of seconds since 1970 in UTC. With `ticking=False` the clock stands until it is moved, so
a test decides what time it is.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

DAY = 86_400
_FIRST, _LAST = 946_684_800, 32_503_680_000
_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_UNITS = {"days": DAY, "hours": 3600, "minutes": 60, "seconds": 1}


class Clock:
    """Simulated time: the point it was set to, plus (when ticking) what passed since."""

    def __init__(self, start: float | None, ticking: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._point = time.time() if start is None else start
        _check(self._point)
        self._since = monotonic()
        self._ticking = ticking

    @property
    def ticking(self) -> bool:
        """Whether time passes by itself."""
        return self._ticking

    @ticking.setter
    def ticking(self, ticking: bool) -> None:
        self.set(self.now())
        self._ticking = ticking

    def now(self) -> float:
        """The simulated instant, in seconds since 1970."""
        return self._point + (self._monotonic() - self._since if self._ticking else 0.0)

    def set(self, instant: float) -> None:
        """Moves the clock to `instant`, forwards or backwards; raises ValueError beyond what it can show."""
        _check(instant)
        self._point = instant
        self._since = self._monotonic()

    def advance(self, seconds: float) -> None:
        """Moves the clock by `seconds`."""
        self.set(self.now() + seconds)


def _check(instant: float) -> None:
    """No meeting is planned before 2000 or after 2999, so a clock beyond is a slip; NaN is refused too."""
    if not _FIRST <= instant < _LAST:
        raise ValueError("the clock goes from the year 2000 to 2999")


def iso(instant: float) -> str:
    """`2023-11-06T12:30:00Z`: the only form in which Zoom answers an instant."""
    return _iso(int(instant))


@lru_cache(maxsize=4096)
def _iso(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


@lru_cache(maxsize=64)
def http_date(second: int) -> str:
    """The Date header of an instant (RFC 9110)."""
    moment = time.gmtime(second)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.tm_wday]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return time.strftime(f"{day}, %d {months[moment.tm_mon - 1]} %Y %H:%M:%S GMT", moment)


def read_instant(text: object) -> float:
    """Reads an ISO instant of the control routes; one without an offset is UTC. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError(  # noqa: TRY004 (one kind of error for whoever reads a request)
            f"not an ISO instant: {text!r}"
        )
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def read_seconds(value: object) -> float:
    """Reads a length of time: a number of seconds, or ISO 8601 such as "PT2H". Raises ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        sign, text = (-1, value[1:]) if value.startswith("-") else (1, value)
        match = _DURATION.fullmatch(text)
        if match and any(match.groups()):
            return sign * sum(float(match[unit] or 0) * size for unit, size in _UNITS.items())
    raise ValueError(f"neither seconds nor an ISO 8601 duration: {value!r}")


def utc_day(instant: float) -> int:
    """The number of the UTC day; Zoom's daily counters begin anew at 00:00 UTC."""
    return int(instant // DAY)
