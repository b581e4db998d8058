"""Webhooks as bytes and values: who signed them, when, and the little that is kept of them."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoom_sync.adapters.zoom import webhook
from zoom_sync.adapters.zoom.webhook import Signed, delivery, is_genuine, is_timely, parse, signed, validation_answer
from zoom_sync.domain.delivery import Look, Moment
from zoom_sync.domain.programme import Kind

SECRET = "a-webhook-secret"
AT = datetime(2025, 2, 18, 23, 12, 8, tzinfo=UTC)
TIMESTAMP = str(int(AT.timestamp()))


def sign(body, timestamp=TIMESTAMP, secret=SECRET):
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": timestamp, "x-zm-signature": f"v0={digest}"}


def event(name="meeting.ended", **about):
    return {"event": name, "event_ts": 1739920328123, "payload": {"account_id": "A", "object": about}}


def told(**about):
    return delivery(event(**about), Signed(AT, TIMESTAMP, "v0=x"))


def test_what_zoom_signed_is_genuine():
    body = b'{"event": "meeting.started"}'
    assert is_genuine(SECRET, signed(sign(body)), body)


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"event":"meeting.started"}'},  # the same JSON in other bytes
        {"secret": "another"},
        {"headers": {"x-zm-request-timestamp": str(int(TIMESTAMP) + 1)}},
        {"headers": {"x-zm-signature": "v0="}},
        {"headers": {"x-zm-signature": "v0=é\ud800"}},
    ],
)
def test_what_zoom_did_not_sign_is_forged(change):
    body = b'{"event": "meeting.started"}'
    headers = {**sign(body), **change.get("headers", {})}
    assert not is_genuine(change.get("secret", SECRET), signed(headers), change.get("body", body))


def test_without_a_secret_nothing_is_genuine():
    assert not is_genuine("", signed(sign(b"{}", secret="")), b"{}")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-zm-signature": "v0=abc"},
        {"x-zm-request-timestamp": TIMESTAMP},
        {"x-zm-request-timestamp": TIMESTAMP, "x-zm-signature": "v1=abc"},
        {"x-zm-request-timestamp": "-1", "x-zm-signature": "v0=abc"},
        {"x-zm-request-timestamp": "1e9", "x-zm-signature": "v0=abc"},
        {"x-zm-request-timestamp": "١٢", "x-zm-signature": "v0=abc"},
        {"x-zm-request-timestamp": "9" * 12, "x-zm-signature": "v0=abc"},
    ],
)
def test_what_has_no_signature_is_unsigned(headers):
    assert signed(headers) is None


@pytest.mark.parametrize(("seconds", "timely"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_signature_is_good_for_a_window_around_now(seconds, timely):
    late = [AT + timedelta(seconds=seconds)]
    assert is_timely(signed(sign(b"")), late, timedelta(minutes=5)) is timely
    assert is_timely(signed(sign(b"")), [*late, AT], timedelta(minutes=5))


def test_zooms_test_of_the_address_is_answered():
    asked = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}, "event_ts": 1}
    token = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert validation_answer(SECRET, asked) == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": token}
    assert validation_answer(SECRET, event()) is None
    assert validation_answer(SECRET, {"event": "endpoint.url_validation", "payload": None}) is None


@pytest.mark.parametrize("number", ["1234567890", 1234567890])
def test_an_id_is_a_text_or_a_number(number):
    assert told(id=number).meeting_id == "1234567890"


@pytest.mark.parametrize("number", [None, True, -5, 1.5, "", "12a", "1" * 21, 10**20, [], "١٢"])
def test_an_odd_id_is_none(number):
    assert told(id=number).meeting_id is None


def test_the_little_that_is_kept():
    made = delivery(
        event(
            "webinar.participant_joined", id="123456789", uuid="u==", topic="Secret talks",
            participant={"user_id": "16778240", "user_name": "Jill", "email": "jill@example.com"},
        ),
        Signed(AT, TIMESTAMP, "v0=x"),
    )  # fmt: skip
    assert (made.event, made.meeting_id, made.uuid, made.kind) == (
        "webinar.participant_joined", "123456789", "u==", Kind.WEBINAR,
    )  # fmt: skip
    assert made.at == datetime(2025, 2, 18, 23, 12, 8, 123000, tzinfo=UTC)
    assert (made.moment, made.look) == (Moment.JOINED, None)
    assert not any(word in repr(made) for word in ("Jill", "jill", "16778240", "Secret"))


def test_a_repeat_has_the_same_key_and_another_event_another():
    same = delivery(json.loads(json.dumps(event(id=1))), Signed(AT, "5", "v0=other"))
    assert (same.key, same.signature) != (told(id=1).key, told(id=1).signature)
    assert same.key == told(id=1).key
    assert told(id=2).key != told(id=1).key


def test_two_stays_of_one_person_are_two_and_one_stay_is_one():
    def person(user_id, uuid="u=="):
        return told(id=1, uuid=uuid, participant={"user_id": user_id}).person

    assert person("1") == person(1)
    assert len({person("1"), person("2"), person("1", "v=="), None}) == 4
    assert person(None) is None


@pytest.mark.parametrize(
    ("name", "look", "moment"),
    [
        ("meeting.created", Look.SYNC, None), ("webinar.updated", Look.DEEP, None),
        ("meeting.deleted", Look.SYNC, None), ("meeting.recovered", Look.SYNC, None),
        ("meeting.converted_to_webinar", Look.SYNC, None), ("webinar.converted_to_meeting", Look.SYNC, None),
        ("webinar.ended", Look.COLLECT, Moment.ENDED), ("meeting.started", None, Moment.STARTED),
        ("meeting.participant_left", None, Moment.LEFT), ("recording.completed", Look.COLLECT, None),
        ("meeting.registration_cancelled", Look.COLLECT, None), ("recording.deleted", None, None),
        ("phone.ended", None, None), ("meeting.", None, None), ("ended", None, None),
    ],
)  # fmt: skip
def test_what_an_event_asks_for(name, look, moment):
    made = delivery(event(name, id=1), Signed(AT, TIMESTAMP, "v0=x"))
    assert (made.look, made.moment) == (look, moment)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NAMES = st.sampled_from(
    ["event", "event_ts", "payload", "object", "id", "uuid", "participant", "user_id", "plainToken"]
)
JSON = st.recursive(LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=6))
PAYLOADS = st.fixed_dictionaries({}, optional={"object": JSON, "plainToken": JSON})
OBJECTS = st.fixed_dictionaries({"event": st.text(max_size=30)}, optional={"event_ts": JSON, "payload": PAYLOADS})
BODIES = st.binary(max_size=300) | (JSON | OBJECTS).map(lambda one: json.dumps(one).encode())


@given(BODIES)
def test_nothing_that_comes_raises(body):
    found = parse(body)
    if found is not None:
        made = delivery(found, Signed(AT, TIMESTAMP, "v0=x"))
        validation_answer(SECRET, found)
        made.event.encode()
        assert len(made.event) <= webhook.MOST_EVENT_CHARACTERS


def test_what_is_nested_too_deeply_does_no_harm():
    assert parse(b'{"event":"x","payload":' + b"[" * 200_000) is None
    deep = {"event": "x", "payload": {}}
    for _ in range(100_000):
        deep = {"event": "x", "payload": {"object": deep}}
    assert delivery(deep, Signed(AT, TIMESTAMP, "v0=x")).event == "x"
