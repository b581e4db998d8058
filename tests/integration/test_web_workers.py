"""`web --workers N`: several processes on one port, and one that is killed or hangs is replaced."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ZOOM_SYNC = str(Path(sys.executable).parent / "zoom-sync")


@pytest.fixture
def web(tmp_path):
    """The supervising process and its address, once it answers."""
    around = {
        name: value for name, value in os.environ.items() if not name.startswith(("ZOOM_", "REDIS_", "DATABASE_"))
    }
    environment = around | {"DATABASE_URL": f"sqlite:///{tmp_path}/store.db", "ZOOM_SYNC_CONFIG": str(tmp_path)}
    command = [ZOOM_SYNC, "web", "--port", "0", "--workers", "2"]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    address = next(line.strip() for line in process.stderr if line.startswith("http://"))
    yield process, address
    process.terminate()
    assert process.wait(120) == 0
    process.stderr.close()


def answers(address):
    with urllib.request.urlopen(f"{address}healthz", timeout=120) as answer:
        return answer.status


def workers_of(pid):
    """The children that serve; multiprocessing has one more, which keeps track of what they share."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(each) for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()}


def settings_of(pid, name):
    """What a process was started with, by the name of a variable."""
    given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return dict(one.decode().partition("=")[::2] for one in given if one)[name]


def test_two_processes_answer_and_one_that_is_killed_is_replaced(web):
    process, address = web
    assert answers(address) == 200
    first = workers_of(process.pid)
    assert len(first) == 2
    killed = min(first)
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + 120
    while time.monotonic() < until and len(workers_of(process.pid) - {killed}) < 2:
        assert answers(address) == 200  # by the other one
    now = workers_of(process.pid)
    assert len(now) == 2
    assert killed not in now
    folders = {settings_of(pid, "ZOOM_SYNC_COUNTS_PATH") for pid in now}
    assert len(folders) == 1  # they count calls to Zoom together
    assert Path(folders.pop()).is_dir()
    assert answers(address) == 200
