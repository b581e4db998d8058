"""Ctrl-C in the middle, orphans, and the doctor."""

import os
import signal

import pytest


def wait_for(process, line, condition):
    """Until the simulator shows it; no time is counted, the process is watched."""
    while not condition():
        assert process.poll() is None, process.communicate()


@pytest.mark.parametrize("after", [0, 1, 3])
def test_ctrl_c_in_the_middle_of_apply_and_again_leaves_one_meeting_per_session(line, after):
    line.load()
    line.control("POST", "reset", {"start": "2023-11-01T00:00:00Z", "latency": 0.15})
    begun = line.start("apply", "--yes", env={"ZOOM_SYNC_THREADS": "1", "ZOOM_SYNC_SETTLE_SECONDS": "1"})
    asked = lambda: sum(  # noqa: E731
        one["operation"] == "meetingCreate" for one in line.control("GET", "journal")["requests"]
    )
    wait_for(begun, line, lambda: asked() > after)
    os.killpg(begun.pid, signal.SIGINT)
    _, said = begun.communicate(timeout=60)
    assert begun.returncode != 0
    assert "Traceback" not in said
    assert "run it again" in said
    told = line.json("apply", "--yes", env={"ZOOM_SYNC_SETTLE_SECONDS": "1"})
    assert told["failed"] == []
    sessions = line.json("status")["sessions"]
    assert {session["meeting_id"] for session in sessions} == {str(one["id"]) for one in line.meetings()}
    assert len(line.meetings()) == 4
    assert "nothing to do" in line.out("plan")


def test_orphans_are_deleted_only_by_name(line):
    line.load()
    line.run("apply", "--yes")
    body = {"topic": "Beyond smart city", "start_time": "2023-11-08T12:30:00Z", "duration": 90}
    one, other = (
        line.control("POST", "meetings", {**body, "host": f"host{host}@example.org"})["id"] for host in (2, 3)
    )
    listed = line.json("orphans")
    assert {orphan["meeting_id"] for orphan in listed} == {str(one), str(other)}
    assert {orphan["session"] for orphan in listed} == {"seminar-3"}
    assert str(one) in line.out("orphans", "--format", "markdown")
    assert "give --yes" in line.err("orphans", "--delete", one, code=2)
    linked = line.json("status")["sessions"][0]["meeting_id"]
    assert f"meeting {linked} is none" in line.err("orphans", "--delete", one, linked, "--yes", code=1)
    assert len(line.meetings()) == 6
    assert str(one) in line.out("orphans", "--delete", one, "--yes")
    assert len(line.meetings()) == 5
    told = line.json("orphans", "--delete", other, "--yes")
    assert told == {"deleted": [str(other)], "orphans": []}


def test_the_doctor_is_content(line):
    told = line.json("doctor")
    assert all(finding["ok"] for finding in told)
    assert {"settings", "store", "credentials", "address"} <= {finding["what"] for finding in told}
    assert sum(finding["what"].startswith("host ") for finding in told) == 3


def test_the_doctor_says_what_is_wrong_and_what_to_do(line, bare):
    said = bare.out("doctor", code=1)
    assert "FAIL credentials" in said
    assert "ZOOM_CLIENT_SECRET is not set" in said
    said = line.out("doctor", code=1, env={"DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/x"})
    assert "FAIL store" in said
    assert "DATABASE_URL" in said
    assert "s3cret" not in said
    line.control("POST", "reset", {"scopes": ["user:read:list_users:admin", "meeting:read:list_meetings:admin"]})
    said = line.out("doctor", code=1)
    assert "add to the app" in said
