"""Fetch a recording of 4 GB that the simulator makes up, with a kill in the middle: memory, time, the same bytes.

    python bench/recordings.py [--gigabytes 4] [--folder DIR]

The fetching process is killed (SIGKILL) when half is there, and started again. Prints the peak memory of both.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zoom_sync.adapters.exports.recording_folder import RecordingFolder
from zoom_sync.adapters.zoom.auth import Credentials, Tokens
from zoom_sync.adapters.zoom.client import Exchange, ZoomReader
from zoom_sync.adapters.zoom.clock import ZoomClock
from zoom_sync.adapters.zoom.governor import ProcessGovernor
from zoom_sync.adapters.zoom.limits import RATES, ZoomPlan
from zoom_sync.adapters.zoom.recordings import ZoomRecordings
from zoom_sync.service_layer.recordings import Recorded, fetch
from zoom_sync.simulator import Request, Simulator
from zoom_sync.simulator.messages import json_text
from zoom_sync.simulator.server import serve_in_background

BENCH = "bench"


def recordings_of(environment: dict[str, str]) -> tuple[ZoomRecordings, ZoomReader, ZoomClock]:
    clock = ZoomClock()
    credentials = Credentials(*(environment[f"ZOOM_{name}"] for name in ("ACCOUNT_ID", "CLIENT_ID", "CLIENT_SECRET")))
    tokens = Tokens(credentials, environment["ZOOM_OAUTH_URL"], clock.now, clock.told, user_agent=BENCH)
    governor = ProcessGovernor(RATES[ZoomPlan.PRO], time.monotonic)
    exchange = Exchange(environment["ZOOM_API_URL"], tokens, governor, clock, user_agent=BENCH)
    return ZoomRecordings(exchange, environment["ZOOM_API_URL"], user_agent=BENCH), ZoomReader(exchange, 1), clock


def fetch_all(uuid: str, folder: Path) -> None:
    """The child's part: fetch the video, and print the peak of memory in kilobytes."""
    recordings, _, clock = recordings_of(dict(os.environ))
    video = recordings.files(uuid)[0]
    fetch(recordings, RecordingFolder(folder, 0), clock, Recorded("bench", uuid, video))
    sys.stdout.write(f"{peak(os.getpid())}\n")


def peak(process: int) -> int:
    """The most memory that a process had, in kilobytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def recorded_evening(simulator: Simulator, size: int) -> str:
    """An evening with a recording of this size that is ready; the instance's UUID."""

    def control(path: str, body: dict[str, object]) -> dict[str, object]:
        answer = simulator.handle(Request("POST", f"/_simulator/{path}", {}, {}, json_text(body).encode()))
        return dict(answer.json())  # type: ignore[union-attr]

    meeting = control("meetings", {"host": "host1@example.org", "topic": "B", "start_time": "2023-11-06T12:00:00Z"})
    evening = control(f"meetings/{meeting['id']}/run", {"audience": 2, "minutes": 60, "recording": size})
    control("clock", {"advance": 3 * 3600})
    return str(evening["uuid"])


def run(size: int, folder: Path) -> dict[str, object]:
    """Fetch with a kill in the middle. Answers figures; raises RuntimeError where the bytes are not the recording's."""
    simulator = Simulator(ticking=False, start="2023-11-01T00:00:00Z")
    uuid = recorded_evening(simulator, size)
    server = serve_in_background(simulator)
    environment = simulator.environment(server.base_url)
    command = [sys.executable, __file__, "--child", uuid, "--folder", str(folder)]
    begun = time.monotonic()
    try:
        first = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
        peaks, part = [], 0
        while part < size // 2 and first.poll() is None:
            time.sleep(0.01)
            part = sum(path.stat().st_size for path in folder.glob(".*.part"))
        if first.poll() is None:
            peaks.append(peak(first.pid))
        first.kill()
        first.wait()
        kept = sum(path.stat().st_size for path in folder.glob(".*.part"))
        second = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True)
        peaks.append(int(second.stdout))
        seconds = time.monotonic() - begun
        recordings, _, _ = recordings_of(environment)
        ours, theirs = hashlib.sha256(), hashlib.sha256()
        (whole,) = folder.iterdir()
        with whole.open("rb") as file:
            while piece := file.read(1 << 20):
                ours.update(piece)
        with recordings.read(recordings.files(uuid)[0], 0) as (_, pieces):
            for piece in pieces:
                theirs.update(piece)
    finally:
        server.shutdown()
        server.server_close()
    if ours.digest() != theirs.digest():
        raise RuntimeError("what was kept is not what was recorded")
    return {"bytes": size, "kept_at_kill": kept, "peak_mb": max(peaks) / 1000, "seconds": round(seconds, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=4)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--child")
    arguments = parser.parse_args()
    if arguments.child:
        fetch_all(arguments.child, arguments.folder)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        sys.stdout.write(f"{run(int(arguments.gigabytes * 1e9), Path(folder))}\n")


if __name__ == "__main__":
    main()
