"""The reports of polls, registrations, absentees and items, as people ask for them."""

import csv
import io
import json

import pytest

WEBINAR = """
event: {key: urban-2023, title: Seminar, timezone: Asia/Shanghai}
sessions:
  - key: seminar-1
    title: Opening
    kind: webinar
    start: 2023-11-06T20:30:00
    duration: 90
    settings: {approval_type: 0}
    items:
      - {presenter: "Kazan, Russian", title: Park, minutes: 30}
      - {presenter: "Tehran, Iran", title: Poisons}
"""


@pytest.fixture
def held(line):
    """A webinar with registration that was held: 30 registered, 20 came, 17 of them registered."""
    line.control(
        "POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False, "limits": False}
    )
    config = line.folder / "config"
    config.mkdir()
    (config / "profiles.yaml").write_text("profiles: {public-seminar: {host_video: true}}\n", encoding="utf-8")
    (line.folder / "webinar.yaml").write_text(WEBINAR, encoding="utf-8")
    line.run("load", "webinar.yaml")
    line.run("apply", "--yes")
    meeting = line.json("status")["sessions"][0]["meeting_id"]
    line.control("POST", f"meetings/{meeting}/register", {"count": 30})
    line.control("POST", f"meetings/{meeting}/run", {"audience": 20, "polls": 4, "survey": True, "questions": 6})
    line.control("POST", "clock", {"advance": 8 * 86400})
    line.run("collect")
    return line


def rows(line, *report):
    return list(csv.DictReader(io.StringIO(line.out("report", *report), newline="")))


def test_each_report_is_written_and_they_agree(held):
    status = held.out("status", "--format", "markdown")
    assert "complete: participants, questions, polls, surveys, registrants, absentees" in status
    assert "none: panelists" in status

    registered = rows(held, "registrations", "seminar-1")
    turnout = [row["turnout"] for row in registered]
    assert (turnout.count("came"), turnout.count("did not come")) == (17, 13)
    absent = rows(held, "absentees")
    assert {row["email"] for row in absent} == {row["email"] for row in registered if row["turnout"] == "did not come"}
    people = rows(held, "attendance")
    assert {row["registered"] for row in people} == {"yes", "no"}
    assert {row["panelist"] for row in people} == {"no"}

    answers, counts = rows(held, "polls"), rows(held, "polls", "--counts")
    assert {row["source"] for row in answers} == {"poll", "survey"}
    question = counts[0]["question"]
    # The choices of the first question are single ones: each answer is one of them.
    assert sum(int(row["people"]) for row in counts if row["question"] == question) == int(counts[0]["answered"])

    heard, items = rows(held, "items"), rows(held, "items", "--counts")
    assert [(row["item"], row["estimated"]) for row in items] == [("1", "false"), ("2", "true")]
    assert [int(row["present"]) for row in items] == [sum(row["item"] == item for row in heard) for item in "12"]

    asked = json.loads(held.out("report", "questions", "--unanswered-first", "-f", "json"))
    assert [one["answered"] for one in asked] == sorted(one["answered"] for one in asked)
    assert {one["item"] for one in asked} == {"Kazan, Russian: Park", "Tehran, Iran: Poisons"}


def test_merging_anew_takes_up_a_changed_setting_and_asks_zoom_nothing(held):
    held.control("DELETE", "journal")
    everybody = {"ZOOM_SYNC_ATTENDED_SHARE": "0", "ZOOM_SYNC_STAFF": "example.org, @example.com"}
    assert held.out("collect", "--merge-only", env=everybody) == "1 session(s) merged again\n"
    people = rows(held, "attendance")
    assert {row["attended"] for row in people} == {"true"}
    domains = ("@example.org", "@example.com")
    assert {row["role"] for row in people if row["email"].endswith(domains)} <= {"staff", "host"}
    assert "staff" in {row["role"] for row in people}
    assert held.control("GET", "journal")["requests"] == []
    held.run("collect", "--merge-only", "--queue", code=2)


def test_the_doctor_names_each_scope_that_is_missing_for_what_the_programmes_use(held, simulator):
    findings = {finding["what"]: finding for finding in held.json("doctor")}
    assert findings["scopes for meetings"]["ok"] is True
    assert findings["scopes for webinars"]["ok"] is True
    assert "scopes for registration" not in findings
    held.control(
        "POST", "reset", {"webinars": True, "scopes": ["user:read:list_users:admin", "webinar:read:webinar:admin"]}
    )
    findings = {finding["what"]: finding for finding in held.json("doctor", code=1)}
    assert "meeting:write:meeting:admin (creating)" in findings["scopes for meetings"]["advice"]
    assert "user:read:list_users:admin" not in findings["scopes for meetings"]["advice"]
    assert "webinar:read:list_absentees:admin" in findings["scopes for webinars"]["advice"]
    assert "webinar:read:webinar:admin" not in findings["scopes for webinars"]["advice"]


def test_an_instance_is_said_to_be_a_rehearsal_and_counts_no_more(held):
    (one,) = held.json("instances", "seminar-1")["instances"]
    assert (one["is"], one["chosen_by"]) == ("own", None)
    assert len(rows(held, "attendance")) > 10
    held.run("instances", "seminar-1", "--set", f"{one['uuid']}=rehearsal")
    assert held.json("instances", "seminar-1")["instances"][0]["is"] == "rehearsal"
    assert rows(held, "attendance") == []
    held.run("collect", "seminar-1")
    assert rows(held, "attendance") == []
    held.run("instances", "seminar-1", "--set", f"{one['uuid']}=computed")
    assert len(rows(held, "attendance")) > 10
    assert "is not UUID=PLACE" in held.err("instances", "seminar-1", "--set", "x=evening", code=2)
    assert "has no instance" in held.err("instances", "seminar-1", "--set", "x===own", code=1)
