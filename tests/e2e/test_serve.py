"""`serve` as people run it: from the programme to the reports with nobody there, through kills, on one store at a time."""

import json
import os
import re
import signal
import sqlite3
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

import zoom_sync
from e2e.command import ROOT

sys.path.append(str(ROOT / "bench"))

from line import wait_for

pytestmark = pytest.mark.timeout(240)
SECOND = str(1 / 60)  # as minutes
SLOW = {"ZOOM_SYNC_SYNC_MINUTES": "600", "ZOOM_SYNC_SYNC_DAY_MINUTES": "600", "ZOOM_SYNC_SYNC_HOURS_MINUTES": "600"}
QUICK = {
    "ZOOM_SYNC_TICK_SECONDS": "0.2", "ZOOM_SYNC_SYNC_MINUTES": SECOND, "ZOOM_SYNC_COLLECT_MINUTES": SECOND,
    "ZOOM_SYNC_SETTLE_SECONDS": "1", "ZOOM_SYNC_RESEND_SECONDS": "3",
}  # fmt: skip


class House:
    """A line on which `serve` is started, killed and started again."""

    def __init__(self, line):
        self.line = line
        self.process = None
        self.log = Path(line.folder, "serve.log")

    def start(self, **settings):
        line = self.line
        before = self.said().count("serving on")
        with self.log.open("a") as log:
            begun = line.start("serve", "--port", "0", env={**QUICK, **settings}, log=log)
        self.process = begun
        wait_for(lambda: self.said().count("serving on") > before or begun.poll() is not None, 60, 0.05)
        assert begun.poll() is None, self.said()
        self.url = re.findall(r"serving on (http://\S+)", self.said())[-1]

    def said(self):
        return self.log.read_text() if self.log.exists() else ""

    def end(self, number):
        if self.process is None:
            return None
        self.process.send_signal(number)
        code = self.process.wait(60)
        self.process = None
        return code

    def control(self, *told):
        return self.line.control(*told)

    def ask(self, query):
        with sqlite3.connect(f"file:{self.line.folder}/var/store.db?mode=ro", uri=True, timeout=30) as connection:
            found = connection.execute(query).fetchall()
        connection.close()
        return found

    def wait(self, what, seconds=90):
        try:
            return wait_for(what, seconds, 0.1)
        except TimeoutError:
            pytest.fail(f"not yet: {what.__name__}\n{self.said()}\n{self.ask('SELECT * FROM run_items')}")

    def all_linked(self):
        return self.ask("SELECT count(*) FROM links WHERE state = 'linked'") == [(4,)]

    def complete(self, key):
        states = self.ask(f"SELECT kind, state FROM collections WHERE key = '{key}'")
        return dict(states).get("participants") == "complete"

    def subscribe(self, **told):
        self.control("POST", "webhooks", {"url": f"{self.url}/webhooks/zoom", **told})
        self.wait(lambda: self.control("GET", "webhooks")["subscriptions"][0]["state"] == "active")

    def evening(self, key):
        [(meeting,)] = self.ask(f"SELECT meeting_id FROM links WHERE key = '{key}' AND state = 'linked'")
        return self.control("POST", f"meetings/{meeting}/run", {"audience": 12, "questions": 2})

    def created(self):
        return self.control("GET", "state")["counters"]["created"]


@pytest.fixture
def house(line):
    line.load()
    house = House(line)
    yield house
    house.end(signal.SIGKILL)


def test_from_the_programme_to_the_reports_with_nobody_there(house):
    """By webhooks: the clock alone would look at the event every ten hours."""
    house.start(**SLOW)
    house.wait(house.all_linked)
    house.subscribe(double=0.2, reorder=0.2)
    held = house.evening("seminar-1")
    house.wait(lambda: house.ask("SELECT 1 FROM collections WHERE key = 'seminar-1'"))
    house.wait(lambda: house.control("GET", "webhooks")["waiting"] == 0)  # before the clock jumps over them
    house.control("POST", "clock", {"advance": 3600})
    house.wait(lambda: house.complete("seminar-1"))
    rows = house.ask("SELECT rows FROM collections WHERE key = 'seminar-1' AND kind = 'participants'")
    assert rows == [(held["participants"],)]
    told = house.line.json("status")
    assert told["webhooks"]["counts"]["new"] > 10
    assert told["webhooks"]["latest"]
    assert told["sessions"][0]["live"] is None
    assert house.created() == 4
    assert house.end(signal.SIGTERM) == 0
    assert "Traceback" not in house.said()


