"""The people of a whole event, as a page and as files."""

import csv
import io

import pytest

from support.stage import EVENT
from zoom_sync.domain.access import Role
from zoom_sync.service_layer.collect import event_people


@pytest.fixture
def browser(browse):
    return browse(Role.STAFF)


def test_everybody_has_one_line_on_the_page_and_in_the_files(browser, stage):
    people, sessions = event_people(stage.parts.programmes, stage.parts.reports, EVENT, ())
    assert people
    assert people[0].name in browser.get(f"/events/{EVENT}/people").text
    answer = browser.get(f"/events/{EVENT}/downloads/people/csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["person"] for line in lines] == [one.key for one in people]
    minutes = sum(float(line["minutes"]) for line in lines)
    assert minutes == pytest.approx(
        sum(float(line[f"minutes {key}"] or 0) for line in lines for key in sessions), abs=1
    )
    for form in ("json", "xlsx", "parquet"):
        assert browser.get(f"/events/{EVENT}/downloads/people/{form}").status_code == 200


def test_a_session_by_itself_has_no_such_file(browser, stage):
    key = stage.parts.programmes.programme(EVENT).sessions[0].key
    assert browser.get(f"/events/{EVENT}/sessions/{key}/downloads/people/csv").status_code == 404
