"""What is none of ours in the queue, and a Redis that cannot be written: no worker ends of either."""

import json
import sys
from pathlib import Path

import pytest
import redis

from e2e.test_queue import hand_out, line, servers, states, wait_until_finished  # noqa: F401 - fixtures

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from line import wait_for

pytestmark = pytest.mark.timeout(300)
QUEUE = "zoom_sync.v1"
BODY = "W1tdLCB7fSwge31d"  # base64 of [[], {}, {}]
PROPERTIES = {"delivery_tag": "x", "delivery_info": {"exchange": "", "routing_key": QUEUE}, "body_encoding": "base64"}


def message(**changes):
    whole = {
        "body": BODY, "content-type": "application/json", "content-encoding": "utf-8",
        "headers": {"task": "zoom_sync.v1.items", "id": "1", "lang": "py"}, "properties": PROPERTIES,
    }  # fmt: skip
    return json.dumps({**whole, **changes})


POISON = [
    "garbage", "[]", "{}", "null", '"text"', "\x00\xff", "9" * 5000, "[" * 10_000,
    message(headers={}), message(headers=None), message(headers=[]), message(headers={"task": []}),
    message(headers={"task": "zoom_sync.v1.items"}), message(headers={"task": "os.system", "id": "1"}),
    message(body=None), message(body="!"), message(body="bnVsbA=="), message(body="e30="), message(properties={}),
    message(properties=None), message(**{"content-type": "application/x-python-serialize"}),
    message(**{"content-encoding": "nonsense"}), message(headers={"task": "zoom_sync.v1.items", "id": "1", "eta": "x"}),
    message(headers={"task": "zoom_sync.v1.items", "id": 1, "timelimit": "x", "retries": "y", "expires": "z"}),
]  # fmt: skip


def test_messages_that_are_none_of_ours_end_no_worker(line):  # noqa: F811
    worker = line.start("worker", "--processes", "1")
    wait_for(lambda: "worker is ready" in line.logs(), 60)
    for poison in POISON:
        line.queue.lpush(QUEUE, poison)
    hand_out(line, 6)
    wait_until_finished(line)
    assert states(line) == {"done": 6}
    assert worker.poll() is None
    logs = line.logs()
    assert "message_refused" in logs
    assert "Traceback" not in logs
    assert "Unrecoverable" not in logs


def test_a_redis_that_is_read_only_for_a_while_ends_no_worker(line):  # noqa: F811
    worker = line.start("worker", "--processes", "1")
    wait_for(lambda: "worker is ready" in line.logs(), 60)
    line.queue.execute_command("REPLICAOF", "127.0.0.1", "1")  # nobody is there: it stays an empty, read-only replica
    with pytest.raises(redis.exceptions.ReadOnlyError):
        line.queue.set("x", 1)
    wait_for(lambda: "messages wait in the store" in line.logs(), 60)
    line.queue.execute_command("REPLICAOF", "NO", "ONE")
    hand_out(line, 6)
    wait_until_finished(line)
    assert states(line) == {"done": 6}
    assert worker.poll() is None
    assert "Traceback" not in line.logs()
