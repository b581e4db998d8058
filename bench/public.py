"""What the public page carries: `python bench/public.py`.

A web process over a store that holds two public events, of 200 and of 1,000 sessions, each with its meeting. Asked for
are, one after the other:

- *the same page again*: the page of 200 sessions, over connections that stay open, with the tag of the last answer
  (304), and by who has nothing (200, compressed where the server does that);
- *browsers at once*: so many browsers, each on a connection of its own, open the page of 1,000 sessions with its style
  sheet and its first codes at the same moment, once after a cold start and once more. Meanwhile Zoom sends webhooks at
  even distances, and a supervisor asks /healthz. A time is taken from when the request should have left.

`--command PATH` measures the zoom-sync of another checkout beside this one, in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from line import ZOOM_SYNC, around, cpu_seconds, postgres_server, table, wait_for
from webhooks import _is_up, _request

SECRET = "bench-webhook-secret"
SMALL, LARGE = 200, 1000
SMALL_EVENT, LARGE_EVENT = "conference-200", "conference-1000"
# A browser asks for the style sheet, the script, and the codes that are on its screen.
WITH_THE_PAGE = ("/static/style.css", "/static/pages.js")
CODES_IN_SIGHT = 3
HEADS = [
    "server", "same page again: 304 /s", "200 /s", "KB", "browsers, cold: median ms", "99 % ms", "again: median ms",
    "99 % ms", "webhooks taken in", "slowest ms", "/healthz slowest ms", "CPU s",
]  # fmt: skip


@dataclass
class Answer:
    """One answer: when it was there after it should have been asked for, in seconds."""

    status: int
    seconds: float
    size: int = 0
    tag: str = ""
    body: bytes = b""


@dataclass
class Times:
    """How long answers took, and how many were as they should be."""

    taken: list[float] = field(default_factory=list)
    good: int = 0
    statuses: Counter[int] = field(default_factory=Counter)  # 0: no answer

    def add(self, answer: Answer, *statuses: int) -> None:
        self.taken.append(answer.seconds)
        self.statuses[answer.status] += 1
        self.good += answer.status in statuses

    def ms(self, share: float) -> str:
        ordered = sorted(self.taken)
        return f"{ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000:,.0f}" if ordered else "-"


def fill(url: str, keys: Sequence[tuple[str, int]]) -> None:
    """Public events with a meeting for each session, put into the store without asking any Zoom."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from dataclasses import replace  # noqa: PLC0415

    from factories import make_link, make_programme, make_session  # noqa: PLC0415
    from zoom_sync.adapters.store.database import Database  # noqa: PLC0415
    from zoom_sync.adapters.store.links import Links  # noqa: PLC0415
    from zoom_sync.adapters.store.programmes import Programmes  # noqa: PLC0415

    database = Database(url)
    database.upgrade()
    now = datetime.now(UTC)
    first = (now + timedelta(days=30)).replace(minute=0, second=0, microsecond=0)
    number = 81_000_000_000
    for key, count in keys:
        sessions = [
            make_session(
                f"session-{place:04}", start=first + timedelta(hours=place // 20), minutes=50,
                room=f"Room {place % 20}",
                title=f"Session {place:04} on what cities do about floods, heat and drought",
                description="Representatives of the shortlisted cities present what they do and answer questions.",
            )
            for place in range(count)
        ]  # fmt: skip
        programme = make_programme(*sessions, key=key, title=f"A conference of {count} sessions")
        programme = replace(programme, event=replace(programme.event, public=True))
        Programmes(database).save(programme, now)
        links = Links(database)
        for session in sessions:
            number += 1
            links.finish(key, make_link(session, str(number)), None, now)
    database.close()


# --- a client that costs little -------------------------------------------------------------------------------------


class Connection:
    """One connection, kept open, with the headers that a browser sends."""

    def __init__(self, port: int, *, compressed: bool = True) -> None:
        self._port = port
        self._accepts = "Accept-Encoding: gzip\r\n" if compressed else ""
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, *, due: float | None = None, tag: str = "", keep: bool = False) -> Answer:
        has = f"If-None-Match: {tag}\r\n" if tag else ""
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n{self._accepts}{has}\r\n"
        return await self.send(head.encode(), due or time.monotonic(), keep=keep)

    async def send(self, request: bytes, due: float, *, keep: bool = False) -> Answer:
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await reader.readexactly(int(fields.get("content-length", "0")))
        except (OSError, asyncio.IncompleteReadError):
            self._streams = None
            return Answer(0, time.monotonic() - due)
        status = int(head.split(" ", 2)[1])
        return Answer(status, time.monotonic() - due, len(body), fields.get("etag", ""), body if keep else b"")

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def again(port: int, *, connections: int, seconds: float, tag: str) -> float:
    """Requests per second for the page of 200 sessions that nobody changes."""
    until = time.monotonic() + seconds
    counts = await asyncio.gather(*(_keep_asking(port, until, tag) for _ in range(connections)))
    return sum(counts) / seconds


async def _keep_asking(port: int, until: float, tag: str) -> int:
    connection, count = Connection(port), 0
    while time.monotonic() < until:
        answer = await connection.get(f"/e/{SMALL_EVENT}", tag=tag)
        count += answer.status == (304 if tag and answer.tag == tag else 200)
    connection.close()
    return count


async def browse(port: int, path: str, codes: Sequence[str], times: Times) -> None:
    """A browser that opens the page; the page's own time counts, the rest is load."""
    connection = Connection(port)
    times.add(await connection.get(path), 200)
    for each in (*WITH_THE_PAGE, *codes):
        await connection.get(each)
    connection.close()


