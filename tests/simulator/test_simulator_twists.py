"""Twists: how this account differs from what was sent, standing, listed, removable and kept."""

import pytest

from zoom_sync.simulator.state_file import load_state, save_state


def twist(zoom, **body):
    answer = zoom.control("POST", "twists", body)
    assert answer.status == 200, answer
    return answer.json()[-1]


def test_a_locked_setting_is_accepted_and_not_taken(zoom):
    made = zoom.create()
    twist(zoom, what="lock", field="settings.waiting_room", value=True)

    answer = zoom.send("PATCH", f"/meetings/{made['id']}", {"settings": {"waiting_room": False, "focus_mode": True}})

    assert answer.status == 204
    settings = zoom.get(f"/meetings/{made['id']}")["settings"]
    assert (settings["waiting_room"], settings["focus_mode"]) == (True, True)
    assert zoom.create()["settings"]["waiting_room"] is True


def test_a_locked_field_without_a_value_keeps_what_it_had(zoom):
    made = zoom.create(agenda="Before")
    twist(zoom, what="lock", field="agenda")

    assert zoom.send("PATCH", f"/meetings/{made['id']}", {"agenda": "After", "topic": "New"}).status == 204

    shown = zoom.get(f"/meetings/{made['id']}")
    assert (shown["agenda"], shown["topic"]) == ("Before", "New")


@pytest.mark.parametrize("selector", ["host", "meeting"])
def test_a_twist_is_about_one_host_or_one_meeting_alone(zoom, selector):
    first, second = zoom.create(), zoom.create(host=2)
    chosen = {"host": zoom.host(2)} if selector == "host" else {"meeting": second["id"]}
    twist(zoom, what="lock", field="topic", value="Locked", **chosen)

    for made in (first, second):
        zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "Sent"})

    assert [zoom.get(f"/meetings/{made['id']}")["topic"] for made in (first, second)] == ["Sent", "Locked"]


@pytest.mark.parametrize(
    ("body", "sent", "kept"),
    [
        (
            {"what": "alias", "from": "Europe/Kyiv", "to": "Europe/Kiev"},
            {"timezone": "Europe/Kyiv"},
            {"timezone": "Europe/Kiev"},
        ),
        (
            {"what": "alias", "from": "Europe/Kyiv", "to": "Europe/Kiev"},
            {"timezone": "Asia/Tokyo"},
            {"timezone": "Asia/Tokyo"},
        ),
        ({"what": "alias", "to": "UTC"}, {"timezone": "Asia/Tokyo"}, {"timezone": "UTC"}),
        ({"what": "drop", "characters": "🌳#"}, {"topic": "A 🌳 #1"}, {"topic": "A  1"}),
        ({"what": "drop", "field": "agenda", "characters": "\n"}, {"agenda": "a\nb"}, {"agenda": "ab"}),
        ({"what": "truncate", "field": "topic", "length": 3}, {"topic": "Title"}, {"topic": "Tit"}),
        ({"what": "force_passcode", "value": "123456"}, {"password": "abcdef"}, {"password": "123456"}),
    ],
)
def test_a_value_becomes_another_one_in_creates_and_updates(zoom, body, sent, kept):
    twist(zoom, **body)
    before = zoom.control("POST", "meetings", {"start_time": "2023-11-06T12:30:00Z"}).json()

    made = zoom.create(**sent)
    assert zoom.send("PATCH", f"/meetings/{before['id']}", sent).status == 204

    for shown in (made, zoom.get(f"/meetings/{before['id']}")):
        assert {name: shown[name] for name in kept} == kept


def test_a_forced_passcode_without_a_value_is_a_new_one(zoom):
    twist(zoom, what="force_passcode")

    made = zoom.create(password="mine12")

    assert made["password"] not in ("", "mine12")


