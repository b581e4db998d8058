"""Waiting for creations that have not ended: one in doubt until Zoom must show it, another run's until it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from zoom_sync.domain.run import RunItem
from zoom_sync.service_layer.apply.items import Applying, Outcome

# How often the store is asked whether another run has ended its creation, and for how long before anybody hears of it.
LOOK_EVERY = timedelta(seconds=0.5)
SILENT = timedelta(seconds=3)


def wait_for(
    applying: Applying, later: Sequence[tuple[RunItem, Outcome]], waits: Callable[[datetime, int], None]
) -> None:
    """Wait until the items of `later` can be done again, and tell of a wait that takes long.

    A living run ends its creation within seconds, and the store shows it. One that died does not: then the moment
    comes at which its creation is looked for. So nobody has to say that he lives.
    """
    until = max(outcome.retry_at for _, outcome in later if outcome.retry_at is not None)
    held = [item for item, outcome in later if outcome.held_by_another]
    if len(held) < len(later):
        waits(until, len(later))
        applying.clock.sleep((until - applying.clock.now()).total_seconds())
        return
    attempts = {item.id: _attempts(applying, item) for item in held}
    begun, silent = applying.clock.now(), True
    while (now := applying.clock.now()) < until and any(_goes_on(applying, item, attempts[item.id]) for item in held):
        if silent and now - begun >= SILENT:
            waits(until, len(later))
            silent = False
        applying.clock.sleep(min(LOOK_EVERY, until - now).total_seconds())


def _goes_on(applying: Applying, item: RunItem, attempt: int | None) -> bool:
    return attempt is not None and _attempts(applying, item) == attempt


def _attempts(applying: Applying, item: RunItem) -> int | None:
    """Which attempt of the item's creation is under way; None where none is."""
    intent = applying.links.intent(item.event, item.key)
    return None if intent is None else intent.attempts