def test_without_webhooks_it_happens_by_the_clock(house):
    house.start()
    house.wait(house.all_linked)
    for key in ("seminar-1", "seminar-2"):
        house.evening(key)
        house.control("POST", "clock", {"advance": 3600})
        house.wait(lambda key=key: house.complete(key))
    assert house.ask("SELECT count(*) FROM deliveries") == [(0,)]
    assert house.created() == 4


def test_an_edit_on_zoom_is_put_right_when_a_webhook_tells_of_it(house):
    house.start(**SLOW)
    house.wait(house.all_linked)
    house.subscribe()
    [(meeting,)] = house.ask("SELECT meeting_id FROM links WHERE key = 'seminar-2'")
    house.control("POST", "clock", {"advance": 60})
    house.control("PATCH", f"meetings/{meeting}", {"topic": "Something else", "settings": {"waiting_room": True}})

    def put_right():
        [found] = [one for one in house.line.meetings() if str(one["id"]) == meeting]
        return found["topic"] != "Something else" and not found["settings"]["waiting_room"]

    house.wait(put_right)


def test_it_is_killed_in_the_middle_and_everything_is_done_exactly_once(house):
    house.control("POST", "reset", {"ticking": True, "latency": 0.25, "limits": False, "start": "2023-11-01T00:00:00Z"})
    for number in range(4):
        house.start()
        house.wait(lambda number=number: house.created() > number or house.all_linked())
        house.end(signal.SIGKILL)
    house.start()
    house.wait(house.all_linked)
    assert house.created() == len(house.line.meetings()) == 4
    house.evening("seminar-1")
    house.control("POST", "clock", {"advance": 3600})
    house.wait(lambda: house.ask("SELECT 1 FROM runs WHERE kind = 'collect'"))
    house.end(signal.SIGKILL)
    house.start()
    house.wait(lambda: house.complete("seminar-1"))
    house.wait(lambda: house.ask("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)])
    assert house.ask("SELECT count(*) FROM run_items WHERE state = 'failed'") == [(0,)]
    assert house.line.json("orphans") == []
    assert "Traceback" not in house.said()


def test_told_to_stop_it_finishes_what_has_begun_and_leaves_the_rest(house):
    house.control("POST", "faults", {"kind": "delay", "operation": "meetingCreate", "seconds": 1.5, "times": None})
    house.start(ZOOM_SYNC_THREADS="1")
    house.wait(lambda: house.created() == 1)
    assert house.end(signal.SIGTERM) == 0
    assert dict(house.ask("SELECT state, count(*) FROM run_items GROUP BY state")) == {"done": 1, "waiting": 3}
    assert "stopping" in house.said()
    house.control("DELETE", "faults")
    house.start()
    house.wait(house.all_linked)
    assert house.created() == 4


def test_two_on_one_store_are_one_too_many_and_a_killed_one_is_none(house):
    house.start()
    assert "another zoom-sync serve is running on" in house.line.err("serve", "--port", "0", code=1)
    house.end(signal.SIGKILL)
    house.start()


def test_a_newer_program_that_brings_the_store_on_ends_it_with_a_word(house):
    house.start()
    house.wait(house.all_linked)
    with closing(sqlite3.connect(house.line.folder / "var" / "store.db", timeout=30)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    assert house.process.wait(60) == 2
    assert house.said().rstrip().endswith("schema is 9999, of a newer zoom_sync than this one; upgrade the program")
    assert "Traceback" not in house.said()


def test_an_address_that_is_taken_is_said(house):
    house.start()
    port = house.url.rpartition(":")[2]
    other = {"DATABASE_URL": f"sqlite:///{house.line.folder}/other.db"}
    told = house.line.err("serve", "--port", port, code=2, env=other)
    assert f"cannot listen on 127.0.0.1:{port}" in told


def test_it_says_where_it_is_and_answers_there(house):
    house.start(ZOOM_WEBHOOK_SECRET="")
    with urllib.request.urlopen(f"{house.url}/readyz", timeout=30) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{house.url}/healthz", timeout=30) as answer:
        assert json.load(answer) == {"status": "ok", "version": zoom_sync.version()}
    assert "ZOOM_WEBHOOK_SECRET is not set" in house.said()
    assert os.fspath(house.line.folder) in house.said()
