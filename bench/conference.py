"""A conference of 1,000 sessions in 30 rooms, from its schedule.json to an empty plan: `python bench/conference.py`.

Each step is a process of its own, on a simulator over HTTP that keeps the limits of the Business plan (80 creations a
second), a host for each room. The calls are those that reached the simulator.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from line import ZOOM_SYNC, Simulator, around, run, table
from support.conference import ROOMS, lay_out  # found through the line above

STEPS = (("check", "schedule.json"), ("load", "schedule.json"), ("plan",), ("apply", "--yes"), ("plan",))
EXITS = {"plan": (0, 3)}
PER = ("session", "room-and-day")


def measure(sessions: int, per: str) -> list[list[str]]:
    """The steps as rows of a table. Raises where the second plan is not empty or a meeting is missing or doubled."""
    with Simulator(hosts=ROOMS, plan="business", latency=0) as simulator, tempfile.TemporaryDirectory() as name:
        simulator.control("POST", "reset", {"start": "2027-10-01T00:00:00Z"})
        folder = Path(name)
        lay_out(folder, sessions)
        environment = around() | simulator.environment | {
            "DATABASE_URL": f"sqlite:///{folder}/store.db", "ZOOM_SYNC_CONFIG": str(folder / "config"),
            "ZOOM_PLAN": "business",
        }  # fmt: skip
        rows = []
        for command, *arguments in STEPS:
            reads = ["--mapping", "rooms.yaml", "--one-meeting-per", per] if arguments[:1] == ["schedule.json"] else []
            simulator.control("DELETE", "journal")
            told = run([ZOOM_SYNC, command, *arguments, *reads], environment, folder, EXITS.get(command, (0,)))
            calls = Counter(one["operation"] or "token" for one in simulator.requests())
            shown = ", ".join(f"{count} {operation}" for operation, count in sorted(calls.items())) or "none"
            rows.append([command, f"{told.wall:.1f}", f"{told.cpu:.1f}", f"{told.peak:.0f}", shown])
        made = len(simulator.meetings())
        assert told.code == 0, "the second plan is not empty"
        assert made == len({one["topic"] for one in simulator.meetings()}), "a session has two meetings"
    rows.append([f"{made} meetings", "", "", "", ""])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    told = parser.parse_args()
    for per in PER:
        print(f"one meeting per {per}\n")
        print(table(["step", "wall s", "CPU s", "peak MB", "calls"], measure(told.sessions, per)), end="\n\n")


if __name__ == "__main__":
    main()
