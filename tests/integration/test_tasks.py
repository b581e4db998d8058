"""What workers do with items, on a real store and the real client over a short wire."""

import threading
from datetime import timedelta

import pytest

from factories import PROFILE, make_programme
from support.stores import migrated_file
from support.wire import wired
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.store.reports import Reports
from zoom_sync.adapters.store.runs import Runs
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.plan import Policy
from zoom_sync.domain.run import ItemState, Step
from zoom_sync.entrypoints import tasks
from zoom_sync.errors import ConfigurationError, StoreUnavailable, Unavailable
from zoom_sync.service_layer import work
from zoom_sync.service_layer.apply import Applying, Listings, start_run
from zoom_sync.service_layer.collect import Collecting
from zoom_sync.service_layer.new_passcodes import new_passcode
from zoom_sync.service_layer.status import held_up
from zoom_sync.service_layer.sync import Planning, Profiles, plan_event
from zoom_sync.settings import Settings
from zoom_sync.simulator import Simulator

SETTLE = timedelta(seconds=30)
RESEND = timedelta(minutes=5)
EVENT = "urban-2023"


class Bench:
    """A worker's bench: a store, a Zoom, and the items of a run."""

    def __init__(self, url):
        self.database = Database(url)
        self.database.upgrade()
        self.zoom = wired(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
        self.programmes, self.links = Programmes(self.database), Links(self.database)
        self.runs, self.reports = Runs(self.database), Reports(self.database)
        profiles = Profiles({"plain": {**PROFILE, "alternative_hosts": ""}}, "plain")
        self.working = work.Working(
            Planning(self.programmes, self.links, self.zoom.reader, profiles),
            Applying(
                self.programmes, self.links, self.runs, self.zoom.reader, self.zoom.writer, self.zoom.clock, profiles,
                new_passcode, SETTLE,
            ),
            Collecting(
                self.programmes, self.links, self.reports, self.zoom.reader, self.zoom.clock, timedelta(minutes=30)
            ),
            RESEND,
        )  # fmt: skip

    def load(self, *sessions, key=EVENT):
        self.programmes.save(make_programme(*sessions, key=key), self.zoom.clock.now())

    def start(self, event=EVENT):
        run = start_run(self.working.applying, plan_event(self.working.planning, event, Policy()).plan)
        return [item.id for item in self.runs.items(run)]

    def do(self, item):
        work.do_item(self.working, Listings(self.working.applying), item)
        return self.runs.item(item)

    def due(self):
        now = self.zoom.clock.now()
        return [item for _, item in self.runs.hand_out(now, now - RESEND, 100)]


@pytest.fixture
def bench(tmp_path):
    bench = Bench(migrated_file(tmp_path / "store.db"))
    yield bench
    bench.database.close()


def test_an_item_is_done_once_however_often_its_message_comes(bench):
    bench.load()
    [item] = bench.start()
    assert bench.do(item).state is ItemState.DONE
    again = bench.do(item)
    assert (again.state, again.tries) == (ItemState.DONE, 1)
    assert len(bench.zoom.meetings()) == 1


def test_what_was_handed_out_waits_in_the_store_until_it_is_due_again(bench):
    bench.load()
    [item] = bench.start()
    assert bench.due() == []  # its message is on its way
    bench.zoom.clock.advance(RESEND.total_seconds() + 1)
    assert bench.due() == [item]
    assert bench.due() == []


def test_a_zoom_that_cannot_be_reached_delays_an_item_and_does_not_fail_it(bench):
    bench.load()
    [item] = bench.start()
    bench.zoom.wire.refuse = 4
    assert bench.do(item).state is ItemState.WAITING
    assert bench.due() == []
    bench.zoom.clock.advance(SETTLE.total_seconds() * 2)
    assert bench.due() == [item]
    assert bench.do(item).state is ItemState.DONE


def test_a_creation_in_doubt_is_looked_for_once_zoom_must_show_it(bench):
    bench.load()
    [item] = bench.start()
    bench.zoom.fault(kind="drop_after", operation="meetingCreate")
    assert bench.do(item).state is ItemState.WAITING
    assert bench.due() == []
    bench.zoom.clock.advance(SETTLE.total_seconds() + 1)
    assert bench.due() == [item]
    assert bench.do(item).state is ItemState.DONE
    assert len(bench.zoom.meetings()) == 1


def test_an_item_is_given_up_that_never_ends(bench):
    bench.load()
    [item] = bench.start()
    for _ in range(work.MOST_TRIES):
        bench.runs.take_up(item)  # begun, and whoever did it died
    given_up = bench.do(item)
    assert (given_up.state, given_up.reason) == (ItemState.FAILED, "given up: begun 8 times and never ended")
    assert bench.runs.run(given_up.run).finished is not None


def test_retries_are_bounded(bench):
    bench.load()
    [item] = bench.start()
    bench.zoom.wire.refuse = 1000
    for _ in range(work.MOST_TRIES):
        assert bench.runs.item(item).state is ItemState.WAITING
        bench.do(item)
    assert bench.runs.item(item).state is ItemState.FAILED


def test_how_an_item_ended_stands(bench):
    bench.load()
    [item] = bench.start()
    bench.do(item)
    bench.runs.settle(item, ItemState.SKIPPED, "by another worker, later", bench.zoom.clock.now())
    assert bench.runs.item(item).state is ItemState.DONE


def test_a_run_ends_though_its_last_items_end_at_once(postgres_url):
    bench = Bench(postgres_url)
    bench.load()
    for _ in range(10):
        run = bench.runs.start(EVENT, "apply", "", [Step("create", str(n)) for n in range(4)], bench.zoom.clock.now())
        together = threading.Barrier(4)

        def settle(item, together=together):
            together.wait()
            bench.runs.settle(item, ItemState.DONE, "", bench.zoom.clock.now())

        workers = [threading.Thread(target=settle, args=[item.id]) for item in bench.runs.items(run)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert bench.runs.run(run).finished is not None
    bench.database.close()


def test_a_run_that_nobody_closed_is_closed_by_the_sweep(bench):
    bench.load()
    [item] = bench.start()
    settled = "UPDATE run_items SET state = 'done'"
    with bench.database.transaction() as connection:
        connection.exec_driver_sql(settled)  # and its worker was killed before it could close the run
    run = bench.runs.item(item).run
    assert bench.runs.run(run).finished is None
    assert bench.due() == []
    assert bench.runs.run(run).finished is not None


# --- messages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "messages", "most"), [(1, 1, 1), (64, 64, 1), (200, 67, 3), (5000, 625, 8)])
def test_few_items_go_one_by_one_and_many_by_the_handful(count, messages, most):
    sent = list(tasks._handfuls([(7, item) for item in range(count)]))
    assert (len(sent), max(len(items) for _, items in sent)) == (messages, most)
    assert [item for run, items in sent for item in items if run == 7] == list(range(count))


def test_items_of_two_runs_are_never_in_one_message():
    assert list(tasks._handfuls([(1, 1), (2, 2)])) == [(1, [1]), (2, [2])]


def test_a_task_waits_for_the_store_but_not_for_ever(monkeypatch):
    waits = []
    monkeypatch.setattr(tasks.time, "sleep", waits.append)

    def away():
        raise StoreUnavailable("gone")

    assert tasks._patiently(away) is False
    assert tuple(waits) == tasks.STORE_PAUSES


def test_items_that_a_store_kept_from_being_done_are_sent_on(monkeypatch):
    """Whoever is free when the store is back takes them up at once, in whichever worker."""
    sent, tried = [], []

    def not_done(do):
        tried.append(do)
        return len(tried) < 2

    monkeypatch.setattr(tasks, "_patiently", not_done)
    monkeypatch.setattr(tasks, "_send", sent.extend)
    tasks.items(7, [1, 2, 3])
    assert sent == [(7, 2), (7, 3)]


def test_what_holds_an_event_up_is_told_while_it_lasts(bench):
    bench.load()
    [item] = bench.start()
    run, now = bench.runs.item(item).run, bench.zoom.clock.now()

    def told(minutes):
        return [str(note) for note in held_up(bench.runs, EVENT, now + timedelta(minutes=minutes), RESEND)]

    assert told(0) == []  # an item takes its time
    again = f"{now + RESEND:%Y-%m-%d %H:%M}"
    [note] = told(2)
    assert note.startswith(f"run {run} has not ended, and the event waits for it; items that wait: 1; ")
    assert note.endswith(f"handed out again at {again} UTC")
    bench.do(item)
    assert told(2) == []


@pytest.mark.parametrize("task", ["sync", "collect", "sweep", "purge", "notify", "follow"])
def test_a_zoom_that_is_away_is_one_line_of_the_schedules_log_and_no_traceback(task, tmp_path, monkeypatch):
    nowhere = {"ZOOM_API_URL": "http://127.0.0.1:9/v2", "ZOOM_OAUTH_URL": "http://127.0.0.1:9/oauth/token"}
    known = {"ZOOM_ACCOUNT_ID": "a", "ZOOM_CLIENT_ID": "c", "ZOOM_CLIENT_SECRET": "secret"}
    parts = Parts(Settings(_env_file=None, DATABASE_URL=f"sqlite:///{tmp_path}/store.db", **nowhere, **known))
    monkeypatch.setattr(tasks, "_parts", lambda: parts)
    getattr(tasks, task)()
    parts.database.close()


def test_workers_need_a_broker():
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        tasks.configure(Settings())


def test_every_task_and_every_queue_bears_the_version_of_the_messages():
    conf = tasks.configure(Settings(REDIS_URL="redis://127.0.0.1:1/0")).conf
    ours = {name for name in tasks.celery.tasks if not name.startswith("celery.")}
    queues = {queue.name for queue in conf.task_queues}
    assert {name.rpartition(".")[0] for name in ours} == {"zoom_sync.v1"}
    assert queues == {"zoom_sync.v1", "zoom_sync.v1.schedule"}
    assert {conf.task_default_queue, *(route["queue"] for route in conf.task_routes.values())} == queues


def test_a_broker_that_is_away_leaves_the_run_in_the_store(bench):
    bench.load()
    [item] = bench.start()
    parts = Parts(Settings(REDIS_URL="redis://127.0.0.1:1/0"))
    parts.__dict__["runs"] = bench.runs
    run = bench.runs.item(item).run
    with pytest.raises(Unavailable, match=rf"run {run} is stored, and workers take it up"):
        tasks.hand_out(parts, run)
    assert bench.runs.item(item).state is ItemState.WAITING


def test_a_collection_by_name_asks_for_everything_again_and_a_due_one_for_what_is_due(bench):
    bench.load()
    [item] = bench.start()
    bench.do(item)
    meeting = bench.links.link(EVENT, "seminar-1").meeting_id
    bench.zoom.control("POST", f"meetings/{meeting}/run", {"audience": 10})
    bench.zoom.clock.advance(3600)

    def collect(*keys):
        """The participants' reports that were asked for, None where nothing was due."""
        bench.zoom.control("DELETE", "journal")
        run = work.start_collection(bench.runs, bench.working.collecting, EVENT, keys)
        for one in bench.runs.items(run) if run else ():
            assert bench.do(one.id).state is ItemState.DONE
        return bench.zoom.journal()["reportMeetingParticipants"] if run else None

    assert [collect(), collect(), collect("seminar-1")] == [1, None, 1]
