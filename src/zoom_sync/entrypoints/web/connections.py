"""Connections of browsers: a request has a time to arrive in, and there is a bound on how many wait at once.

Without them whoever opens connections and sends nothing takes every file descriptor of the process, and then nobody is
answered, health checks included. uvicorn bounds the time between two requests, and not that of one.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import time
from typing import Any

import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

# A request is to be there, its head and its body, this long after its first byte could come.
RECEIVE_SECONDS = 20.0
MOST_CONNECTIONS = 1000
FEWEST_CONNECTIONS = 16
# What the process needs besides: its files, the database, calls to Zoom. Of more, it keeps a quarter.
OTHER_DESCRIPTORS = 96
MOST_AT_ONCE = 128
LOG_EVERY_SECONDS = 60.0

log = structlog.stdlib.get_logger(__name__)


def most_connections() -> int:
    """How many connections may be open at once, as far as the system lets this process open files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, soft - max(OTHER_DESCRIPTORS, soft // 4)))


def accepted_at_once() -> int:
    """How many connections are accepted before the bound is looked at again.

    asyncio accepts as many as it is given for a backlog in one go. A connection that is dropped for them keeps its
    descriptor for two turns of the loop more, so three times as many have to fit beside those that are open.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_AT_ONCE
    return max(1, min(MOST_AT_ONCE, (soft - most_connections()) // 6))


class Dropped:
    """How many connections were dropped; told now and then in one line."""

    def __init__(self) -> None:
        self._count = 0
        self._told_at = float("-inf")

    def count(self, reason: str) -> None:
        self._count += 1
        now = time.monotonic()
        if now - self._told_at >= LOG_EVERY_SECONDS:
            log.warning("connections_dropped", reason=reason, count=self._count)
            self._count, self._told_at = 0, now


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol with both bounds. Of too many connections, the one that has sent nothing for longest goes."""

    receive_seconds = RECEIVE_SECONDS
    _waiting: dict[BoundedProtocol, None] = {}  # noqa: RUF012 - of all connections of the process, in order
    _dropped = Dropped()
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        if self.loop.get_exception_handler() is None:
            self.loop.set_exception_handler(_one_line)
        self._await_request()
        if len(self.connections) > most_connections():
            oldest = next(iter(self._waiting))
            oldest.drop("too many connections at once")

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and self._is_between_requests():
            self._await_request()
        super().data_received(data)
        if self.cycle is not None and not self.cycle.more_body:
            self._request_is_there()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._request_is_there()
        self._waiting[self] = None  # uvicorn closes it soon; where there are too many, it may go at once

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_is_there()
        super().connection_lost(exc)

    def drop(self, reason: str) -> None:
        """Close the connection without an answer."""
        self._request_is_there()
        self._dropped.count(reason)
        self.transport.abort()

    def _is_between_requests(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    def _await_request(self) -> None:
        self._waiting[self] = None
        self._deadline = self.loop.call_later(self.receive_seconds, self.drop, "a request was not sent in time")

    def _request_is_there(self) -> None:
        self._waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Unfinished(logging.Filter):
    """That a request is cut off because the server has to stop is expected, and no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError):
            record.msg, record.args, record.exc_info = "request_cut_off_at_stop", (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


_unfinished = _Unfinished()


def bounded(**options: Any) -> dict[str, Any]:
    """Options of uvicorn's Config that every server of ours has."""
    logging.getLogger("uvicorn.error").addFilter(_unfinished)
    ours = {"http": BoundedProtocol, "log_config": None, "access_log": False, "backlog": accepted_at_once()}
    return {**ours, **options}


def _one_line(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """That no descriptor is left is expected where there are few, and no traceback each time; else as asyncio does."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        BoundedProtocol._dropped.count("no file descriptor is left: raise the limit (ulimit -n)")  # noqa: SLF001
    else:
        loop.default_exception_handler(context)
