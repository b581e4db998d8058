"""Over real sockets: clocks that differ, creations that arrive late, and two runs on one store."""

from datetime import UTC, datetime, timedelta

import pytest

FAST = {"ZOOM_SYNC_SETTLE_SECONDS": "1"}


def load(line, count):
    """A programme of so many sessions, an evening each."""
    start = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
    rows = ["key,title,start,end"]
    for number in range(count):
        begin = start + timedelta(days=number)
        rows.append(f"s{number},Title {number},{begin:%Y-%m-%d %H:%M},{begin + timedelta(minutes=90):%Y-%m-%d %H:%M}")
    file = line.folder / "programme.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    line.run("load", file, "--timezone", "UTC", "--event", "urban-2023")


def linked(line):
    return {one["meeting_id"] for one in line.json("status")["sessions"]}


def on_zoom(line):
    return {str(one["id"]) for one in line.meetings()}


@pytest.mark.parametrize("ahead", [75, -7200])
def test_no_clock_makes_a_session_get_two_meetings(line, ahead):
    load(line, 16)
    line.control("POST", "twists", {"what": "date", "seconds": ahead})
    lost = {"kind": "drop_after", "operation": "meetingCreate", "times": None, "probability": 0.4}
    line.control("POST", "faults", lost)
    line.json("apply", "--yes", env=FAST)
    line.control("DELETE", "faults")
    line.json("apply", "--yes", env=FAST)
    assert len(on_zoom(line)) == 16
    assert linked(line) == on_zoom(line)
    assert "nothing to do" in line.out("plan")


def test_a_creation_that_arrives_late_is_found_told_and_removed(line):
    load(line, 6)
    late = {"kind": "deliver_late", "operation": "meetingCreate", "seconds": 600, "times": 2}
    line.control("POST", "faults", late)
    line.json("apply", "--yes", env=FAST)
    used = linked(line)
    assert any("creations given up: 2" in note for note in line.json("status")["notes"])
    line.control("POST", "clock", {"advance": 900})
    assert len(on_zoom(line)) == 8
    assert [change["action"] for change in line.json("plan", code=3)["changes"]] == ["delete", "delete"]
    assert "carried out a creation" in line.out("status")
    assert "carried out a creation" in line.out("doctor", code=1)
    line.run("apply", "--yes", env=FAST)
    assert on_zoom(line) == used == linked(line)
    assert "nothing to do" in line.out("plan")


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_two_runs_on_one_store_share_the_limits_and_wait_for_nobody_who_lives(line, store, request):
    if store == "postgresql":
        line.env["DATABASE_URL"] = request.getfixturevalue("postgres_url")
    line.reset(ticking=True, limits=True, latency=0.05)
    # Who took the other's creations to be in doubt would wait so long that this test would not see its end.
    line.env["ZOOM_SYNC_SETTLE_SECONDS"] = "3600"
    load(line, 30)
    line.control("DELETE", "journal")
    runs = [line.start("apply", "--yes") for _ in range(2)]
    results, said = zip(*(run.communicate(timeout=120) for run in runs), strict=True)
    for run, result in zip(runs, results, strict=True):
        # What the other run was doing is skipped, and then a run says by its exit code that it did not do all.
        assert ", 0 failed, " in result, (result, said)
        assert run.returncode == (0 if ", 0 skipped, 0 held back" in result else 3), (result, said)
    requests = line.control("GET", "journal")["requests"]
    assert [one["operation"] for one in requests if one["status"] == 429] == []
    assert sum(one["operation"] == "meetingCreate" for one in requests) == 30
    assert linked(line) == on_zoom(line)
