"""Side by side with other clients, in one run on the same simulator: `python bench/peers.py`.

Everybody creates 500 meetings over 10 hosts and then checks them again. The account has the Business plan and the
simulator enforces its limits for all alike: 80 calls a second, 100 creates a day and host. Who is refused with 429
waits a second and asks again, as the users of a client without a governor must. Each is a process of its own; its wall
time and peak memory are those of the whole process, interpreter and all.

zoomus and pyzoom are installed into `.venv-bench`, for this bench alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from line import ROOT, ZOOM_SYNC, Simulator, around, programme, table

VENV = ROOT / ".venv-bench"
PEERS = {"zoomus": "zoomus==1.2.1", "pyzoom": "pyzoom==1.0.8"}
LICENSED = 2
HEADS = ["client", "latency ms", "calls", "of these 429", "connections", "wall s", "peak MB"]


def install(peers: Mapping[str, str]) -> dict[str, str]:
    """Install what is to be compared with, by name and requirement; answers what cannot be had, and why."""
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    missing = {}
    for name, wanted in peers.items():
        there = subprocess.run([str(python), "-c", f"import {name}"], capture_output=True, check=False)
        if there.returncode:
            command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                missing[name] = "pip could not install it"
    return missing


def measure(
    name: str, commands: Sequence[Sequence[str]], *, meetings: int, hosts: int, latency: float, check: str = ""
) -> list[Any]:
    """One client on a simulator of its own: its line of the table."""
    with Simulator(hosts=hosts, plan="business", latency=latency) as simulator, tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "config").mkdir()
        text = programme(meetings, tracks=hosts)
        (place / "programme.yaml").write_text(text, encoding="utf-8")
        told = json.dumps(_for_peers(simulator, json.loads(text), check))
        environment = around() | simulator.environment | {"ZOOM_SYNC_CONFIG": str(place / "config")}
        environment["DATABASE_URL"] = f"sqlite:///{place}/store.db"
        if name == "zoom_sync":
            _run([ZOOM_SYNC, "load", "programme.yaml"], environment, place, "")
        before = simulator.control("GET", "state")["server"]["connections_opened"]
        begin = time.monotonic()
        peak = max(_run(command, environment, place, told) for command in commands)
        wall = time.monotonic() - begin
        opened = simulator.control("GET", "state")["server"]["connections_opened"] - before - 1  # this very question
        made = len(simulator.meetings())
        assert made == meetings, f"{name} made {made} of {meetings} meetings"
        statuses = Counter(one["status"] for one in simulator.requests())
    title = f"{name}, {check}" if check else name
    return [title, f"{latency:.0f}", statuses.total(), statuses[429], opened, f"{wall:.1f}", f"{peak:.0f}"]


def _for_peers(simulator: Simulator, wanted: Mapping[str, Any], check: str) -> dict[str, Any]:
    """The same meetings as bodies of Zoom's API, each with the host that holds it."""
    hosts = [user["id"] for user in simulator.control("GET", "state")["users"] if user["type"] == LICENSED]
    meetings = [
        {
            "host": hosts[number % len(hosts)],
            "body": {
                "topic": session["title"], "type": 2, "start_time": f"{session['start']}Z",
                "duration": session["duration"], "timezone": "UTC",
            },
        }
        for number, session in enumerate(wanted["sessions"])
    ]  # fmt: skip
    return {"hosts": hosts, "meetings": meetings, "check": check}


def _run(command: Sequence[str], environment: Mapping[str, str], folder: Path, told: str) -> float:
    """Run one process; answers its peak memory in MB."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as given:
        given.write(told.encode())
        given.seek(0)
        process = subprocess.Popen(command, env=environment, cwd=folder, stdin=given, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{said.read().decode()[-2000:]}")
    return used.ru_maxrss / 1024


def compare(*, meetings: int, hosts: int, latencies: Sequence[float]) -> str:
    """The whole table."""
    missing = install(PEERS)
    python, here = str(VENV / "bin" / "python"), Path(__file__).parent
    size = {"meetings": meetings, "hosts": hosts}
    rows = []
    for latency in latencies:
        ours = [[ZOOM_SYNC, "apply", "--yes"], [ZOOM_SYNC, "plan"]]
        rows.append(measure("zoom_sync", ours, **size, latency=latency))
        for name, checks in (("zoomus", ("get each", "list each host")), ("pyzoom", ("get each",))):
            if name in missing:
                rows.append([f"{name}: {missing[name]}", f"{latency:.0f}", *("-" for _ in HEADS[2:])])
                continue
            command = [python, str(here / "clients" / f"with_{name}.py")]
            rows += [measure(name, [command], **size, latency=latency, check=check) for check in checks]
    return table(HEADS, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meetings", type=int, default=500)
    parser.add_argument("--hosts", type=int, default=10)
    parser.add_argument("--latency", type=float, action="append", help="milliseconds (0 and 50)")
    told = parser.parse_args()
    print(compare(meetings=told.meetings, hosts=told.hosts, latencies=told.latency or [0, 50]))


if __name__ == "__main__":
    main()
