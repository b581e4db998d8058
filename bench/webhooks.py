"""How many webhooks one process takes in: `python bench/webhooks.py`.

A web process on SQLite and then on PostgreSQL hears, for some seconds, of people who join and leave a meeting of ours:
so many events a second, each signed, at even distances, whether earlier ones were answered or not. An answer's time is
taken from when its event should have left, so that waiting in line counts. Zoom waits three seconds; one is allowed.
Afterwards every event must be in the store, once.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import socket
import time
import urllib.request
from collections import Counter
from typing import Any

from sqlalchemy import create_engine, text

from line import Line, cpu_seconds, programme, table, wait_for

CONNECTIONS = 64
HEADS = [
    "store", "sent /s", "events", "answered 204", "others", "in the store", "median ms", "99 % ms", "slowest ms",
    "CPU ms per event",
]  # fmt: skip


def measure(line: Line, store: str, *, rate: int, seconds: int) -> list[Any]:
    """One web process and one stream of events."""
    url = line.postgres.url if store == "postgresql" else f"sqlite:///{line.folder}/var/bench.db"
    line.environment["DATABASE_URL"] = url
    line.load(programme(1, tracks=1))
    line.run("apply", "--yes")
    meeting = json.loads(line.run("status", "--format", "json"))["sessions"][0]["meeting_id"]
    port = _free_port()
    web = line.start("web", "--port", str(port))
    wait_for(lambda: _is_up(port), 60)
    before = cpu_seconds(web.pid)
    secret = line.environment["ZOOM_WEBHOOK_SECRET"]
    answers = asyncio.run(send(port, secret, meeting, rate=rate, count=rate * seconds))
    used = cpu_seconds(web.pid) - before
    with create_engine(url).connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
    line.stop_all()
    line.processes.clear()
    statuses = Counter(status for status, _ in answers)
    taken = sorted(seconds for _, seconds in answers)
    others = ", ".join(f"{count} x {status}" for status, count in statuses.items() if status != 204) or "0"
    times = [f"{taken[int(len(taken) * share)] * 1000:.0f}" for share in (0.5, 0.99)] + [f"{taken[-1] * 1000:.0f}"]
    return [store, rate, len(answers), statuses[204], others, kept, *times, f"{used / len(answers) * 1000:.2f}"]


async def send(port: int, secret: str, meeting: str, *, rate: int, count: int) -> list[tuple[int, float]]:
    """Every event at its moment; answers the status of each and how long it took."""
    waiting: asyncio.Queue[tuple[int, float]] = asyncio.Queue()
    answers: list[tuple[int, float]] = []
    connections = [asyncio.create_task(_bring(port, secret, meeting, waiting, answers)) for _ in range(CONNECTIONS)]
    begun = time.monotonic()
    for number in range(count):
        due = begun + number / rate
        if (rest := due - time.monotonic()) > 0:
            await asyncio.sleep(rest)
        waiting.put_nowait((number, due))
    await waiting.join()
    for one in connections:
        one.cancel()
    return answers


async def _bring(
    port: int, secret: str, meeting: str, waiting: asyncio.Queue[tuple[int, float]], answers: list[tuple[int, float]]
) -> None:
    """One connection, kept alive: an event, its answer, the next event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        number, due = await waiting.get()
        writer.write(_request(secret, meeting, number))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
        await reader.readexactly(int(length.partition(b":")[2]))
        answers.append((int(head.split(b" ", 2)[1]), time.monotonic() - due))
        waiting.task_done()


def _request(secret: str, meeting: str, number: int) -> bytes:
    """Somebody joins, and leaves with the next event."""
    moment = "joined" if number % 2 == 0 else "left"
    person = {"user_id": str(16_778_240 + number // 2), "user_name": f"Person {number // 2}", "email": ""}
    about = {"id": meeting, "uuid": "4444AAAiAAAAAiAiAiiAii==", "topic": "A bench", "type": 2, "participant": person}
    told = {"event": f"meeting.participant_{moment}", "event_ts": int(time.time() * 1000)}
    body = json.dumps({**told, "payload": {"account_id": "A", "object": about}}).encode()
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhooks/zoom HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"x-zm-request-timestamp: {timestamp}\r\nx-zm-signature: v0={digest}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _is_up(port: int) -> bool:
    """the web process answers"""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=500, help="events per second")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], action="append")
    told = parser.parse_args()
    rows = []
    for store in told.store or ["sqlite", "postgresql"]:
        with Line(hosts=1, plan="business") as line:
            rows.append(measure(line, store, rate=told.rate, seconds=told.seconds))
    print(table(HEADS, rows))


if __name__ == "__main__":
    main()
