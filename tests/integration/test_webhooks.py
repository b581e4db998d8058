"""The door for webhooks: what is refused, what is kept, and that Zoom never waits for us."""

import asyncio
import hashlib
import hmac
import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import NOW, make_link, make_programme
from support.aside import run_aside
from support.stores import migrated_file
from support.wire import wired
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.delivery import Live, Look, Reception
from zoom_sync.entrypoints import webhooks
from zoom_sync.entrypoints.metrics import metrics_text
from zoom_sync.entrypoints.web import make_app
from zoom_sync.errors import StoreUnavailable, Unavailable
from zoom_sync.settings import Settings
from zoom_sync.simulator import Simulator

_BESIDE = Path(__file__).parents[2].parent / "shared" / "zoom-api" / "zoom-webhooks.openapi.json"
DESCRIPTION = Path(os.environ.get("ZOOM_WEBHOOKS_OPENAPI", _BESIDE))
SECRET = "a-webhook-secret"
MEETING = "81000000001"
EVENT = "urban-2023"


class House:
    """A web process on a store of its own; requests go in without a socket."""

    def __init__(self, url, **told):
        self.parts = Parts(Settings(DATABASE_URL=url, ZOOM_WEBHOOK_SECRET=SECRET, **told))
        self.zoom = wired(Simulator(start="2023-11-01T00:00:00Z", ticking=False))
        self.parts.__dict__["reader"] = self.zoom.reader
        self.parts.clock = self.zoom.clock
        self.parts.programmes.save(make_programme(), NOW)
        self.parts.links.finish(EVENT, make_link(), None, NOW)
        self.app = make_app(self.parts)

    def send(self, *requests):
        """Send all at the same time; answers their statuses."""

        async def go():
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                posts = [client.post("/webhooks/zoom", content=body, headers=headers) for body, headers in requests]
                return await asyncio.gather(*posts)

        self.answers = run_aside(go())
        return [answer.status_code for answer in self.answers]

    def post(self, body, **differences):
        return self.send((body, self.sign(body, **differences)))[0]

    def sign(self, body, *, secret=SECRET, ago=0.0, **headers):
        timestamp = str(int(self.zoom.clock.local().timestamp() - ago))
        digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
        return {"x-zm-request-timestamp": timestamp, "x-zm-signature": f"v0={digest}", **headers}

    def heard(self, total):
        """What was counted, once the store was told of so many."""
        deadline = time.monotonic() + 20
        while sum((counts := self.parts.webhooks.heard().counts).values()) < total:
            assert time.monotonic() < deadline, counts
            threading.Event().wait(0.05)
        return counts

    def hints(self):
        return {(one.hint.meeting_id, one.hint.look) for one in self.parts.schedule.outlooks()[0].told}


@pytest.fixture
def house(tmp_path):
    return House(migrated_file(tmp_path / "store.db"))


def event(name="meeting.ended", number=MEETING, **about):
    return json.dumps(
        {"event": name, "event_ts": 1698796800000, "payload": {"object": {"id": number, "uuid": "u==", **about}}}
    ).encode()


def test_what_zoom_tells_is_kept_as_a_hint(house):
    assert house.post(event()) == 204
    assert house.post(event("meeting.updated", int(MEETING))) == 204
    assert house.post(event("meeting.something_new")) == 204
    assert house.hints() == {(MEETING, Look.COLLECT), (MEETING, Look.DEEP)}


def test_who_is_there_is_counted(house):
    house.post(event("meeting.started"))
    for number in ("1", "2"):
        house.post(event("meeting.participant_joined", participant={"user_id": number, "user_name": "Jill"}))
    house.post(event("meeting.participant_left", participant={"user_id": "1", "user_name": "Jill"}))
    assert house.parts.webhooks.live(EVENT) == {"seminar-1": Live(NOW, 1)}


def test_zooms_test_of_the_address_is_answered(house):
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": "abc"}, "event_ts": 1}).encode()
    assert house.post(body) == 200
    token = hmac.new(SECRET.encode(), b"abc", hashlib.sha256).hexdigest()
    assert house.answers[0].json() == {"plainToken": "abc", "encryptedToken": token}


