"""A month with nobody there: `python bench/month.py`, short: `python bench/month.py --days 6 --sessions 12 --kills 4`.

`zoom-sync serve` keeps the sessions of a month on a local Zoom whose clock jumps from quarter hour to quarter hour,
and is killed with SIGKILL on the way. Sessions overlap on few hosts; the programme is edited and loaded again; somebody
meddles with the meetings on Zoom; webhooks are lost, doubled and reordered, and for a quarter of the time none come.

At each session's start there has to be exactly one meeting of it, as the programme has it, behind the link that was
published; at the end all reports have to be complete. The figures: calls and writes against the least possible, and how
long it took to put right what was meddled with. With `--others`, staff and the account's own rules act as well: a
setting is locked, a zone renamed, people register, a meeting is moved to another host, colleagues have a series and a
webinar, and a second program rewrites a setting for ever.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import Any

from line import wait_for
from month_figures import figures, kept, show
from month_house import house
from month_story import AT_ONCE, START, Month, go, moments, programme


def story(*, days: int, sessions: int, hosts: int, kills: int, seed: int, others: bool = False) -> dict[str, Any]:
    """The whole of it; answers what came of it."""
    begun = time.monotonic()
    with house(hosts=hosts, seed=seed, start=START) as there:
        month = Month(there, random.Random(seed), days, programme(days, sessions), with_others=others)
        there.load(month.programme())
        there.start()
        if kills:  # the first while the meetings are made
            wait_for(lambda: len(there.simulator.meetings()) >= sessions // 3, 30, 0.01)
            there.kill()
            there.start()
        there.subscribe()
        go(month, sorted(moments(month), key=lambda one: one[0]), kills)
        code = there.stop()
        return {**figures(month, code), "seconds": round(time.monotonic() - begun, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--hosts", type=int, default=5)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--others", action="store_true", help="let others act, too: staff, the account's rules, a program"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, not as tables")
    told = vars(parser.parse_args())
    if told["days"] - 2 < -(-told["sessions"] // AT_ONCE) or told["hosts"] < AT_ONCE:
        parser.error(
            f"{AT_ONCE} sessions are at the same time: give a day for each {AT_ONCE}, two more, and hosts for them"
        )
    as_json = told.pop("json")
    result = story(**told)
    print(json.dumps(result) if as_json else show(result))
    for flaw in (*result["flaws"], *result["late"]):
        sys.stderr.write(f"{flaw}\n")
    sys.exit(0 if kept(result) else 1)


if __name__ == "__main__":
    main()
