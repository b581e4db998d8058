"""`event` as people run it: called off, archived, and back; and sessions that a programme says are cancelled."""

import json
import re
from datetime import timedelta

import pytest

ROWS = "title,start,end\nOpening,2033-11-03 10:00,2033-11-03 11:00\nFloods,2033-11-04 10:00,2033-11-04 11:00\n"


def test_an_event_is_called_off_archived_and_brought_back(bare):
    (bare.folder / "coast.csv").write_text(ROWS)
    bare.run("load", "coast.csv", "--timezone", "UTC")
    assert "2 sessions are cancelled" in bare.out("event", "call-off", "coast-2033")
    assert "event coast-2033 is called off" in bare.out("status")
    assert "2 sessions are no longer cancelled" in bare.out("event", "hold", "coast-2033")
    assert "event restore coast-2033" in bare.out("event", "archive", "coast-2033")
    assert "event restore" in bare.err("load", "coast.csv", "--timezone", "UTC", code=1)
    told = bare.json("status")
    assert (told["archived"], told["called_off"], len(told["sessions"])) == (True, False, 2)
    bare.run("event", "restore", "coast-2033")
    assert "2 unchanged" in bare.out("load", "coast.csv", "--timezone", "UTC")
    assert "no event" in bare.err("event", "archive", "nowhere", code=1)


def yaml_programme(folder, cancelled):
    sessions = [
        {"key": "one", "title": "Opening", "start": "2023-11-20T09:00:00", "duration": 60},
        {"key": "two", "title": "Floods", "start": "2023-11-21T09:00:00", "duration": 60, "cancelled": cancelled},
    ]
    event = {"key": "coast", "title": "Coast", "timezone": "UTC"}
    path = folder / "coast.yaml"
    path.write_text(json.dumps({"event": event, "sessions": sessions}))
    return [path]


def table(folder, cancelled):
    path = folder / "coast.csv"
    path.write_text(
        "id,title,start,end,cancelled\none,Opening,2023-11-20 09:00,2023-11-20 10:00,\n"
        f"two,Floods,2023-11-21 09:00,2023-11-21 10:00,{'yes' if cancelled else 'no'}\n"
    )
    return [path, "--timezone", "UTC", "--event", "coast"]


@pytest.mark.parametrize("programme", [yaml_programme, table])
def test_a_cancelled_session_is_told_in_every_output_keeps_its_link_and_is_not_missed(line, programme):
    line.run("load", *programme(line.folder, cancelled=False))
    line.run("apply", "--yes")
    line.run("publish", "-f", "ics", "--public")
    before = line.json("status")["sessions"][1]

    assert "called off" in line.out("load", *programme(line.folder, cancelled=True))
    assert line.json("plan")["changes"] == []
    after = line.json("status")["sessions"][1]
    assert (after["state"], after["cancelled"]) == ("cancelled", True)
    assert (after["meeting_id"], after["join_url"]) == (before["meeting_id"], before["join_url"])

    line.run("publish", "--public")
    told = {path.name.partition(".")[2]: path.read_text() for path in (line.folder / "out").glob("coast.*")}
    for form in ("html", "md", "txt", "poster.html"):
        assert told[form].count("Called off") == 1, form
        assert before["join_url"] not in told[form], form
        assert before["passcode"] not in told[form], form
    assert [one["cancelled"] for one in json.loads(told["json"])["sessions"]] == [False, True]
    assert [row.split(",")[1] for row in told["csv"].splitlines()[1:]] == ["Opening", "Floods"]
    assert re.findall("(?m),cancelled,|,yes,", told["csv"])
    events = [part.replace("\r\n ", "") for part in told["ics"].split("BEGIN:VEVENT")[1:]]
    assert ["STATUS:CANCELLED" in one for one in events] == [False, True]
    assert [re.search(r"SEQUENCE:(\d+)", one)[1] for one in events] == ["0", "1"]

    line.control("POST", "clock", {"advance": timedelta(days=40).total_seconds()})
    assert {one["session"] for one in line.json("collect")["collected"]} == {"one"}
    assert [one["kind"] for one in line.json("status")["waiting"]] == []


def test_removing_says_what_goes_and_what_stays_and_leaves_no_meeting_unknown_in_silence(line):
    line.run("load", *table(line.folder, cancelled=False))
    line.run("apply", "--yes")
    meetings = {one["meeting_id"] for one in line.json("status")["sessions"]}
    (line.folder / "other.csv").write_text(ROWS)
    line.run("load", "other.csv", "--timezone", "UTC", "--event", "other")

    assert "there is nobody to ask: give --yes" in line.err("event", "remove", "coast", code=2)
    told = line.err("event", "remove", "coast", "--yes", code=1)
    assert "goes with all that is kept of it: 2 sessions, 0 report rows, 0 registrants, 1 run" in told
    assert "on Zoom 2 meetings stay" in told
    assert all(one in told for one in meetings)
    assert "nothing was removed" in told
    assert "--leave-meetings" in told
    assert line.json("status", "--event", "coast")["sessions"]

    assert "event coast is removed" in line.out("event", "remove", "coast", "--yes", "--leave-meetings")
    assert [one["key"] for one in line.json("status")["sessions"]]
    assert "there is no event 'coast'" in line.err("status", "--event", "coast", code=1)
    assert len(line.meetings()) == 2


def test_an_event_whose_meetings_are_deleted_is_removed_without_more_ado(line):
    line.run("load", *table(line.folder, cancelled=False))
    line.run("apply", "--yes")
    (line.folder / "empty.yaml").write_text("event: {key: coast, title: Coast, timezone: UTC}\nsessions: []\n")
    line.run("load", "empty.yaml")
    line.run("apply", "--yes", "--allow-delete")
    assert line.meetings() == []
    assert "stay" not in line.err("event", "remove", "coast", "--yes")
