"""Fault schedules, each from a seed: `python bench/schedules.py --count 60 --seed 1000`.

A schedule is one small programme on the whole line, and its seed says what is done to it on the way: how far Zoom's
clock is from ours, which answers to creations are lost, spoilt or come late, which creations are carried out after
their client gave them up, and when workers are killed, or stopped and woken again when others have done their work,
when Redis is emptied or cannot be written, when PostgreSQL is killed, when a second run of the same event begins in a
process of its own. Then everything is mended, and `plan` must become empty with one meeting for each session.

A line of JSON for each schedule, and their sum. It ends with 1 where a schedule broke a promise.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import redis

from kill import SETTINGS, Kills, compare, kept, to_the_end
from line import Line, programme, wait_for

CLOCKS = (0, 7, -7, 75, -75, 330, -330, 7_200, -7_200, 86_400)
LOST = ("drop_after", "drop_before", "error_after", "garbage_after", "half_body_after")
PATIENCE = 15  # seconds for a share of the work, after which the next thing is done anyhow
LATEST = 20  # seconds after which a late creation is carried out
STEPS = ("worker", "worker", "zombie", "redis", "read_only", "postgres", "second_run")
UNFORESEEN = "Traceback (most recent call last)"


def faults(chance: random.Random) -> list[dict[str, Any]]:
    """What happens to creations."""
    chosen: list[dict[str, Any]] = [
        {"kind": kind, "times": None, "probability": chance.choice((0.05, 0.2, 0.4))}
        for kind in chance.sample(LOST, chance.randint(1, 2))
    ]
    if chance.random() < 0.6:
        times = {"times": chance.randint(1, 3), "after": chance.randint(0, 8)}
        chosen.append({"kind": "deliver_late", "seconds": chance.randint(2, LATEST), **times})
    if chance.random() < 0.5:
        chosen.append({"kind": "late_list", "probability": 0.2, "times": None, "seconds": 1})
    return [{"operation": "meetingCreate", **fault} for fault in chosen]


class Doing(Kills):
    """What is done to the line's processes, by name."""

    def __init__(self, line: Line, chance: random.Random, workers: int) -> None:
        super().__init__(line, chance.randrange(2**32), workers, 2)
        self._stopped: list[subprocess.Popen[bytes]] = []

    def zombie(self) -> None:
        """A worker stands still with all it holds, and another one takes its place."""
        worker = self.workers.pop(self._chance.randrange(len(self.workers)))
        os.killpg(worker.pid, signal.SIGSTOP)
        self._stopped.append(worker)
        self.workers.append(self._start())
        self.counts["zombies"] += 1

    def read_only(self) -> None:
        """For some seconds Redis can be read and not be written."""
        with redis.Redis.from_url(self._line.redis.url) as client:
            client.execute_command("REPLICAOF", "127.0.0.1", "1")
            time.sleep(self._chance.uniform(0.5, 8))  # nobody creates meanwhile, so nothing else can be waited for
            client.execute_command("REPLICAOF", "NO", "ONE")
        self.counts["read-only Redis"] += 1

    def second_run(self) -> None:
        """The same event once more, in a process of its own."""
        self._line.start("apply", "--yes")
        self.counts["second runs"] += 1

    def wake(self) -> None:
        """Who stood still goes on."""
        for worker in self._stopped:
            os.killpg(worker.pid, signal.SIGCONT)


def schedule(line: Line, seed: int) -> dict[str, Any]:
    """One of them, on a line that nothing is left on from another; answers what came of it."""
    chance = random.Random(seed)
    begin = time.monotonic()
    sessions, hosts, clock = chance.randint(20, 40), chance.randint(2, 4), chance.choice(CLOCKS)
    with _emptied(line, hosts):
        line.load(programme(sessions, tracks=hosts))
        line.simulator.control("POST", "twists", {"what": "date", "seconds": clock})
        line.simulator.control("POST", "faults", faults(chance))
        doing = Doing(line, chance, 2)
        line.start("beat")
        line.run("apply", "--yes", "--queue")
        _on_the_way(line, doing, chance, sessions)
        doing.wake()
        fired = len(line.simulator.control("GET", "faults")["fired"])
        line.simulator.control("DELETE", "faults")
        line.simulator.control("POST", "clock", {"advance": LATEST})  # what is late arrives
        rounds = to_the_end(line)
        return {
            "seed": seed, "sessions": sessions, "clock": clock, **compare(line), "rounds": rounds, "faults": fired,
            "done": dict(doing.counts), "tracebacks": line.logs().count(UNFORESEEN),
            "seconds": round(time.monotonic() - begin, 1),
        }  # fmt: skip


@contextlib.contextmanager
def _emptied(line: Line, hosts: int) -> Iterator[None]:
    """An empty store, Redis and Zoom, and nobody at work."""
    line.simulator.control("POST", "reset", {"hosts": hosts, "latency": 0.05})
    with redis.Redis.from_url(line.redis.url) as client:
        client.flushall()
    with line.postgres.database() as url:
        line.environment["DATABASE_URL"] = url
        for log in line.folder.glob("*.log"):
            log.unlink()
        try:
            yield
        finally:
            line.stop_all()
            line.processes.clear()


def _on_the_way(line: Line, doing: Doing, chance: random.Random, sessions: int) -> None:
    steps = chance.choices(STEPS, k=chance.randint(2, 4))
    for number, name in enumerate(steps):
        share = sessions * (number + 1) // (len(steps) + 2)

        def so_far(share: int = share) -> bool:
            """the workers go on creating meetings"""
            return len(line.simulator.meetings()) >= share

        with contextlib.suppress(TimeoutError):  # what failed for good is begun again by the next run alone
            wait_for(so_far, PATIENCE, 0.3)
        getattr(doing, name)()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="of the first one; the others follow")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    broken = []
    with Line(hosts=4, plan="business", latency=50, settings=SETTINGS) as line:
        for seed in range(options.seed, options.seed + options.count):
            try:
                result = schedule(line, seed)
            except (RuntimeError, TimeoutError) as error:
                result = {"seed": seed, "error": str(error)}
            print(json.dumps(result), flush=True)
            if "error" in result or not kept(result) or result["tracebacks"]:
                broken.append(seed)
            names = ("sessions", "meetings", "duplicates", "lost", "faults", "tracebacks", "removed")
            total.update({name: result.get(name, 0) for name in names})
            total.update(result.get("done", {}))
    print(json.dumps({"schedules": options.count, **total, "broken": broken}))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