@pytest.mark.parametrize("webinar", [False, True])
def test_a_field_is_refused_by_name_or_only_in_the_message(zoom, webinar):
    zoom.reset(limits=False, webinars=True)
    things = "webinars" if webinar else "meetings"
    made = zoom.send("POST", f"/users/{zoom.host()}/{things}", {}).json()
    number = twist(zoom, what="refuse_field", field="settings.email_in_attendee_report", values=[True])["number"]
    sent = {"settings": {"email_in_attendee_report": True}}
    path = f"/{things}/{made['id']}"

    refused = zoom.send("PATCH", path, sent)
    assert (refused.status, refused.json()["code"]) == (400, 300)
    assert [row["field"] for row in refused.json()["errors"]] == ["settings.email_in_attendee_report"]
    assert zoom.send("PATCH", path, {"settings": {"email_in_attendee_report": False}}).status == 204

    assert zoom.control("DELETE", f"twists/{number}").status == 200
    twist(zoom, what="refuse_field", field="password", only_in_message=True, message="Passcode too weak.")
    refused = zoom.send("PATCH", path, {"password": "abc123"})
    assert refused.json() == {"code": 300, "message": "Passcode too weak."}


def test_fields_are_left_out_null_or_another_in_the_answers_of_an_operation(zoom):
    made = zoom.create()
    host = f"/users/{zoom.host()}/meetings"
    twist(zoom, what="omit", operation="meeting", field="settings.waiting_room")
    twist(zoom, what="null", operation="meeting", field="timezone")
    twist(zoom, what="show", operation="meetings", field="start_time", value="soon", meeting=made["id"])
    twist(zoom, what="omit", operation="meetings", field="total_records")
    other = zoom.create()

    shown = zoom.get(f"/meetings/{made['id']}")
    assert "waiting_room" not in shown["settings"]
    assert shown["timezone"] is None
    listed = zoom.get(host)
    assert {row["id"]: row["start_time"] for row in listed["meetings"]} == {
        made["id"]: "soon",
        other["id"]: "2023-11-06T12:30:00Z",
    }
    assert "total_records" not in listed
    assert other["settings"]["waiting_room"] is False


def test_a_row_of_one_user_lacks_a_field(zoom):
    twist(zoom, what="omit", operation="users", field="type", host=zoom.host(2))

    rows = zoom.get("/users")["users"]

    assert [row["email"] for row in rows if "type" not in row] == [zoom.host(2)]


@pytest.mark.parametrize("html", [False, True])
def test_one_host_s_list_is_refused(zoom, html):
    twist(zoom, what="refuse", operation="meetings", host=zoom.host(2), status=404, code=1010, message="No.", html=html)

    refused = zoom.send("GET", f"/users/{zoom.host(2)}/meetings")

    assert refused.status == 404
    if html:
        assert refused.headers["Content-Type"] == "text/html"
    else:
        assert refused.json() == {"code": 1010, "message": "No."}
    assert zoom.get(f"/users/{zoom.host(1)}/meetings")["meetings"] == []


def test_one_meeting_is_refused_with_a_code_under_200(zoom):
    made, other = zoom.create(), zoom.create()
    twist(zoom, what="refuse", meeting=made["id"], status=200, code=200, message="No permission.")

    assert zoom.get(f"/meetings/{made['id']}") == {"code": 200, "message": "No permission."}
    assert zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "X"}).json()["code"] == 200
    assert zoom.get(f"/meetings/{other['id']}")["topic"] == "T"


def test_links_move_to_another_address_and_lose_the_passcode(zoom):
    made = zoom.create()
    path, _, query = made["join_url"].removeprefix("https://example.zoom.us").partition("?")
    number = twist(zoom, what="links", site="https://city.example")["number"]

    moved = f"https://city.example{path}?{query}"
    assert zoom.get(f"/meetings/{made['id']}")["join_url"] == moved
    assert zoom.get(f"/users/{zoom.host()}/meetings")["meetings"][0]["join_url"] == moved
    assert zoom.control("GET", "state").json()["meetings"][0]["join_url"] == moved

    zoom.control("DELETE", f"twists/{number}")
    twist(zoom, what="links", embed=False)
    assert zoom.get(f"/meetings/{made['id']}")["join_url"] == f"https://example.zoom.us{path}"
    assert zoom.get(f"/meetings/{made['id']}")["password"] == made["password"]


def test_a_list_ends_early_and_says_nothing(zoom):
    for _ in range(3):
        zoom.create()
    twist(zoom, what="short_list", operation="meetings", keep=2)

    listed = zoom.get(f"/users/{zoom.host()}/meetings")

    assert (len(listed["meetings"]), listed["next_page_token"], listed["total_records"]) == (2, "", 3)


