"""Downloads: every report in every format, whole or not at all, and each in the audit log."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from functools import partial

import pytest

from support.stage import EVENT, NAMES, PAST, READY, seminar
from zoom_sync.adapters.exports.writing import WRITERS
from zoom_sync.domain.access import Role
from zoom_sync.domain.retention import Retention
from zoom_sync.entrypoints.report_files import REPORTS, holding_something, rows_of
from zoom_sync.errors import StoreUnavailable
from zoom_sync.service_layer.privacy import purge_due
from zoom_sync.service_layer.summary import keep_figures

ALL = [(report, form) for report in REPORTS for form in WRITERS]


def path(report, form, key=PAST):
    return f"/events/{EVENT}/sessions/{key}/downloads/{report}/{form}"


@pytest.mark.parametrize(("report", "form"), ALL)
def test_every_report_can_be_had_in_every_format(browse, stage, report, form):
    answer = browse(Role.STAFF).get(path(report, form))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == WRITERS[form].media_type
    wanted = f'attachment; filename="{EVENT}-{PAST}-{report}{WRITERS[form].suffix}"'
    assert answer.headers["content-disposition"] == wanted
    assert int(answer.headers["content-length"]) == len(answer.content) > 0
    (noted,) = stage.access.audit.entries(1)
    rows = {"attendance": 122, "questions": 8}.get(report, noted.rows)
    assert (noted.who, noted.what, noted.event, noted.session, noted.form, noted.rows) == (
        NAMES[Role.STAFF], "download", EVENT, PAST, f"{report} {form}", rows,
    )  # fmt: skip


def test_the_files_hold_what_the_store_holds(browse, stage):
    people = list(stage.parts.reports.attendance(EVENT, PAST))
    browser = browse(Role.STAFF)
    rows = list(csv.DictReader(io.StringIO(browser.get(path("attendance", "csv")).text)))
    told = json.loads(browser.get(path("attendance", "json")).content)
    assert [row["email"] for row in rows] == [one.email or "" for one in people]
    assert [row["name"] for row in told] == [one.name for one in people]
    assert rows[0]["first_join"].endswith("+08:00")


def test_the_whole_event_is_one_file(browse, stage):
    answer = browse(Role.STAFF).get(f"/events/{EVENT}/downloads/attendance/csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{EVENT}-attendance.csv"'
    assert answer.text.count("\r\n") == 123
    assert stage.access.audit.entries(1)[0].session == ""


def test_a_session_without_a_report_is_an_empty_table(browse):
    assert browse(Role.STAFF).get(path("attendance", "csv", READY)).text.count("\r\n") == 1


@pytest.mark.parametrize(("report", "form"), [("salaries", "csv"), ("attendance", "exe"), ("attendance", "..")])
def test_what_cannot_be_had_is_not_found(browse, report, form):
    assert browse(Role.STAFF).get(path(report, form)).status_code == 404


def test_a_script_is_named_in_the_log_by_its_account_and_token(browse, stage):
    bearer = {"Authorization": f"Bearer {stage.token(Role.STAFF)}"}
    assert browse().get(path("attendance", "json"), headers=bearer).status_code == 200
    assert stage.access.audit.entries(1)[0].who == f"{NAMES[Role.STAFF]} (token 1)"


def test_a_store_that_goes_away_half_way_gives_no_half_file(browse, stage, monkeypatch):
    browser = browse(Role.STAFF)
    people = list(stage.parts.reports.attendance(EVENT, PAST))

    def broken(*_):
        yield from people[:60]
        raise StoreUnavailable("gone")

    monkeypatch.setattr(type(stage.parts.reports), "attendance", broken)
    answer = browser.get(path("attendance", "csv"))
    assert answer.status_code == 503
    assert people[0].name not in answer.text
    assert stage.access.audit.entries(1)[0].what == "signed in"


def test_without_a_line_in_the_log_no_file_leaves(browse, stage, monkeypatch):
    browser = browse(Role.STAFF)

    def full(*_):
        raise StoreUnavailable("disk full")

    monkeypatch.setattr(type(stage.parts.audit), "write", full)
    assert browser.get(path("attendance", "csv")).status_code == 503


def test_the_audit_log_is_read_by_organisers_and_names_no_attendee(browse, stage):
    browse(Role.STAFF).get(path("attendance", "csv"))
    answer = browse(Role.ORGANISER).get("/audit")
    assert "attendance csv" in answer.text
    assert f"{EVENT} / {PAST}" in answer.text
    assert not [one for one in stage.parts.reports.attendance(EVENT, PAST) if one.email and one.email in answer.text]


def test_the_audit_log_has_pages(browse, stage):
    from zoom_sync.domain.access import AuditEntry

    for number in range(250):
        stage.access.audit.write(AuditEntry(stage.at, f"somebody {number}", "download", EVENT, "", "x csv", number))
    browser, seen, way = browse(Role.ORGANISER), [], "/audit"
    while way:
        text = browser.get(way).text
        seen.append(text.count("somebody "))
        _, found, rest = text.partition('rel="next" href="')
        way = rest.partition('"')[0] if found else ""
    assert seen[0] == 99  # the newest is the organiser's own sign-in
    assert sum(seen) == 250


def files_in(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o600}
        assert archive.testzip() is None
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("key", ["", PAST])
def test_everything_is_one_file_without_what_holds_nothing(browse, stage, key):
    place = f"/events/{EVENT}/sessions/{key}" if key else f"/events/{EVENT}"
    answer = browse(Role.STAFF).get(f"{place}/downloads/all/zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    files = files_in(answer.content)
    held = stage.parts.report_pages.held(EVENT, key)
    assert {name.partition(".")[0] for name in files} >= {
        "README",
        "summary",
        "announcement",
        "attendance",
        "questions",
    }
    for report, one in REPORTS.items():
        if one.made_of not in held:
            assert not [name for name in files if name.startswith(f"{report}.")]
    people = list(csv.DictReader(io.StringIO(files["attendance.csv"].decode("utf-8-sig"), newline="")))
    assert len(people) == 122
    text = files["README.txt"].decode("utf-8-sig")
    assert all(name in text for name in files if name != "README.txt")
    noted = stage.access.audit.entries(1)[0]
    assert (noted.what, noted.form, noted.session, noted.rows) == ("download", "all zip", key, len(files))


def test_the_archive_of_a_session_announces_that_session_alone_and_shows_no_way_in_of_a_closed_event(browse, stage):
    stage.load(seminar(public=False))
    files = files_in(browse(Role.STAFF).get(path("all", "zip")).content)
    told = json.loads(files["announcement.json"])
    assert [one["key"] for one in told["sessions"]] == [PAST]
    link = stage.parts.links.link(EVENT, PAST)
    assert not [name for name, content in files.items() if link.passcode.value.encode() in content]


def test_an_archive_leaves_no_record_that_calendars_were_told(browse, stage):
    before = stage.parts.publishing().publications.revisions(EVENT)
    browse(Role.STAFF).get(path("all", "zip"))
    assert stage.parts.publishing().publications.revisions(EVENT) == before


@pytest.mark.parametrize("page", [f"/events/{EVENT}", f"/events/{EVENT}/sessions/{PAST}"])
def test_reports_that_hold_nothing_are_not_offered(browse, stage, page):
    text = browse(Role.STAFF).get(page).text
    held = stage.parts.report_pages.held(EVENT, PAST)
    for report, one in REPORTS.items():
        assert (f"/downloads/{report}/csv" in text) is (one.made_of in held)
    assert "/downloads/all/zip" in text


def test_after_a_purge_the_counts_are_offered_and_nothing_of_people(browse, stage):
    parts = stage.parts
    before = [row.value for row in rows_of(parts, EVENT, [PAST], "poll-counts")]
    keep = partial(keep_figures, parts.programmes, parts.reports)
    later = parts.programmes.session(EVENT, PAST).end + timedelta(days=31)
    purge_due(parts.purging, {Retention.REPORT: 30}, later, before_each=keep)
    assert parts.report_pages.held(EVENT, PAST) == frozenset()
    offered = set(holding_something(parts, EVENT, PAST))
    assert offered <= {"items", "poll-counts"}
    assert ("poll-counts" in offered) is bool(before)
    text = browse(Role.STAFF).get(f"/events/{EVENT}/sessions/{PAST}/attendance").text
    assert "removed when their time was over" in text


def test_where_nothing_was_collected_nothing_is_offered(browse):
    assert "/downloads/" not in browse(Role.STAFF).get(f"/events/{EVENT}/sessions/{READY}").text


def test_the_language_of_spreadsheets_is_chosen_once_and_said_on_the_button(browse):
    browser = browse(Role.STAFF)
    page = f"/events/{EVENT}/sessions/{PAST}"
    assert "(English)<" in browser.get(page).text
    assert browser.get(path("attendance", "csv-excel")).text.startswith('\ufeff"session","name"')
    answer = browser.get(f"/spreadsheet-language?code=de&next={page}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "(German)<" in browser.get(page).text
    assert browser.get(path("attendance", "csv-excel")).text.startswith('\ufeff"session";"name"')
    assert b'"session";"name"' in files_in(browser.get(path("all", "zip")).content)["attendance.csv"]
    assert browser.get(path("attendance", "csv")).text.startswith("session,name")


def test_without_a_choice_the_browsers_language_decides(browse):
    browser = browse(Role.STAFF)
    german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
    assert browser.get(path("attendance", "csv-excel"), headers=german).text.startswith('\ufeff"session";')
    asked = browser.get(path("attendance", "csv-excel") + "?spreadsheet=zh", headers=german)
    assert asked.text.startswith('\ufeff"session",')


def test_there_is_no_spreadsheet_in_a_language_without_conventions(browse):
    assert browse(Role.STAFF).get("/spreadsheet-language?code=tlh", follow_redirects=False).status_code in (
        400,
        404,
        422,
    )
