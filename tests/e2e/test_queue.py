"""The queue line with real processes: Redis, PostgreSQL, a simulator, workers and beat."""

import base64
import json
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from servers import ServerMissing
from zoom_sync.adapters.store.database import known_versions

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from line import Line, programme, wait_for

pytestmark = pytest.mark.timeout(300)
QUICK = {"ZOOM_SYNC_RESEND_SECONDS": "1", "ZOOM_SYNC_SWEEP_SECONDS": "1", "ZOOM_SYNC_SETTLE_SECONDS": "1"}
ITEMS = "zoom_sync.v1"


@pytest.fixture(scope="module")
def servers():
    try:
        with Line(hosts=3, plan="business", settings=QUICK) as line:
            yield line
    except ServerMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def line(servers):
    """The line with an empty store, an empty Redis, an empty Zoom, and nobody at work."""
    servers.redis.start()
    servers.simulator.control("POST", "reset", {"latency": 0})
    with redis.Redis.from_url(servers.redis.url) as client, servers.postgres.database() as url:
        client.flushall()
        servers.environment["DATABASE_URL"] = url
        servers.url, servers.queue = url.replace("+psycopg", ""), client
        for log in servers.folder.glob("*.log"):
            log.unlink()
        yield servers
        servers.stop_all()
        servers.processes.clear()


def hand_out(line, sessions, *, expect=(0,)):
    line.load(programme(sessions, tracks=3))
    line.run("apply", "--yes", "--queue", expect=expect)


def ask(line, query):
    with psycopg.connect(line.url) as connection:
        return connection.execute(query).fetchall()


def states(line):
    return dict(ask(line, "SELECT state, count(*) FROM run_items GROUP BY state"))


def wait_until_finished(line, seconds=90):
    def finished():
        """all runs end"""
        return ask(line, "SELECT count(*) > 0 AND bool_and(finished_at IS NOT NULL) FROM runs") == [(True,)]

    try:
        wait_for(finished, seconds, 0.2)
    except TimeoutError:
        pytest.fail(f"{states(line)}\n{line.logs()}")


def creates(line):
    return sum(one["operation"] == "meetingCreate" for one in line.simulator.requests())


def messages(line):
    return line.queue.lrange(ITEMS, 0, -1)


def test_a_message_holds_numbers_only_and_a_lost_or_doubled_one_does_no_harm(line):
    hand_out(line, 4)
    sent = messages(line)
    assert [json.loads(base64.b64decode(json.loads(one)["body"]))[0] for one in reversed(sent)] == [
        [1, [number]] for number in (1, 2, 3, 4)
    ]
    seen = b"".join(sent) + b"".join(base64.b64decode(json.loads(one)["body"]) for one in sent)
    secrets = [line.environment[name] for name in ("ZOOM_CLIENT_SECRET", "ZOOM_CLIENT_ID", "ZOOM_ACCOUNT_ID")]
    hosts = [word for user in line.simulator.control("GET", "state")["users"] for word in (user["id"], user["email"])]
    assert not [word for word in (*secrets, *hosts, "session-0", "Session") if word.encode() in seen]

    line.queue.flushall()  # all messages are lost
    line.start("beat")
    worker = line.start("worker", "--processes", "2")
    wait_until_finished(line)
    assert (states(line), len(line.simulator.meetings()), creates(line)) == ({"done": 4}, 4, 4)

    line.queue.lpush(ITEMS, *sent, *sent)  # all messages come again, twice
    wait_for(lambda: not line.queue.exists(ITEMS, "unacked"), 30)
    assert (states(line), creates(line)) == ({"done": 4}, 4)

    said = line.logs()
    assert "worker of 2 processes on redis://" in said
    assert "Traceback" not in said, said
    assert "Warning" not in said
    assert not [path for path in line.folder.iterdir() if "beat" in path.name and path.suffix != ".log"]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0


