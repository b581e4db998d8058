"""Certificates on the command line: from the programme's rules to the PDF, and what becomes of one afterwards."""

import csv
import io
import zipfile

import pytest

PROGRAMME = """\
event:
  key: forum
  title: Open Coast Forum
  timezone: Europe/Lisbon
  certificates: {of: event, share: 50, credits: {kind: CPD hours}}
sessions:
  - {key: opening, title: Opening, start: 2023-11-06T10:00, duration: 60}
"""


@pytest.fixture
def held(line):
    """A line whose one session was held and collected."""
    source = line.folder / "forum.yaml"
    source.write_text(PROGRAMME, encoding="utf-8")
    line.run("load", source)
    line.run("apply", "--yes")
    (session,) = line.json("status")["sessions"]
    line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 20})
    line.control("POST", "clock", {"advance": 7200})
    line.run("collect")
    return line


def listed(line):
    return line.json("certificates", "list")


def test_what_is_released_is_written_once_corrected_and_withdrawn(held):
    seen = listed(held)
    ready = [draft for draft in seen["drafts"] if draft["state"] == "ready"]
    assert ready
    assert seen["certificates"] == []
    released = held.json("certificates", "release", "--digest", seen["digest"])["released"]
    assert len(released) == len(ready)
    assert held.json("certificates", "release")["released"] == []

    assert f"{len(ready)} certificates" in held.out("certificates", "write", "-o", "all.zip")
    with zipfile.ZipFile(held.folder / "all.zip") as archive:
        names = set(archive.namelist())
        rows = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
        assert archive.read(rows[0]["file"]).startswith(b"%PDF")
    assert {row["number"] for row in rows} == set(released)
    assert {row["file"] for row in rows} | {"index.csv"} == names

    first, second = released[:2]
    held.run("certificates", "withdraw", first, "--why", "issued by mistake")
    held.run("certificates", "correct", second, "--name", "Ana Dupont", "--why", "she asked")
    state = {each["number"]: each["state"] for each in listed(held)["certificates"]}
    assert (state[first], state[second]) == ("withdrawn", "corrected")
    held.run("certificates", "write", "-o", "folder")
    written = {path.name for path in (held.folder / "folder").iterdir()}
    assert {f"{first}.pdf", f"{second}.pdf"} & written == set()
    assert len(written) == len(ready)  # one less, one anew, and the index


def test_a_digest_of_something_else_releases_nothing(held):
    assert "0123456789abcdef" not in listed(held)["digest"]
    held.run("certificates", "release", "--digest", "0123456789abcdef", code=1)
    assert listed(held)["certificates"] == []


def test_rules_that_cannot_be_meant_are_told_with_their_line(bare):
    source = bare.folder / "forum.yaml"
    source.write_text(PROGRAMME.replace("share: 50", "share: 500"), encoding="utf-8")
    answer = bare.run("check", source, code=1)
    assert "5:" in answer.stdout + answer.stderr or "line 5" in answer.stdout + answer.stderr
    assert "share" in answer.stdout + answer.stderr
