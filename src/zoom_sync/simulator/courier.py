"""Brings webhooks to their address over HTTP, in a thread of its own: no answer of the API waits for it."""

from __future__ import annotations

import contextlib
import http.client
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .webhooks import NOBODY, Posting

if TYPE_CHECKING:
    from .core import Simulator

# "Your endpoint must respond within 3 seconds": https://developers.zoom.us/docs/api/webhooks/
PATIENCE = 3.0
_MOST_ANSWER = 65_536


class Courier:
    """Sends what is due, one after the other, and waits in simulated time for what is not."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._awake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._connections: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def wake(self) -> None:
        """Something may be due: an event, or the clock was moved."""
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
                self._thread.start()
        self._awake.set()

    def close(self) -> None:
        """Send nothing any more."""
        self._closed = True
        self._awake.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        while not self._closed:
            self._awake.clear()
            while not self._closed and (posting := self._simulator.take_posting()) is not None:
                status, answer = self._send(posting)
                self._simulator.posting_answered(posting, status, answer)
            self._awake.wait(self._simulator.until_next_posting())
        for connection in self._connections.values():
            connection.close()

    def _send(self, posting: Posting) -> tuple[int, bytes]:
        """Status and body of the answer. A connection that rested may have been closed: then a new one is tried."""
        parts = urlsplit(posting.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        rested = (parts.scheme, parts.netloc) in self._connections
        for _ in range(2 if rested else 1):
            opened = self._connection(parts.scheme, parts.netloc)
            try:
                opened.request("POST", path, posting.body, dict(posting.headers))
                answer = opened.getresponse()
                body = answer.read(_MOST_ANSWER)
            except (OSError, http.client.HTTPException) as error:
                self._forget(parts.scheme, parts.netloc)
                if isinstance(error, TimeoutError):
                    return NOBODY, b""
            else:
                if answer.will_close or not answer.isclosed():
                    self._forget(parts.scheme, parts.netloc)
                return answer.status, body
        return NOBODY, b""

    def _connection(self, scheme: str, place: str) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        return self._connections.setdefault((scheme, place), kind(place, timeout=PATIENCE))

    def _forget(self, scheme: str, place: str) -> None:
        with contextlib.suppress(KeyError):
            self._connections.pop((scheme, place)).close()
