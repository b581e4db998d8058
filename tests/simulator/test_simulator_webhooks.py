"""The simulator's webhooks: what is sent, how it is signed, and what happens when nobody thanks."""

import hashlib
import hmac
import http.server
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from zoom_sync.simulator import Simulator
from zoom_sync.simulator.server import serve_in_background

_BESIDE = Path(__file__).parents[2].parent / "shared" / "zoom-api" / "zoom-webhooks.openapi.json"
DESCRIPTION = Path(os.environ.get("ZOOM_WEBHOOKS_OPENAPI", _BESIDE))
URL = "http://127.0.0.1:1/hook"


class Listener:
    """An address that hears of everything, without a socket."""

    def __init__(self, zoom, **told):
        self.zoom = zoom
        told = {"url": URL, "validate": False, **told}
        assert zoom.control("POST", "webhooks", told).status == 200
        self.status = 204
        self.heard = []

    def fetch(self, status=None):
        """Take what is due and answer it; the events that came."""
        simulator, came = self.zoom.simulator, []
        while (posting := simulator.take_posting()) is not None:
            came.append(posting)
            simulator.posting_answered(posting, self.status if status is None else status, b"")
        self.heard += came
        return [json.loads(one.body)["event"] for one in came]

    def deliveries(self):
        return self.zoom.control("GET", "webhooks").json()["deliveries"]


@pytest.fixture
def listener(zoom):
    return Listener(zoom)


def test_what_happens_is_told_by_whoever_does_it(zoom, listener):
    made = zoom.create()
    zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "B"})
    zoom.control("PATCH", f"meetings/{made['id']}", {"topic": "C"})
    zoom.send("DELETE", f"/meetings/{made['id']}")
    zoom.send("PUT", f"/meetings/{made['id']}/status", {"action": "recover"})
    zoom.control("DELETE", f"meetings/{made['id']}")
    hand = zoom.control("POST", "meetings", {"topic": "By hand"}).json()
    zoom.control("POST", f"meetings/{hand['id']}/start", {})
    zoom.control("POST", f"meetings/{hand['id']}/end", {})
    assert [name.removeprefix("meeting.") for name in listener.fetch()] == [
        "created", "updated", "updated", "deleted", "recovered", "deleted", "created", "started", "ended",
    ]  # fmt: skip


def test_a_refused_request_is_told_to_nobody(zoom, listener):
    zoom.send("POST", f"/users/{zoom.host()}/meetings", {"topic": "x" * 201})
    zoom.send("DELETE", "/meetings/81234567890")
    assert listener.fetch() == []


def test_an_evening_is_told_from_its_start_to_its_end(zoom, listener):
    made = zoom.create()
    listener.fetch()
    zoom.run(made["id"], audience=300)
    names = [name.removeprefix("meeting.") for name in listener.fetch()]
    assert (names[0], names[-1]) == ("started", "ended")
    assert Counter(names)["participant_joined"] == Counter(names)["participant_left"] <= 40
    stamps = [json.loads(one.body)["event_ts"] for one in listener.heard[1:]]
    assert stamps == sorted(stamps)


def test_webinars_and_registrations_are_told(zoom):
    zoom.reset(limits=False, webinars=True)
    listener = Listener(zoom)
    zoom.send("POST", f"/users/{zoom.host()}/webinars", {"topic": "W"})
    made = zoom.create(settings={"approval_type": 0})
    zoom.send("POST", f"/meetings/{made['id']}/registrants", {"first_name": "J", "email": "j@example.com"})
    zoom.send("POST", f"/meetings/{made['id']}/registrants", {"first_name": "J", "email": "j@example.com"})
    assert listener.fetch() == ["webinar.created", "meeting.created", "meeting.registration_created"]


def test_only_what_was_asked_for_is_sent(zoom):
    listener = Listener(zoom, events=["meeting.deleted"])
    made = zoom.create()
    zoom.send("DELETE", f"/meetings/{made['id']}")
    assert listener.fetch() == ["meeting.deleted"]


def test_a_delivery_is_signed_over_its_very_bytes_at_the_time_of_sending(zoom):
    listener = Listener(zoom, secret="s3cret")
    zoom.create(topic="Ä")
    zoom.advance(60)
    listener.fetch()
    [sent] = listener.heard
    timestamp = sent.headers["x-zm-request-timestamp"]
    signed = hmac.new(b"s3cret", b"v0:" + timestamp.encode() + b":" + sent.body, hashlib.sha256).hexdigest()
    assert sent.headers["x-zm-signature"] == f"v0={signed}"
    assert int(timestamp) * 1000 == json.loads(sent.body)["event_ts"] + 60_000


