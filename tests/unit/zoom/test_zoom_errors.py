"""Each status and body that Zoom is known to answer, and the error that it stands for."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from zoom_sync.adapters.zoom.answers import Answer, outcome
from zoom_sync.errors import (
    Expired,
    InvalidRequest,
    MissingScope,
    NoProperAnswer,
    NotFound,
    OtherKind,
    RateLimited,
    Refused,
    Unauthorized,
    ZoomError,
)

NOW = datetime(2023, 11, 6, 21, 30, tzinfo=UTC)
MIDNIGHT = datetime(2023, 11, 7, tzinfo=UTC)
PER_SECOND = "You have reached the maximum per-second rate limit for this API. Try again later."
DAILY = (
    "You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you"
    " can make another request."
)
HOST = (
    "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular"
    " user. You may resume these requests at GMT 00:00:00."
)
REGISTRANT = (
    "You have exceeded the daily rate limit of (3) for Add a webinar registrant API requests for the registrant"
    " (user@example.com). You can resume these API requests at GMT 00:00:00."
)
CONCURRENT = "Too many concurrent requests. A request to disassociate this user has already been made."
NO_SCOPE = "Invalid access token, does not contain scopes:[meeting:write:meeting, meeting:write:meeting:admin]."


def answer(status, body=b"", **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def error(status, body=b"", hidden="", **headers):
    with pytest.raises(ZoomError) as raised:
        outcome(answer(status, body, **headers), NOW, hidden)
    return raised.value


def told(code, message):
    return {"code": code, "message": message}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, told(124, "Invalid access token."), Unauthorized),
        (401, told(124, "Access token is expired."), Unauthorized),
        (400, told(124, "Invalid access token."), Unauthorized),
        (401, b"", Unauthorized),
        (403, {"message": "Access to the Zoom REST API has been denied for this account."}, Unauthorized),
        (400, told(4711, NO_SCOPE), MissingScope),
        (401, told(4711, NO_SCOPE), MissingScope),
        (400, told(4700, "Invalid token."), MissingScope),
        (401, told(124, NO_SCOPE), MissingScope),
        (400, told(200, "No permission."), InvalidRequest),
        (400, told(300, "Validation Failed."), InvalidRequest),
        (400, told(300, "Request Body should be a valid JSON object."), InvalidRequest),
        (400, told(404, "Registration has not been enabled for this meeting"), InvalidRequest),
        (404, told(404, "Meeting not found"), NotFound),
        (404, told(1001, "User does not exist: u."), NotFound),
        (400, told(2300, "This API endpoint is not recognized."), InvalidRequest),
        (400, told(3000, "Cannot access webinar info."), OtherKind),
        (404, told(3001, "Meeting does not exist: 1."), NotFound),
        (400, told(3001, "Meeting ID is invalid or not end."), NotFound),
        (400, told(3161, "Your user account is not allowed meeting hosting and scheduling capabilities."), InvalidRequest),
        (400, told(12702, "Can not access a meeting a year ago."), Expired),
        (409, told(1, "Conflict"), InvalidRequest),
        (404, told(3001, "You are not allowed to access this meeting."), Refused),
        (404, told(1010, "User does not belong to this account: 7."), Refused),
        (401, told(1010, "User does not belong to this account: 7."), Refused),
        (404, told(3161, "Meeting hosting and scheduling capabilities are not allowed."), Refused),
        (403, told(200, "No permission."), Refused),
        (400, told(1120, "A valid invitation to join the Zoom account was not found."), InvalidRequest),
        (404, b"<html>nginx</html>", NoProperAnswer),
        (404, b'{"error": "no route"}', NoProperAnswer),
        (403, b"<html>Blocked</html>", NoProperAnswer),
        (400, b"<html>Bad request</html>", NoProperAnswer),
        (404, b"", Refused),
        (302, b"", InvalidRequest),
        (100, b"", InvalidRequest),
        (408, b"", NoProperAnswer),
        (500, told(500, "Internal server error."), NoProperAnswer),
        (502, b"<html>Bad gateway</html>", NoProperAnswer),
        (503, b"", NoProperAnswer),
        (504, b"", NoProperAnswer),
        (200, b"<html>A page in place of JSON</html>", NoProperAnswer),
        (201, b'{"id": 123, "topic": "cut of', NoProperAnswer),
        (200, b"null", NoProperAnswer),
        (429, told(429, PER_SECOND), RateLimited),
        (429, b"", RateLimited),
    ],
)  # fmt: skip
def test_status_and_body_become_the_error_they_stand_for(status, body, kind):
    raised = error(status, body)
    assert type(raised) is kind
    assert raised.status == status


@pytest.mark.parametrize(
    ("operation", "subject", "status", "code", "words", "absent"),
    [
        ("meeting", "823", 404, 3001, "Meeting does not exist: 823.", True),
        ("meeting", "823", 404, 3001, "Meeting does not exist: 823", True),
        ("webinarUpdate", "823", 404, 3001, "Webinar does not exist: 823.", True),
        ("meetings", "u1", 404, 1001, "User does not exist: u1.", True),
        ("webinarCreate", "u1", 404, 1001, "User u1 does not exist.", True),
        ("reportMeetingParticipants", "", 404, 3001, "Meeting 7 not found or has expired.", True),
        ("meeting", "823", 404, 3001, "Meeting does not exist: 999.", False),
        ("meeting", "823", 200, 3001, "Meeting does not exist: 823.", False),
        ("meeting", "823", 404, 3001, "Meeting 823 not found or has expired.", False),
        ("meeting", "823", 404, 3001, "The meeting does not exist or you are not allowed to access it.", False),
        ("meeting", "823", 404, 1001, "User does not exist: u1.", False),
        ("meetings", "u1", 404, 1001, "User does not exist: u2.", False),
        ("meetings", "u1", 404, 1010, "User does not exist: u1.", False),
        ("meeting", "823", 404, None, "Meeting does not exist: 823.", False),
    ],
)  # fmt: skip
def test_absence_is_believed_only_by_zooms_own_words_for_the_very_id(operation, subject, status, code, words, absent):
    with pytest.raises(ZoomError) as raised:
        outcome(answer(status, told(code or "", words)), NOW, operation=operation, subject=subject)
    assert isinstance(raised.value, NotFound) is absent


@pytest.mark.parametrize(
    ("status", "body", "retryable", "unknown"),
    [
        (401, b"", False, False),
        (400, told(300, "Validation Failed."), False, False),
        (404, told(3001, "Meeting does not exist: 1."), False, False),
        (429, told(429, PER_SECOND), True, False),
        (500, b"", True, True),
        (408, b"", True, True),
        (201, b"{", True, True),
    ],
)
def test_the_class_alone_tells_whether_to_try_again_and_whether_it_may_have_been_done(status, body, retryable, unknown):
    raised = error(status, body)
    assert (raised.retryable, raised.outcome_unknown) == (retryable, unknown)


def test_a_body_with_a_code_is_an_error_under_http_200_too():
    raised = error(200, told(200, "Webinar plan is missing."))
    assert isinstance(raised, InvalidRequest)
    assert (raised.status, raised.code) == (200, 200)
    assert isinstance(error(200, told(429, PER_SECOND)), RateLimited)
    assert isinstance(error(200, told("3001", "Meeting does not exist: 1.")), Refused)


@pytest.mark.parametrize("body", [{"code": 0, "message": "ok"}, {"code": 7}, {"message": "hi"}, [], {}])
def test_a_good_body_is_handed_on_whatever_words_it_uses(body):
    assert outcome(answer(200, body), NOW) == body


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_good_answer_is_nothing(body):
    assert outcome(answer(204, body), NOW) is None if not body else True


def test_the_missing_scopes_are_named():
    assert error(400, told(4711, NO_SCOPE)).scopes == ("meeting:write:meeting", "meeting:write:meeting:admin")
    assert error(400, told(4711, "does not contain scopes:[]")).scopes == ()
    assert error(400, told(4700, "Invalid token.")).scopes == ()


def test_field_errors_are_kept_by_field_and_shown():
    rows = [{"field": "settings.jbh_time", "message": "Invalid parameter: jbh_time."}, "odd", {"message": "?"}]
    raised = error(400, {"code": 300, "message": "Validation Failed.", "errors": rows})
    assert raised.fields["settings.jbh_time"] == "Invalid parameter: jbh_time."
    assert str(raised).startswith("Validation Failed. (HTTP 400, code 300) [settings.jbh_time: Invalid parameter")
    assert error(400, {"code": 300, "message": "m", "errors": {"field": "f"}}).fields == {}


# --- rate limits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "headers", "limit", "retry_at"),
    [
        (PER_SECOND, {}, "per-second", NOW + timedelta(seconds=1)),
        (PER_SECOND, {"x_ratelimit_type": "QPS"}, "per-second", NOW + timedelta(seconds=1)),
        ("", {}, "per-second", NOW + timedelta(seconds=1)),
        (DAILY, {"x_ratelimit_type": "Daily-limit", "retry_after": "2023-11-07T00:00:00Z"}, "daily", MIDNIGHT),
        (DAILY, {}, "daily", MIDNIGHT),
        ("Slow down.", {"x_ratelimit_type": "Daily-limit"}, "daily", MIDNIGHT),
        (HOST, {"x_ratelimit_category": "Light", "x_ratelimit_remaining": "5893"}, "host", MIDNIGHT),
        (REGISTRANT, {}, "registrant", MIDNIGHT),
        (CONCURRENT, {}, "concurrent", NOW + timedelta(seconds=1)),
    ],
)
def test_each_limit_is_told_apart_and_says_when_it_is_over(message, headers, limit, retry_at):
    raised = error(429, told(429, message), **headers)
    assert (raised.limit, raised.retry_at, raised.code) == (limit, retry_at, 429)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("2023-11-06T21:30:07Z", NOW + timedelta(seconds=7)),
        ("2023-11-06T21:30:07", NOW + timedelta(seconds=7)),
        ("2023-11-06T22:30:07+01:00", NOW + timedelta(seconds=7)),
        ("Mon, 06 Nov 2023 21:30:07 GMT", NOW + timedelta(seconds=7)),
        ("7", NOW + timedelta(seconds=7)),
        ("0", NOW),
        ("2019-05-31T00:00:00Z", NOW),
        ("9" * 40, NOW + timedelta(days=1)),
        ("2999-01-01T00:00:00Z", NOW + timedelta(days=1)),
        ("soon", NOW + timedelta(seconds=1)),
        ("²", NOW + timedelta(seconds=1)),
        ("0001-01-01T00:00:00+14:00", NOW + timedelta(seconds=1)),
        ("-5", NOW + timedelta(seconds=1)),
    ],
)
def test_retry_after_is_read_in_every_form_and_never_for_more_than_a_day(header, expected):
    assert error(429, told(429, PER_SECOND), retry_after=header).retry_at == expected


@pytest.mark.usefixtures("_zone_far_from_utc")
def test_retry_after_without_a_zone_is_utc_wherever_this_machine_stands():
    raised = error(429, told(429, PER_SECOND), retry_after="2023-11-06T21:30:07")
    assert raised.retry_at == NOW + timedelta(seconds=7)


@pytest.fixture
def _zone_far_from_utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# --- what no error says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        (REGISTRANT, "user@example.com"),
        ("see https://zoom.us/j/82318937943?pwd=S3cr3t", "82318937943"),
        ("start https://us02web.zoom.us/s/82318937943?zak=eyJhbGci", "eyJhbGci"),
        ("GET /x?access_token=sim.abcdef refused", "sim.abcdef"),
        ("link pwd=S3cr3t is over", "S3cr3t"),
        ("Bearer sim.abcdef is over", "sim.abcdef"),
        ("the passcode aB3dE5fG7h is weak", "aB3dE5fG7h"),
    ],
)
def test_no_error_repeats_addresses_links_tokens_or_the_passcode_that_was_sent(message, secret):
    rows = [{"field": "password", "message": message}]
    for body in ({"code": 300, "message": message}, {"code": 300, "message": "m", "errors": rows}):
        raised = error(400, body, hidden="aB3dE5fG7h")
        assert secret not in f"{raised} {raised!r} {raised.args} {vars(raised)}"


def test_words_are_bounded():
    assert len(error(500, told(500, "x" * 10_000)).message) == 300
