"""`privacy` and `--pseudonymise` as people run them, over an evening on the simulator."""

import csv
import io
import json

import pytest


@pytest.fixture
def evening(line):
    line.load()
    line.run("apply", "--yes")
    meeting = line.json("status")["sessions"][0]["meeting_id"]
    line.control("POST", f"meetings/{meeting}/run", {"audience": 30, "questions": 8})
    line.control("PATCH", "clock", {"now": "2023-11-09T00:00:00Z"})
    line.run("collect", "seminar-1")
    return line


def rows(line, what="attendance", *options):
    return list(csv.DictReader(io.StringIO(line.out("report", what, "seminar-1", *options))))


def test_a_person_is_exported_erased_and_stays_erased(evening):
    before = rows(evening)
    person = next(row["email"] for row in before if row["email"].startswith("person"))
    evening.run("privacy", "export", person.upper(), "-o", "person.json")
    told = json.loads((evening.folder / "person.json").read_text(encoding="utf-8"))
    assert told["emails"] == [person]
    assert told["tables"]["attendance"]

    assert "there is nobody to ask" in evening.err("privacy", "erase", person, code=2)
    shown = json.loads(evening.out("privacy", "erase", person, "--dry-run", "--format", "json"))
    assert shown["erased"] is None
    assert rows(evening) == before
    done = evening.run("privacy", "erase", person, "--yes")
    assert "attendance: erased from 1 row" in done.stdout
    assert "files that were downloaded" in done.stderr
    assert f"nothing is left of {person}" in evening.out("privacy", "erase", person, "--yes")
    evening.run("collect", "seminar-1")
    after = rows(evening)
    assert sorted(row["minutes"] for row in after) == sorted(row["minutes"] for row in before)
    assert person not in str(after)
    assert sum(row["name"] == "erased" for row in after) == 1
    assert f"nothing is stored of {person}" in evening.err("privacy", "export", person, "-o", "-")


def test_a_name_is_asked_about_because_it_may_be_several(evening):
    said = evening.err("privacy", "export", "Maria Silva", "-o", "x.json", code=2)
    assert "there is nobody to ask" in said
    evening.run("privacy", "export", "Maria Silva", "-o", "x.json", "--yes")
    assert json.loads((evening.folder / "x.json").read_text(encoding="utf-8"))["sure"] is False
    assert "can be nobody's email" in evening.err("privacy", "export", "Maria", "--by", "email", "-o", "-", code=1)
    assert "choose one of" in evening.err("privacy", "export", "Maria", "--by", "face", "-o", "-", code=2)


def test_what_is_past_its_time_is_shown_and_removed_once(evening):
    assert evening.out("privacy", "purge") == "nothing is past its time\n"
    evening.control("PATCH", "clock", {"now": "2024-11-10T00:00:00Z"})
    told = evening.json("privacy", "purge", "--dry-run")
    assert [(one["kind"], one["session"]) for one in told["due"]] == [("raw", "seminar-1"), ("run", None)]
    assert (told["purged"], told["keep_days"]) == ([], {"raw": 365, "report": None, "run": 365, "audit": 730})
    assert "there is nobody to ask" in evening.err("privacy", "purge", code=2)
    assert evening.json("privacy", "purge", "--yes")["purged"] == told["due"]
    assert evening.out("privacy", "purge") == "nothing is past its time\n"
    assert rows(evening)
    assert "raw rows purged on" in evening.json("collect", "seminar-1")["collected"][0]["reason"]


def test_a_key_is_set_and_changed(evening):
    before = rows(evening)
    assert "off: who can read" in evening.out("doctor")
    first, second = evening.out("privacy", "key").strip(), evening.out("privacy", "key").strip()
    evening.env["ZOOM_SYNC_ENCRYPTION_KEY"] = first
    assert "not under the first key" in evening.out("doctor", code=1)
    assert "rows encrypted with key" in evening.out("privacy", "rekey")
    assert "is under key" in evening.out("doctor")
    assert rows(evening) == before
    evening.env["ZOOM_SYNC_ENCRYPTION_KEY"] = second
    assert "does not have" in evening.err("report", "attendance", code=2)
    assert "keys that are not set" in evening.out("doctor", code=1)
    evening.env["ZOOM_SYNC_ENCRYPTION_KEY"] = f"{second},{first}"
    evening.run("privacy", "rekey")
    evening.env["ZOOM_SYNC_ENCRYPTION_KEY"] = second
    assert rows(evening) == before
    assert "already" in evening.out("privacy", "rekey")
    evening.env["ZOOM_SYNC_ENCRYPTION_KEY"] = "s3cr3t"
    said = evening.err("status", code=2)
    assert "key 1 is none" in said
    assert "s3cr3t" not in said


def test_a_report_can_be_pseudonymised_in_every_format(evening):
    names = {row["name"] for row in rows(evening) if not row["name"].startswith(("person-", "iPhone"))}
    for what in ("attendance", "questions"):
        for form in ("csv", "csv-excel", "json"):
            told = evening.out("report", what, "-f", form, "--pseudonymise")
            assert "person-" in told
            assert "@example." not in told
            assert not [name for name in names if name in told]
    assert rows(evening, "attendance", "--pseudonymise") == rows(evening, "attendance", "--pseudonymise")