async def meanwhile(port: int, stop: asyncio.Event, webhooks: Times, health: Times, *, rate: float) -> None:
    """Webhooks at even distances, each at its moment whatever became of the last, and /healthz five times a second."""

    async def webhook(number: int, due: float) -> None:
        connection = Connection(port)
        webhooks.add(await connection.send(_request(SECRET, "81000000001", number), due), 204)
        connection.close()

    async def supervise(due: float) -> None:
        connection = Connection(port)
        health.add(await connection.get("/healthz", due=due), 200)
        connection.close()

    begun, number, tasks = time.monotonic(), 0, []
    while not stop.is_set():
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.create_task(webhook(number, due)))
        if number % max(1, int(rate / 5)) == 0:
            tasks.append(asyncio.create_task(supervise(due)))
        number += 1
    await asyncio.gather(*tasks)


async def measure(port: int, told: argparse.Namespace) -> list[str]:
    """All figures of one server, in the order of HEADS without its name and its CPU."""
    webhooks, health, cold, warm = Times(), Times(), Times(), Times()
    stop = asyncio.Event()
    aside = asyncio.create_task(meanwhile(port, stop, webhooks, health, rate=told.webhooks))
    await asyncio.sleep(0.2)
    codes: list[str] = []
    for times in (cold, warm):
        await asyncio.gather(*(browse(port, f"/e/{LARGE_EVENT}", codes, times) for _ in range(told.browsers)))
        assert times.good == len(times.taken), f"{len(times.taken) - times.good} pages did not come"
        codes = await codes_of(port)
    stop.set()
    await aside
    sys.stderr.write(f"webhooks by status: {dict(webhooks.statuses)}\n")
    connection = Connection(port)
    answer = await connection.get(f"/e/{SMALL_EVENT}")
    connection.close()
    figures = [0.0, 0.0]
    for place, tag in enumerate((answer.tag, "")):
        if place or tag:
            figures[place] = await again(port, connections=told.connections, seconds=told.seconds, tag=tag)
    large = Connection(port)
    size = (await large.get(f"/e/{LARGE_EVENT}")).size
    large.close()
    return [
        f"{figures[0]:,.0f}" if answer.tag else "no tag", f"{figures[1]:,.0f}", f"{size / 1000:,.0f}",
        cold.ms(0.5), cold.ms(0.99), warm.ms(0.5), warm.ms(0.99),
        f"{webhooks.good} of {len(webhooks.taken)}", webhooks.ms(1), health.ms(1),
    ]  # fmt: skip


async def codes_of(port: int) -> list[str]:
    """The addresses of the first codes on the page; none where they stand in the page itself."""
    connection = Connection(port, compressed=False)
    page = (await connection.get(f"/e/{LARGE_EVENT}", keep=True)).body.decode()
    connection.close()
    return [piece.partition('"')[0] for piece in page.split('<img src="')[1 : CODES_IN_SIGHT + 1]]


# --- the servers ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def web(command: str, environment: dict[str, str], folder: Path, *options: str) -> Iterator[tuple[int, int]]:
    """A web process; its port and its process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [command, "web", "--port", str(port), *options], env=environment, cwd=folder, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        wait_for(lambda: _is_up(port), 90)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def family_cpu(pid: int) -> float:
    """CPU seconds of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return cpu_seconds(pid) + sum(family_cpu(int(child)) for child in children)


def one_server(command: str, told: argparse.Namespace, store: str, *options: str) -> list[str]:
    name = "another checkout" if command != ZOOM_SYNC else "this one"
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as closing:
        folder = Path(place)
        (folder / "config").mkdir()
        url = f"sqlite:///{folder}/store.db"
        if store == "postgresql":
            url = closing.enter_context(postgres_server()).url
        environment = around() | {
            "DATABASE_URL": url, "ZOOM_SYNC_CONFIG": str(folder / "config"), "ZOOM_WEBHOOK_SECRET": SECRET,
            "ZOOM_SYNC_LOG_LEVEL": "warning",
        }  # fmt: skip
        # By the code that is measured: it may know another schema.
        python = str(Path(command).parent / "python")
        keys = json.dumps([(SMALL_EVENT, SMALL), (LARGE_EVENT, LARGE)])
        filling = [python, str(Path(__file__).resolve()), "--fill", url, keys]
        root = Path(command).parents[2]
        subprocess.run(filling, env=environment | {"PYTHONPATH": str(root / "tests")}, check=True)
        with web(command, environment, folder, *options) as (port, pid):
            before = family_cpu(pid)
            figures = asyncio.run(measure(port, told))
            used = family_cpu(pid) - before
    return [" ".join([name, store, *options]), *figures, f"{used:.1f}"]


def servers(told: argparse.Namespace, store: str) -> Iterator[list[str]]:
    """The other checkout's, where there is one, and this one's with each number of processes."""
    if told.command:
        yield one_server(str(Path(told.command).resolve()), told, store)
    if not told.only_command:
        for workers in told.workers or [1, 2]:
            yield one_server(ZOOM_SYNC, told, store, *(["--workers", str(workers)] if workers > 1 else []))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browsers", type=int, default=100)
    parser.add_argument("--webhooks", type=float, default=50, help="per second, while browsers are served")
    parser.add_argument("--connections", type=int, default=16, help="for the page that is asked for again")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--workers", type=int, action="append", help="of this checkout; may be given several times")
    parser.add_argument("--command", metavar="PATH", help="the zoom-sync of another checkout, measured before")
    parser.add_argument("--only-command", action="store_true", help="measure that one alone")
    parser.add_argument("--fill", nargs=2, help=argparse.SUPPRESS)
    told: Any = parser.parse_args()
    if told.fill:
        fill(told.fill[0], json.loads(told.fill[1]))
        return
    rows = [row for store in told.store or ["sqlite"] for row in servers(told, store)]
    print(table(HEADS, rows))


if __name__ == "__main__":
    main()
