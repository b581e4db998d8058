"""A short wire: what `requests` sends, a simulator in the same process answers. No socket, no real time.

    zoom = wired(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
    zoom.writer.create(...)
    zoom.fault(kind="drop_after", operation="meetingCreate")

The client above the wire is the real one; it sees the exceptions that a network would give it. Time is virtual: it goes
on when somebody sleeps, and by `VirtualClock.advance`, for the client and the simulator alike.
"""

from __future__ import annotations

import http.client
import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import requests
from requests.adapters import BaseAdapter
from requests.utils import get_encoding_from_headers
from urllib3.exceptions import IncompleteRead, MaxRetryError, NewConnectionError, ProtocolError, ReadTimeoutError

from zoom_sync.adapters.zoom.auth import Credentials, TokenCache, Tokens
from zoom_sync.adapters.zoom.client import Exchange, ZoomReader, ZoomWriter
from zoom_sync.adapters.zoom.clock import ZoomClock
from zoom_sync.adapters.zoom.counting import ProcessCounts
from zoom_sync.adapters.zoom.governor import Governor, ProcessGovernor
from zoom_sync.adapters.zoom.limits import MEETINGS_AT_ONCE, RATES, ZoomPlan
from zoom_sync.adapters.zoom.protocol import Call
from zoom_sync.simulator import Dropped, Request, Response, Simulator

BASE = "http://zoom.invalid"
START = "2023-11-01T00:00:00Z"


class VirtualClock(ZoomClock):
    """This machine's clock, in virtual time. `ahead` is how many seconds it is wrong, by the simulator's clock."""

    def __init__(self, simulator: Simulator, ahead: float = 0.0) -> None:
        super().__init__()
        self._simulator = simulator
        self._passed = 0.0
        self._moving = threading.Lock()
        self.ahead = ahead
        self.slept: list[float] = []

    def local(self) -> datetime:
        return datetime.fromtimestamp(self._simulator.clock_now, UTC) + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        """Seconds that have passed since the clock was made."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Let time pass for everybody."""
        if seconds:
            with self._moving:
                self._passed += seconds
                self._simulator.advance(seconds)


class Wire(BaseAdapter):
    """The transport: `sent` keeps the requests that reached the simulator, `timeouts` what each was given.

    `before` is called with each request before it leaves, `after` when it was answered; either may raise. The next
    `refuse` requests find nobody listening.
    """

    def __init__(self, simulator: Simulator, clock: VirtualClock) -> None:
        super().__init__()
        self.simulator = simulator
        self.clock = clock
        self.sent: list[requests.PreparedRequest] = []
        self.timeouts: list[Any] = []
        self.refuse = 0
        self.before: Callable[[requests.PreparedRequest], None] = lambda _request: None
        self.after: Callable[[requests.PreparedRequest], None] = lambda _request: None

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, **_: Any
    ) -> requests.Response:
        self.before(request)
        if self.refuse:
            self.refuse -= 1
            raise _refused(request)
        self.timeouts.append(timeout)
        self.sent.append(request)
        outcome = self.simulator.handle(_request_of(request))
        self.after(request)
        patience = timeout[1] if isinstance(timeout, tuple) else timeout
        if patience is not None and outcome.delay > patience:
            self.clock.advance(patience)
            cause = ReadTimeoutError(None, str(request.url), f"Read timed out. (read timeout={patience})")
            raise requests.exceptions.ReadTimeout(cause, request=request)
        self.clock.advance(outcome.delay)
        return _broken_off(outcome, request) if isinstance(outcome, Dropped) else _answer(outcome, request)

    def close(self) -> None:
        """Nothing is open."""


def _request_of(request: requests.PreparedRequest) -> Request:
    path, _, query = request.path_url.partition("?")
    body = request.body or b""
    return Request(
        request.method or "",
        path,
        dict(parse_qsl(query, keep_blank_values=True)),
        dict(request.headers),
        body if isinstance(body, bytes) else body.encode(),
    )


