"""`write-back` as people run it: into each kind of file, alone and after `apply`."""

import csv
import json

import pytest
from openpyxl import Workbook, load_workbook

PROGRAMME = """\
event: {key: school, title: Spring School, timezone: Europe/Lisbon}
sessions:
  - key: opening      # never change it
    title: Opening
    start: 2023-12-10T18:00:00
    duration: 90
  - {key: closing, title: Closing, start: 2023-12-12T18:00:00, duration: 60}
"""


@pytest.fixture
def school(line):
    (line.folder / "programme.yaml").write_text(PROGRAMME)
    line.run("load", "programme.yaml")
    line.run("apply", "--yes")
    return line


def meetings(line):
    return {one["key"]: one for one in line.json("status")["sessions"]}


def test_the_programme_itself_is_filled_and_loads_as_the_same(school):
    before = meetings(school)
    said = school.run("write-back", "programme.yaml", "--in-place")
    assert "programme.yaml.bak" in said.stdout
    text = (school.folder / "programme.yaml").read_text()
    assert "# never change it" in text
    assert all(one["join_url"] in text and one["host_name"] in text for one in before.values())
    assert (school.folder / "programme.yaml.bak").read_text() == PROGRAMME
    assert school.json("check", "programme.yaml")["problems"] == []
    school.run("load", "programme.yaml")
    assert "nothing to do" in school.out("plan")
    assert "nothing to change" in school.out("write-back", "programme.yaml", "--in-place")


def test_a_table_and_a_workbook_of_somebody_else_are_filled(school):
    (school.folder / "web.csv").write_text("title;date;time\nOpening;10.12.2023;18:00\nClosing;12.12.2023;18:00\n")
    book = Workbook()
    for row in (["Key", "Title"], ["opening", "Opening"], ["closing", "Closing"], ["lunch", "Lunch"]):
        book.active.append(row)
    book.save(school.folder / "rooms.xlsx")
    school.run("write-back", "web.csv", "-o", "filled.csv")
    said = school.run("write-back", "rooms.xlsx")
    assert "row 4 is not a session of ours" in said.stderr
    told = meetings(school)
    with (school.folder / "filled.csv").open(newline="") as rows:
        assert [row["join_url"] for row in csv.DictReader(rows, delimiter=";")] == [
            told["opening"]["join_url"], told["closing"]["join_url"],
        ]  # fmt: skip
    sheet = load_workbook(school.folder / "rooms.meetings.xlsx").active
    assert [cell.value for cell in sheet["C"]][1:3] == [told["opening"]["meeting_id"], told["closing"]["meeting_id"]]


def test_a_meeting_that_finds_no_place_is_told_and_is_no_success(school):
    (school.folder / "web.csv").write_text("key,title\nopening,Opening\n")
    ended = school.run("write-back", "web.csv", "--format", "json", code=1)
    told = json.loads(ended.stdout)
    assert (told["missing"], told["sessions"]) == (["closing"], ["opening"])
    assert meetings(school)["opening"]["passcode"] not in ended.stdout + ended.stderr


def test_apply_can_write_back_at_its_end(line):
    (line.folder / "programme.yaml").write_text(PROGRAMME)
    line.run("load", "programme.yaml")
    line.json("apply", "--yes", "--write-back", "programme.yaml")
    copy = (line.folder / "programme.meetings.yaml").read_text()
    assert all(one["meeting_id"] in copy for one in meetings(line).values())
    assert "later" in line.err("apply", "--queue", "--write-back", "programme.yaml", code=2)


def test_what_cannot_be_done_is_said(bare):
    assert "choose one" in bare.err("write-back", "a.csv", "--in-place", "-o", "b.csv", code=2)


SHARED = """\
event: {key: school, title: Spring School, timezone: Europe/Lisbon}
sessions:
  - {key: opening, title: Opening, start: 2023-12-10T18:00:00, duration: 30}
  - {key: closing, title: Closing, start: 2023-12-10T18:30:00, duration: 30, meeting: {of: opening}}
"""


def test_a_link_that_two_sessions_share_is_written_so_that_it_loads_as_one(line):
    (line.folder / "programme.yaml").write_text(SHARED)
    line.run("load", "programme.yaml")
    line.run("apply", "--yes")
    told = meetings(line)
    assert told["opening"]["join_url"] == told["closing"]["join_url"]
    line.run("write-back", "programme.yaml", "--in-place")
    text = (line.folder / "programme.yaml").read_text()
    assert text.count(told["opening"]["join_url"]) == 2
    assert line.json("check", "programme.yaml")["problems"] == []
    line.run("load", "programme.yaml")
    assert line.json("plan")["changes"] == []
