"""A meeting of the same title and start that nobody linked is seen before another is made, as the commands tell it."""

import shutil

import pytest

from e2e.conftest import Line

PROGRAMME = """\
event: {key: school, title: Spring School, timezone: UTC}
sessions:
- {key: opening, title: Opening, start: 2023-11-06T12:00, duration: 60}
- {key: closing, title: Closing, start: 2023-11-07T12:00, duration: 60}
"""


@pytest.fixture
def elsewhere(line):
    """The same programme in another folder with another store, applied; and this folder, where it is loaded only."""
    (line.folder / "school.yaml").write_text(PROGRAMME)
    folder = line.folder / "elsewhere"
    folder.mkdir()
    shutil.copy(line.folder / "school.yaml", folder)
    other = Line(folder)
    other.env |= {name: line.env[name] for name in line.env if name.startswith("ZOOM")}
    other.run("load", folder / "school.yaml")
    other.run("apply", "--yes")
    line.run("load", line.folder / "school.yaml")
    return line


def test_plan_names_the_meetings_that_are_there_and_apply_makes_none(elsewhere):
    text = elsewhere.out("plan")
    assert "already holds meeting" in text
    assert "zoom-sync adopt --propose" in text
    assert {item["needs"] for item in elsewhere.json("plan")["held_back"]} == {"--allow-double"}
    elsewhere.run("apply", "--yes", code=3)
    assert len(elsewhere.meetings()) == 2


def test_they_are_taken_over_by_a_proposal(elsewhere):
    before = {meeting["id"] for meeting in elsewhere.meetings()}
    elsewhere.run("adopt", "--propose", "--yes")
    elsewhere.run("apply", "--yes")
    assert {meeting["id"] for meeting in elsewhere.meetings()} == before
    assert {str(session["meeting_id"]) for session in elsewhere.json("status")["sessions"]} == set(map(str, before))


def test_by_name_others_are_made_beside_them(elsewhere):
    elsewhere.run("apply", "--yes", "--allow-double")
    assert sorted(meeting["topic"] for meeting in elsewhere.meetings()) == ["Closing"] * 2 + ["Opening"] * 2
    assert elsewhere.json("plan")["changes"] == elsewhere.json("plan")["held_back"] == []
