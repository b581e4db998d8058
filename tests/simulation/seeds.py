"""Play many stories: `python tests/simulation/seeds.py --count 20000`. A broken promise prints its seed."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from simulation.world import play


def play_range(first: int, count: int) -> tuple[list[str], Counter[str], Counter[str]]:
    """Play the seeds from `first` on; answers what broke, and the boundaries that were passed and died at."""
    broken: list[str] = []
    passed: Counter[str] = Counter()
    crashed: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            world = play(seed)
        except BaseException:  # noqa: BLE001 - whatever broke is what is looked for
            broken.append(traceback.format_exc())
        else:
            passed += world.boundaries.passed
            crashed += world.boundaries.crashed
    return broken, passed, crashed


def play_all(first: int, count: int, processes: int) -> tuple[list[str], Counter[str], Counter[str]]:
    """The same in several processes."""
    step = 50
    starts: Iterable[int] = range(first, first + count, step)
    broken: list[str] = []
    passed: Counter[str] = Counter()
    crashed: Counter[str] = Counter()
    with ProcessPoolExecutor(processes) as pool:
        parts = [pool.submit(play_range, start, min(step, first + count - start)) for start in starts]
        for part in parts:
            more_broken, more_passed, more_crashed = part.result()
            broken += more_broken
            passed += more_passed
            crashed += more_crashed
    return broken, passed, crashed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=2000, help="how many seeds")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    begin = time.monotonic()
    broken, passed, crashed = play_all(chosen.first, chosen.count, chosen.processes)
    for text in broken[:5]:
        print(text)
    seconds = time.monotonic() - begin
    print(f"{chosen.count} seeds from {chosen.first} in {seconds:.0f} s: {len(broken)} broken promises")
    print(f"boundaries passed {sum(passed.values())}, crashes {sum(crashed.values())}")
    print(f"crash points hit: {len(crashed)} of {len(passed)}")
    never = sorted(set(passed) - set(crashed))
    if never:
        print("never died at: " + ", ".join(never))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
