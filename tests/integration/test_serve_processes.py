"""The worker inside `serve`: it takes from the store what a thread is free for, and nothing twice at the same time."""

import threading
import time

import pytest

from factories import make_programme
from support.wire import wired
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.run import ItemState, Step
from zoom_sync.entrypoints import serve
from zoom_sync.entrypoints.serve import Timetable, Worker
from zoom_sync.errors import StoreUnavailable
from zoom_sync.observability import new_request, request_id, unbind
from zoom_sync.settings import Settings
from zoom_sync.simulator import Simulator

EVENT = "urban-2023"


@pytest.fixture
def parts(tmp_path):
    told = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}", "ZOOM_SYNC_THREADS": 2, "ZOOM_SYNC_RESEND_SECONDS": 60,
        "ZOOM_SYNC_TICK_SECONDS": 0.05,
    }  # fmt: skip
    parts = Parts(Settings(**told))
    zoom = wired(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
    parts.clock = zoom.clock
    parts.__dict__.update(reader=zoom.reader, exchange=zoom.exchange)
    parts.programmes.save(make_programme(), zoom.clock.now())
    yield parts
    parts.database.close()


class Done:
    """Stands for doing items: each waits until it may go on."""

    def __init__(self, monkeypatch, parts):
        self.begun, self.go_on, self.runs, self.parts = [], threading.Event(), parts.runs, parts
        self.looks, hand_out = 0, parts.runs.hand_out
        self.requests = []
        monkeypatch.setattr(serve.work, "do_item", self)

        def look(*told):
            self.looks += 1
            return hand_out(*told)

        monkeypatch.setattr(parts.runs, "hand_out", look)

    def wait_for_looks(self):
        """Until the worker has looked into the store again, and had the time to begin what it found."""
        seen = self.looks
        wait_for(lambda: self.looks > seen + 2)

    def __call__(self, _working, _listings, item):
        self.begun.append(item)
        self.requests.append(request_id())
        self.runs.take_up(item)
        assert self.go_on.wait(20)
        self.runs.settle(item, ItemState.DONE, "", self.parts.clock.now())


@pytest.fixture
def done(monkeypatch, parts):
    return Done(monkeypatch, parts)


@pytest.fixture
def worker(parts, done):
    worker = Worker(parts)
    worker.start()
    yield worker
    done.go_on.set()
    worker.stop()


def wait_for(what):
    deadline = time.monotonic() + 20
    while not what():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def start(parts, count):
    return parts.runs.start(EVENT, "apply", "", [Step("create", str(n)) for n in range(count)], parts.clock.now())


def test_no_more_is_taken_than_threads_are_free_and_nothing_twice(parts, worker, done):
    run = start(parts, 5)
    worker.take(run)
    wait_for(lambda: len(done.begun) == 2)
    parts.clock.advance(600)  # they take so long that the store would hand them out again
    done.go_on.set()
    wait_for(lambda: parts.runs.run(run).finished is not None)
    assert sorted(done.begun) == [item.id for item in parts.runs.items(run)]


def test_an_item_is_done_for_the_request_that_asked_for_it(parts, worker, done):
    run = start(parts, 1)
    asked = new_request()
    worker.take(run)
    unbind()
    wait_for(lambda: len(done.begun) == 1)
    assert done.requests == [asked]


def test_a_run_of_somebody_else_is_left_to_him_until_he_must_have_died(parts, worker, done):
    done.go_on.set()
    run = start(parts, 1)
    done.wait_for_looks()
    assert done.begun == []
    parts.clock.advance(61)
    wait_for(lambda: parts.runs.run(run).finished is not None)


def test_what_an_earlier_process_had_begun_is_taken_up_at_once(parts, done):
    run = start(parts, 1)
    [item] = parts.runs.items(run)
    parts.runs.take_up(item.id)  # and it was killed
    done.go_on.set()
    worker = Worker(parts)
    worker.start()
    try:
        wait_for(lambda: parts.runs.run(run).finished is not None)
    finally:
        worker.stop()


def test_a_stopped_worker_ends_what_it_has_begun(parts, worker, done):
    worker.take(start(parts, 4))
    wait_for(lambda: len(done.begun) == 2)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    done.go_on.set()
    stopping.join()
    assert len(done.begun) == 2


def test_a_tick_that_fails_is_followed_by_the_next(parts, monkeypatch):
    asked, taken = [], []

    def due(_):
        asked.append(1)
        if len(asked) == 1:
            raise StoreUnavailable("gone")
        if len(asked) == 2:
            raise ZeroDivisionError
        return [7] if len(asked) == 3 else []

    monkeypatch.setattr(serve.schedule, "sync_due", due)
    timetable = Timetable(parts, taken.append)
    timetable.start()
    try:
        wait_for(lambda: taken == [7])
    finally:
        timetable.stop()


def test_an_item_in_hand_is_not_begun_again_though_the_store_hands_it_out(parts, worker, done):
    run = start(parts, 1)
    worker.take(run)
    wait_for(lambda: len(done.begun) == 1)
    parts.clock.advance(600)  # it takes longer than others do, and a thread is free
    done.wait_for_looks()
    assert len(done.begun) == 1