def _answer(outcome: Response, request: requests.PreparedRequest) -> requests.Response:
    response = requests.Response()
    response.status_code = outcome.status
    response.headers.update(outcome.headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.url = str(request.url)
    response.request = request
    response._content = outcome.body if outcome.made is None else b"".join(outcome.made)
    response._content_consumed = True
    return response


def _refused(request: requests.PreparedRequest) -> requests.exceptions.ConnectionError:
    reason = NewConnectionError(None, "Failed to establish a new connection: [Errno 111] Connection refused")
    cause = MaxRetryError(None, request.path_url, reason)
    return requests.exceptions.ConnectionError(cause, request=request)


def _broken_off(dropped: Dropped, request: requests.PreparedRequest) -> requests.Response:
    """What a client makes of the bytes that came before the connection was closed; mostly an exception."""
    if not dropped.sent:
        gone = http.client.RemoteDisconnected("Remote end closed connection without response")
        raise requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", gone), request=request)
    read = http.client.HTTPResponse(_Received(dropped.sent), method=request.method)
    try:
        read.begin()
    except (http.client.HTTPException, OSError) as error:
        raise requests.exceptions.ConnectionError(
            ProtocolError("Connection aborted.", error), request=request
        ) from None
    try:
        body = read.read()
    except http.client.IncompleteRead as error:
        cause = IncompleteRead(len(error.partial), error.expected or 0)
        raise requests.exceptions.ChunkedEncodingError(
            ProtocolError(f"Connection broken: {cause!r}", cause), request=request
        ) from None
    return _answer(Response(read.status, dict(read.headers), body), request)


class _Received:
    """A socket that has received these bytes and was closed."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, *_: Any) -> io.BytesIO:
        return io.BytesIO(self._content)


class Told(ProcessCounts):
    """Counts that also keep each call with its outcome."""

    def __init__(self, calls: list[tuple[Call, str]]) -> None:
        super().__init__()
        self.calls = calls

    def call(self, call: Call, outcome: str) -> None:
        super().call(call, outcome)
        self.calls.append((call, outcome))


@dataclass
class Wired:
    """A client of a simulator in the same process."""

    simulator: Simulator
    clock: VirtualClock
    wire: Wire
    governor: Governor
    tokens: Tokens
    exchange: Exchange
    reader: ZoomReader
    writer: ZoomWriter
    calls: list[tuple[Call, str]] = field(default_factory=list)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of one of the simulator's own routes."""
        content = b"" if body is None else json.dumps(body).encode()
        answer = self.simulator.handle(Request(method, f"/_simulator/{path}", {}, {}, content))
        assert isinstance(answer, Response)
        assert answer.status == 200, answer
        return answer.json()

    def fault(self, **rule: Any) -> None:
        """Lets something go wrong; see the simulator's page."""
        self.control("POST", "faults", rule)

    def meetings(self) -> list[dict[str, Any]]:
        """What is on Zoom, deleted meetings not counted."""
        return [one for one in self.control("GET", "state")["meetings"] if not one["deleted"]]

    def journal(self) -> Counter[str]:
        """How often each operation reached the simulator."""
        return Counter(str(entry["operation"]) for entry in self.control("GET", "journal")["requests"])


def wired(
    simulator: Simulator | None = None,
    *,
    governor: Governor | None = None,
    cache: TokenCache | None = None,
    clock: VirtualClock | None = None,
    changes: Mapping[str, str] | None = None,
) -> Wired:
    """The real client on a simulator. `changes` replaces variables of the environment, such as the client secret."""
    simulator = simulator or Simulator(start=START, ticking=False)
    clock = clock or VirtualClock(simulator)
    wire = Wire(simulator, clock)
    environment = {**simulator.environment(BASE), **(changes or {})}
    plan = ZoomPlan(environment["ZOOM_PLAN"])
    session = requests.Session()
    session.mount("http://", wire)
    session.trust_env = False
    credentials = Credentials(*(environment[f"ZOOM_{name}"] for name in ("ACCOUNT_ID", "CLIENT_ID", "CLIENT_SECRET")))
    tokens = Tokens(credentials, environment["ZOOM_OAUTH_URL"], clock.now, clock.told, cache, transport=wire)
    governor = governor or ProcessGovernor(RATES[plan], clock.monotonic)
    calls: list[tuple[Call, str]] = []
    exchange = Exchange(
        environment["ZOOM_API_URL"],
        tokens,
        governor,
        clock,
        user_agent="tests",
        session=session,
        counts=Told(calls),
    )
    reader = ZoomReader(exchange, MEETINGS_AT_ONCE[plan])
    return Wired(simulator, clock, wire, governor, tokens, exchange, reader, ZoomWriter(exchange), calls)
