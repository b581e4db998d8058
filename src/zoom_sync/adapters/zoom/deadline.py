"""A bound on a call as a whole. requests bounds the wait for each byte, so an answer that dribbles would last for ever.

https://requests.readthedocs.io/en/latest/user/advanced/#timeouts: "timeout is not a time limit on the entire response".
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _OpenCall:
    """A call that is under way in one thread. What is cut is its sockets, so that whoever waits for them wakes up."""

    def __init__(self) -> None:
        self.is_cut = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def uses(self, connected: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connected)
            late = self.is_cut
        if late:
            self.cut()

    def cut(self) -> None:
        with self._lock:
            self.is_cut = True
            for connected in self._sockets:
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)


class _Local(threading.local):
    call: _OpenCall | None = None


_local = _Local()


def _note(connected: Any) -> None:
    if _local.call is not None and connected is not None:
        _local.call.uses(connected)


class _HTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _note(connected)
        return connected

    def request(self, *arguments: Any, **named: Any) -> None:
        _note(self.sock)
        super().request(*arguments, **named)


class _HTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        _note(connected)  # below TLS, so that a handshake that dribbles is cut too
        return connected

    def request(self, *arguments: Any, **named: Any) -> None:
        _note(self.sock)
        super().request(*arguments, **named)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPS


POOLS = {"http": _HTTPPool, "https": _HTTPSPool}


class DeadlineAdapter(HTTPAdapter):
    """Carries requests; each of them, its answer's body included, is over after `seconds`."""

    def __init__(self, seconds: float, **options: Any) -> None:
        self._seconds = seconds
        self._open: set[_OpenCall] = set()
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
        call = _OpenCall()
        timer = threading.Timer(self._seconds, call.cut)
        timer.daemon = True
        with self._lock:
            self._open.add(call)
        _local.call = call
        timer.start()
        try:
            return self._send_whole(call, lambda: super(DeadlineAdapter, self).send(*arguments, **named))
        finally:
            timer.cancel()
            _local.call = None
            with self._lock:
                self._open.discard(call)

    def _send_whole(self, call: _OpenCall, send: Callable[[], requests.Response]) -> requests.Response:
        try:
            response = send()
            _ = response.content  # read here, and kept, so that the body is within the time
        except requests.exceptions.RequestException:
            if call.is_cut:
                raise requests.exceptions.ReadTimeout("the whole call took too long") from None
            raise
        if call.is_cut:  # a body without a length ends where its socket does
            raise requests.exceptions.ReadTimeout("the whole call took too long")
        return response
