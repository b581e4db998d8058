"""Webhooks on their way into the store: many at once go in one transaction, and nobody waits longer than he can.

Zoom wants its answer within three seconds, and sends again what was answered with a server's error. So whoever brings a
delivery is told that it is stored, or that it could not be stored in time; then it may be stored all the same, and the
repeat is known as one.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from datetime import datetime

from zoom_sync.domain.delivery import Delivery, Reception
from zoom_sync.errors import StoreUnavailable, ZoomSyncError
from zoom_sync.service_layer.ports.runs import WebhookStore

MOST_AT_ONCE = 500
# What waits beyond this is refused at once: it would not be stored in time.
MOST_WAITING = 5000
COUNT_SECONDS = 1.0

log = logging.getLogger(__name__)
Waiting = tuple[Delivery, "Future[Reception]"]


class Inbox:
    """Takes deliveries in, a batch at a time, in a thread of its own that begins with the first."""

    def __init__(self, store: Callable[[], WebhookStore], now: Callable[[], datetime]) -> None:
        """`store` opens the store; it may raise, and is asked again at the next batch."""
        self._store = store
        self._now = now
        self._queue: queue.Queue[Waiting | None] = queue.Queue(MOST_WAITING)
        self._refused: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, delivery: Delivery) -> Future[Reception]:
        """What became of the delivery, once it is known. Raises StoreUnavailable where too many wait already."""
        stored: Future[Reception] = Future()
        self._begin()
        try:
            self._queue.put_nowait((delivery, stored))
        except queue.Full:
            raise StoreUnavailable("too many webhooks wait for the store") from None
        return stored

    def count(self, outcome: str) -> None:
        """Count a request that was not taken in; the store is told with the next batch, or within a second.

        It is counted there and not here, so that whichever process is asked tells what all of them were sent.
        """
        with self._lock:
            self._refused[outcome] += 1
        self._begin()

    def close(self) -> None:
        """Store what waits, and end the thread."""
        thread = self._thread
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        going = True
        while going:
            going, batch = self._next_batch()
            refused = self._refusals()
            if not batch and not refused:
                continue
            try:
                outcomes = self._store().take_in([delivery for delivery, _ in batch], refused, self._now())
                _tell(batch, outcomes)
            except ZoomSyncError as error:
                self._fail(batch, refused, error)
            except Exception as error:
                log.exception("webhooks_not_stored")
                self._fail(batch, refused, error)

    def _next_batch(self) -> tuple[bool, list[Waiting]]:
        """Whether to go on, and what waits now; the first is waited for."""
        batch: list[Waiting] = []
        try:
            one = self._queue.get(timeout=COUNT_SECONDS)
            while one is not None:
                batch.append(one)
                if len(batch) == MOST_AT_ONCE:
                    return True, batch
                one = self._queue.get_nowait()
        except queue.Empty:
            return True, batch
        return False, batch

    def _refusals(self) -> dict[str, int]:
        with self._lock:
            refused = dict(self._refused)
            self._refused.clear()
        return refused

    def _fail(self, batch: Sequence[Waiting], refused: dict[str, int], error: Exception) -> None:
        """Nothing was stored: Zoom is told so and sends again. What was counted is counted the next time."""
        log.warning("webhooks_refused", extra={"count": len(batch), "reason": type(error).__name__})
        with self._lock:
            self._refused.update(refused)
        for _, stored in batch:
            with suppress(InvalidStateError):  # who brought it has gone
                stored.set_exception(error)


def _tell(batch: Sequence[Waiting], outcomes: Sequence[Reception]) -> None:
    for (_, stored), outcome in zip(batch, outcomes, strict=True):
        with suppress(InvalidStateError):
            stored.set_result(outcome)
