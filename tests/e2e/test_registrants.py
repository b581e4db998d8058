"""People are registered from a file, exported with their links, and taken back, by the commands alone."""

import csv
import json
import stat

import pytest

PROGRAMME = """\
event: {key: evening, title: An evening, timezone: Asia/Shanghai}
defaults: {registration: automatic}
sessions:
  - {key: one, title: First, start: 2023-11-06T20:30:00, end: 2023-11-06T22:00:00}
"""
LIST = "姓名,电子邮箱,单位\n" + "".join(f"P{n},p{n}@example.org,City {n}\n" for n in range(35))


@pytest.fixture
def line(line):
    (line.folder / "programme.yaml").write_text(PROGRAMME, encoding="utf-8")
    (line.folder / "guests.csv").write_text(LIST, encoding="utf-8")
    line.env |= {"ZOOM_SYNC_LOG_LEVEL": "debug"}
    line.run("load", "programme.yaml")
    line.run("apply", "--yes")
    return line


def on_zoom(line):
    (meeting,) = line.meetings()
    rows = line.control("GET", "journal")["requests"]
    return meeting, [row["path"] for row in rows if "batch_registrants" in row["path"]]


def test_people_are_pushed_exported_and_cancelled_and_nothing_secret_is_logged(line):
    (line.folder / "bad.csv").write_text("name,email\n,a@example.org\nBob,nowhere\n", encoding="utf-8")
    bad = line.run("registrants", "push", "one", "bad.csv", "--yes", code=1)
    assert "bad.csv:2" in bad.stderr
    assert "bad.csv:3" in bad.stderr

    host = next(one["email"] for one in line.control("GET", "state")["users"])
    hosted = [f"host{n}@example.org" for n in range(1, 6)]
    with (line.folder / "guests.csv").open("a", encoding="utf-8") as file:
        file.write("".join(f"H,{one},\n" for one in {host, *hosted}) + "P1,P1@Example.ORG,\n")
    told = line.json("registrants", "push", "one", "guests.csv", "--dry-run")
    assert (told["calls"]["HEAVY"], len(told["left_out"])) == (2, 1)
    assert on_zoom(line)[1] == []
    assert "there is nobody to ask" in line.err("registrants", "push", "one", "guests.csv", code=2)

    first = line.run("registrants", "push", "one", "guests.csv", "--yes")
    assert "39 registered, 0 failed" in first.stdout
    assert "the same e-mail as in line 3" in first.stderr
    assert len(on_zoom(line)[1]) == 2
    again = line.run("registrants", "push", "one", "guests.csv", "--yes")
    assert "0 registered, 0 failed, 39 registered already" in again.stdout
    assert len(on_zoom(line)[1]) == 2

    out = line.run("registrants", "export", "one", "-o", "links.csv")
    assert "39 people, 39 personal links" in out.stderr
    with (line.folder / "links.csv").open(encoding="utf-8") as file:
        rows = {row["email"]: row for row in csv.DictReader(file)}
    assert len({row["join_url"] for row in rows.values()}) == 39
    assert (rows["p3@example.org"]["first_name"], rows["p3@example.org"]["organisation"]) == ("P3", "City 3")
    assert stat.S_IMODE((line.folder / "links.csv").stat().st_mode) == 0o600

    assert "number 2" in line.err("registrants", "cancel", "one", "p3@example.org", "no@example.org", code=1)
    (gone,) = line.json("registrants", "cancel", "one", "p3@example.org")["results"]
    assert gone["state"] == "cancelled"
    listed = json.loads(line.out("registrants", "list", "one", "--fresh", "--format", "json"))["registrants"]
    assert [one["email"] for one in listed if one["state"] != "approved"] == ["p3@example.org"]
    said = "".join(one.stderr for one in (bad, first, again, out))
    assert "batch_registrants" in said  # the libraries did log
    for secret in ("@example.org", "@Example.ORG", "tk=", rows["p3@example.org"]["registrant_id"]):
        assert secret not in said
