"""The merge side by side with the same in pandas and polars: `python bench/merging.py`.

All read the same file, a row of Zoom's participant report to a line, and write seconds per person: the union of that
person's stays, on however many devices, without the waiting room. Every row has an e-mail, in either case, so that all
can agree on who is who, and the results are checked to be equal. zoom_sync works out more on the way (who is one person
where rows have ids or names only, devices, joins, roles, what had to be mended), and takes rows one at a time. Each is
a process of its own on the same machine; polars uses all its cores, the others one.

pandas and polars are installed into `.venv-bench`, for the benches alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from line import run, table
from peers import VENV, install

PEERS = {"pandas": "pandas==3.1.1", "polars": "polars==2.1.0"}
MERGES = Path(__file__).resolve().parent / "merges"
SIZES = (10_000, 100_000, 1_000_000)
START = datetime(2023, 11, 6, 12, 0, tzinfo=UTC)
HEADS = ["merge", "stays", "people", "wall s", "CPU s", "of which merging", "growth of it", "peak MB"]


def write_rows(path: Path, count: int) -> None:
    """`count` stays of 0.4 x `count` people, as Zoom reports them."""
    chance = random.Random(count)
    people = int(count * 0.4)
    clock = [(START + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ") for second in range(3 * 3600)]
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            person = chance.randrange(people)
            join = chance.randrange(2 * 3600)
            leave = join + chance.randrange(1, 3600)
            email = f"attendee{person}@example.org"
            row = {
                "id": f"participant{person:016}", "user_id": str(16_000_000 + number), "name": f"Attendee {person}",
                "user_email": email.upper() if number % 7 == 0 else email, "join_time": clock[join],
                "leave_time": clock[leave], "duration": leave - join, "failover": False,
                "status": "in_waiting_room" if number % 10 == 0 else "in_meeting", "customer_key": "",
                "participant_user_id": "", "bo_mtg_id": "", "registrant_id": f"registrant{person:012}",
            }  # fmt: skip
            out.write(json.dumps(row) + "\n")


def result(path: Path) -> dict[str, int]:
    """What one of them found: seconds by person."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {person: int(seconds) for person, seconds in csv.reader(lines)}


def measure(name: str, rows: Path) -> tuple[list[float], dict[str, int]]:
    """One of them on one file: wall and CPU seconds, those of merging, peak memory in MB; and what it found."""
    python = sys.executable if name == "zoom_sync" else str(VENV / "bin" / "python")
    found, told = rows.with_name(f"{name}.csv"), rows.with_name(f"{name}.json")
    script = f'exec "{python}" "{MERGES}/with_{name}.py" "{rows}" "{found}" > "{told}"'
    ended = run(["sh", "-c", script], os.environ, rows.parent)
    return [ended.wall, ended.cpu, json.loads(told.read_text())["merging"], ended.peak], result(found)


def compare(sizes: Sequence[int]) -> str:
    """The whole table."""
    missing = install(PEERS)
    lines: dict[str, list[list[Any]]] = {name: [] for name in ("zoom_sync", *PEERS)}
    before: dict[str, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder) / "rows.jsonl"
            write_rows(rows, size)
            wanted: dict[str, int] = {}
            for name, told in lines.items():
                if name in missing:
                    told.append([f"{name}: {missing[name]}", f"{size:,}", *("-" for _ in HEADS[2:])])
                    continue
                (wall, cpu, merging, peak), found = measure(name, rows)
                wanted = wanted or found
                assert found == wanted, f"{name} found other seconds than zoom_sync"
                grown = f"x {merging / before[name]:.1f}" if name in before else ""
                before[name] = merging
                figures = [f"{wall:.1f}", f"{cpu:.1f}", f"{merging:.2f}", grown, f"{peak:.0f}"]
                told.append([name, f"{size:,}", f"{len(found):,}", *figures])
    return table(HEADS, [line for each in lines.values() for line in each])


def versions() -> str:
    """Which of them this is."""
    python = str(VENV / "bin" / "python")
    code = "import pandas, polars; print(f'pandas {pandas.__version__}, polars {polars.__version__}')"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stays", type=int, action="append", help="10,000, 100,000 and 1,000,000")
    told = parser.parse_args()
    print(compare(told.stays or SIZES))
    print(f"\n{versions()}; equal results at every size")


if __name__ == "__main__":
    main()