def test_what_is_not_zooms_is_refused_and_counted_by_reason(house):
    body = event()
    house.post(body)
    refused = {
        "unsigned": house.send((body, {}))[0],
        "forged": house.post(body, secret="another"),
        "stale": house.post(body, ago=301),
        "replayed": house.post(body),
        "oversized": house.post(b" " * (house.parts.settings.webhook_bytes + 1)),
        "malformed": house.post(b"[]"),
    }
    assert refused == {
        "unsigned": 401, "forged": 401, "stale": 401, "replayed": 409, "oversized": 413, "malformed": 400,
    }  # fmt: skip
    assert house.heard(7) == {**dict.fromkeys(refused, 1), "new": 1}
    assert house.hints() == {(MEETING, Look.COLLECT)}


def test_a_repeat_that_zoom_signed_anew_is_thanked_for_and_does_nothing(house):
    assert [house.post(event()), house.post(event(), ago=1)] == [204, 204]
    [told] = house.parts.schedule.outlooks()[0].told
    assert told.hint.version == 1


def test_what_is_too_large_is_not_read(house):
    read = []

    async def body():
        for _ in range(100):
            read.append(1)
            yield b" " * 65_536

    async def go():
        transport = httpx.ASGITransport(house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            told = await client.post("/webhooks/zoom", content=body())
            declared = await client.post("/webhooks/zoom", content=b"", headers={"content-length": "9" * 30})
            return told.status_code, declared.status_code

    assert run_aside(go()) == (413, 413)


# --- the store is slow, or away --------------------------------------------------------------------------------------


def test_a_store_that_is_away_makes_zoom_send_again(house, monkeypatch):
    def away(*_):
        raise StoreUnavailable("gone")

    store = house.parts.webhooks
    monkeypatch.setattr(store, "take_in", away)
    assert house.post(event()) == 503
    monkeypatch.undo()
    assert house.post(event(), ago=-1) == 204
    assert house.hints() == {(MEETING, Look.COLLECT)}


def test_a_store_that_is_slow_makes_zoom_send_again_and_knows_the_repeat(house, monkeypatch):
    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 0.2)
    go_on = threading.Event()
    store = house.parts.webhooks
    take_in = store.take_in

    def slow(*told):
        go_on.wait(10)
        return take_in(*told)

    monkeypatch.setattr(store, "take_in", slow)
    assert house.send(*((event(number=n), house.sign(event(number=n))) for n in range(5))) == [503] * 5
    go_on.set()
    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 10)
    assert house.send(*((event(number=n), house.sign(event(number=n), ago=-1)) for n in range(5))) == [204] * 5
    assert house.parts.webhooks.heard().counts["new"] == 5


def test_more_than_can_wait_are_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("zoom_sync.service_layer.inbox.MOST_WAITING", 3)
    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 0.2)
    go_on = threading.Event()
    full = House(migrated_file(tmp_path / "full.db"))
    monkeypatch.setattr(
        full.parts.webhooks, "take_in", lambda batch, *_: go_on.wait(10) and [Reception.NEW] * len(batch)
    )
    assert set(full.send(*((event(number=n), full.sign(event(number=n))) for n in range(20)))) == {503}
    go_on.set()


# --- clocks ----------------------------------------------------------------------------------------------------------


def test_before_a_signed_request_is_called_stale_zoom_is_asked_what_time_it_is(house):
    house.zoom.simulator.advance(86_400)  # Zoom's day is over; this machine's clock stands still
    house.zoom.clock.ahead = -86_400
    assert house.post(event(), ago=-86_400) == 204
    asked = len(house.zoom.wire.sent)
    assert house.post(event("meeting.started"), ago=-86_400) == 204  # now it is known
    assert len(house.zoom.wire.sent) == asked


def test_copies_of_old_requests_cost_no_call_each(house):
    for number in range(20):
        assert house.post(event(number=number), ago=4000) == 401
    assert len(house.zoom.wire.sent) <= 2  # a token, asked for twice at most


