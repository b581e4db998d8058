"""A programme in somebody's database, through the command line: check, load, apply, write-back."""

import sqlite3

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
