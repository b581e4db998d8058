"""One very large webinar through the whole line, each step a process of its own: `python bench/large.py`.

The simulator plays a webinar of 100,000 people that is restarted twice, which makes 250,000 stays. It is collected over
HTTP under the limits of the Business plan (40 report pages of 300 rows a second, so 21 s at least), stored in SQLite,
merged, and written as reports. The second table writes reports of so many lines from values that are made one by one:
its memory must not grow with them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from line import ZOOM_SYNC, Simulator, around, run, table

KEY = "webinar"
START = "2027-05-10T10:00:00"
INSTANCES = 3
# Of 1.5 times the audience of one instance, who comes is drawn anew for each: so many come to any of the three.
PEOPLE_PER_AUDIENCE = 1.5 * (1 - (1 / 3) ** INSTANCES)
SIZES = (10_000, 100_000, 1_000_000)
STEPS = str(Path(__file__).with_name("large_steps.py"))
FORMATS = ("csv", "xlsx", "json", "parquet")


def programme() -> str:
    """One webinar, as JSON, which is YAML."""
    session = {"key": KEY, "title": "A very large webinar", "kind": "webinar", "start": START, "duration": 90}
    return json.dumps({"event": {"key": "large", "title": "A bench", "timezone": "UTC"}, "sessions": [session]})


def whole_line(participants: int) -> str:
    """The steps as a table."""
    with Simulator(hosts=1, plan="business", latency=0) as simulator, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config").mkdir()
        (folder / "programme.yaml").write_text(programme(), encoding="utf-8")
        simulator.control("POST", "reset", {"webinars": True, "start": "2027-05-01T00:00:00Z"})
        environment = around() | simulator.environment | {
            "DATABASE_URL": f"sqlite:///{folder}/store.db", "ZOOM_SYNC_CONFIG": str(folder / "config"),
            "ZOOM_PLAN": "business",
        }  # fmt: skip
        for command in (("load", "programme.yaml"), ("apply", "--yes")):
            run([ZOOM_SYNC, *command], environment, folder)
        (meeting,) = simulator.meetings()
        audience = {"audience": round(participants / PEOPLE_PER_AUDIENCE), "instances": INSTANCES, "questions": 200}
        begin = time.monotonic()
        played = simulator.control("POST", f"meetings/{meeting['id']}/run", audience)
        rows = [["the simulator plays it", f"{time.monotonic() - begin:.1f}", "", "", ""]]
        simulator.control("POST", "clock", {"advance": 3600})
        stays = sum(one["participants"] for one in played["instances"])

        def step(title: str, command: Sequence[str], file: str) -> None:
            wall, cpu, peak, _ = run(command, environment, folder)
            size = (folder / file).stat().st_size / 1e6
            rows.append([title, f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", f"{file} {size:.0f} MB"])

        step("collect, store and merge", [ZOOM_SYNC, "collect"], "store.db")
        step("merge again from the store", [sys.executable, STEPS, "merge"], "store.db")
        for form in FORMATS:
            command = [ZOOM_SYNC, "report", "attendance", "-f", form, "-o", f"attendance.{form}"]
            step(f"report attendance -f {form}", command, f"attendance.{form}")
        step("report summary", [ZOOM_SYNC, "report", "summary", "-o", "summary.html"], "summary.html")
        with (folder / "attendance.csv").open("rb") as lines:
            people = sum(1 for _ in lines) - 1
        pages = sum(one["path"].endswith("/participants") for one in simulator.requests())
    head = f"{stays:,} stays, read in {pages:,} pages, of {people:,} lines in the report"
    return f"{head}\n\n" + table(["step", "wall s", "CPU s", "peak MB", "file"], rows)


def growth(sizes: Sequence[int]) -> str:
    """Each format at each size."""
    rows: list[list[Any]] = []
    for form in FORMATS:
        first: dict[str, float] = {}
        for size in sizes:
            command = [sys.executable, STEPS, form, str(size)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            first = first or told
            grown = f"{told['peak'] - first['peak']:+.0f}"
            rows.append([form, f"{size:,}", f"{told['cpu']:.1f}", f"{told['peak']:.0f}", grown, f"{told['size']:.1f}"])
    return table(["format", "rows", "CPU s", "peak MB", "more than with the fewest", "file MB"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--participants", type=int, default=100_000)
    parser.add_argument("--rows", type=int, action="append", help="10,000, 100,000 and 1,000,000")
    told = parser.parse_args()
    print(whole_line(told.participants))
    print()
    print(growth(told.rows or SIZES))


if __name__ == "__main__":
    main()
