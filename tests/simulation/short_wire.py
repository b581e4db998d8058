"""A wire without sockets: requests go to a simulator in this process."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from zoom_sync.simulator import Dropped, Request, Simulator


class SimulatorAdapter(BaseAdapter):
    """What `requests` sends, the simulator answers; what Zoom would drop or delay is dropped or delayed in virtual time."""

    def __init__(self, simulator: Simulator, clock: Any) -> None:
        super().__init__()
        self._simulator = simulator
        self._clock = clock

    def send(self, request: Any, stream: Any = False, timeout: Any = None, *_: Any, **__: Any) -> requests.Response:
        split = urlsplit(request.url)
        body = request.body or b""
        outcome = self._simulator.handle(
            Request(
                request.method,
                split.path,
                dict(parse_qsl(split.query)),
                dict(request.headers),
                body.encode() if isinstance(body, str) else body,
            )
        )
        patience = timeout[1] if isinstance(timeout, tuple) else timeout
        self._clock.sleep(min(outcome.delay, patience))
        if outcome.delay > patience:
            raise requests.exceptions.ReadTimeout
        if isinstance(outcome, Dropped):
            raise (
                requests.exceptions.ConnectionError("dropped")
                if not outcome.sent
                else (requests.exceptions.ChunkedEncodingError("cut short"))
            )
        response = requests.Response()
        response.status_code = outcome.status
        response.headers.update(outcome.headers)
        response.raw = HTTPResponse(io.BytesIO(outcome.body), preload_content=False)
        response._content = outcome.body
        response.url = request.url
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is open."""
