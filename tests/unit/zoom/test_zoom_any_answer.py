"""Whatever comes back, the caller gets JSON or a ZoomError, and never anything else."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zoom_sync.adapters.zoom import parsing
from zoom_sync.adapters.zoom.answers import Answer, date_of, outcome
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import NoProperAnswer, RateLimited, ZoomError

NOW = datetime(2023, 11, 6, 21, 30, tzinfo=UTC)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes().map(str)
NAMES = st.sampled_from(
    ["id", "code", "message", "errors", "field", "reason", "host_id", "type", "start_time", "duration", "settings",
     "password", "uuid", "email", "agenda", "status", "meetings", "total_records", "first_name"]
)  # fmt: skip
JSON = st.recursive(LEAVES, lambda one: st.lists(one, max_size=4) | st.dictionaries(NAMES, one, max_size=8))
BODIES = st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "date", "x-ratelimit-type", "content-type"]),
    st.text(max_size=40) | st.datetimes().map(lambda at: at.isoformat()) | st.integers().map(str),
)


@given(status=st.integers(min_value=100, max_value=599), headers=HEADERS, body=BODIES)
@example(200, {}, b"[" * 200_000)
@example(429, {"retry-after": "¹"}, b"")
@example(429, {"retry-after": "0001-01-01T00:00:00+23:59"}, b"")
@example(200, {"date": "Mon, 06 Nov 99999 21:30:07 GMT"}, b"{}")
@example(400, {}, b'{"code": 300, "message": "\\ud83d", "errors": [{"field": "\\udc00"}]}')
@example(400, {}, b'{"code": 1e999, "message": NaN}')
def test_any_answer_is_json_or_a_zoom_error(status, headers, body):
    answer = Answer(status, headers, body)
    date = date_of(answer)
    assert date is None or date.utcoffset() == timedelta()
    try:
        told = outcome(answer, NOW)
    except ZoomError as error:
        told = error
    if isinstance(told, RateLimited):
        assert NOW <= told.retry_at <= NOW + timedelta(days=1)
    if isinstance(told, ZoomError):
        assert str(told).encode()
    else:
        assert status < 300
        assert json.dumps(told, ensure_ascii=False).encode()


@given(JSON)
@example({"id": 1e999, "host_id": "h"})
@example({"id": 1, "host_id": "h", "start_time": "0001-01-01T00:00:00+23:59"})
def test_any_row_is_a_value_or_no_proper_answer(row):
    for parse in (
        parsing.observed_meeting,
        parsing.instance,
        lambda one: parsing.host(one, 1),
        lambda one: parsing.rows(one, "meetings"),
    ):
        with suppress(NoProperAnswer):
            parse(row)


def test_settings_nested_without_end_are_not_read_and_the_rest_is():
    settings = {}
    for _ in range(100_000):
        settings = {"a": settings}
    read = parsing.observed_meeting({"id": 1, "host_id": "h", "topic": "T", "settings": settings})
    assert (read.topic, read.settings) == ("T", None)
    assert {"settings", "start_time"} <= read.unread


def test_an_unreadable_row_is_not_quoted():
    with pytest.raises(NoProperAnswer) as raised:
        parsing.observed_meeting({"id": "passcode aB3dE5fG7h", "host_id": "h"})
    assert "aB3dE5fG7h" not in f"{raised.value!r}"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_half_a_character_becomes_a_question_mark_and_whole_ones_stay():
    told = outcome(Answer(200, {}, b'{"half": "a\\ud83d", "whole": "\\ud83d\\ude00\\u00e9", "name\\ude00": 1}'), NOW)
    assert told == {"half": "a?", "whole": "😀é", "name?": 1}


# --- what rows become ----------------------------------------------------------------------------------------------

ROW = {
    "id": 82318937943, "uuid": "a==", "host_id": "h1", "type": 2, "topic": "T", "agenda": "A", "duration": 90,
    "start_time": "2023-11-06T12:30:00Z", "timezone": "Asia/Shanghai", "created_at": "2023-11-01T00:00:00Z",
    "join_url": "https://zoom.us/j/82318937943?pwd=x",
}  # fmt: skip


def test_a_list_row_is_a_meeting_without_settings_and_passcode():
    meeting = parsing.observed_meeting(ROW)
    assert (meeting.meeting_id, meeting.kind, meeting.deep, meeting.passcode) == (
        "82318937943",
        Kind.MEETING,
        False,
        None,
    )
    assert meeting.start == datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
    assert not meeting.running


def test_a_full_object_has_flat_settings_passcode_and_state():
    settings = {"waiting_room": True, "question_and_answer": {"enable": True}}
    meeting = parsing.observed_meeting({**ROW, "settings": settings, "password": "011826", "status": "started"})
    assert meeting.settings == {"waiting_room": True, "question_and_answer.enable": True}
    assert meeting.passcode.value == "011826"
    assert meeting.running
    assert "011826" not in repr(meeting)
    assert "pwd" not in repr(meeting)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (1, "meeting"),
        (2, "meeting"),
        (3, "meeting"),
        (8, "meeting"),
        (5, "webinar"),
        (6, "webinar"),
        (9, "webinar"),
        (None, "meeting"),
    ],
)
def test_the_type_tells_meeting_from_webinar(number, kind):
    assert parsing.observed_meeting({**ROW, "type": number}).kind == kind


def test_null_is_as_good_as_missing():
    empty = dict.fromkeys(("agenda", "topic", "timezone", "join_url", "duration", "start_time", "password", "settings"))
    meeting = parsing.observed_meeting({**ROW, **empty})
    assert (meeting.agenda, meeting.topic, meeting.timezone, meeting.join_url, meeting.duration) == ("", "", "", "", 0)
    assert meeting.start is None
    assert parsing.rows({"meetings": None}, "meetings") == ()
    assert parsing.rows(None, "meetings") == ()


@pytest.mark.parametrize("start", ["2023-11-06T12:30:00Z", "2023-11-06T12:30:00", "2023-11-06T20:30:00+08:00"])
def test_every_start_is_an_instant_in_utc(start):
    assert parsing.instant(start) == datetime(2023, 11, 6, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "name", "licensed", "capacity"),
    [
        ({"type": 2, "display_name": "Anna"}, "Anna", True, 2),
        ({"type": 1, "first_name": "Anna", "last_name": "B"}, "Anna B", False, 1),
        ({"type": 4, "first_name": None, "last_name": None}, "u1", False, 1),
    ],
)
def test_a_user_is_a_host_as_far_as_the_licence_goes(row, name, licensed, capacity):
    host = parsing.host({"id": "u1", "email": "a@example.org", **row}, 2)
    assert (host.name, host.licensed, host.capacity) == (name, licensed, capacity)
    assert "example.org" not in repr(host)
