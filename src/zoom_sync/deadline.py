"""A bound on a call as a whole. requests bounds the wait for each byte, so an answer that dribbles would last for ever.

https://requests.readthedocs.io/en/latest/user/advanced/#timeouts: "timeout is not a time limit on the entire response".
Below the adapters, which use it for everything that they ask of other machines.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError


class OpenCall:
    """A call that is under way in one thread. What is cut is its sockets, so that whoever waits for them wakes up."""

    def __init__(self) -> None:
        self.is_cut = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def uses(self, connected: socket.socket) -> None:
        """Note a socket as soon as it is connected. TLS takes it over, so it is held by a handle of our own.

        Raises TimeoutError where the call is cut already; then the socket is closed.
        """
        with self._lock:
            if not self.is_cut:
                self._sockets.append(socket.socket(fileno=os.dup(connected.fileno())))
                return
        connected.close()
        raise TimeoutError

    def cut(self) -> None:
        """End it; it is over for whoever waits."""
        with self._lock:
            self.is_cut = True
            for connected in self._sockets:
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Forget the sockets: they may serve another call by now."""
        with self._lock:
            for connected in self._sockets:
                connected.close()
            self._sockets.clear()


@contextmanager
def bounded(seconds: float) -> Iterator[OpenCall]:
    """A call that is cut after so many seconds. Whoever makes it names its sockets, and looks whether it was cut."""
    call = OpenCall()
    timer = threading.Timer(seconds, call.cut)
    timer.daemon = True
    timer.start()
    try:
        yield call
    finally:
        timer.cancel()
        call.close()


class _Local(threading.local):
    call: OpenCall | None = None


_local = _Local()


def _note(connection: HTTPConnection, connected: socket.socket | None) -> None:
    if _local.call is None or connected is None:
        return
    try:
        _local.call.uses(connected)
    except OSError as error:
        raise NewConnectionError(connection, "its time is over") from error


class _HTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _note(self, connected)
        return connected

    def request(self, *arguments: Any, **named: Any) -> None:
        _note(self, self.sock)
        super().request(*arguments, **named)


class _HTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _note(self, connected)  # below TLS, so that a handshake that dribbles is cut too
        return connected

    def request(self, *arguments: Any, **named: Any) -> None:
        _note(self, self.sock)
        super().request(*arguments, **named)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


POOLS = {"http": _HTTPPool, "https": _HTTPSPool}


class DeadlineAdapter(HTTPAdapter):
    """Carries requests; each of them is over after `seconds`, its answer's body included.

    Without `body` the answer is left to be read, or not, by who asked, and has to come with its headers in that time.
    """

    def __init__(self, seconds: float, *, body: bool = True, **options: Any) -> None:
        self._seconds = seconds
        self._body = body
        self._open: set[OpenCall] = set()
        self._lock = threading.Lock()
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **named)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def cut_all(self) -> None:
        """End every call that is under way now, each as if its time were over."""
        with self._lock:
            open_now = list(self._open)
        for call in open_now:
            call.cut()

    def send(self, *arguments: Any, **named: Any) -> requests.Response:
        """As HTTPAdapter does. Raises ReadTimeout where the time is over."""
        with bounded(self._seconds) as call:
            with self._lock:
                self._open.add(call)
            _local.call = call
            try:
                return self._send_within(call, lambda: super(DeadlineAdapter, self).send(*arguments, **named))
            finally:
                _local.call = None
                with self._lock:
                    self._open.discard(call)

    def _send_within(self, call: OpenCall, send: Callable[[], requests.Response]) -> requests.Response:
        try:
            response = send()
            if self._body:
                _ = response.content  # read here, and kept, so that the body is within the time
        except requests.exceptions.RequestException:
            if call.is_cut:
                raise requests.exceptions.ReadTimeout("the whole call took too long") from None
            raise
        if call.is_cut:  # what has no length, headers among it, ends where its socket does
            response.close()
            raise requests.exceptions.ReadTimeout("the whole call took too long")
        return response