@pytest.mark.parametrize("status", [0, 500, 503])
def test_what_is_not_taken_is_sent_again_after_5_20_and_60_minutes(zoom, listener, status):
    zoom.create()
    assert listener.fetch(status) == ["meeting.created"]
    for minutes in (5, 20, 60):
        zoom.advance(minutes * 60 - 1)
        assert listener.fetch(status) == []
        zoom.advance(1)
        assert listener.fetch(status) == ["meeting.created"]
    zoom.advance(86_400)
    assert listener.fetch(status) == []
    [told] = listener.deliveries()
    assert (told["state"], [one["status"] for one in told["tries"]]) == ("given up", [status] * 4)
    assert len({one.body for one in listener.heard}) == 1


@pytest.mark.parametrize(
    ("status", "state"), [(200, "delivered"), (204, "delivered"), (302, "refused"), (401, "refused")]
)
def test_what_is_answered_otherwise_is_not_sent_again(zoom, listener, status, state):
    zoom.create()
    listener.fetch(status)
    zoom.advance(86_400)
    assert listener.fetch() == []
    assert [one["state"] for one in listener.deliveries()] == [state]


def answer(posting, secret):
    plain = json.loads(posting.body)["payload"]["plainToken"]
    token = hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest()
    return json.dumps({"plainToken": plain, "encryptedToken": token}).encode()


def test_an_address_is_tested_before_anything_else_is_sent(zoom):
    secret = zoom.env["ZOOM_WEBHOOK_SECRET"]
    Listener(zoom, validate=True)
    zoom.create()
    test = zoom.simulator.take_posting()
    assert json.loads(test.body)["event"] == "endpoint.url_validation"
    assert zoom.simulator.take_posting() is None
    zoom.simulator.posting_answered(test, 200, answer(test, secret))
    created = zoom.simulator.take_posting()
    assert json.loads(created.body)["event"] == "meeting.created"
    zoom.simulator.posting_answered(created, 204, b"")
    for failed in range(1, 7):  # every 72 hours again, and at the sixth failure no more
        zoom.advance(72 * 3600)
        zoom.simulator.posting_answered(zoom.simulator.take_posting(), 500, b"")
        [one] = zoom.control("GET", "webhooks").json()["subscriptions"]
        assert one["state"] == ("disabled" if failed == 6 else "active")
    zoom.sign_in()
    zoom.create()
    assert zoom.simulator.take_posting() is None


@pytest.mark.parametrize(("status", "wrong"), [(204, b""), (200, b"{}"), (200, b"\xff"), (0, b"")])
def test_an_address_that_fails_its_test_hears_nothing(zoom, status, wrong):
    Listener(zoom, validate=True)
    zoom.create()
    zoom.simulator.posting_answered(zoom.simulator.take_posting(), status, wrong)
    zoom.create()
    assert zoom.simulator.take_posting() is None
    assert zoom.control("GET", "webhooks").json()["subscriptions"][0]["state"] == "refused"


def test_events_are_lost_doubled_and_in_another_order_as_the_seed_says(make_zoom):
    def story(**faults):
        zoom = make_zoom(seed=7)
        zoom.reset(limits=False)
        listener = Listener(zoom, **faults)
        made = zoom.create()
        zoom.run(made["id"], audience=200)
        return (
            listener.fetch(),
            [one.body for one in listener.heard],
            Counter(one["state"] for one in listener.deliveries()),
        )

    plain = story()
    assert story() == plain
    lost = story(lose=0.3)
    assert lost == story(lose=0.3)
    assert lost[2]["lost"] > 0 < lost[2]["delivered"]
    doubled = story(double=0.3)
    assert len(set(doubled[1])) < len(doubled[1])
    assert set(doubled[1]) == set(plain[1])
    moved = story(reorder=0.5)
    assert (sorted(moved[1]), moved[1] == plain[1]) == (sorted(plain[1]), False)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"url": "nowhere"}, {"url": URL, "lose": 2}, {"url": URL, "reorder": True}, {"url": URL, "events": "all"},
        {"url": URL, "secret": ""}, {"url": URL, "validate": 1}, {"url": URL, "lost": 0.1}, {"url": 5},
    ],
)  # fmt: skip
def test_a_subscription_that_cannot_be_is_refused(zoom, body):
    assert zoom.control("POST", "webhooks", body).status == 400
    assert zoom.control("GET", "webhooks").json()["subscriptions"] == []


