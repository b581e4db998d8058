"""What people do on Zoom's own pages: convert, move, leave, licences, series, personal rooms."""

import pytest


@pytest.fixture
def with_webinars(zoom):
    zoom.reset(limits=False, webinars=True)
    return zoom


def test_a_meeting_is_converted_to_a_webinar_and_back(with_webinars):
    zoom = with_webinars
    made = zoom.create(settings={"use_pmi": False, "waiting_room": True, "audio": "voip"})
    meeting, webinar = f"/meetings/{made['id']}", f"/webinars/{made['id']}"

    assert zoom.control("POST", f"meetings/{made['id']}/convert").status == 200

    refused = zoom.send("GET", meeting)
    assert (refused.status, refused.json()) == (400, {"code": 3000, "message": "Cannot access webinar info."})
    shown = zoom.get(webinar)
    assert (shown["id"], shown["type"], shown["password"]) == (made["id"], 5, made["password"])
    assert shown["settings"]["audio"] == "voip"
    assert "waiting_room" not in shown["settings"]
    assert zoom.get(f"/users/{zoom.host()}/meetings")["meetings"] == []
    assert len(zoom.get(f"/users/{zoom.host()}/webinars")["webinars"]) == 1

    assert zoom.control("POST", f"meetings/{made['id']}/convert").status == 200
    assert zoom.get(meeting)["type"] == 2
    assert zoom.send("GET", webinar).status == 400


def test_an_instant_meeting_is_not_converted(zoom):
    made = zoom.create(type=1)

    assert zoom.control("POST", f"meetings/{made['id']}/convert").status == 400


def test_a_meeting_is_moved_to_another_host(zoom):
    made = zoom.create()

    moved = zoom.control("POST", f"meetings/{made['id']}/move", {"host": zoom.host(2)}).json()

    assert (moved["id"], moved["host_email"], moved["join_url"]) == (made["id"], zoom.host(2), made["join_url"])
    assert zoom.get(f"/users/{zoom.host(1)}/meetings")["meetings"] == []
    (row,) = zoom.get(f"/users/{zoom.host(2)}/meetings")["meetings"]
    assert row["host_id"] == moved["host_id"] != made["host_id"]
    zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "X"})
    assert zoom.control("POST", f"meetings/{made['id']}/move", {"host": "nobody"}).status == 404
    assert zoom.control("POST", f"meetings/{made['id']}/move").status == 400


def test_writes_to_a_moved_meeting_count_against_its_new_host(limited):
    made = limited.create()
    moved = limited.control("POST", f"meetings/{made['id']}/move", {"host": limited.host(2)}).json()

    limited.send("PATCH", f"/meetings/{made['id']}", {"topic": "X"})

    counts = limited.control("GET", "state").json()["counters"]["writes_by_host"]
    assert counts == {made["host_id"]: 1, moved["host_id"]: 1}


@pytest.mark.parametrize("transfer", [False, True])
def test_a_host_leaves_with_his_meetings_or_without(zoom, transfer):
    made = zoom.create()
    body = {"transfer_to": zoom.host(2)} if transfer else {}

    left = zoom.control("POST", f"users/{zoom.host(1)}/leave", body)

    assert left.json() == {"ok": True, "transferred": int(transfer)}
    assert zoom.send("GET", f"/users/{zoom.host(1)}/meetings").json()["code"] == 1001
    assert zoom.send("POST", f"/users/{made['host_id']}/meetings", {}).json()["code"] == 1001
    assert zoom.host(1) not in [row["email"] for row in zoom.get("/users")["users"]]
    shown = zoom.send("GET", f"/meetings/{made['id']}")
    if transfer:
        assert shown.json()["host_email"] == zoom.host(2)
    else:
        assert (shown.status, shown.json()["code"]) == (404, 3001)
    assert zoom.control("GET", "state").status == 200


def test_a_new_user_may_take_the_address_of_one_who_left(zoom):
    zoom.control("POST", f"users/{zoom.host(1)}/leave")

    made = zoom.control("POST", "users", {"email": zoom.host(1), "type": 2}).json()

    assert zoom.create()["host_id"] == made["id"]
    assert zoom.control("POST", "users", {"email": zoom.host(2)}).status == 400


def test_a_host_becomes_basic_and_his_meeting_ends_after_40_minutes(zoom):
    made = zoom.create(duration=90)

    assert zoom.control("PATCH", f"users/{zoom.host()}", {"type": 1}).json()["type"] == 1

    assert zoom.get(f"/users/{zoom.host()}")["type"] == 1
    started = zoom.control("POST", f"meetings/{made['id']}/start").json()
    assert (started["start_time"], started["end_time"]) == ("2023-11-01T00:00:00Z", "2023-11-01T00:40:00Z")


def test_a_webinar_licence_is_lost_and_gained_with_its_size(with_webinars):
    zoom = with_webinars
    user = f"users/{zoom.host()}"
    made = zoom.send("POST", f"/{user}/webinars", {}).json()

    zoom.control("PATCH", user, {"webinar": False})

    for method, path in (
        ("POST", f"/{user}/webinars"),
        ("GET", f"/{user}/webinars"),
        ("GET", f"/webinars/{made['id']}"),
    ):
        refused = zoom.send(method, path, {} if method == "POST" else None)
        assert (refused.status, refused.json()["code"]) == (400, 200)
        assert refused.json()["message"].startswith("Webinar plan is missing. You must subscribe to the webinar plan")
    assert zoom.get(f"/{user}/settings")["feature"]["webinar"] is False

    zoom.control("PATCH", user, {"webinar": True, "webinar_capacity": 1000})
    feature = zoom.get(f"/{user}/settings")["feature"]
    assert (feature["webinar"], feature["webinar_capacity"]) == (True, 1000)
    assert zoom.get(f"/webinars/{made['id']}")["id"] == made["id"]


