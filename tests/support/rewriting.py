"""Something between us and the simulator that rewrites its answers, as a proxy, or another state of Zoom, would.

In one process, over the short wire:

    between = put_between(desk.zoom)
    between.rewrite("GET", r"/meetings/823$", html(404))
    between.rewrite("GET", r"/users/[^/]+/meetings$", in_rows("meetings", without("topic")))

Over HTTP, for commands that run as processes of their own:

    with proxy_before(environment["ZOOM_API_URL"]) as between: …   # between.url is the new base

A rule is for requests of its method whose path below /v2 the regular expression matches anywhere. The first that fits
counts; it may be told how often (`times`), and to answer by itself, so that the simulator is not asked (`instead`).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from support.wire import Wired
from zoom_sync.simulator import Request, Response


@dataclass(frozen=True)
class Answered:
    """An answer: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    def saying(self, told: Any) -> Answered:
        return replace(self, body=json.dumps(told).encode())


Change = Callable[[Answered], Answered]


@dataclass
class Rule:
    method: str
    path: re.Pattern[str]
    change: Change
    times: int | None = None
    instead: bool = False

    def fits(self, method: str, path: str) -> bool:
        return self.times != 0 and method == self.method and self.path.search(path) is not None


class Rules:
    """The rules of one place between."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.fired = 0

    def rewrite(
        self, method: str, path: str, change: Change, *, times: int | None = None, instead: bool = False
    ) -> None:
        self.rules.append(Rule(method, re.compile(path), change, times, instead))

    def clear(self) -> None:
        self.rules.clear()

    def pass_on(self, method: str, path: str, ask: Callable[[], Answered]) -> Answered:
        rule = next((rule for rule in self.rules if rule.fits(method, path)), None)
        if rule is None:
            return ask()
        self.fired += 1
        if rule.times is not None:
            rule.times -= 1
        return rule.change(Answered(200, {}, b"") if rule.instead else ask())


class Between(Rules):
    """Stands where the simulator stood; everything else is the simulator's."""

    def __init__(self, simulator: Any) -> None:
        super().__init__()
        self._simulator = simulator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._simulator, name)

    def handle(self, request: Request) -> Any:
        kept: list[Any] = []

        def ask() -> Answered:
            kept.append(self._simulator.handle(request))
            if not isinstance(kept[0], Response):
                return Answered(0, {}, b"")  # it was dropped
            return Answered(kept[0].status, kept[0].headers, kept[0].body)

        answer = self.pass_on(request.method, request.path.removeprefix("/v2"), ask)
        if kept and (
            not isinstance(kept[0], Response) or answer == Answered(kept[0].status, kept[0].headers, kept[0].body)
        ):
            return kept[0]
        headers = {name: value for name, value in answer.headers.items() if name.casefold() != "content-length"}
        return Response(answer.status, headers, answer.body)


def put_between(zoom: Wired) -> Between:
    """Rewrites what the client of a short wire is answered from now on; control routes are not touched."""
    between = Between(zoom.wire.simulator)
    zoom.wire.simulator = between  # type: ignore[assignment]  # it is one in all that matters
    return between


class Proxy(Rules):
    """The same over HTTP; `url` is what stands in place of the simulator's own."""

    url = ""


@contextmanager
def proxy_before(target: str) -> Iterator[Proxy]:
    """A proxy on a free port in front of `target`, such as `http://127.0.0.1:1234/v2`."""
    proxy = Proxy()
    session = requests.Session()
    session.trust_env = False

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.casefold() != "host"}

            def ask() -> Answered:
                got = session.request(self.command, target + self.path, headers=headers, data=body, timeout=30)
                return Answered(got.status_code, dict(got.headers), got.content)

            answer = proxy.pass_on(self.command, self.path.partition("?")[0], ask)
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.casefold() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815 - so they are called

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        session.close()


# --- changes -------------------------------------------------------------------------------------------------------


def refusal(status: int, code: int | None, message: str) -> Change:
    """Zoom's own error."""
    told = {"message": message} | ({} if code is None else {"code": code})
    return lambda _answer: Answered(status, {"Content-Type": "application/json"}, json.dumps(told).encode())


def html(status: int) -> Change:
    """A page of something that is not Zoom."""
    page = b"<html><head><title>Not here</title></head><body>nginx</body></html>"
    return lambda _answer: Answered(status, {"Content-Type": "text/html"}, page)


def without(name: str) -> Callable[[dict[str, Any]], Any]:
    """An object that lacks a field."""
    return lambda row: {key: value for key, value in row.items() if key != name}


def having(name: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    """An object with another value in a field."""
    return lambda row: {**row, name: value}


def the_object(change: Callable[[dict[str, Any]], Any]) -> Change:
    """Changes the object that a good answer is."""
    return lambda answer: answer.saying(change(answer.told)) if answer.status < 300 and answer.body else answer


def in_rows(
    name: str, change: Callable[[dict[str, Any]], Any], which: Callable[[dict[str, Any]], bool] = lambda _row: True
) -> Change:
    """Changes rows of a page."""

    def changed(page: dict[str, Any]) -> Any:
        return {**page, name: [change(row) if which(row) else row for row in page[name]]}

    return the_object(changed)
