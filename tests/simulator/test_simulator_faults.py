"""Each kind of fault: what the client sees, and what was done."""

import json

import pytest

CREATE = {"topic": "T", "settings": {"use_pmi": False}}


def _create(zoom):
    return zoom.send("POST", f"/users/{zoom.host()}/meetings", CREATE)


def _made(zoom):
    return len(zoom.control("GET", "state").json()["meetings"])


@pytest.mark.parametrize("status", [500, 502, 503])
def test_refuse_does_nothing(zoom, status):
    zoom.fault(operation="meetingCreate", kind="refuse", status=status)

    assert _create(zoom).status == status
    assert _made(zoom) == 0
    assert _create(zoom).status == 201


def test_a_gateways_error_is_no_json(zoom):
    zoom.fault(operation="meetingCreate", kind="refuse", status=502)

    assert _create(zoom).body.startswith(b"<html>")


def test_drop_before_does_nothing_and_sends_nothing(zoom, dropped):
    zoom.fault(operation="meetingCreate", kind="drop_before")

    assert _create(zoom) == dropped(b"")
    assert _made(zoom) == 0


def test_drop_after_does_it_and_sends_nothing(zoom, dropped):
    zoom.fault(operation="meetingCreate", kind="drop_after")

    assert _create(zoom) == dropped(b"")
    assert _made(zoom) == 1


def test_error_after_does_it_and_says_otherwise(zoom):
    zoom.fault(operation="meetingCreate", kind="error_after", status=504)

    assert _create(zoom).status == 504
    assert _made(zoom) == 1


def test_garbage_after_does_it_and_sends_no_json(zoom):
    zoom.fault(operation="meetingCreate", kind="garbage_after")

    answer = _create(zoom)

    assert answer.status == 201
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()
    assert _made(zoom) == 1


def test_half_body_after_breaks_off_within_the_body(zoom, dropped):
    zoom.fault(operation="meetingCreate", kind="half_body_after")

    outcome = _create(zoom)

    head, _, body = outcome.sent.partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert isinstance(outcome, dropped)
    assert head.startswith(b"HTTP/1.1 201 ")
    assert 0 < len(body) < announced
    assert _made(zoom) == 1


def test_an_answer_without_a_body_breaks_off_too(zoom, dropped):
    made = zoom.create()
    zoom.fault(operation="meetingDelete", kind="half_body_after")

    outcome = zoom.send("DELETE", f"/meetings/{made['id']}")

    assert isinstance(outcome, dropped)
    assert outcome.sent.startswith(b"HTTP/1.1 204 ")
    assert b"\r\n\r\n" not in outcome.sent


def test_garbage_in_place_of_no_content_is_a_200(zoom):
    made = zoom.create()
    zoom.fault(operation="meetingUpdate", kind="garbage_after")

    answer = zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "New"})

    assert (answer.status, answer.body[:6]) == (200, b"<html>")
    assert zoom.get(f"/meetings/{made['id']}")["topic"] == "New"


def test_delay_does_it_and_answers_late(zoom):
    zoom.fault(operation="meetingCreate", kind="delay", seconds=30)

    answer = _create(zoom)

    assert (answer.status, answer.delay) == (201, 30)


@pytest.mark.parametrize(
    ("limit", "said"),
    [("qps", "per-second"), ("daily", "maximum daily"), ("host", "(100)"), ("registrant", "of (3)")],
)
def test_rate_limit_refuses_with_each_kind_of_429(zoom, limit, said):
    zoom.fault(operation="meetingCreate", kind="rate_limit", limit=limit)

    answer = _create(zoom)

    assert answer.status == 429
    assert said in answer.json()["message"]
    assert ("Retry-After" in answer.headers) == (limit == "daily")
    assert _made(zoom) == 0


@pytest.mark.parametrize(
    ("kind", "message"), [("expire_token", "Access token is expired."), ("revoke_token", "Invalid access token.")]
)
def test_a_token_ends_in_the_middle(zoom, kind, message):
    zoom.fault(operation="meetingCreate", kind=kind)

    for _ in range(2):
        answer = _create(zoom)
        assert (answer.status, answer.json()) == (401, {"code": 124, "message": message})
    zoom.sign_in()
    assert _create(zoom).status == 201


def test_late_list_hides_a_new_meeting_from_lists_only(zoom):
    zoom.fault(kind="late_list", operation="meetingCreate", seconds=60)
    made = _create(zoom).json()
    path = f"/users/{zoom.host()}/meetings"

    assert zoom.get(path)["total_records"] == 0
    assert zoom.get(f"/meetings/{made['id']}")["id"] == made["id"]
    zoom.advance(60)
    assert zoom.get(path)["total_records"] == 1


