"""Approval with real processes: Redis, PostgreSQL, beat, a worker that is killed in between, and another programme."""

import json
import sys
from pathlib import Path

import pytest

from e2e.test_queue import ask, creates, line, servers, states, wait_until_finished

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from line import programme, wait_for

__all__ = ["line", "servers"]  # fixtures
pytestmark = pytest.mark.timeout(300)


def test_of_an_event_that_asks_exactly_what_was_approved_is_done_though_its_worker_is_killed_in_between(
    line, monkeypatch
):
    monkeypatch.setitem(line.environment, "ZOOM_SYNC_TICK_SECONDS", "1")
    asks = json.loads(programme(3, tracks=3))
    asks["event"]["changes"] = "ask"
    line.load(json.dumps(asks))
    line.start("beat")
    worker = line.start("worker", "--processes", "1")

    def waiting():
        return ask(line, "SELECT why FROM concerns WHERE what = 'approval'")

    wait_for(waiting, 60)
    assert waiting() == [("3 changes wait for approval: 3 to create",)]
    assert creates(line) == 0
    planned = json.loads(line.run("plan", "--format", "json", expect=(3,)))["changes"]
    approved = {one["new"] for change in planned for one in change["fields"] if one["name"] == "start_time"}

    line.simulator.control("POST", "faults", {"kind": "delay", "operation": "meetingCreate", "seconds": 2.0})
    line.run("apply", "--yes", "--queue", "--allow-own")
    wait_for(lambda: creates(line), 60, 0.02)
    line.kill(worker)
    for session in asks["sessions"]:
        session["start"] = session["start"].replace("T08", "T23")
    line.load(json.dumps(asks))
    line.simulator.control("DELETE", "faults")
    line.start("worker", "--processes", "2")
    wait_until_finished(line)
    wait_for(lambda: waiting() and not states(line).get("waiting"), 60)
    assert {one["start_time"] for one in line.simulator.meetings()} <= approved

    def approve_what_waits():
        """what Zoom has is what the programme wants"""
        line.run("apply", "--yes", "--queue", "--allow-own", expect=(0, 3))
        wait_until_finished(line)
        return {one["start_time"] for one in line.simulator.meetings()}.isdisjoint(approved)

    # One that the killed worker had begun is found first, with the values it was approved with, and moved after that.
    wait_for(approve_what_waits, 90, 1)
    assert len(line.simulator.meetings()) == 3
    wait_for(lambda: not waiting(), 60)
