"""How much of Zoom's published limit is used: `python bench/throughput.py`.

Four workers create 2,000 meetings over 40 hosts on a simulator that enforces the plan's limits and takes 150 ms for
each answer. The rate is taken in the steady state: from the time when a fifth is created until nine tenths are.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any, LiteralString

import psycopg

from line import Line, cpu_seconds, programme, table, wait_for

PUBLISHED = {"pro": 30, "business": 80}  # Light calls per second


def measure(plan: str, *, sessions: int, hosts: int, workers: int, processes: int, latency: float) -> dict[str, Any]:
    """One apply of the whole programme."""
    with Line(hosts=hosts, plan=plan, latency=latency) as line:
        line.load(programme(sessions, tracks=hosts))
        started = [line.start("worker", "--processes", str(processes)) for _ in range(workers)]
        _wait_until_ready(line, workers)
        parts = {
            "workers": [process.pid for process in started], "postgresql": [line.postgres.pid],
            "redis": [line.redis.pid], "simulator": [line.simulator.process.pid],
        }  # fmt: skip
        before = {name: sum(map(cpu_seconds, pids)) for name, pids in parts.items()}
        begin = time.monotonic()
        run = str(json.loads(line.run("apply", "--yes", "--queue", "--format", "json"))["run"])
        handed = time.monotonic() - begin
        line.start("beat")  # only now: its first sync would do the same work as a run of its own
        wait_for(lambda: _finished(line, run), 240, 1.0)
        after = {name: sum(map(cpu_seconds, pids)) for name, pids in parts.items()}
        shown = line.simulator.requests()
        made = len(line.simulator.meetings())
        tries = _ask(line, "SELECT tries, count(*) FROM run_items GROUP BY tries ORDER BY tries")
    created = sorted(_time(one) for one in shown if one["method"] == "POST" and one["status"] == 201)
    first, last = created[len(created) // 5], created[len(created) * 9 // 10]
    rate = (len(created) * 9 // 10 - len(created) // 5) / (last - first)
    return {
        "plan": plan,
        "meetings": made,
        "rate": rate,
        "ratio": rate / PUBLISHED[plan],
        "refused": sum(one["status"] == 429 for one in shown),
        "calls": len(shown),
        "seconds": created[-1] - created[0],
        "handed": handed,
        "tries": dict(tries),
        "cpu": {name: after[name] - before[name] for name in parts},
    }


def _wait_until_ready(line: Line, workers: int) -> None:
    def ready() -> bool:
        """the workers are ready"""
        return line.logs().count("ready") >= workers

    wait_for(ready, 120, 0.5)


def _finished(line: Line, run: str) -> bool:
    """the run ends"""
    return bool(_ask(line, "SELECT 1 FROM runs WHERE id = %s AND finished_at IS NOT NULL", run))


def _ask(line: Line, query: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(line.postgres.url.replace("+psycopg", "")) as connection:
        return connection.execute(query, values).fetchall()


def _time(request: dict[str, Any]) -> float:
    return float(request["at"])


HEADS = [
    "plan", "meetings", "published /s", "reached /s", "ratio", "429", "tries > 1", "CPU ms per meeting: workers",
    "PostgreSQL", "Redis", "simulator",
]  # fmt: skip


def row(told: dict[str, Any]) -> list[Any]:
    """One measurement as a line of the table."""
    made = told["meetings"]
    again = sum(count for tries, count in told["tries"].items() if tries > 1)
    cpu = [f"{seconds / made * 1000:.1f}" for seconds in told["cpu"].values()]
    rate = [PUBLISHED[told["plan"]], f"{told['rate']:.1f}", f"{told['ratio']:.0%}"]
    return [told["plan"], made, *rate, told["refused"], again, *cpu]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", choices=sorted(PUBLISHED), action="append")
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--processes", type=int, default=6, help="of each worker")
    parser.add_argument("--latency", type=float, default=150, help="milliseconds")
    told = parser.parse_args()
    sizes = {"sessions": told.sessions, "hosts": told.hosts, "workers": told.workers, "processes": told.processes}
    plans = told.plan or ["business", "pro"]
    print(table(HEADS, [row(measure(plan, **sizes, latency=told.latency)) for plan in plans]))


if __name__ == "__main__":
    main()
