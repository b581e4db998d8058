"""Lists and reports in pages, with the guards against those that do not end."""

from dataclasses import replace
from itertools import pairwise

import pytest

from zoom_sync.adapters.zoom import client, protocol
from zoom_sync.adapters.zoom.operations import OPERATIONS, PAGE_SIZE
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import InvalidRequest, NoProperAnswer


@pytest.fixture
def small_pages(monkeypatch):
    for name, operation in OPERATIONS.items():
        if operation.page_size == PAGE_SIZE:
            monkeypatch.setitem(OPERATIONS, name, replace(operation, page_size=30))


@pytest.fixture
def seventy(zoom, host, small_pages):
    """A host with seventy meetings, on three pages."""
    for number in range(70):
        settings = {"use_pmi": False}
        body = {"topic": f"T{number}", "start_time": "2023-11-06T12:30:00Z", "host": host, "settings": settings}
        zoom.control("POST", "meetings", body)
    return host


def test_a_list_is_read_page_by_page_to_its_end(zoom, seventy):
    assert sorted(one.topic for one in zoom.reader.meetings(seventy)) == sorted(f"T{number}" for number in range(70))
    assert zoom.journal()["meetings"] == 3


def test_pages_are_fetched_when_they_are_asked_for(zoom, seventy):
    pages = zoom.exchange.pages(protocol.list_meetings(seventy))
    next(pages)
    assert zoom.journal()["meetings"] == 1


def test_a_page_token_that_comes_again_ends_the_list_with_an_error(zoom, seventy):
    zoom.fault(kind="repeat_page_token", operation="meetings", times=None)
    with pytest.raises(NoProperAnswer, match="repeats"):
        zoom.reader.meetings(seventy)
    assert zoom.journal()["meetings"] == 2


def test_a_list_without_end_is_given_up(zoom, seventy, monkeypatch):
    monkeypatch.setattr(client, "MAX_PAGES", 1)
    with pytest.raises(NoProperAnswer):
        zoom.reader.meetings(seventy)


def test_a_list_whose_page_token_ended_is_begun_anew_once(zoom, seventy):
    zoom.fault(kind="expire_page_token", operation="meetings")
    rows = [one.meeting_id for one in zoom.reader.meetings(seventy)]
    assert len(rows) == len(set(rows)) == 70
    zoom.fault(kind="expire_page_token", operation="meetings", times=None)
    with pytest.raises(InvalidRequest):
        zoom.reader.meetings(seventy)


def test_another_refusal_in_the_middle_begins_nothing_anew(zoom, seventy):
    zoom.fault(kind="code_under_200", operation="meetings", after=1, code=300, message="Validation Failed.")
    with pytest.raises(InvalidRequest):
        zoom.reader.meetings(seventy)
    assert zoom.journal()["meetings"] == 2


@pytest.mark.parametrize("body", [[], "text", 7, {}, {"meetings": 7}, {"meetings": None}])
def test_a_page_that_is_none_is_no_proper_answer(zoom, host, monkeypatch, body):
    monkeypatch.setattr(zoom.exchange, "call", lambda _call: body)
    with pytest.raises(NoProperAnswer):
        zoom.reader.meetings(host)


@pytest.fixture
def evenings(zoom, create, small_pages):
    """A meeting that was held four times with seventy people."""
    made = create()
    zoom.control("POST", f"meetings/{made.meeting_id}/run", {"audience": 70, "instances": 4, "questions": 6})
    zoom.clock.advance(7200)
    return made


def test_a_report_holds_every_row_and_how_many_zoom_says_there_are(zoom, evenings):
    instances = zoom.reader.instances(evenings.meeting_id)
    assert len(instances) == 4
    assert all(one.start <= other.start for one, other in pairwise(instances))
    for one in instances:
        report, past = zoom.reader.participants(one.uuid), zoom.reader.past_participants(one.uuid)
        assert len(report.rows) == report.total == len(past.rows)
        assert all(isinstance(row["join_time"], str) for row in report.rows)
    assert any(zoom.reader.questions(one.uuid).rows for one in instances)
    assert any("%25" in request.path_url or "%2B" in request.path_url for request in zoom.wire.sent)


def test_a_meeting_that_was_never_held_has_no_instances(zoom, create):
    assert zoom.reader.instances(create().meeting_id) == ()


def test_instances_of_a_webinar_are_read_too(zoom, host, fields):
    from zoom_sync.domain.meeting import MeetingFields
    from zoom_sync.domain.programme import Passcode

    zoom.control("POST", "reset", {"webinars": True})
    zoom.clock.advance(0)
    plain = MeetingFields(fields.topic, fields.agenda, fields.start, fields.duration, fields.timezone)
    made = zoom.writer.create(host, Kind.WEBINAR, plain, Passcode("aB3dE5fG7h"), lambda: None)
    assert zoom.reader.meeting(made.meeting_id, Kind.WEBINAR).kind is Kind.WEBINAR
    zoom.control("POST", f"meetings/{made.meeting_id}/run", {"audience": 5})
    zoom.clock.advance(7200)
    assert len(zoom.reader.instances(made.meeting_id, Kind.WEBINAR)) == 1


@pytest.mark.parametrize("row", ["row", None, 7, [], {}, {"id": "text"}, {"id": None}])
def test_a_row_without_an_id_is_counted_and_the_others_are_read(zoom, host, monkeypatch, row):
    monkeypatch.setattr(zoom.exchange, "call", lambda _call: {"meetings": [row, {"id": 823}]})
    listed = zoom.reader.listed(host)
    assert ([one.meeting_id for one in listed.meetings], listed.unreadable) == (["823"], 1)
