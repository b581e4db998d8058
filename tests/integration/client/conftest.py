"""A client on a short wire, and one on a real connection."""

import threading
from datetime import UTC, datetime

import pytest

from support.wire import wired
from zoom_sync.domain.meeting import MeetingFields
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.simulator import Simulator
from zoom_sync.simulator.server import serve_in_background

PASSCODE = Passcode("aB3dE5fG7h")


@pytest.fixture
def fields():
    return MeetingFields("T", "A", datetime(2023, 11, 6, 12, 30, tzinfo=UTC), 90, "Asia/Shanghai", {"use_pmi": False})


@pytest.fixture
def zoom():
    """A client and a simulator in this process, in virtual time."""
    return wired()


@pytest.fixture
def host(zoom):
    return zoom.reader.users()[0].id


@pytest.fixture
def create(zoom, host, fields):
    """Creates a meeting, and calls `before_send` each time before a request leaves."""
    return lambda before_send=lambda: None: zoom.writer.create(host, Kind.MEETING, fields, PASSCODE, before_send)


@pytest.fixture(scope="session")
def server():
    running = serve_in_background(Simulator(ticking=False, start="2023-11-01T00:00:00Z"))
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def at_once():
    """Runs a function in many threads that begin at the same moment; answers what it returned or raised."""

    def run(function, threads=8):
        barrier, results = threading.Barrier(threads), []

        def one():
            barrier.wait()
            try:
                results.append(function())
            except Exception as error:  # noqa: BLE001 - it is the result
                results.append(error)

        running = [threading.Thread(target=one) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        return results

    return run
