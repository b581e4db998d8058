"""The house of the simulated month: a simulator and `serve` as processes, and their common clock."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from line import ROOT, Simulator, around, wait_for
from support.mailbox import Receiver, hook_receiver
from zoom_sync.domain.due import Rhythm, Span, next_sync

TICK_SECONDS = 0.05
SECRET = "month"
RHYTHM = Rhythm(timedelta(minutes=60), timedelta(minutes=30), timedelta(minutes=15))
SETTINGS = {
    "ZOOM_SYNC_TICK_SECONDS": str(TICK_SECONDS),
    "ZOOM_SYNC_SYNC_MINUTES": "60",
    "ZOOM_SYNC_SYNC_DAY_MINUTES": "30",
    "ZOOM_SYNC_SYNC_HOURS_MINUTES": "15",
    "ZOOM_SYNC_NOTIFY_SECRET": SECRET,
}
# How long a step waits for what is due to be done; what takes longer is done in the next.
PATIENCE_SECONDS = 3.0


class House:
    """Everything that runs, and what can be asked of it. `now` is the month's time."""

    def __init__(self, folder: Path, simulator: Simulator, receiver: Receiver, start: datetime) -> None:
        self.folder, self.simulator, self.receiver = folder, simulator, receiver
        self.kills = self.starts = 0
        self.spans: list[Span] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._ahead = folder / "ahead"
        self._serve: subprocess.Popen[bytes] | None = None
        self._environment = around() | simulator.environment | SETTINGS | {
            "DATABASE_URL": f"sqlite:///{folder}/store.db", "MONTH_CLOCK": str(self._ahead),
            "ZOOM_SYNC_NOTIFY_URL": receiver.url,
        }  # fmt: skip
        simulator.control("POST", "reset", {"start": start.isoformat(), "ticking": True})
        self._set_ahead(start.timestamp() - time.time())

    # --- time ---

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + float(self._ahead.read_text()), UTC)

    def _set_ahead(self, seconds: float) -> None:
        new = self._ahead.with_suffix(".new")
        new.write_text(repr(seconds))
        new.replace(self._ahead)

    def go_to(self, moment: datetime) -> None:
        """Move the clock, and let what is due be done."""
        self.jump(moment)
        self.settle()

    def jump(self, moment: datetime) -> None:
        """Move the clock."""
        seconds = (moment - self.now).total_seconds()
        if seconds > 0:
            self.simulator.control("POST", "clock", {"advance": seconds})
            self._set_ahead(float(self._ahead.read_text()) + seconds)

    def settle(self) -> None:
        """Wait until what is due by the clock is done, where serve is up; but not for long."""
        time.sleep(2.5 * TICK_SECONDS)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._serve is not None and self._has_work() and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS / 2)

    def _has_work(self) -> bool:
        done = self.ask("SELECT done_at FROM event_marks WHERE task = 'sync'")
        last = instant(done[0][0]) if done and done[0][0] else None
        due = next_sync(self.spans, last, RHYTHM)
        open_runs = self.ask("SELECT count(*) FROM runs WHERE finished_at IS NULL")[0][0]
        return bool(open_runs) or (due is not None and due <= self.now)

    # --- serve ---

    def start(self) -> None:
        """Start serve, and wait until it is there."""
        log = self.folder / "serve.log"
        before = log.read_text().count("serving on") if log.exists() else 0
        with log.open("ab") as out:
            self._serve = subprocess.Popen(
                [sys.executable, str(ROOT / "bench" / "month_clock.py"), "serve", "--port", str(self.port)],
                env=self._environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        wait_for(lambda: log.read_text().count("serving on") > before or self._has_ended(), 60, 0.05)
        if self._has_ended():
            raise RuntimeError(f"serve does not start:\n{log.read_text()[-3000:]}")
        self.starts += 1

    def _has_ended(self) -> bool:
        return self._serve is not None and self._serve.poll() is not None

    def kill(self) -> None:
        """SIGKILL."""
        if self._serve is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._serve.pid, signal.SIGKILL)
            self._serve.wait()
            self._serve = None
            self.kills += 1

    def stop(self) -> int:
        """SIGTERM; answers the exit code."""
        if self._serve is None:
            return 0
        self._serve.terminate()
        code = self._serve.wait(60)
        self._serve = None
        return code

    def run(self, *arguments: str) -> str:
        """Run a command of zoom-sync by the month's clock. Raises where it fails."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "bench" / "month_clock.py"), *arguments], env=self._environment,
            cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"zoom-sync {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def load(self, programme: Mapping[str, Any]) -> None:
        """Put a programme into the store, beside a serve that is up."""
        path = self.folder / "programme.yaml"
        path.write_text(json.dumps(programme), encoding="utf-8")
        self.run("load", str(path))
        rows = self.ask("SELECT key, starts_at, ends_at FROM sessions")
        self.spans = [Span(key, instant(start), instant(end)) for key, start, end in rows]

    def log(self) -> str:
        """What serve said."""
        return (self.folder / "serve.log").read_text(errors="replace")

    # --- questions ---

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the store, beside serve."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder}/store.db?mode=ro", uri=True, timeout=30)) as there:
            return there.execute(query).fetchall()

    def meeting_of(self, key: str) -> str | None:
        """The meeting that a session is linked to."""
        found = self.ask(f"SELECT meeting_id FROM links WHERE key = '{key}' AND state = 'linked'")
        return found[0][0] if found else None

    def subscribe(self) -> None:
        """Let Zoom send webhooks: some are lost, doubled, or come in another order."""
        address = f"http://127.0.0.1:{self.port}/webhooks/zoom"
        told = {"url": address, "lose": 0.1, "double": 0.2, "reorder": 0.2}
        self.simulator.control("POST", "webhooks", told)
        wait_for(lambda: self.simulator.control("GET", "webhooks")["subscriptions"][0]["state"] == "active", 30)

    def unsubscribe(self) -> None:
        """Zoom sends nothing any more."""
        self.simulator.control("DELETE", "webhooks")


def instant(text: str) -> datetime:
    """An instant as SQLite keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@contextlib.contextmanager
def house(*, hosts: int, seed: int, start: datetime) -> Iterator[House]:
    """A house on an empty store; everything is ended afterwards."""
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended, too
    with (
        tempfile.TemporaryDirectory(prefix="zoom_sync-month-") as folder,
        Simulator(hosts=hosts, plan="pro", latency=0, seed=seed) as simulator,
        hook_receiver(SECRET) as receiver,
    ):
        made = House(Path(folder), simulator, receiver, start)
        try:
            yield made
        finally:
            made.kill()
