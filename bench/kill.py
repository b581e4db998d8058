"""Real kills: `python bench/kill.py --sessions 600`.

Redis, PostgreSQL, a simulator, four workers and beat run as processes. While the workers create a programme's
meetings, workers are killed with SIGKILL and started again, Redis is killed and comes back empty, PostgreSQL is killed
and comes back, and the simulator loses answers after doing the work and shows new meetings late. At the end there must
be exactly one meeting per session, the store and the simulator must agree, and a plan must be empty.

With `--collect` all meetings are made in peace and held, and the same is killed while their reports are collected:
every row that Zoom has of who was there must be in the store, once.

What is killed when follows from the seed and from how far the work is, not from the clock.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import psycopg

from line import Line, programme, table, wait_for

SETTLE_SECONDS = 3
LATE_SECONDS = 1
FAULTS = [
    {"kind": "drop_after", "operation": "meetingCreate", "probability": 0.04, "times": None},
    {"kind": "late_list", "operation": "meetingCreate", "probability": 0.2, "times": None, "seconds": LATE_SECONDS},
]
SETTINGS = {
    "ZOOM_SYNC_SETTLE_SECONDS": str(SETTLE_SECONDS),
    "ZOOM_SYNC_RESEND_SECONDS": "10",
    "ZOOM_SYNC_SWEEP_SECONDS": "1",
    "ZOOM_SYNC_SYNC_MINUTES": "1",
}


class Kills:
    """Who is killed when, from a seed: a worker at every step, Redis and PostgreSQL twice each on the way."""

    def __init__(self, line: Line, seed: int, workers: int, processes: int) -> None:
        self._line = line
        self._chance = random.Random(seed)
        self._processes = processes
        self.workers = [self._start() for _ in range(workers)]
        self.counts: Counter[str] = Counter()

    def _start(self) -> Any:
        return self._line.start("worker", "--processes", str(self._processes))

    def worker(self) -> None:
        place = self._chance.randrange(len(self.workers))
        self._line.kill(self.workers[place])
        self.workers[place] = self._start()
        self.counts["workers"] += 1

    def redis(self) -> None:
        self._line.redis.kill()
        self._line.redis.start()
        self.counts["redis"] += 1

    def postgres(self) -> None:
        self._line.postgres.kill()
        self._line.postgres.start()
        self.counts["postgresql"] += 1


def story(*, sessions: int, hosts: int, workers: int, processes: int, kills: int, seed: int) -> dict[str, Any]:
    """The whole of it; answers what came of it."""
    begin = time.monotonic()
    with Line(hosts=hosts, plan="business", latency=50, seed=seed, settings=SETTINGS) as line:
        line.load(programme(sessions, tracks=hosts))
        line.simulator.control("POST", "faults", FAULTS)
        killing = Kills(line, seed, workers, processes)
        line.start("beat")
        line.run("apply", "--yes", "--queue")
        _kill_on_the_way(line, killing, sessions, kills)
        faults = len(line.simulator.control("GET", "faults")["fired"])
        line.simulator.control("DELETE", "faults")
        rounds = to_the_end(line)
        found = compare(line)
        return {
            "seed": seed, "sessions": sessions, **found, "rounds": rounds, "faults": faults,
            "kills": dict(killing.counts), "seconds": round(time.monotonic() - begin, 1),
        }  # fmt: skip


def collecting(
    *, sessions: int, hosts: int, workers: int, processes: int, kills: int, seed: int, audience: int
) -> dict[str, Any]:
    """The same kills, spread over the collecting of all reports; answers what came of it."""
    begin = time.monotonic()
    # What is due is looked for soon, and not after the usual ten minutes.
    settings = {**SETTINGS, "ZOOM_SYNC_COLLECT_MINUTES": "0.1"}
    with Line(hosts=hosts, plan="business", latency=50, seed=seed, settings=settings) as line:
        line.load(programme(sessions, tracks=hosts))
        line.run("apply", "--yes")
        there = _hold(line, audience)
        killing = Kills(line, seed, workers, processes)
        line.start("beat")
        _spread(killing, sessions, kills, lambda: _collected(line))

        def all_collected() -> bool:
            """every session has its report"""
            return _collected(line) == sessions

        _wait_through_pauses(line, all_collected)
        stored = _rows(line)
        return {
            "seed": seed, "sessions": sessions, "rows": sum(there.values()),
            "stored": sum(rows for rows, _ in stored.values()),
            "lost": sum(max(0, count - stored.get(key, (0, 0))[1]) for key, count in there.items()),
            "doubled": sum(rows - distinct for rows, distinct in stored.values()),
            "kills": dict(killing.counts), "seconds": round(time.monotonic() - begin, 1),
        }  # fmt: skip


def _wait_through_pauses(line: Line, collected: Callable[[], bool]) -> None:
    """What failed in a kill the schedule asks for again within half an hour: it is asked for by name instead."""
    for _ in range(10):
        with contextlib.suppress(TimeoutError):
            wait_for(collected, 60, 0.5)
            return
        line.run("collect", *_incomplete(line), expect=(0, 1, 3))
    sys.stderr.write(line.run("runs", "--format", "json") + line.logs()[-20_000:])
    raise TimeoutError(f"not within 600 s: {collected.__doc__}")


def _incomplete(line: Line) -> list[str]:
    """The sessions whose report of who was there was asked for and is not complete."""
    with psycopg.connect(_plain(line)) as connection:
        ask = "SELECT key FROM collections WHERE kind = 'participants' AND state <> 'complete' ORDER BY key"
        return [key for (key,) in connection.execute(ask)]


def _hold(line: Line, audience: int) -> dict[str, int]:
    """Every meeting is held with so many people, and is over; answers how many rows Zoom has of each session."""
    rows = {}
    for session in sorted(json.loads(line.run("status", "--format", "json"))["sessions"], key=itemgetter("start")):
        played = line.simulator.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": audience})
        rows[session["key"]] = sum(one["participants"] for one in played["instances"])
    line.simulator.control("POST", "clock", {"advance": 2 * 3600})
    return rows


def _collected(line: Line) -> int:
    """How many sessions have the report of who was there; the last count while PostgreSQL is away."""
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(_plain(line)) as connection:
        found = connection.execute(
            "SELECT count(*) FROM collections WHERE kind = 'participants' AND state = 'complete'"
        )
        [count] = found.fetchone() or [0]
        return int(count)
    return 0


def _rows(line: Line) -> dict[str, tuple[int, int]]:
    """Of each session: how many rows are stored of who was there, and how many different ones."""
    ask = """
        SELECT i.key, count(*), count(DISTINCT r.row::text) FROM report_rows r
        JOIN report_instances i ON i.id = r.instance_id WHERE i.kind = 'participants' GROUP BY i.key"""
    with psycopg.connect(_plain(line)) as connection:
        return {key: (rows, distinct) for key, rows, distinct in connection.execute(ask)}


def _plain(line: Line) -> str:
    return str(line.postgres.url).replace("+psycopg", "")


def _kill_on_the_way(line: Line, killing: Kills, sessions: int, kills: int) -> None:
    _spread(killing, sessions, kills, lambda: len(line.simulator.meetings()))


def _spread(killing: Kills, sessions: int, kills: int, done: Callable[[], int]) -> None:
    """Kill at even steps of what is done."""
    steps = [killing.worker] * kills
    for share, other in ((0.2, killing.redis), (0.4, killing.postgres), (0.6, killing.redis), (0.8, killing.postgres)):
        steps.insert(int(len(steps) * share), other)
    for number, step in enumerate(steps):
        wanted = sessions * (number + 1) // (len(steps) + 2)

        def so_far(wanted: int = wanted) -> bool:
            """the workers go on"""
            return done() >= wanted

        wait_for(so_far, 180, 0.1)
        step()


def to_the_end(line: Line) -> int:
    """Wait for every run; apply again while a plan has something to do, as what failed for good is planned again."""
    for number in range(1, 6):
        wait_for(lambda: _all_finished(line), 240, 0.5)
        plan = json.loads(line.run("plan", "--format", "json", expect=(0, 3)))
        if not plan["changes"] and not plan["held_back"]:
            return number
        line.run("apply", "--yes", "--queue")
    raise RuntimeError("the plan does not become empty")


def _all_finished(line: Line) -> bool:
    """every run has ended"""
    url = line.environment["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) > 0 AND bool_and(finished_at IS NOT NULL) FROM runs"
        return connection.execute(query).fetchall() == [(True,)]


def compare(line: Line) -> dict[str, Any]:
    """What the store has beside what Zoom has."""
    there = {str(meeting["id"]): meeting for meeting in line.simulator.meetings()}
    stored = {one["meeting_id"]: one for one in json.loads(line.run("status", "--format", "json"))["sessions"]}
    titles = Counter(meeting["topic"] for meeting in there.values())
    requests = Counter((one["operation"], one["status"]) for one in line.simulator.requests())
    return {
        "meetings": len(there),
        "duplicates": sum(count - 1 for count in titles.values()),
        "lost": sum(one["title"] not in titles for one in stored.values()),
        "unlinked": len(set(there) - set(stored)),
        "missing": len(set(stored) - set(there)),
        "passcodes_differ": sum(
            one["passcode"] != there[key]["password"] for key, one in stored.items() if key in there
        ),
        "orphans": len(json.loads(line.run("orphans", "--format", "json"))),
        "removed": len(line.simulator.control("GET", "state")["meetings"]) - len(there),
        "lists": requests["meetings", 200],
        "creates": sum(count for (operation, _), count in requests.items() if operation == "meetingCreate"),
        "refused": sum(count for (_, status), count in requests.items() if status == 429),
    }


def kept(result: dict[str, Any]) -> bool:
    """Whether the promise was kept."""
    broken = ("duplicates", "lost", "unlinked", "missing", "passcodes_differ", "orphans")
    return result["meetings"] == result["sessions"] and not any(result[name] for name in broken)


HEADS = ["sessions", "workers killed", "Redis emptied", "PostgreSQL killed", "faults", "duplicates", "lost", "seconds"]


def row(result: dict[str, Any]) -> list[Any]:
    """One story as a line of the table."""
    kills = [result["kills"][name] for name in ("workers", "redis", "postgresql")]
    return [result["sessions"], *kills, *(result[name] for name in ("faults", "duplicates", "lost", "seconds"))]


COLLECTED = ["sessions", "rows", "workers killed", "Redis emptied", "PostgreSQL killed", "lost", "doubled", "seconds"]


def collected_row(result: dict[str, Any]) -> list[Any]:
    """One story of collecting as a line of the table."""
    kills = [result["kills"].get(name, 0) for name in ("workers", "redis", "postgresql")]
    return [
        result["sessions"],
        f"{result['rows']:,}",
        *kills,
        *(result[name] for name in ("lost", "doubled", "seconds")),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--hosts", type=int, default=12)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2, help="of each worker")
    parser.add_argument("--kills", type=int, default=16, help="of workers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="as markdown, not as JSON")
    parser.add_argument("--collect", action="store_true", help="kill while reports are collected")
    parser.add_argument("--audience", type=int, default=100, help="of each session, with --collect")
    told = vars(parser.parse_args())
    as_table, audience = told.pop("table"), told.pop("audience")
    if told.pop("collect"):
        result = collecting(**told, audience=audience)
        print(table(COLLECTED, [collected_row(result)]) if as_table else json.dumps(result))
        sys.exit(1 if result["lost"] or result["doubled"] else 0)
    result = story(**told)
    print(table(HEADS, [row(result)]) if as_table else json.dumps(result))
    sys.exit(0 if kept(result) else 1)


if __name__ == "__main__":
    main()
