"""The file whose age tells a supervisor that a process works: renewed, taken away, and left to grow old."""

import os
import signal
import subprocess
import sys

import pytest

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.health import Part
from zoom_sync.entrypoints.watch import Watch, stopped_children
from zoom_sync.errors import Unavailable
from zoom_sync.settings import Settings


@pytest.fixture
def alive(tmp_path):
    return tmp_path / "alive"


@pytest.fixture
def watcher(tmp_path, alive):
    url = f"sqlite:///{tmp_path}/store.db"
    parts = Parts(Settings(_env_file=None, DATABASE_URL=url, ZOOM_SYNC_ALIVE_PATH=str(alive)), is_service=True)
    yield Watch(parts, Part.WORKER)
    parts.database.close()


@pytest.fixture
def child():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.send_signal(signal.SIGCONT)
    process.communicate(b"\n")


def test_it_is_renewed_while_all_is_well(watcher, alive):
    watcher._say_whether_well()
    os.utime(alive, (0, 0))
    watcher._say_whether_well()
    assert alive.stat().st_mtime > 0


def test_it_is_taken_away_while_the_broker_does_not_answer(watcher, alive, monkeypatch):
    def away():
        raise Unavailable("Redis does not answer")

    watcher._say_whether_well()
    monkeypatch.setattr(watcher._parts.governor, "check", away)
    watcher._say_whether_well()
    assert not alive.exists()


def test_it_is_taken_away_while_a_process_of_its_own_is_stopped(watcher, alive, child):
    watcher._say_whether_well()
    child.send_signal(signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)
    assert stopped_children() == [child.pid]
    watcher._say_whether_well()
    assert not alive.exists()
    child.send_signal(signal.SIGCONT)
    os.waitpid(child.pid, os.WCONTINUED)
    watcher._say_whether_well()
    assert alive.exists()


def test_a_process_that_ends_leaves_none(watcher, alive):
    watcher._say_whether_well()
    watcher.start()
    watcher.stop()
    assert not alive.exists()
