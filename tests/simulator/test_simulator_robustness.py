"""Whatever is sent, the simulator answers: it never fails by itself."""

import json
from random import Random

import pytest

from zoom_sync.simulator import Response
from zoom_sync.simulator.meeting_fields import DEFAULT_SETTINGS
from zoom_sync.simulator.routes import ROUTES

JUNK = [
    None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", "\x00", "=1+1", "٣", [], [1], {}, {"enable": 1}, {"\ud800": 1},
    "2023-11-06T12:30:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "Asia/Shanghai", "a@b.org", float("nan"),
]  # fmt: skip
KEYS = ["1", "9" * 5000, "٣", "%00", "%25", "%FF", "%2F%2F", "host1@example.org", "a" * 300, "-1"]
FIELDS = ["topic", "agenda", "type", "duration", "password", "start_time", "timezone", "settings", "recurrence"]


def _body(rng):
    body = {rng.choice(FIELDS): rng.choice(JUNK) for _ in range(rng.randrange(5))}
    if rng.random() < 0.5:
        body["settings"] = {rng.choice([*DEFAULT_SETTINGS]): rng.choice(JUNK) for _ in range(3)}
    return body


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)
def test_no_input_breaks_an_operation(zoom, route):
    zoom.reset(limits=False, webinars=True)
    real = str(zoom.create()["id"])
    rng = Random(route.operation)
    for _ in range(150):
        path = route.template.replace("{}", rng.choice([*KEYS, real, "host1@example.org"]))
        query = {name: rng.choice(["", "x", "1", "9" * 5000, "\ud800"]) for name in route.query if rng.random() < 0.3}
        raw = rng.choice([json.dumps(_body(rng)).encode(), b"", b"[", b"[" * 100_000, b"\xff", b"null"])
        answer = zoom.send(route.method, path, raw=raw, **query)

        assert isinstance(answer, Response)
        assert answer.status < 500
    assert zoom.control("GET", "state").status == 200


def test_no_input_breaks_the_control_routes(zoom):
    rng = Random(1)
    meeting = str(zoom.create()["id"])
    paths = ["reset", "clock", "faults", "meetings", f"meetings/{meeting}", f"meetings/{meeting}/run", "meetings/x/run"]
    names = ["seed", "plan", "hosts", "start", "policy", "scopes", "now", "advance", "kind", "operation", "audience"]
    for _ in range(600):
        body = {rng.choice([*names, *FIELDS]): rng.choice(JUNK) for _ in range(rng.randrange(4))}
        answer = zoom.control(rng.choice(["POST", "PATCH", "GET"]), rng.choice(paths), body)

        assert answer.status < 500
    zoom.reset(seed=1, plan="pro", hosts=2)
    assert zoom.create()
