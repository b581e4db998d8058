"""A driver for the simulator: builds requests as a client would, and keeps the token."""

import base64
import json
from urllib.parse import quote

import pytest

from zoom_sync.simulator import Dropped, Request, Response, Simulator

START = "2023-11-01T00:00:00Z"


class Driver:
    """A client of one simulator, in the same process; time stands unless it is moved."""

    def __init__(self, **options):
        self.simulator = Simulator(**{"start": START, "ticking": False, **options})
        self.token = ""
        self.sign_in()

    @property
    def env(self):
        return self.simulator.environment("http://127.0.0.1:1")

    def ask_token(self, *, account=None, secret=None, grant="account_credentials", in_query=False):
        known = self.env
        pair = f"{known['ZOOM_CLIENT_ID']}:{secret or known['ZOOM_CLIENT_SECRET']}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(), "Host": "sim:1"}
        form = {"grant_type": grant, "account_id": account or known["ZOOM_ACCOUNT_ID"]}
        if in_query:
            return self.simulator.handle(Request("POST", "/oauth/token", form, headers))
        body = "&".join(f"{k}={quote(v)}" for k, v in form.items()).encode()
        return self.simulator.handle(Request("POST", "/oauth/token", {}, headers, body))

    def sign_in(self):
        self.token = self.ask_token().json()["access_token"]

    def send(self, method, path, body=None, *, raw=None, headers=None, **query):
        sent = {"authorization": f"Bearer {self.token}"}
        if body is not None or raw is not None:
            sent["content-type"] = "application/json"
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        values = {name: str(value) for name, value in query.items()}
        return self.simulator.handle(Request(method, f"/v2{path}", values, {**sent, **(headers or {})}, content))

    def get(self, path, **query):
        """The JSON of a GET that must succeed."""
        outcome = self.send("GET", path, **query)
        assert outcome.status == 200, outcome
        return outcome.json()

    def control(self, method, path, body=None):
        content = b"" if body is None else json.dumps(body).encode()
        outcome = self.simulator.handle(Request(method, f"/_simulator/{path}", {}, {}, content))
        assert isinstance(outcome, Response)
        return outcome

    def advance(self, seconds):
        self.simulator.advance(seconds)

    def set_clock(self, instant, *, sign_in=True):
        assert self.control("POST", "clock", {"now": instant}).status == 200
        if sign_in:
            self.sign_in()

    def reset(self, **body):
        assert self.control("POST", "reset", body).status == 200
        self.sign_in()

    def host(self, number=1):
        return f"host{number}@example.org"

    def create(self, host=1, **body):
        """A meeting made through the API, read from a 201."""
        sent = {"topic": "T", "start_time": "2023-11-06T12:30:00Z", "settings": {"use_pmi": False}, **body}
        outcome = self.send("POST", f"/users/{self.host(host)}/meetings", sent)
        assert outcome.status == 201, outcome
        return outcome.json()

    def run(self, meeting_id, **body):
        """An evening that takes place; the token is renewed, as it would be over by then."""
        outcome = self.control("POST", f"meetings/{meeting_id}/run", body)
        assert outcome.status == 200, outcome
        self.sign_in()
        return outcome.json()

    def fault(self, **rule):
        assert self.control("POST", "faults", rule).status == 200

    def pages(self, path, key, **query):
        """All rows of a paged list."""
        rows, token = [], ""
        while True:
            page = self.get(path, **query, **({"next_page_token": token} if token else {}))
            rows += page[key]
            token = page["next_page_token"]
            if not token:
                return rows


@pytest.fixture
def make_zoom():
    """Builds a driver with options of its own."""
    return Driver


@pytest.fixture
def zoom():
    """A driver on an account without rate limits, so that a test may ask as often as it likes."""
    driver = Driver()
    driver.reset(limits=False)
    return driver


@pytest.fixture
def limited():
    """A driver on a Pro account with its limits."""
    return Driver()


@pytest.fixture
def dropped():
    """The type of an outcome without an answer."""
    return Dropped


@pytest.fixture
def encode():
    """How a client has to write a meeting UUID in a path."""

    def encoded(uuid):
        once = quote(uuid, safe="")
        return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once

    return encoded
