"""One budget of calls for all processes that work on one store, where there is no Redis."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from zoom_sync.adapters.zoom.governor import (
    MAX_WAIT_SECONDS,
    USED_UP,
    Governor,
    day_is_used,
    distance,
    penalty_seconds,
    row_is_long,
)
from zoom_sync.adapters.zoom.limits import Rate
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.domain.hosts import utc_day
from zoom_sync.errors import RateLimited, StoreError

MICROS = 1_000_000

log = logging.getLogger(__name__)


class Places(Protocol):
    """The rows of calls as a store keeps them, in microseconds of one clock that all its processes share.

    All methods raise StoreError.
    """

    def take(self, label: str, step: int, longest: int, day: tuple[str, str], per_day: int) -> int:
        """Take the next place; answers the wait, -1 where the day is used up, -2 - wait where it is over `longest`."""
        ...

    def hold(self, label: str, micros: int) -> None:
        """Let nobody go before so long from now."""
        ...

    def used(self, day: tuple[str, str]) -> int:
        """What was taken of a day, by its group and date."""
        ...

    def use_up(self, day: tuple[str, str], per_day: int) -> None:
        """The day is used up."""
        ...


class StoreGovernor:
    """The budget of all processes on one store: a row of a table, taken in a transaction.

    Where the store cannot be reached, `alone` is used: one process then keeps to the limits by itself, as it must for
    what is asked of Zoom about a store that is out of order.
    """

    def __init__(self, places: Callable[[], Places], rates: Mapping[Label, Rate], alone: Governor) -> None:
        """`places` opens the store at first use."""
        self._open = places
        self._rates = rates
        self._alone = alone

    def reserve(self, label: Label, now: datetime) -> float:
        rate = self._rates[label]
        step, longest = int(distance(rate) * MICROS), int(MAX_WAIT_SECONDS * MICROS)
        try:
            wait = self._open().take(str(label), step, longest, _day(rate, now), rate.per_day or USED_UP)
        except StoreError as error:
            self._tell(error)
            return self._alone.reserve(label, now)
        if wait == -1:
            raise day_is_used(now)
        if wait < -1:
            raise row_is_long(now, (-2 - wait) / MICROS)
        return wait / MICROS

    def penalise(self, label: Label, limited: RateLimited, now: datetime) -> None:
        rate = self._rates[label]
        try:
            if limited.limit == "daily":
                self._open().use_up(_day(rate, now), rate.per_day or USED_UP)
            else:
                self._open().hold(str(label), int(penalty_seconds(limited, now) * MICROS))
        except StoreError as error:
            self._tell(error)
            self._alone.penalise(label, limited, now)

    def used_today(self, label: Label, now: datetime) -> int:
        try:
            return self._open().used(_day(self._rates[label], now))
        except StoreError:
            return self._alone.used_today(label, now)

    def check(self) -> str:
        self._open().used(("", ""))
        return "in the store"

    @staticmethod
    def _tell(error: StoreError) -> None:
        log.warning("limits_not_shared", extra={"reason": str(error)})


def _day(rate: Rate, now: datetime) -> tuple[str, str]:
    return rate.day_group, utc_day(now)
