"""How long it takes to give meetings to hosts, as the programme and the pool grow. Each size runs in a process.

Run: python bench/hosts.py

`even`: hosts who are alike, half of them busy at a time. `mixed`: starts at random, hosts who hold one or two meetings
at once with buffers of their own, and half as much taken by others. `short`: the same with a sixth of the hosts and
no limit of writes, so that many meetings are refused. Beside it stands a number below which no answer could go.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.hosts import Host, Span, Wanted, assign
from zoom_sync.domain.hosts.cases import make_case

SIZES = ((1_250, 25), (2_500, 50), (5_000, 100), (10_000, 200))
CASES = ("even", "mixed", "short")
START = datetime(2024, 1, 1, tzinfo=UTC)
AT_ONCE = 2  # of two hosts, one is busy at a time


def even(sessions: int, hosts: int) -> tuple[list[Wanted], list[Host], dict[str, list[Span]]]:
    def hour(number: int) -> datetime:
        return START + timedelta(hours=number // (hosts // AT_ONCE))

    wanted = [Wanted(f"{n:05}", hour(n), hour(n) + timedelta(hours=1)) for n in range(sessions)]
    return wanted, [Host(f"host-{n}", f"Host {n}", f"host{n}@example.org") for n in range(hosts)], {}


def mixed(sessions: int, hosts: int) -> tuple[list[Wanted], list[Host], dict[str, list[Span]]]:
    chance = random.Random(sessions)

    def spans(many: int) -> list[Span]:
        starts = [START + timedelta(minutes=5 * chance.randrange(12 * 24 * 20)) for _ in range(many)]
        return [(start, start + timedelta(minutes=15 * chance.randint(2, 12))) for start in starts]

    pool = [
        Host(
            f"host-{n}",
            f"Host {n}",
            f"host{n}@example.org",
            capacity=chance.choice((1, 1, 2)),
            daily_writes=chance.choice((40, 60, 100)),
            buffer_before=timedelta(minutes=5 * chance.randint(0, 2)),
        )
        for n in range(hosts)
    ]
    busy = {host.id: spans(sessions // hosts // 2) for host in pool}
    return [Wanted(f"{n:05}", *span) for n, span in enumerate(spans(sessions))], pool, busy


def measure(case: str, sessions: int, hosts: int) -> dict[str, float]:
    wanted, pool, busy = (even if case == "even" else mixed)(sessions, hosts)
    pool = pool[: hosts // 6] if case == "short" else pool
    left = {host.id: sessions if case == "short" else host.daily_writes for host in pool}
    begun = time.process_time()
    told = assign(wanted, pool, busy, left)
    seconds = time.process_time() - begun
    asked = make_case(wanted, pool, busy, left, frozenset())
    numbers = {host.id: n for n, host in enumerate(pool)}
    way = {n: numbers[told.host_of[job.want.key]] for n, job in enumerate(asked.jobs) if job.want.key in told.host_of}
    refused, over, used = asked.price(way)[1:]
    return {"seconds": seconds, "refused": refused, "over": over, "used": used, "least": asked.least_opened(way)}


def main() -> None:
    print("| case | sessions | hosts | CPU s | ratio | refused | beyond today's writes | hosts used | at least |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in CASES:
        last = None
        for sessions, hosts in SIZES:
            command = [sys.executable, __file__, case, str(sessions), str(hosts)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            ratio = f"{told['seconds'] / last:.1f}" if last else ""
            last = told["seconds"]
            row = [
                case,
                sessions,
                hosts,
                f"{last:.2f}",
                ratio,
                *(told[k] for k in ("refused", "over", "used", "least")),
            ]
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
