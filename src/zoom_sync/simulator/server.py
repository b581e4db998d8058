"""Serves a simulator over HTTP/1.1, and the command line that starts it."""

from __future__ import annotations

import argparse
import contextlib
import json
import shlex
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler
from urllib.parse import parse_qsl

from .core import Simulator
from .courier import Courier
from .limits import PLANS
from .messages import Dropped, Outcome, Request, Response
from .state_file import load_state, save_state

_SAVE_EVERY = 1.0


class Server(ThreadingHTTPServer):
    """A simulator on a port: one thread per connection, kept alive between requests."""

    daemon_threads = True
    # A burst of clients must not be refused by a short queue: that would look like a fault of Zoom's.
    request_queue_size = 512

    def __init__(self, simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> None:
        self.simulator = simulator
        self._opened = 0
        self._serving = 0
        self._peak = 0
        self._counting = threading.Lock()
        self._courier = Courier(simulator)
        super().__init__((host, port), _Connection)
        simulator.connections = self.counts
        simulator.notify = self._courier.wake

    def server_close(self) -> None:
        """Listens no more, and sends no more webhooks."""
        super().server_close()
        self._courier.close()

    @property
    def base_url(self) -> str:
        """Where to reach the server."""
        host = str(self.server_address[0])
        return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{self.server_address[1]}"  # noqa: S104

    def counts(self) -> dict[str, int]:
        """How many connections were opened so far, and how many requests were under way at once at most."""
        return {"connections_opened": self._opened, "peak_concurrent_requests": self._peak}

    def count_connection(self) -> None:
        """A client connected."""
        with self._counting:
            self._opened += 1

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Counts a request while it is under way."""
        with self._counting:
            self._serving += 1
            self._peak = max(self._peak, self._serving)
        try:
            yield
        finally:
            with self._counting:
                self._serving -= 1


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this, a small answer may wait 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    timeout = 300
    server: Server

    def setup(self) -> None:
        StreamRequestHandler.setup(self)
        self.server.count_connection()

    def log_message(self, *_: object) -> None:
        """Nothing is logged: requests carry tokens; the journal is the record."""

    def _serve(self) -> None:
        if self.headers.get("Transfer-Encoding"):
            # Zoom's clients send whole bodies; reading on would take the chunks for the next request.
            self._send(Dropped(Response(411, {"Connection": "close"}).wire()))
            return
        control = self.path.startswith("/_simulator")
        with contextlib.nullcontext() if control else self.server.counted():
            outcome = self.server.simulator.handle(self._request())
            if outcome.delay:
                time.sleep(outcome.delay)
        self._send(outcome)

    def _request(self) -> Request:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdecimal() else b""
        path, _, query = self.path.partition("?")
        pairs = dict(parse_qsl(query, keep_blank_values=True))
        return Request(self.command, path, pairs, dict(self.headers.items()), body)

    def _send(self, outcome: Outcome) -> None:
        """Headers and body leave in one write; a body that is made meanwhile, piece by piece."""
        dropped = isinstance(outcome, Dropped)
        self.close_connection = self.close_connection or dropped
        with contextlib.suppress(ConnectionError):
            if isinstance(outcome, Response) and outcome.made is not None:
                self.wfile.write(outcome.head())
                for piece in outcome.made:
                    self.wfile.write(piece)
            else:
                self.wfile.write(outcome.sent if isinstance(outcome, Dropped) else outcome.wire())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 (http.server's names)


def serve_in_background(simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Starts a server in a thread of its own; `server.shutdown()` and `server.server_close()` end it."""
    server = Server(simulator, host, port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    return server


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT. The first line on stdout is a JSON object with the environment to use.

    Who looks at a terminal is told the same as a line for the shell.
    """
    arguments = _parser().parse_args(argv)
    try:
        simulator = _simulator(arguments)
        server = serve_in_background(simulator, arguments.bind, arguments.port)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"zoom simulator: {error}\n")
        return 2
    stop = _stop_on_signal()
    environment = simulator.environment(server.base_url)
    sys.stdout.write(json.dumps(environment) + "\n")
    sys.stdout.flush()
    if sys.stderr.isatty():
        text = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        sys.stderr.write(f"to use it in another terminal, paste there:\nexport {text}\n")
    _wait(stop, simulator, arguments.state)
    server.shutdown()
    server.server_close()
    return 0


def _simulator(arguments: argparse.Namespace) -> Simulator:
    simulator = Simulator(
        seed=arguments.seed,
        plan=arguments.plan,
        hosts=arguments.hosts,
        start=arguments.start,
        latency=arguments.latency / 1000,
    )
    if arguments.state and arguments.state.exists():
        load_state(simulator, arguments.state)
    return simulator


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    return stop


def _wait(stop: threading.Event, simulator: Simulator, state: Path | None) -> None:
    """Sleeps until told to stop, and saves the state at most once a second, and at the end."""
    saved = simulator.revision
    while not stop.wait(_SAVE_EVERY if state else None):
        if state and simulator.revision != saved:
            saved = save_state(simulator, state)
    if state:
        save_state(simulator, state)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zoom-sync simulator",
        description="A local Zoom. Prints the environment to use as one line of JSON, then serves.",
        epilog="example: zoom-sync simulator --port 8765 --plan pro --hosts 2 --state zoom.json",
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one (default)")
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--seed", type=int, default=1, help="ids, passcodes and people follow from it")
    parser.add_argument("--plan", choices=sorted(PLANS), default="pro", help="which rate limits apply")
    parser.add_argument("--hosts", type=int, default=3, help="number of licensed users")
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds each answer takes")
    parser.add_argument("--start", default=None, help="instant the clock begins at, ISO 8601 (default: now)")
    parser.add_argument("--state", type=Path, default=None, help="file to go on from, and to save to")
    return parser
