"""The whole line on the real announcement: check, load, plan, apply, status, collect, report."""

import csv
import json
import re

from e2e.command import SAMPLE

KEYS = ["seminar-1", "seminar-2", "seminar-3", "seminar-4"]


def test_the_announcement_is_read_exactly(bare):
    told = bare.json("check", SAMPLE)
    assert told["problems"] == []
    assert set(told["event"]) == {"key", "title", "timezone"}
    sessions = told["sessions"]
    assert [session["key"] for session in sessions] == KEYS
    assert [len(session["items"]) for session in sessions] == [4, 4, 3, 4]
    assert [session["passcode"] for session in sessions] == ["807001", "214172", "685581", "011826"]
    assert [session["meeting_id"] for session in sessions] == [
        "82318937943", "84265828099", "82916636009", "89594051352",
    ]  # fmt: skip
    assert [(session["start"], session["end"]) for session in sessions] == [
        ("2023-11-06T20:30:00+08:00", "2023-11-06T22:00:00+08:00"),
        ("2023-11-07T19:30:00+08:00", "2023-11-07T21:00:00+08:00"),
        ("2023-11-08T20:30:00+08:00", "2023-11-08T22:00:00+08:00"),
        ("2023-11-09T21:00:00+08:00", "2023-11-09T22:30:00+08:00"),
    ]
    assert set(sessions[0]) >= {"key", "title", "start", "end", "timezone", "kind", "items", "meeting_id", "passcode"}
    assert sessions[0]["items"][1] == {"presenter": "Kazan, Russian", "title": "Park to rest and recuperate"} | {
        name: value for name, value in sessions[0]["items"][1].items() if name not in ("presenter", "title")
    }
    assert "4 sessions, 15 agenda items, no problems" in bare.out("check", SAMPLE)


def test_the_whole_line(line):
    line.load()
    planned = line.json("plan", code=3)
    assert set(planned) >= {"event", "digest", "changes", "held_back", "cost"}
    assert [(change["action"], change["session"]) for change in planned["changes"]] == [("create", key) for key in KEYS]
    assert set(planned["changes"][0]) >= {"action", "session", "host", "meeting_id", "fields", "reason"}
    assert set(planned["changes"][0]["fields"][0]) == {"name", "old", "new"}
    assert set(planned["cost"]) == {"calls", "lists", "writes_by_host"}
    assert line.meetings() == []

    applied = line.json("apply", "--digest", planned["digest"])
    assert set(applied) == {"event", "digest", "applied", "failed", "skipped"}
    assert [one["session"] for one in applied["applied"]] == KEYS
    assert (applied["failed"], applied["skipped"], applied["digest"]) == ([], [], planned["digest"])
    assert len(line.meetings()) == 4
    assert "nothing to do, 4 unchanged" in line.out("plan", "--deep")

    told = line.json("status")
    assert told["event"] == "urban-2023"
    first = told["sessions"][0]
    on_zoom = {str(one["id"]): one for one in line.meetings()}
    assert set(first) >= {
        "key", "title", "start", "end", "timezone", "kind", "host", "meeting_id", "passcode", "join_url", "state",
    }  # fmt: skip
    assert first["start"] == "2023-11-06T20:30:00+08:00"
    assert first["state"] == "linked"
    assert isinstance(first["meeting_id"], str)
    assert {session["meeting_id"] for session in told["sessions"]} == set(on_zoom)
    assert all(session["join_url"].split("?")[0].endswith(session["meeting_id"]) for session in told["sessions"])
    assert all(len(session["passcode"]) == 10 for session in told["sessions"])

    for session in told["sessions"]:
        line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 30, "questions": 4})
    collected = line.json("collect")
    assert {(one["session"], one["kind"]) for one in collected["collected"]} == {
        (key, kind) for key in KEYS for kind in ("participants", "questions", "polls", "surveys", "registrants")
    }
    line.control("POST", "clock", {"advance": 3600})
    line.run("collect")
    assert line.out("collect") == "no report is due\n"
    states = {kind: one["state"] for kind, one in line.json("status")["sessions"][0]["reports"].items()}
    assert (states.pop("participants"), states.pop("questions")) == ("complete", "complete")
    assert set(states.values()) == {"none"}

    note = line.err("report", "attendance", "-f", "csv", "-o", "out/attendance.csv")
    assert "note:" not in note
    with (line.folder / "out/attendance.csv").open(encoding="utf-8-sig", newline="") as rows:
        people = list(csv.reader(rows))
    assert people[0][:8] == ["session", "name", "email", "first_join", "last_leave", "minutes", "share", "joins"]
    assert {row[0] for row in people[1:]} == set(KEYS)
    only = line.out("report", "attendance", "seminar-2", "-f", "json")
    assert {row["session"] for row in json.loads(only)} == {"seminar-2"}
    asked = json.loads(line.out("report", "questions", "-f", "json"))
    assert len(asked) == 16

    listed = line.json("runs")
    assert {run["kind"] for run in listed} == {"apply"}
    assert line.json("runs", listed[-1]["run"])["items"][0]["state"] == "done"
    assert line.json("orphans") == []


def test_logs_and_the_environment_note_stay_off_stdout(line):
    line.load()
    ended = line.run("plan", "--format", "json", code=3, env={"ZOOM_SYNC_LOG_LEVEL": "debug"})
    json.loads(ended.stdout)
    assert "not Zoom's own" in ended.stderr


def test_nothing_secret_is_in_the_logs_of_the_whole_line(line):
    debug = {"ZOOM_SYNC_LOG_LEVEL": "debug", "ZOOM_SYNC_LOG_FORMAT": "json"}
    line.load()
    line.control("POST", "faults", {"kind": "code_under_200", "code": 300, "operation": "meetingCreate", "times": 1})
    said = line.err("apply", "--yes", code=1, env=debug)
    said += line.err("apply", "--yes", env=debug)
    line.control("POST", "faults", {"kind": "refuse", "operation": "meetings", "times": 99})
    said += line.err("plan", code=1, env=debug)
    status = line.json("status")
    for session in status["sessions"]:
        line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 5, "questions": 1})
    line.control("POST", "clock", {"advance": 3600})
    said += line.err("collect", env=debug)
    assert status["sessions"][0]["passcode"] not in said
    assert line.env["ZOOM_CLIENT_SECRET"] not in said
    assert not re.search(r"pwd=|zak=|Bearer (?!\*)|@example", said)


def test_adopting_by_hand_and_by_plan(line):
    made = line.control(
        "POST",
        "meetings",
        {"topic": "By hand", "start_time": "2023-11-06T12:30:00Z", "duration": 90, "password": "807001"},
    )
    line.load()
    number = str(made["id"])
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    assert number in line.out("adopt", "seminar-1", spaced)
    planned = line.json("plan", code=3)
    assert planned["changes"][0]["action"] == "update"
    line.run("apply", "--yes")
    told = line.json("status")["sessions"][0]
    assert (told["meeting_id"], told["passcode"], told["join_url"]) == (number, "807001", made["join_url"])
    assert len(line.meetings()) == 4
    assert "seminar-1 has a meeting" in line.err("adopt", "seminar-1", number, code=1)


def test_running_it_all_a_second_time_changes_nothing(line):
    line.load()
    line.run("apply", "--yes")
    before = line.json("status")["sessions"]
    line.load()
    assert "nothing to do" in line.out("apply", "--yes")
    assert "nothing to do" in line.out("plan")
    after = line.json("status")["sessions"]
    assert after == before
