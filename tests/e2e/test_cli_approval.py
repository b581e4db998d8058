"""Approval through the command line: `changes: ask`, `first`, and a freeze, as a programme says them."""

import json

SESSIONS = [{"key": "one", "title": "One", "start": "2023-11-20T09:00:00", "duration": 60}]


def load(line, title="One", **event):
    told = {"key": "asks", "title": "It asks", "timezone": "UTC", **event}
    sessions = [{**SESSIONS[0], "title": title}]
    path = line.folder / "asks.yaml"
    path.write_text(json.dumps({"event": told, "sessions": sessions}))
    line.run("load", path)


def test_who_loaded_approves_on_the_command_line_by_name_only(line):
    load(line, changes="ask")
    told = line.err("apply", "--yes", code=1)
    assert "loaded this programme, and its changes are approved by somebody else (changes: ask)" in told
    assert "--allow-own" in told
    assert line.meetings() == []
    line.run("apply", "--yes", "--allow-own")
    assert len(line.meetings()) == 1


def test_without_it_apply_is_as_ever(line):
    load(line)
    line.run("apply", "--yes")
    load(line, "Another", changes="first")
    line.run("apply", "--yes")
    assert [one["topic"] for one in line.meetings()] == ["Another"]


def test_in_a_freeze_a_change_needs_its_name(line):
    load(line, freeze_hours=720)
    told = line.json("plan", code=0)
    assert (told["changes"], told["held_back"][0]["needs"]) == ([], "--allow-frozen")
    assert told["frozen_until"] == "2023-11-20T10:00:00Z"
    shown = line.out("plan")
    assert "! held back, the event is frozen until 2023-11-20 10:00Z" in shown
    assert "if it is meant: --allow-frozen" in shown
    line.run("apply", "--yes", "--allow-frozen")
    assert len(line.meetings()) == 1


def test_a_word_that_is_none_is_told_with_its_line(line):
    path = line.folder / "wrong.yaml"
    path.write_text(
        "event:\n  key: a\n  title: A\n  timezone: UTC\n  changes: sometimes\n  freeze_hours: soon\nsessions: []\n"
    )
    told = line.run("check", path, code=1).stdout
    assert "wrong.yaml:5: `changes` must be" in told
    assert "`automatic` or `first` or `ask`" in told
    assert "wrong.yaml:6: `freeze_hours` must" in told
    assert "must be a whole number of hours from 0 to 8760, such as 24" in told
