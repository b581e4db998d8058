"""`publish` as people run it, over meetings that a simulator has made."""

import json
import os

import pytest
from icalendar import Calendar

from support.qr_reader import read_png, read_svg

FORMATS = {".html", ".md", ".txt", ".ics", ".json", ".csv", ".poster.html"}


@pytest.fixture
def made(line):
    line.load()
    line.run("apply", "--yes")
    return line


def files(line, folder="out"):
    return {path.name: path.read_bytes() for path in (line.folder / folder).iterdir()}


def test_every_format_is_written_and_the_codes_lead_into_the_meetings(made):
    printed = made.out("publish", "--public").splitlines()
    written = files(made)
    assert {f"out/{name}" for name in written} == set(printed)
    assert {f"urban-2023{suffix}" for suffix in FORMATS} <= set(written)
    for session in made.json("status")["sessions"]:
        assert read_png(written[f"{session['key']}.png"]) == session["join_url"]
        assert read_svg(written[f"{session['key']}.svg"]) == session["join_url"]


def test_without_public_nothing_lets_anybody_in(made):
    made.run("publish", "-o", "open")
    status = made.json("status")["sessions"]
    for content in files(made, "open").values():
        text = content.decode().replace("\r\n ", "")
        assert not any(one["passcode"] in text or one["join_url"] in text for one in status)
    assert not list((made.folder / "open").glob("*.png"))


def test_what_is_published_can_be_read_by_a_web_server_whatever_the_umask(made):
    before = os.umask(0o077)
    try:
        made.run("publish", "-f", "html", "-o", "site/2023")
    finally:
        os.umask(before)
    modes = {
        path.relative_to(made.folder).as_posix(): path.stat().st_mode & 0o777 for path in made.folder.rglob("site*")
    }
    modes |= {path.name: path.stat().st_mode & 0o777 for path in (made.folder / "site").rglob("*")}
    assert modes == {"site": 0o755, "2023": 0o755, "urban-2023.html": 0o644}


def test_what_was_published_loads_as_the_same_programme(made):
    made.run("publish", "-f", "text", "--public", "--zone", "America/New_York")
    before = made.json("status")["sessions"]
    made.run("load", "out/urban-2023.txt", "--timezone", "Asia/Shanghai", "--event", "urban-2023")
    assert made.json("status")["sessions"] == before
    assert "nothing to do" in made.out("plan")


def test_a_session_that_moved_is_the_only_one_that_calendars_take_anew(made):
    made.run("publish", "-f", "ics")
    announcement = made.folder / "moved.txt"
    made.run("publish", "-f", "text", "-o", "text", "--public")
    text = (made.folder / "text" / "urban-2023.txt").read_text()
    announcement.write_text(text.replace("November 7th, 19:30-21:00", "November 7th, 18:30-20:00"))
    made.run("load", announcement, "--timezone", "Asia/Shanghai", "--event", "urban-2023")
    made.run("publish", "-f", "ics")
    read = Calendar.from_ical(files(made)["urban-2023.ics"])
    assert {str(one["uid"]).partition("@")[0]: one["sequence"] for one in read.walk("VEVENT")} == {
        "seminar-1": 1, "seminar-2": 2, "seminar-3": 1, "seminar-4": 1,
    }  # fmt: skip


def test_chinese_and_zones(made):
    made.run("publish", "-f", "html", "-f", "poster", "--language", "zh", "--zone", "Europe/London")
    for page in files(made).values():
        assert "伦敦" in page.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--zone", "Mars/Olympus"], "Mars/Olympus"),
        (["--zone", "UTC", "--zone", "Asia/Tokyo", "--zone", "Europe/Paris", "--zone", "Asia/Seoul"], "at most 3"),
        (["--language", "fr"], "en, zh"),
    ],
)
def test_what_cannot_be_told_is_refused(bare, arguments, words):
    assert words in bare.err("publish", *arguments, code=2)
    assert not (bare.folder / "out").exists()


def test_a_broken_template_leaves_everything_as_it_was(made):
    made.run("publish")
    before = files(made)
    templates = made.folder / "config" / "templates"
    templates.mkdir(parents=True)
    (templates / "poster.html.j2").write_text("a\n{{ nothing }}")
    said = made.err("publish", "--public", code=1)
    assert "config/templates/poster.html.j2:2: 'nothing' is undefined" in said
    assert files(made) == before


def test_json_tells_the_state_of_each_session(made):
    made.run("publish", "-f", "json")
    told = json.loads(files(made)["urban-2023.json"])
    assert [(one["state"], one["sequence"]) for one in told["sessions"]] == [("linked", 0)] * 4
