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

from simulation.actors import ACTORS
from simulation.apart import play_apart
from simulation.holding import HOLDING, PROMISES
from simulation.inhabited import Failure, play_many
from simulation.invariants import INVARIANTS
from simulation.marks import known_marks
from simulation.world import play

# The kinds of stories that end at rest: faults, crashes and meddling; clocks apart and requests that arrive late.
STORIES = {"plain": play, "apart": play_apart}


def play_range(first: int, count: int, kind: str = "plain") -> tuple[list[str], Counter[str], Counter[str]]:
    """Play the seeds from `first` on; answers what broke, and the boundaries that were passed and died at."""
    broken: list[str] = []
    passed: Counter[str] = Counter()
    crashed: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            world = STORIES[kind](seed)
        except BaseException:  # noqa: BLE001 - whatever broke is what is looked for
            broken.append(traceback.format_exc())
        else:
            passed += world.boundaries.passed
            crashed += world.boundaries.crashed
    return broken, passed, crashed


def play_all(
    first: int, count: int, processes: int, kind: str = "plain"
) -> tuple[list[str], Counter[str], Counter[str]]:
    """The same in several processes."""
    step = 50
    starts: Iterable[int] = range(first, first + count, step)
    broken: list[str] = []
    passed: Counter[str] = Counter()
    crashed: Counter[str] = Counter()
    with ProcessPoolExecutor(processes) as pool:
        parts = [pool.submit(play_range, start, min(step, first + count - start), kind) for start in starts]
        for part in parts:
            more_broken, more_passed, more_crashed = part.result()
            broken += more_broken
            passed += more_passed
            crashed += more_crashed
    return broken, passed, crashed


def play_inhabited_all(
    first: int, count: int, processes: int, actors: tuple[str, ...], promises: tuple[str, ...]
) -> int:
    """Stories with others who act; prints what broke and who acted. Answers the number of broken promises."""
    step, begin = 50, time.monotonic()
    broken: dict[int, Failure] = {}
    marks: Counter[str] = Counter()
    played: Counter[str] = Counter()
    with ProcessPoolExecutor(processes) as pool:
        starts = range(first, first + count, step)
        parts = [pool.submit(play_many, start, min(step, first + count - start), actors, promises) for start in starts]
        for part in parts:
            more_broken, more_played, more_marks = part.result()
            broken |= more_broken
            marks += more_marks
            played += more_played
    for failure in list(broken.values())[:5]:
        print(failure.text)
    seconds = time.monotonic() - begin
    print(
        f"{count} seeds from {first} in {seconds:.0f} s ({count / seconds:.1f} a second): {len(broken)} broken promises"
    )
    print("broken by promise: " + _counts(Counter(one.promise for one in broken.values())))
    print("actors played: " + _counts(played))
    print("marks met: " + _counts(marks))
    print("marks never met: " + (", ".join(sorted(known_marks() - set(marks))) or "none"))
    never = sorted(set(actors) - set(played))
    if never:
        print("never played: " + ", ".join(never))
    return len(broken)


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "none"


def _actors(text: str) -> tuple[str, ...]:
    """`holding`, `all`, or names with commas between."""
    chosen = {"holding": tuple(HOLDING), "all": tuple(ACTORS)}.get(text) or tuple(text.split(","))
    unknown = sorted(set(chosen) - set(ACTORS))
    if unknown:
        raise argparse.ArgumentTypeError(f"no such actors: {', '.join(unknown)}; there are {', '.join(ACTORS)}")
    return chosen


def _promises(text: str) -> tuple[str, ...]:
    """`holding`, `all`, or names with commas between."""
    chosen = {"holding": PROMISES, "all": INVARIANTS}.get(text) or tuple(text.split(","))
    unknown = sorted(set(chosen) - set(INVARIANTS))
    if unknown:
        raise argparse.ArgumentTypeError(f"no such promises: {', '.join(unknown)}; there are {', '.join(INVARIANTS)}")
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=2000, help="how many seeds")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--inhabited", type=_actors, help="stories with others who act: holding, all, or names,…")
    parser.add_argument(
        "--promises", type=_promises, default=PROMISES, help="which: holding (default), all, or names,…"
    )
    parser.add_argument("--apart", action="store_true", help="stories of clocks apart and requests that arrive late")
    chosen = parser.parse_args()
    if chosen.inhabited:
        return (
            1
            if play_inhabited_all(chosen.first, chosen.count, chosen.processes, chosen.inhabited, chosen.promises)
            else 0
        )
    begin = time.monotonic()
    broken, passed, crashed = play_all(
        chosen.first, chosen.count, chosen.processes, "apart" if chosen.apart else "plain"
    )
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
