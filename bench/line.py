"""The whole line as plain processes, for the benches and the kill test.

A simulator, Redis, PostgreSQL, workers and beat, each a process of its own that can be killed like one.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from servers import Postgres, Redis, postgres_server, redis_server  # noqa: E402 - the tests' servers serve here too

ZOOM_SYNC = str(Path(sys.executable).parent / "zoom-sync")
TICKS = os.sysconf("SC_CLK_TCK")


def programme(sessions: int, *, tracks: int, key: str = "bench") -> str:
    """A programme as JSON, which is YAML: `tracks` sessions at the same time, one hour each, from 30 days on."""
    first = (datetime.now(UTC) + timedelta(days=30)).replace(hour=8, minute=0, second=0, microsecond=0)
    listed = []
    for number in range(sessions):
        slot = number // tracks
        start = first + timedelta(days=slot // 8, hours=slot % 8)
        listed.append(
            {
                "key": f"session-{number:05}",
                "title": f"Session {number:05} of the bench",
                "start": start.strftime("%Y-%m-%dT%H:%M:%S"),
                "duration": 60,
            }
        )
    return json.dumps({"event": {"key": key, "title": "A bench", "timezone": "UTC"}, "sessions": listed})


def around() -> dict[str, str]:
    """The environment of this process without what is set in it for zoom_sync: each bench has a house of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ZOOM_", "DATABASE_", "REDIS_"))}


class Simulator:
    """A simulator as a process; `environment` is what it tells to use."""

    def __init__(self, *, hosts: int, plan: str, latency: float, seed: int = 1) -> None:
        arguments = {"port": 0, "hosts": hosts, "plan": plan, "latency": latency, "seed": seed}
        words = [word for name, value in arguments.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(
            [ZOOM_SYNC, "simulator", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.environment: dict[str, str] = json.loads(self.process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask one of the simulator's own routes."""
        url = self.environment["ZOOM_API_URL"].removesuffix("/v2") + f"/_simulator/{path}"
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, content, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def meetings(self) -> list[dict[str, Any]]:
        """The meetings that exist."""
        return [meeting for meeting in self.control("GET", "state")["meetings"] if not meeting["deleted"]]

    def requests(self) -> list[dict[str, Any]]:
        """The journal."""
        return list(self.control("GET", "journal")["requests"])


class Line:
    """Simulator, Redis, PostgreSQL and a folder; workers and beat are started by name."""

    def __init__(
        self, *, hosts: int, plan: str, latency: float = 0, seed: int = 1, settings: Mapping[str, str] | None = None
    ) -> None:
        self._told = {"hosts": hosts, "plan": plan, "latency": latency, "seed": seed}
        self._settings = dict(settings or {})
        self._closing = contextlib.ExitStack()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.redis: Redis
        self.postgres: Postgres
        self.simulator: Simulator
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        with contextlib.suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything below is ended, too
        with contextlib.ExitStack() as undone:
            self.folder = Path(undone.enter_context(tempfile.TemporaryDirectory(prefix="zoom_sync-line-")))
            (self.folder / "config").mkdir()
            self.redis = undone.enter_context(redis_server())
            self.postgres = undone.enter_context(postgres_server())
            self.simulator = undone.enter_context(Simulator(**self._told))
            undone.callback(self.stop_all)
            self.environment = around() | self.simulator.environment | {
                "DATABASE_URL": self.postgres.url,
                "REDIS_URL": self.redis.url,
                "ZOOM_SYNC_CONFIG": str(self.folder / "config"),
                **self._settings,
            }  # fmt: skip
            self._closing = undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def run(self, *arguments: str, expect: tuple[int, ...] = (0,)) -> str:
        """Run a command to its end; answers what it wrote. Raises where it ends with another code."""
        done = subprocess.run(
            [ZOOM_SYNC, *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode not in expect:
            raise RuntimeError(f"zoom-sync {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def load(self, text: str) -> None:
        """Put a programme into the store."""
        path = self.folder / "programme.yaml"
        path.write_text(text, encoding="utf-8")
        self.run("load", str(path))

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a worker or beat, as a process group of its own."""
        with (self.folder / f"{name}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [ZOOM_SYNC, name, *arguments], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL a process with all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        """End what was started: in order if it hurries."""
        for process in self.processes:
            process.terminate()
        deadline = time.monotonic() + 10
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            self.kill(process)

    def logs(self) -> str:
        """What workers and beat said."""
        paths = sorted(self.folder.glob("*.log"))
        return "".join(f"--- {path.name}\n{path.read_text(errors='replace')}" for path in paths)


def wait_for(what: Callable[[], Any], seconds: float, every: float = 0.1) -> Any:
    """Ask until the answer is true, and answer it. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s: {getattr(what, '__doc__', '') or what}")
        time.sleep(every)


class Ended(NamedTuple):
    """A process that has ended: its wall and CPU seconds, its peak memory in MB, its exit code."""

    wall: float
    cpu: float
    peak: float
    code: int


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path, expect: tuple[int, ...] = (0,)) -> Ended:
    """Run one process to its end. Raises where it ends with another code."""
    begin = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code not in expect:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {code}:\n{said.read().decode()[-2000:]}")
    return Ended(time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, its children that ended, and its descendants that live."""
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
                times[int(entry.name)] = sum(map(int, fields[11:15])) / TICKS
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        total += times.get(one, 0.0)
        waiting += children.get(one, [])
    return total


def table(heads: list[str], rows: list[list[Any]]) -> str:
    """A markdown table; the first column is text, the others are numbers."""
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])