def test_a_licence_of_zoom_events_is_shown_by_its_own_name(zoom):
    user = f"users/{zoom.host()}"
    zoom.control("PATCH", user, {"zoom_events": True, "zoom_events_capacity": 3000})

    feature = zoom.get(f"/{user}/settings")["feature"]

    assert (feature["webinar"], feature["zoom_events"], feature["zoom_events_capacity"]) == (False, True, 3000)
    assert zoom.send("POST", f"/{user}/webinars", {}).status == 201


def test_how_many_meetings_at_once_and_how_many_people_are_a_user_s_own(zoom):
    zoom.control("PATCH", f"users/{zoom.host()}", {"concurrent_meeting": "Plus", "meeting_capacity": 1000})

    feature = zoom.get(f"/users/{zoom.host()}/settings")["feature"]

    assert (feature["concurrent_meeting"], feature["meeting_capacity"]) == ("Plus", 1000)


@pytest.mark.parametrize("status", ["inactive", "pending"])
def test_who_is_not_active_is_in_another_list_and_makes_no_meetings(zoom, status):
    zoom.control("PATCH", f"users/{zoom.host()}", {"status": status})

    (row,) = zoom.get("/users", status=status)["users"]
    assert row["email"] == zoom.host()
    assert ("type" in row) == (status == "inactive")
    assert zoom.host() not in [user["email"] for user in zoom.get("/users")["users"]]
    assert zoom.send("POST", f"/users/{zoom.host()}/meetings", {}).json()["code"] == 3161


@pytest.mark.parametrize(
    "body", [{"type": 3}, {"status": "gone"}, {"webinar": 1}, {"licence": 2}, {"concurrent_meeting": "Three"}]
)
def test_a_change_of_a_user_with_a_slip_is_refused(zoom, body):
    assert zoom.control("PATCH", f"users/{zoom.host()}", body).status == 400


def test_a_weekly_series_is_made_by_hand(zoom):
    made = zoom.control("POST", "series", {"host": zoom.host(2), "topic": "Weekly", "weeks": 5}).json()

    assert (made["type"], len(made["occurrences"]), made["host_email"]) == (8, 5, zoom.host(2))
    assert zoom.control("POST", "series", {"weeks": 0}).status == 400


def test_a_series_that_becomes_a_single_meeting_loses_its_occurrences(zoom):
    made = zoom.control("POST", "series", {"host": zoom.host()}).json()

    assert zoom.send("PATCH", f"/meetings/{made['id']}", {"type": 2}).status == 204

    shown = zoom.get(f"/meetings/{made['id']}")
    assert "occurrences" not in shown
    assert "recurrence" not in shown


@pytest.mark.parametrize("change", [{"settings": {"approval_type": 2}}, {"type": 3}])
def test_who_registered_is_gone_when_registration_is_switched_off(zoom, change):
    made = zoom.create(settings={"use_pmi": False, "approval_type": 0})
    zoom.control("POST", f"meetings/{made['id']}/register", {"count": 20})

    zoom.send("PATCH", f"/meetings/{made['id']}", change)
    zoom.send("PATCH", f"/meetings/{made['id']}", {"type": 2, "settings": {"approval_type": 0}})

    assert zoom.get(f"/meetings/{made['id']}/registrants")["total_records"] == 0


def test_a_change_of_other_settings_keeps_who_registered(zoom):
    made = zoom.create(settings={"use_pmi": False, "approval_type": 0})
    zoom.control("POST", f"meetings/{made['id']}/register", {"count": 20})

    zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "X", "settings": {"waiting_room": True}})

    assert zoom.get(f"/meetings/{made['id']}/registrants")["total_records"] == 20


def test_a_personal_room_is_read_by_its_number_and_is_in_no_list(zoom):
    number = zoom.get(f"/users/{zoom.host()}")["pmi"]

    room = zoom.get(f"/meetings/{number}")

    assert (room["id"], room["type"], room["host_email"]) == (number, 4, zoom.host())
    assert zoom.get(f"/meetings/{number}")["uuid"] == room["uuid"]
    assert zoom.get(f"/users/{zoom.host()}/meetings")["meetings"] == []
    assert zoom.send("PATCH", f"/meetings/{number}", {"topic": "My room"}).status == 204
    changed = zoom.get(f"/meetings/{number}")
    assert (changed["topic"], changed["type"], changed["pmi"]) == ("My room", 4, str(number))
    assert zoom.send("DELETE", f"/meetings/{number}").json()["code"] == 3018


def test_a_webinar_list_is_paged_by_token_and_by_number(with_webinars):
    zoom = with_webinars
    for number in range(5):
        zoom.control("POST", "webinars", {"host": zoom.host(), "topic": f"W{number}"})
    path = f"/users/{zoom.host()}/webinars"

    rows = zoom.pages(path, "webinars", page_size=2)

    assert sorted(row["topic"] for row in rows) == [f"W{number}" for number in range(5)]
    assert zoom.get(path, page_size=2, page_number=3)["webinars"] == rows[4:]