def test_the_date_header_is_wrong_for_some_answers(zoom):
    twist(zoom, what="date", seconds=3600, times=1)
    twist(zoom, what="date", seconds=-60, operation="users")

    assert zoom.send("GET", "/users").headers["Date"] == "Wed, 01 Nov 2023 00:59:00 GMT"
    assert zoom.send("GET", "/users").headers["Date"] == "Tue, 31 Oct 2023 23:59:00 GMT"
    assert zoom.send("GET", f"/users/{zoom.host()}").headers["Date"] == "Wed, 01 Nov 2023 00:00:00 GMT"


def test_a_hand_is_not_twisted(zoom):
    twist(zoom, what="lock", field="topic", value="Locked")

    made = zoom.control("POST", "meetings", {"topic": "By hand"}).json()

    assert made["topic"] == "By hand"
    assert zoom.control("PATCH", f"meetings/{made['id']}", {"topic": "Again"}).json()["topic"] == "Again"


def test_twists_are_listed_counted_limited_and_removed(zoom):
    twist(zoom, what="lock", field="topic", value="Locked", times=1)
    assert [zoom.create()["topic"] for _ in range(2)] == ["Locked", "T"]

    (shown,) = zoom.control("GET", "twists").json()
    assert (shown["number"], shown["what"], shown["worked"]) == (1, "lock", 1)
    assert zoom.control("GET", "state").json()["twists"] == [shown]
    assert zoom.control("DELETE", "twists/9").status == 400
    assert zoom.control("DELETE", "twists").status == 200
    assert zoom.control("GET", "twists").json() == []


@pytest.mark.parametrize(
    "body",
    [
        {"what": "locks", "field": "topic"},
        {"what": "lock"},
        {"what": "lock", "field": "setting.waiting_room"},
        {"what": "lock", "field": "topic", "value_": 1},
        {"what": "lock", "field": "topic", "host": "nobody@example.org"},
        {"what": "lock", "field": "topic", "operation": "meetingUpdates"},
        {"what": "lock", "field": "topic", "times": -1},
        {"what": "omit", "field": "topic"},
        {"what": "drop"},
        {"what": "refuse", "status": 400},
        {"what": "refuse", "operation": "users", "status": 99},
        {"what": "date", "seconds": "late"},
        {"what": "links", "embed": 1},
        {"what": "truncate", "length": -1},
        {"what": "refuse_field", "field": "topic", "values": "T"},
    ],
)
def test_a_twist_with_a_slip_is_refused_and_none_of_its_list_is_taken(zoom, body):
    answer = zoom.control("POST", "twists", [{"what": "links", "embed": False}, body])

    assert answer.status in (400, 404)
    assert zoom.control("GET", "twists").json() == []


def test_twists_and_what_is_under_way_outlive_a_restart(make_zoom, tmp_path):
    before, after = make_zoom(), make_zoom()
    twist(before, what="lock", field="topic", value="Locked", host=before.host())
    before.fault(kind="deliver_late", operation="meetingCreate", seconds=30)
    before.send("POST", f"/users/{before.host()}/meetings", {"topic": "Sent"})
    save_state(before.simulator, tmp_path / "state.json")

    load_state(after.simulator, tmp_path / "state.json")

    assert after.control("GET", "twists").json() == before.control("GET", "twists").json()
    assert after.control("GET", "state").json()["meetings"] == []
    after.advance(30)
    assert [row["topic"] for row in after.control("GET", "state").json()["meetings"]] == ["Locked"]


def test_a_request_arrives_long_after_its_sender_was_cut_off(zoom, dropped):
    zoom.fault(kind="deliver_late", operation="meetingCreate", seconds=45)
    zoom.control("DELETE", "journal")

    assert isinstance(zoom.send("POST", f"/users/{zoom.host()}/meetings", {"topic": "Late"}), dropped)
    zoom.advance(44)
    assert zoom.control("GET", "state").json()["meetings"] == []
    zoom.advance(100)

    state = zoom.control("GET", "state").json()
    assert [(row["topic"], row["created_at"]) for row in state["meetings"]] == [("Late", "2023-11-01T00:00:45Z")]
    assert state["clock"]["now"] == "2023-11-01T00:02:24Z"
    assert [row["status"] for row in zoom.control("GET", "journal").json()["requests"]] == [0, 201]
