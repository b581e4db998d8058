"""What is sent: paths, bodies and times, as values."""

import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zoom_sync.adapters.zoom import protocol
from zoom_sync.domain.meeting import MeetingFields
from zoom_sync.domain.programme import Kind, Passcode

FIELDS = MeetingFields(
    "Title", "Agenda", datetime(2023, 11, 6, 12, 30, tzinfo=UTC), 90, "Asia/Shanghai",
    {"use_pmi": False, "question_and_answer.enable": True, "question_and_answer.allow_anonymous_questions": False},
)  # fmt: skip
PASSCODE = Passcode("0118Zz6789")


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S"), include_characters=" "), min_size=1))
@example("/abc")
@example("a//b")
@example("a+b=")
@example("a/b==")
@example("%2F")
def test_a_uuid_in_a_path_is_read_back_as_it_was(uuid):
    written = protocol.uuid_in_path(uuid)
    once = unquote(written)
    assert "/" not in written
    if uuid.startswith("/") or "//" in uuid:
        assert "/" not in once
        assert unquote(once) == uuid
    else:
        assert once == uuid


@pytest.mark.parametrize(
    ("uuid", "written"),
    [("/abc==", "%252Fabc%253D%253D"), ("a//b", "a%252F%252Fb"), ("a+b=", "a%2Bb%3D"), ("a/b", "a%2Fb")],
)
def test_only_uuids_that_begin_with_a_slash_or_have_two_are_encoded_twice(uuid, written):
    assert protocol.uuid_in_path(uuid) == written
    assert protocol.report_participants(uuid, Kind.MEETING).path == f"/report/meetings/{written}/participants"


@given(
    st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2999, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"]),
    st.integers(min_value=-14, max_value=14),
)
def test_a_start_is_only_ever_sent_as_the_instant_in_utc(naive, zone, hours):
    for aware in (naive.replace(tzinfo=ZoneInfo(zone)), naive.replace(tzinfo=timezone(timedelta(hours=hours)))):
        sent = protocol.meeting_body({"start_time": aware}, None)["start_time"]
        assert sent.endswith("Z")
        assert datetime.fromisoformat(sent) == aware.astimezone(UTC).replace(microsecond=0)


def test_a_creation_holds_every_field_with_settings_nested_and_our_passcode():
    call = protocol.create_meeting("a/b@example.org", Kind.MEETING, FIELDS, PASSCODE)
    assert (call.method, call.path) == ("POST", "/users/a%2Fb%40example.org/meetings")
    assert call.body == {
        "topic": "Title",
        "agenda": "Agenda",
        "start_time": "2023-11-06T12:30:00Z",
        "duration": 90,
        "timezone": "Asia/Shanghai",
        "settings": {"use_pmi": False, "question_and_answer": {"enable": True, "allow_anonymous_questions": False}},
        "password": "0118Zz6789",
        "type": 2,
        "default_password": False,
    }
    json.dumps(call.body)


def test_a_webinar_is_created_as_one():
    body = protocol.create_meeting("u", Kind.WEBINAR, FIELDS, PASSCODE).body
    assert (body["type"], body["default_passcode"], "default_password" in body) == (5, False, False)


def test_an_update_holds_the_named_fields_and_nothing_else():
    values = {"topic": "New", "settings.waiting_room": True}
    call = protocol.update_meeting("823", Kind.MEETING, values, None)
    assert (call.method, call.path) == ("PATCH", "/meetings/823")
    assert call.body == {"topic": "New", "settings": {"waiting_room": True}}
    assert protocol.update_meeting("823", Kind.WEBINAR, {}, PASSCODE).body == {"password": "0118Zz6789"}


def test_neither_body_nor_passcode_shows_when_a_call_is_printed():
    call = protocol.create_meeting("u", Kind.MEETING, FIELDS, PASSCODE)
    assert call.passcode == "0118Zz6789"
    assert "0118Zz6789" not in repr(call)
    assert protocol.get_meeting("1", Kind.MEETING).passcode == ""


def test_only_a_creation_is_not_the_same_done_twice():
    calls = [
        protocol.create_meeting("u", Kind.MEETING, FIELDS, PASSCODE),
        protocol.update_meeting("1", Kind.MEETING, {}, None),
        protocol.delete_meeting("1", Kind.MEETING),
        protocol.list_users(),
    ]
    assert [call.repeatable for call in calls] == [False, True, True, True]


def test_the_next_page_repeats_all_other_parameters():
    first = protocol.report_participants("u", Kind.MEETING)
    assert protocol.page_after(first, "t").query == {**first.query, "next_page_token": "t"}
    assert protocol.page_after(protocol.page_after(first, "t"), "v").query["next_page_token"] == "v"
