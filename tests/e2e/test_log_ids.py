"""Which request, event, session, run and item a log line is about stands in it, over threads and the queue."""

import json

LOGS = {"ZOOM_SYNC_LOG_FORMAT": "json", "ZOOM_SYNC_LOG_LEVEL": "info"}


def lines(text, event=None):
    told = [json.loads(one) for one in text.splitlines() if one.startswith("{")]
    return [one for one in told if event in (None, one["event"])]


def test_every_line_of_a_command_bears_its_request_and_that_of_an_item_says_which_one(line):
    line.load()
    said = line.err("apply", "--yes", env=LOGS)
    settled = lines(said, "item_settled")  # by several threads
    assert len({one["request"] for one in lines(said)}) == 1
    assert {one["session"] for one in settled} == {f"seminar-{n}" for n in (1, 2, 3, 4)}
    assert {(one["run"], one["event_key"], one["action"], one["state"]) for one in settled} == {
        (1, "urban-2023", "create", "done")
    }
    assert len({one["item"] for one in settled}) == 4
    assert {one["request"] for one in lines(line.err("plan", env=LOGS))}.isdisjoint({settled[0]["request"]})


def test_what_is_noted_of_a_report_says_of_which_session(line):
    line.load()
    line.run("apply", "--yes")
    line.control("POST", "clock", {"now": "2023-11-12T00:00:00Z"})
    noted = lines(line.err("collect", env=LOGS), "report_noted")
    assert {one["session"] for one in noted} == {f"seminar-{n}" for n in (1, 2, 3, 4)}
    assert {(one["event_key"], one["level"]) for one in noted} == {("urban-2023", "info")}
    assert len({one["request"] for one in noted}) == 1