def test_without_redis_nothing_is_begun_and_it_is_said(line):
    line.redis.kill()
    with pytest.raises(RuntimeError, match=r"ended with 1:\s(?s:.*)the shared limits cannot be reached") as told:
        hand_out(line, 2)
    assert "Traceback" not in str(told.value)
    assert states(line) == {}
    line.redis.start()
    hand_out(line, 2)
    line.start("worker", "--processes", "1")
    assert "done" in line.run("runs", "1", "--follow")
    assert states(line) == {"done": 2}


def test_a_stopped_worker_finishes_what_it_has_begun_and_gives_back_the_rest(line):
    hand_out(line, 3)
    line.simulator.control("POST", "faults", {"kind": "delay", "operation": "meetingCreate", "seconds": 2.0})
    worker = line.start("worker", "--processes", "1")
    wait_for(lambda: creates(line), 60, 0.02)
    held = (line.queue.llen(ITEMS), line.queue.hlen("unacked"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert held == (2, 1)  # it took no message that it could not begin
    assert states(line) == {"done": 1, "waiting": 2}
    assert (line.queue.llen(ITEMS), line.queue.hlen("unacked")) == (2, 0)


def test_what_was_approved_is_not_done_when_another_programme_was_loaded_while_no_worker_ran(line):
    hand_out(line, 3)
    line.simulator.control("POST", "faults", {"kind": "delay", "operation": "meetingCreate", "seconds": 2.0})
    worker = line.start("worker", "--processes", "1")
    wait_for(lambda: creates(line), 60, 0.02)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert states(line) == {"done": 1, "waiting": 2}
    [made] = line.simulator.meetings()

    moved = json.loads(programme(3, tracks=3))
    for session in moved["sessions"]:
        session["start"] = session["start"].replace("T08", "T23")
    line.load(json.dumps(moved))
    line.start("worker", "--processes", "1")
    wait_until_finished(line)
    assert states(line) == {"done": 1, "skipped": 2}
    assert {reason for _, reason in ask(line, "SELECT id, reason FROM run_items WHERE state = 'skipped'")} == {
        "the programme wants something other than the plan showed: plan again"
    }
    assert line.simulator.meetings() == [made]


def test_the_lines_of_a_task_bear_the_request_that_handed_it_out(line, monkeypatch):
    for name, value in {"ZOOM_SYNC_LOG_FORMAT": "json", "ZOOM_SYNC_LOG_LEVEL": "info"}.items():
        monkeypatch.setitem(line.environment, name, value)
    line.load(programme(3, tracks=3))
    command = [str(Path(sys.executable).parent / "zoom-sync"), "apply", "--yes", "--queue"]
    asked = subprocess.run(command, env=line.environment, cwd=line.folder, capture_output=True, text=True, check=True)
    [request] = {one["request"] for one in logged(asked.stderr) if one["event"] == "run_started"}
    line.start("worker", "--processes", "2")
    wait_until_finished(line)
    settled = [one for one in logged(line.logs()) if one["event"] == "item_settled"]
    assert [one["request"] for one in settled] == [request] * 3
    assert {(one["run"], one["event_key"], one["session"]) for one in settled} == {
        (1, "bench", f"session-{n:05}") for n in range(3)
    }
    assert {one["item"] for one in settled} == {1, 2, 3}
    assert len({one["task"] for one in settled}) == 3


def test_what_the_schedule_hands_out_bears_the_task_it_came_from(line, monkeypatch):
    for name, value in {"ZOOM_SYNC_LOG_FORMAT": "json", "ZOOM_SYNC_LOG_LEVEL": "info"}.items():
        monkeypatch.setitem(line.environment, name, value)
    line.load(programme(3, tracks=3))
    line.start("beat")
    line.start("worker", "--processes", "2")
    wait_for(lambda: len(line.simulator.meetings()) == 3, 60)
    wait_until_finished(line)
    [started] = [one for one in logged(line.logs()) if one["event"] == "run_started"]
    settled = [one for one in logged(line.logs()) if one["event"] == "item_settled"]
    assert started["request"] == started["task"]
    assert [one["request"] for one in settled] == [started["task"]] * 3


def logged(text):
    return [json.loads(one) for one in text.splitlines() if one.startswith("{")]


def test_messages_of_another_version_are_lost_by_nobody_and_hold_up_nobody(line):
    hand_out(line, 2)
    unknown = json.loads(messages(line)[0])
    unknown["headers"]["task"], unknown["properties"]["delivery_tag"] = "zoom_sync.v1.younger", "one"
    newer = messages(line)[0].replace(b"zoom_sync.v1", b"zoom_sync.v2")
    line.queue.rpush(ITEMS, json.dumps(unknown))  # the first to be taken
    line.queue.lpush("zoom_sync.v2", newer)
    worker = line.start("worker", "--processes", "1")
    wait_until_finished(line)
    wait_for(lambda: not line.queue.exists(ITEMS, "unacked"), 30)
    assert states(line) == {"done": 2}
    assert line.queue.lrange("zoom_sync.v2", 0, -1) == [newer]  # it waits for who can read it
    assert "unregistered task of type 'zoom_sync.v1.younger'" in line.logs()
    assert worker.poll() is None


def test_a_worker_gives_back_what_it_took_and_ends_when_a_newer_one_has_brought_the_store_on(line):
    hand_out(line, 3)
    sent = messages(line)
    line.queue.flushall()
    worker = line.start("worker", "--processes", "2")
    wait_for(lambda: "worker is ready" in line.logs(), 60)
    ask(line, "UPDATE alembic_version SET version_num = '9999' RETURNING 1")
    line.queue.lpush(ITEMS, *sent)
    assert worker.wait(60) == 2
    said = line.logs()
    assert said.rstrip().endswith("schema is 9999, of a newer zoom_sync than this one; upgrade the program")
    assert "Traceback" not in said, said
    assert (line.queue.llen(ITEMS), line.queue.hlen("unacked"), creates(line)) == (3, 0, 0)
    assert states(line) == {"waiting": 3}
    started = line.start("worker", "--processes", "2")  # of the old version, once more, by whoever supervises it
    assert started.wait(60) == 2
    ask(line, f"UPDATE alembic_version SET version_num = '{known_versions()[-1]}' RETURNING 1")
    line.start("worker", "--processes", "2")
    wait_until_finished(line)
    assert (states(line), creates(line)) == ({"done": 3}, 3)


POISON = """
import os, signal, sys
from zoom_sync.entrypoints.cli import main
from zoom_sync.service_layer import work

work.MOST_TRIES = 3
apply_item = work.apply_item

def crash(applying, listings, item):
    if item.key == "session-00001":
        os.kill(os.getpid(), signal.SIGKILL)
    return apply_item(applying, listings, item)

work.apply_item = crash
sys.argv = ["zoom-sync", "worker", "--processes", "1"]
main()
"""


def test_an_item_that_kills_its_worker_is_given_up_and_holds_up_nobody(line):
    hand_out(line, 4)
    with (line.folder / "poisoned.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", POISON], env=line.environment, cwd=line.folder, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    line.processes.append(process)
    line.start("beat")
    wait_until_finished(line)
    told = ask(line, "SELECT state, key, reason FROM run_items WHERE run_id = 1 ORDER BY state, key")  # beat makes more
    given_up = ("failed", "session-00001", "given up: begun 3 times and never ended")
    assert told == [*(("done", f"session-{n:05}", "") for n in (0, 2, 3)), given_up]


def test_workers_and_beat_keep_an_event_right_without_anybody(line):
    line.load(programme(3, tracks=3))
    line.start("worker", "--processes", "2")
    line.start("beat")
    wait_for(lambda: len(line.simulator.meetings()) == 3, 60)
    wait_until_finished(line)
    assert ask(line, "SELECT kind FROM runs") == [("apply",)]
    line.run("plan")


def test_workers_and_beat_say_that_they_need_a_broker(line):
    without = {name: value for name, value in line.environment.items() if name != "REDIS_URL"}
    for name in ("worker", "beat"):
        command = [str(Path(sys.executable).parent / "zoom-sync"), name]
        told = subprocess.run(command, env=without, cwd=line.folder, capture_output=True, text=True, check=False)
        assert (told.returncode, "REDIS_URL" in told.stderr, "Traceback" in told.stderr) == (2, True, False)