def test_nobody_hears_anything_after_the_end_of_a_subscription_or_a_reset(zoom, listener):
    zoom.create()
    zoom.control("DELETE", "webhooks")
    assert listener.fetch() == []
    again = Listener(zoom)
    zoom.create()
    zoom.reset(limits=False)
    zoom.create()
    assert again.fetch() == []


def test_no_secret_is_shown(zoom):
    Listener(zoom, secret="s3cret")
    zoom.create()
    shown = zoom.control("GET", "webhooks").body
    assert b"s3cret" not in shown
    assert b"passw" not in shown


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="Zoom's description of its webhooks is not at hand")
def test_every_body_is_as_zoom_describes_it(zoom):
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))["webhooks"]
    zoom.reset(limits=False, webinars=True)
    listener = Listener(zoom)
    made = zoom.create(settings={"approval_type": 0, "use_pmi": False})
    zoom.send("POST", f"/meetings/{made['id']}/registrants", {"first_name": "J", "email": "j@example.com"})
    webinar = zoom.send(
        "POST", f"/users/{zoom.host(2)}/webinars", {"topic": "W", "start_time": "2023-11-06T12:30:00Z"}
    ).json()
    for action in ("deny", "approve", "cancel"):
        told = {"action": action, "registrants": [{"email": "j@example.com"}]}
        zoom.send("PUT", f"/meetings/{made['id']}/registrants/status", told)
    for kind, one in (("meetings", made), ("webinars", webinar)):
        zoom.send("PATCH", f"/{kind}/{one['id']}", {"topic": "B"})
        zoom.run(one["id"], audience=30)
        zoom.send("DELETE", f"/{kind}/{one['id']}")
    zoom.send("PUT", f"/meetings/{made['id']}/status", {"action": "recover"})
    listener.fetch()
    bodies = [json.loads(one.body) for one in listener.heard]
    assert len({body["event"] for body in bodies}) == 19
    for body in bodies:
        where = f"#/paths/{body['event']}/post/requestBody/content/application~1json/schema"
        jsonschema.validate(body, {"paths": described, "$ref": where})


# --- over HTTP -------------------------------------------------------------------------------------------------------


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Say nothing."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.go_on.wait(10)
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.heard, server.status, server.go_on = [], 200, threading.Event()
    server.go_on.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}/hook?x=1"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def served(make_zoom):
    """A driver whose simulator has a courier."""
    driver = make_zoom()
    driver.reset(limits=False)
    server = serve_in_background(driver.simulator)
    yield driver
    server.shutdown()
    server.server_close()


def wait_for(what, seconds=20):
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
    return answer


def test_a_courier_brings_them_over_http_and_again_once_the_clock_says_so(served, receiver):
    receiver.status = 503
    Listener(served, url=receiver.url)
    served.create()
    wait_for(lambda: len(receiver.heard) == 1)
    receiver.status = 204
    served.advance(300)
    wait_for(lambda: len(receiver.heard) == 2)
    headers, body = receiver.heard[1]
    assert json.loads(body)["event"] == "meeting.created"
    assert headers["User-Agent"] == "Zoom Marketplace/1.0a"
    [told] = wait_for(
        lambda: [d for d in served.control("GET", "webhooks").json()["deliveries"] if d["state"] == "delivered"]
    )
    assert [one["status"] for one in told["tries"]] == [503, 204]


def test_no_answer_of_the_api_waits_for_a_receiver(served, receiver):
    receiver.go_on.clear()
    Listener(served, url=receiver.url)
    for _ in range(3):
        served.create()
    assert receiver.heard == []
    assert served.control("GET", "webhooks").json()["waiting"] == 3
    receiver.go_on.set()
    wait_for(lambda: len(receiver.heard) >= 3)


def test_an_address_where_nobody_is_is_tried_again_later(served):
    Listener(served)
    served.create()
    [told] = wait_for(lambda: [d for d in served.control("GET", "webhooks").json()["deliveries"] if d["tries"]])
    assert (told["tries"][0]["status"], told["state"]) == (0, "waiting")


def test_a_simulator_without_a_server_sends_nothing_by_itself():
    simulator = Simulator()
    assert simulator.take_posting() is None
    assert simulator.until_next_posting() is None
