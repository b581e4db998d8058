"""Reports in every format, as people ask for them: `report attendance|questions|summary`."""

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import zipfile

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from e2e.command import COMMAND
from e2e.conftest import begun_anew

KEYS = ["seminar-1", "seminar-2", "seminar-3", "seminar-4"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory, simulator):
    """The store of a line whose first two sessions were held and collected."""
    line = begun_anew(tmp_path_factory.mktemp("collected"), simulator)
    line.load()
    line.run("apply", "--yes")
    for session in line.json("status")["sessions"][:2]:
        line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 30, "questions": 4})
    line.control("POST", "clock", {"advance": 3600})
    line.run("collect")
    return line.folder / "var"


@pytest.fixture
def collected(kept, line):
    """A line with that store, which reports are made from without Zoom."""
    shutil.copytree(kept, line.folder / "var")
    return line


def octets(line, *arguments):
    """What a command writes to standard output, as bytes."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=line.folder, env=line.env, capture_output=True, check=True, timeout=120
    )
    return done.stdout


def test_every_format_tells_the_same_rows(collected):
    line = collected
    names = [row["name"] for row in json.loads(octets(line, "report", "attendance", "seminar-1", "-f", "json"))]
    assert len(names) > 30

    told = octets(line, "report", "attendance", "seminar-1", "-f", "parquet")
    assert parquet.read_table(pa.BufferReader(told))["name"].to_pylist() == names

    assert "rows" in line.err("report", "attendance", "seminar-1", "-f", "xlsx", "-o", "one.xlsx")
    (sheet,) = openpyxl.load_workbook(line.folder / "one.xlsx").worksheets
    assert [row[1].lstrip("'") for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        name.lstrip("'") for name in names
    ]

    told = octets(line, "report", "attendance", "seminar-1", "-f", "csv-excel").decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(told, newline="")))) == len(names)


def test_several_sessions_become_a_workbook_with_their_figures_first(collected):
    line = collected
    assert "out/all.xlsx: " in line.err("report", "attendance", "-f", "xlsx", "-o", "out/all.xlsx")
    book = openpyxl.load_workbook(line.folder / "out/all.xlsx")
    assert book.sheetnames == ["summary", "charts", *KEYS, "curves"]
    head, *rows = book["summary"].iter_rows(values_only=True)
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [one["session"] for one in lines] == KEYS
    assert lines[0]["people"] == book["seminar-1"].max_row - 1 > 30
    assert lines[0]["reports"].startswith("attendance: complete: ")
    assert lines[3]["people"] == 0
    assert lines[3]["reports"] == "not collected yet"
    assert len(book["charts"]._charts) == 4
    only = octets(line, "report", "attendance", "seminar-1", "seminar-2", "-f", "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(only)).sheetnames == [
        "summary",
        "charts",
        "seminar-1",
        "seminar-2",
        "curves",
    ]


def test_the_questions_come_as_a_table_in_every_format(collected):
    line = collected
    line.run("report", "questions", "-f", "xlsx", "-o", "q.xlsx")
    assert openpyxl.load_workbook(line.folder / "q.xlsx").active.max_row == 1 + 8
    line.run("report", "questions", "-f", "parquet", "-o", "q.parquet")
    assert parquet.read_table(line.folder / "q.parquet").num_rows == 8


def test_the_summary_is_a_page_in_either_language(collected):
    line = collected
    assert "s.html: 4 sessions" in line.err("report", "summary", "-f", "html", "-o", "s.html")
    page = (line.folder / "s.html").read_text(encoding="utf-8")
    assert "International Seminar on Learning from Urban Innovation" in page
    assert "complete: " in page
    assert "not collected yet" in page
    assert "@example" not in page
    assert '<h2 id="overview">概览</h2>' in line.out("report", "summary", "--language", "zh")
    one = line.out("report", "summary", "seminar-2")
    assert "Seminar 2" in one
    assert "Seminar 1" not in one


def test_a_report_that_is_not_finished_says_so(line):
    line.load()
    line.run("apply", "--yes")
    session = line.json("status")["sessions"][0]
    line.control("POST", f"meetings/{session['meeting_id']}/run", {"audience": 30})
    line.control("POST", "clock", {"advance": 600})
    line.run("collect")
    assert "note: seminar-1: the participants report is partial" in line.err("report", "summary", "-o", "s.html")
    assert 'attendance: <span class="state state-partial">partial: ' in (line.folder / "s.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_binary_report_is_not_written_onto_a_terminal(collected, form):
    leader, follower = pty.openpty()
    try:
        done = subprocess.run(
            [*COMMAND, "report", "questions", "-f", form], cwd=collected.folder, env=collected.env, stdout=follower,
            stderr=subprocess.PIPE, text=True, check=False, timeout=120,
        )  # fmt: skip
    finally:
        os.close(follower)
        os.close(leader)
    assert done.returncode == 2
    assert f".{form} is not text and would spoil the terminal; name a file: -o report.{form}" in done.stderr


def test_what_does_not_exist_is_refused_with_what_does(line):
    line.load()
    assert "csv, csv-excel, xlsx, json, parquet" in line.err("report", "attendance", "-f", "xls", code=2)
    assert "en, zh" in line.err("report", "summary", "--language", "xx", code=2)
    assert "html" in line.err("report", "summary", "-f", "pdf", code=2)
    for report in (("attendance", "-f", "xlsx"), ("summary",)):
        assert "has no session 'nope'" in line.err("report", report[0], "nope", *report[1:], code=1)
    assert not list(line.folder.glob("*.xlsx"))


def test_an_event_that_was_not_collected_has_empty_reports(line):
    line.load()
    assert parquet.read_table(pa.BufferReader(octets(line, "report", "attendance", "-f", "parquet"))).num_rows == 0
    line.run("report", "attendance", "-f", "xlsx", "-o", "none.xlsx")
    assert openpyxl.load_workbook(line.folder / "none.xlsx")["seminar-1"].max_row == 1
    assert "Nobody was there." in line.out("report", "summary")


def test_everything_is_one_archive(collected):
    line = collected
    assert "all.zip: " in line.err("report", "all", "-o", "all.zip")
    with zipfile.ZipFile(line.folder / "all.zip") as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        text = archive.read(next(name for name in archive.namelist() if name.endswith("README.txt"))).decode(
            "utf-8-sig"
        )
    assert names >= {"README.txt", "attendance.xlsx", "attendance.csv", "questions.xlsx", "announcement.html"}
    assert "registrations.csv" not in names
    assert all(name in text for name in names - {"README.txt"})
    assert "Not complete yet:" in text

    one = octets(line, "report", "all", "seminar-1", "-f", "json", "--language", "zh", "--pseudonymise")
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        people = json.loads(archive.read(names["attendance.json"]))
        assert "summary.html" not in names
        assert "化名" in archive.read(names["README.txt"]).decode("utf-8-sig")
    real = {person["name"] for person in json.loads(octets(line, "report", "attendance", "seminar-1", "-f", "json"))}
    assert not real & {person["name"] for person in people}


def test_csv_for_spreadsheets_is_written_for_a_language(collected):
    line = collected
    german = octets(line, "report", "attendance", "-f", "csv-excel", "--spreadsheet-language", "de").decode("utf-8-sig")
    assert german.startswith('"session";"name";')
    told = line.err("report", "attendance", "-f", "json", "--spreadsheet-language", "de", code=2)
    assert "add -f csv-excel" in told
    assert "en, de, zh" in line.err("report", "all", "--spreadsheet-language", "fr", "-o", "x.zip", code=2)
    assert not (line.folder / "x.zip").exists()
