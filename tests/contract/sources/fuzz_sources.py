"""Fuzz every reader for long: `python tests/contract/sources/fuzz_sources.py --examples 20000`. Findings print their seed."""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import traceback
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from damage import OF_FORMAT, TOKENS, sample, spoilt, spoilt_inside
from test_any_source import MAPPINGS, fine

SLOW = 2.0  # seconds of CPU for one example that count as a finding


def example(form: str, seed: int) -> bytes:
    """The bytes of one seed: noise, or a sample with up to eight edits."""
    dice = random.Random(f"{form} {seed}")
    if dice.random() < 0.1:
        return b"".join(dice.choice([*TOKENS, dice.randbytes(dice.randrange(20))]) for _ in range(dice.randrange(30)))
    whole = sample(dice.choice(OF_FORMAT[form]))
    edits = [(dice.random(), _length(dice), _put(dice, whole)) for _ in range(dice.randrange(1, 9))]
    if form == "xlsx" and dice.random() < 0.8:
        return spoilt_inside(whole, dice.random(), edits)
    return spoilt(whole, edits)


def _length(dice: random.Random) -> int:
    return dice.choice((0, 0, 1, 2, dice.randrange(8), dice.randrange(200)))


def _put(dice: random.Random, whole: bytes) -> bytes:
    kind = dice.random()
    if kind < 0.5:
        return dice.choice(TOKENS)
    if kind < 0.8:
        start = dice.randrange(len(whole))
        return whole[start : start + dice.randrange(120)] * dice.choice((1, 1, 1, 20))
    return dice.randbytes(dice.randrange(10))


def fuzz(form: str, first: int, count: int) -> tuple[int, float, list[str]]:
    """Bytes tried, the slowest example's CPU seconds, and what broke."""
    tried, slowest, broken = 0, 0.0, []
    for seed in range(first, first + count):
        data = example(form, seed)
        tried += len(data)
        begin = time.process_time()
        try:
            fine(data, None if seed % 3 == 0 else form, MAPPINGS[seed % len(MAPPINGS)])
        except BaseException:  # noqa: BLE001 - whatever broke is what is looked for
            broken.append(f"{form} {seed}\n{traceback.format_exc()}")
        took = time.process_time() - begin
        slowest = max(slowest, took)
        if took > SLOW:
            broken.append(f"{form} {seed}: {took:.1f} s of CPU")
    return tried, slowest, broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=2000, help="for each format")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--format", choices=OF_FORMAT, action="append")
    chosen = parser.parse_args()
    warnings.simplefilter("error")
    found = 0
    for form in chosen.format or OF_FORMAT:
        begin = time.process_time()
        tried, slowest, broken = fuzz(form, chosen.first, chosen.examples)
        found += len(broken)
        for text in broken[:5]:
            print(text)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{form}: {chosen.examples} examples, {tried / 1e6:.1f} MB, {len(broken)} findings, slowest {slowest:.2f} s,"
            f" {time.process_time() - begin:.0f} s of CPU, peak {peak} MiB",
            flush=True,
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
