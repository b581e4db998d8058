"""The simulator's own routes: clock, journal, state, reset, and meetings made by hand."""

import pytest


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"now": "2023-11-05T10:00:00Z"}, "2023-11-05T10:00:00Z"),
        ({"set": "2023-11-05T10:00:00+08:00"}, "2023-11-05T02:00:00Z"),
        ({"time": "2023-10-05T10:00:00"}, "2023-10-05T10:00:00Z"),
        ({"advance": 90}, "2023-11-01T00:01:30Z"),
        ({"seconds": 0.5}, "2023-11-01T00:00:00Z"),
        ({"advance": "PT2H"}, "2023-11-01T02:00:00Z"),
        ({"advance": "P1DT1M"}, "2023-11-02T00:01:00Z"),
        ({"advance": "-PT1H"}, "2023-10-31T23:00:00Z"),
    ],
)
def test_the_clock_is_set_and_advanced(zoom, method, body, now):
    answer = zoom.control(method, "clock", body)

    assert answer.json() == {"now": now, "ticking": False} == zoom.control("GET", "clock").json()


@pytest.mark.parametrize("body", [{}, {"advance": "2 hours"}, {"now": "noon"}, {"ticking": 1}, {"advanec": 5}])
def test_the_clock_refuses_what_it_cannot_read(zoom, body):
    assert zoom.control("POST", "clock", body).status == 400
    assert zoom.control("GET", "clock").json()["now"] == "2023-11-01T00:00:00Z"


def test_every_answer_is_dated_by_the_simulated_clock(zoom):
    zoom.set_clock("2024-02-29T23:59:59Z")

    for answer in (zoom.send("GET", "/users"), zoom.send("GET", "/x"), zoom.ask_token(), zoom.control("GET", "state")):
        assert answer.headers["Date"] == "Thu, 29 Feb 2024 23:59:59 GMT"


def test_the_journal_tells_what_a_client_did(limited):
    limited.control("DELETE", "journal")
    limited.sign_in()
    made = limited.create()
    limited.send("GET", "/users", next_page_token="secret")
    limited.send("GET", "/nowhere")

    rows = limited.control("GET", "journal").json()["requests"]

    assert [(row["method"], row["path"], row["label"], row["status"], row["operation"]) for row in rows] == [
        ("POST", "/oauth/token", "", 200, "token"),
        ("POST", "/v2/users/host1@example.org/meetings", "LIGHT", 201, "meetingCreate"),
        ("GET", "/v2/users", "MEDIUM", 400, "users"),
        ("GET", "/v2/nowhere", "", 400, ""),
    ]
    assert rows[1]["host"] == made["host_id"]
    assert {row["time"] for row in rows} == {"2023-11-01T00:00:00Z"}


def test_the_journal_shows_refusals_and_broken_connections(limited):
    limited.fault(kind="drop_after", operation="meetingCreate")
    limited.control("DELETE", "journal")
    limited.send("POST", f"/users/{limited.host()}/meetings", {})
    for _ in range(21):
        limited.send("GET", "/users")

    statuses = [row["status"] for row in limited.control("GET", "journal").json()["requests"]]

    assert statuses == [0, *[200] * 20, 429]


def test_state_shows_everything_about_a_meeting(zoom):
    made = zoom.create(password="807001")
    zoom.send("DELETE", f"/meetings/{made['id']}")
    zoom.control("POST", "meetings", {"host": zoom.host(), "topic": "By hand"})

    state = zoom.control("GET", "state").json()

    gone, hand = state["meetings"]
    assert (gone["password"], gone["deleted"], gone["created_by"]) == ("807001", True, "api")
    assert (hand["topic"], hand["deleted"], hand["created_by"]) == ("By hand", False, "hand")
    assert state["plan"] == "pro"
    assert len(state["users"]) == 4
    assert state["counters"]["created"] == 2


def test_hands_make_edit_and_delete_without_the_journal(zoom):
    zoom.control("DELETE", "journal")
    made = zoom.control("POST", "meetings", {"host": zoom.host(), "start_time": "2023-11-06T12:30:00Z"}).json()
    edited = zoom.control("PATCH", f"meetings/{made['id']}", {"topic": "Edited"}).json()

    assert edited["topic"] == "Edited"
    assert zoom.control("DELETE", f"meetings/{made['id']}").status == 200
    assert zoom.control("GET", "journal").json() == {"requests": []}
    assert zoom.send("GET", f"/meetings/{made['id']}").status == 404


def test_reset_begins_anew(zoom):
    zoom.create()
    zoom.fault(kind="refuse")
    zoom.advance(500)

    zoom.reset(seed=5, plan="business", hosts=7, start="2024-01-01T00:00:00Z")

    state = zoom.control("GET", "state").json()
    assert (state["plan"], state["seed"], len(state["users"]), state["meetings"]) == ("business", 5, 8, [])
    assert state["clock"] == {"now": "2024-01-01T00:00:00Z", "ticking": False}
    assert state["faults"] == {"rules": [], "fired": []}


@pytest.mark.parametrize(
    "body",
    [
        {"plan": "gold"},
        {"hosts": 0},
        {"hosts": "3"},
        {"seeds": 1},
        {"policy": {"lenght": 8}},
        {"policy": {"length": "8"}},
        {"start": "yesterday"},
        {"report_delay": "long"},
        {"latency": -1},
        {"scopes": "all"},
        {"start": "1999-01-01T00:00:00Z"},
    ],
)
def test_reset_refuses_what_cannot_be_and_changes_nothing(zoom, body):
    zoom.create()

    assert zoom.control("POST", "reset", body).status == 400
    assert len(zoom.control("GET", "state").json()["meetings"]) == 1


def test_the_page_says_what_is_not_simulated(zoom):
    page = zoom.control("GET", "").body.decode()

    assert "not Zoom" in page
    assert "What is not simulated" in page
    assert "webinars" in page


def test_control_routes_are_nowhere_else(zoom):
    assert zoom.send("GET", "/_simulator/state").json()["code"] == 2300
    assert zoom.control("GET", "stat").status == 404


def test_ids_follow_from_the_seed(make_zoom):
    def ids(seed):
        driver = make_zoom(seed=seed)
        made = driver.create()
        return (driver.env, driver.token, made | {"start_url": ""}, driver.get("/users"))

    assert ids(3) == ids(3) != ids(4)
