"""A programme in somebody's database, through the command line: check, load, apply, write-back."""

import os
import sqlite3
import time

TALKS = """\
sql:
  connection: TALKS_DATABASE_URL
  query: SELECT id, name, starts, minutes, zoom_id, zoom_link, zoom_code FROM talks
  write_back: UPDATE talks SET zoom_id = :meeting_id, zoom_link = :join_url, zoom_code = :passcode WHERE id = :id
columns: {title: name, start: starts, duration: minutes, meeting_id: zoom_id, link: zoom_link, passcode: zoom_code}
event: {key: talks, title: Talks, timezone: Europe/Lisbon}
"""


def test_talks_go_from_the_database_to_zoom_and_their_meetings_back_into_it(line):
    url = f"sqlite:///{line.folder / 'talks.db'}"
    with sqlite3.connect(line.folder / "talks.db") as site:
        site.execute(
            "CREATE TABLE talks (id integer PRIMARY KEY, name, starts, minutes, zoom_id, zoom_link, zoom_code)"
        )
        site.execute(
            "INSERT INTO talks (name, starts, minutes) VALUES ('Opening', '2023-12-10 18:00', 90), ('Closing', '2023-12-12 18:00', 60)"
        )
    (line.folder / "talks.yaml").write_text(TALKS)
    assert "TALKS_DATABASE_URL is not set" in line.err("check", "talks.yaml", code=2)
    line.env["TALKS_DATABASE_URL"] = url
    line.run("load", "talks.yaml")
    line.run("apply", "--yes")
    assert "2 sessions written" in line.out("write-back", "talks.yaml")
    told = {one["key"]: one for one in line.json("status")["sessions"]}
    with sqlite3.connect(line.folder / "talks.db") as site:
        assert site.execute("SELECT zoom_id, zoom_link, zoom_code FROM talks ORDER BY id").fetchall() == [
            (told[key]["meeting_id"], told[key]["join_url"], told[key]["passcode"]) for key in ("1", "2")
        ]
    line.run("load", "talks.yaml")
    assert "nothing to do" in line.out("plan")


CSV = "id,title,start,end,meeting_id,join_url,passcode\none,Opening,2023-12-10 18:00,2023-12-10 19:00,,,\n"


def aged(path):
    told = path.stat().st_mtime - 60
    os.utime(path, (told, told))


def test_an_event_is_bound_seen_read_by_name_and_let_go(line):
    table = line.folder / "talks.csv"
    table.write_text(CSV)
    aged(table)
    assert "no event follows a source" in line.out("follow", "list")
    said = line.run("load", "talks.csv", "--timezone", "Europe/Lisbon", "--event", "talks", "--follow", "--write-back")
    assert "follows this source from now on" in said.stderr
    line.run("apply", "--yes")
    assert "nothing new" in line.out("follow", "now")
    [meeting] = line.json("status")["sessions"]
    assert meeting["meeting_id"] in table.read_text()
    aged(table)
    table.write_text(table.read_text().replace("Opening", "Opening and welcome"))
    aged(table)
    assert "stored again" in line.out("follow", "now", "--event", "talks")
    told = line.json("status")
    assert told["sessions"][0]["title"] == "Opening and welcome"
    assert any("follows" in note for note in told["notes"])
    table.unlink()
    assert "talks.csv cannot be read" in line.err("follow", "now", code=1)
    [listed] = line.json("follow", "list")
    assert (listed["event"], listed["write_back"]) == ("talks", True)
    assert "cannot be read" in listed["trouble"]
    assert "nothing is taken from it since" in line.out("follow", "list")
    assert "nothing is taken from" in line.out("status")
    assert "follows" in line.out("follow", "end")
    assert "follows no source" in line.err("follow", "end", code=1)


def test_what_cannot_be_followed_or_written_back_is_said_before_anything_is_stored(line):
    table = line.folder / "talks.csv"
    table.write_text(CSV)
    assert "needs --follow" in line.err("load", "talks.csv", "--write-back", code=2)
    assert "standard input" in line.err("load", "-", "--follow", code=2, stdin=CSV)
    err = line.err("load", "https://example.org/talks.csv", "--follow", "--write-back", code=2)
    assert "can only be read" in err
    assert "holds no event" in line.err("status", code=1)


def test_the_configuration_may_name_the_source(line):
    table = line.folder / "talks.csv"
    table.write_text(CSV)
    aged(table)
    line.env |= {"ZOOM_SYNC_SOURCE": str(table), "ZOOM_SYNC_WRITE_BACK": "true"}
    (line.folder / "config").mkdir()
    asked = line.run("follow", "now", code=1)
    assert "no time zone is given" in asked.stderr
    (line.folder / "talks.yaml").write_text(
        "source: talks.csv\nevent: {key: talks, title: Talks, timezone: Europe/Lisbon}\n"
    )
    line.env["ZOOM_SYNC_SOURCE"] = str(line.folder / "talks.yaml")
    assert "stored again" in line.out("follow", "now")
    [listed] = line.json("follow", "list")
    assert (listed["event"], listed["configured"]) == ("talks", True)
    assert "stands in the settings" in line.err("follow", "end", code=2)
    del line.env["ZOOM_SYNC_SOURCE"]
    assert "follows" in line.out("follow", "end")


def test_serve_follows_too(line):
    table = line.folder / "talks.csv"
    table.write_text(CSV)
    aged(table)
    line.run("load", "talks.csv", "--timezone", "Europe/Lisbon", "--event", "talks", "--follow", "--write-back")
    quick = {"ZOOM_SYNC_TICK_SECONDS": "0.2", "ZOOM_SYNC_FOLLOW_MINUTES": "0.0001"}
    with (line.folder / "serve.log").open("w") as log:
        serving = line.start("serve", "--port", "0", env=quick, log=log)
        try:
            until(lambda: "https://" in table.read_text())
            [meeting] = line.meetings()
            table.write_text(table.read_text().replace("Opening", "Opening and welcome"))
            aged(table)
            until(lambda: line.meetings()[0]["topic"] == "Opening and welcome")
            assert [one["id"] for one in line.meetings()] == [meeting["id"]]
        finally:
            serving.terminate()
            serving.wait(60)
    assert "Traceback" not in (line.folder / "serve.log").read_text()


def until(what, seconds=60):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.1)