def test_a_zoom_that_does_not_tell_the_time_leaves_our_own(house, monkeypatch):
    def away(**_):
        raise Unavailable("gone")

    monkeypatch.setattr(house.zoom.reader, "server_time", away)
    assert house.post(event(), ago=4000) == 401
    assert house.post(event(), ago=-4000) == 503  # nobody but Zoom could have signed it: it is to come again
    assert house.post(event()) == 204


# --- whatever comes --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="Zoom's description of its webhooks is not at hand")
def test_every_event_that_zoom_describes_is_taken_in(house):
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))["webhooks"]
    examples = [
        example["value"] if isinstance(example["value"], str) else json.dumps(example["value"])
        for path in described.values()
        for example in path["post"]["requestBody"]["content"]["application/json"]["examples"].values()
    ]
    assert len(examples) >= 49
    bodies = [one.encode() for one in examples]
    assert set(house.send(*((body, house.sign(body)) for body in bodies))) == {204}
    assert house.parts.webhooks.heard().counts == {"new": len(bodies)}
    looks = {name for name in described if webhooks.webhook.delivery({"event": name}, _signed()).look is not None}
    assert looks == {
        f"{kind}.{what}"
        for kind in ("meeting", "webinar")
        for what in (
            "created", "updated", "deleted", "permanently_deleted", "recovered", "ended", "registration_created",
            "registration_approved", "registration_cancelled", "registration_denied",
        )
    } | {"meeting.converted_to_webinar", "webinar.converted_to_meeting", "recording.completed"}  # fmt: skip


def _signed():
    return webhooks.webhook.Signed(datetime.now(UTC), "1", "v0=")


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
NAMES = st.sampled_from(["event", "event_ts", "payload", "object", "id", "uuid", "participant", "user_id"])
JSON = st.recursive(LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=5))
NAMED = st.fixed_dictionaries(
    {"event": st.sampled_from(["meeting.ended", "meeting.participant_joined", "x", "endpoint.url_validation"])},
    optional={"event_ts": JSON, "payload": st.fixed_dictionaries({}, optional={"object": JSON, "plainToken": JSON})},
)
BODIES = st.lists(st.binary(max_size=200) | (JSON | NAMED).map(lambda one: json.dumps(one).encode()), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    bodies=BODIES,
    headers=st.dictionaries(
        st.sampled_from(["x-zm-signature", "x-zm-request-timestamp"]), st.text("v0=1aé", max_size=20)
    ),
)
def test_nothing_that_comes_is_an_error_of_ours(house, bodies, headers):
    unsigned = {name: value.encode("utf-8") for name, value in headers.items()}
    requests = [(body, house.sign(body)) for body in bodies] + [(body, unsigned) for body in bodies]
    assert set(house.send(*requests)) <= {200, 204, 400, 401, 409}


def test_nothing_personal_is_in_the_store(house, tmp_path):
    house.post(event("meeting.participant_joined", topic="Topic of Jill", participant={
        "user_id": "16778240", "user_name": "Jill Chill", "email": "jill@example.com",
    }))  # fmt: skip
    with house.parts.database.reading() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert "live_stays" in dump
    assert not [word for word in ("Jill", "jill@", "16778240") if word in dump]


def test_the_counters_can_be_scraped(house):
    """From the store, so whichever of several processes is asked."""
    house.post(event(), secret="another")
    house.post(event())  # what was refused before is stored with it
    another = Parts(house.parts.settings)
    lines = metrics_text(another).decode().splitlines()
    another.database.close()
    assert [line for line in lines if line.startswith("zoom_sync_webhooks_total")] == [
        'zoom_sync_webhooks_total{outcome="forged"} 1.0',
        'zoom_sync_webhooks_total{outcome="new"} 1.0',
    ]


def test_what_was_heard_is_as_old_as_zooms_clock_says(house):
    house.post(event())
    assert house.parts.webhooks.heard().latest - NOW < timedelta(minutes=1)