def test_repeat_page_token_leads_to_the_same_page_again(zoom):
    for _ in range(7):
        zoom.create()
    zoom.fault(kind="repeat_page_token", operation="meetings")
    path = f"/users/{zoom.host()}/meetings"
    first = zoom.get(path, page_size=2)

    second = zoom.get(path, page_size=2, next_page_token=first["next_page_token"])
    again = zoom.get(path, page_size=2, next_page_token=second["next_page_token"])

    assert second["next_page_token"] == first["next_page_token"]
    assert again["meetings"] == second["meetings"]
    assert again["next_page_token"] != first["next_page_token"]


def test_expire_page_token_ends_it_early(zoom):
    for _ in range(3):
        zoom.create()
    zoom.fault(kind="expire_page_token")
    path = f"/users/{zoom.host()}/meetings"
    token = zoom.get(path, page_size=2)["next_page_token"]

    assert zoom.send("GET", path, page_size=2, next_page_token=token).json()["code"] == 300


def test_code_under_200_is_an_error_with_a_friendly_status(zoom):
    zoom.fault(operation="meetingCreate", kind="code_under_200", code=200, message="Webinar plan is missing.")

    answer = _create(zoom)

    assert (answer.status, answer.json()) == (200, {"code": 200, "message": "Webinar plan is missing."})
    assert _made(zoom) == 0


def test_a_token_request_can_fail_too(zoom):
    zoom.fault(operation="token", kind="refuse", status=500)

    assert zoom.ask_token().status == 500
    assert zoom.ask_token().status == 200


def test_a_rule_skips_the_first_and_fires_so_many_times(zoom):
    zoom.fault(operation="meetingCreate", kind="refuse", after=1, times=2)

    assert [_create(zoom).status for _ in range(4)] == [201, 503, 503, 201]


def test_a_rule_without_end_always_fires(zoom):
    zoom.fault(method="GET", path="^/v2/users", kind="refuse", times=None)

    assert [zoom.send("GET", "/users").status for _ in range(5)] == [503] * 5
    assert _create(zoom).status == 201
    zoom.control("DELETE", "faults")
    assert zoom.send("GET", "/users").status == 200


def test_chance_follows_the_seed(make_zoom):
    def statuses(seed):
        driver = make_zoom(seed=seed)
        driver.reset(limits=False)
        driver.fault(kind="refuse", probability=0.3, times=None)
        return [driver.send("GET", "/users").status for _ in range(200)]

    assert statuses(1) == statuses(1) != statuses(2)
    assert 30 < statuses(1).count(503) < 90


def test_a_fault_after_the_work_waits_for_a_request_that_succeeds(zoom, dropped):
    zoom.fault(operation="meetingCreate", kind="drop_after")

    assert zoom.send("POST", f"/users/{zoom.host()}/meetings", {"x": 1}).status == 400
    assert _create(zoom) == dropped(b"")


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "explode"},
        {"kind": "refuse", "operation": "meetingMake"},
        {"kind": "refuse", "opperation": "meetingCreate"},
        {"kind": "refuse", "status": 200},
        {"kind": "refuse", "status": "500"},
        {"kind": "refuse", "seconds": 3},
        {"kind": "refuse", "times": -1},
        {"kind": "refuse", "times": "2"},
        {"kind": "refuse", "after": 1.5},
        {"kind": "refuse", "probability": 2},
        {"kind": "refuse", "path": "("},
        {"kind": "refuse", "method": "FETCH"},
        {"kind": "delay", "seconds": -1},
        {"kind": "rate_limit", "limit": "weekly"},
        {"kind": "other_app"},
        {"kind": "other_app", "label": "light", "per_second": 1},
        {"kind": "late_list", "operation": "meetings"},
    ],
)
def test_a_misspelt_rule_is_refused_with_a_reason(zoom, rule):
    answer = zoom.control("POST", "faults", rule)

    assert answer.status == 400
    assert answer.json()["error"]
    assert zoom.control("GET", "faults").json()["rules"] == []


def test_of_a_list_with_one_wrong_rule_none_is_taken(zoom):
    assert zoom.control("POST", "faults", [{"kind": "refuse"}, {"kind": "?"}]).status == 400
    assert zoom.control("GET", "faults").json()["rules"] == []


def test_what_fired_is_told(zoom):
    zoom.fault(operation="meetingCreate", kind="drop_after")
    _create(zoom)

    (fired,) = zoom.control("GET", "state").json()["faults"]["fired"]

    assert (fired["kind"], fired["operation"]) == ("drop_after", "meetingCreate")
    assert json.dumps(fired)
