"""Making, reading, changing and deleting meetings, and what Zoom makes of their fields."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def test_a_meeting_is_made_read_changed_and_deleted(zoom):
    made = zoom.create(topic="One", timezone="Asia/Shanghai")
    path = f"/meetings/{made['id']}"

    assert len(str(made["id"])) == 11
    assert made["host_email"] == "host1@example.org"
    changed = zoom.send("PATCH", path, {"topic": "Two", "settings": {"mute_upon_entry": True}})
    assert (changed.status, changed.body) == (204, b"")
    seen = zoom.get(path)
    assert (seen["topic"], seen["settings"]["mute_upon_entry"]) == ("Two", True)
    assert zoom.send("DELETE", path).status == 204
    gone = zoom.send("GET", path)
    assert gone.json() == {"code": 3001, "message": f"Meeting does not exist: {made['id']}."}
    assert gone.status == 404


@pytest.mark.parametrize(
    ("sent", "zone", "stored"),
    [
        ("2023-11-06T20:30:00", "Asia/Shanghai", "2023-11-06T12:30:00Z"),
        ("2023-11-06T20:30:00Z", "Asia/Shanghai", "2023-11-06T20:30:00Z"),
        ("2023-11-06T20:30:00+08:00", "Asia/Shanghai", "2023-11-06T20:30:00Z"),
        ("2024-03-30T20:30:00", "Europe/Berlin", "2024-03-30T19:30:00Z"),
        ("2024-03-31T20:30:00", "Europe/Berlin", "2024-03-31T18:30:00Z"),
        ("2020-01-01T00:00:00Z", "UTC", "2023-11-01T00:00:00Z"),
        ("", "UTC", "2023-11-01T00:00:00Z"),
    ],
)
def test_the_start_is_read_as_zoom_reads_it(zoom, sent, zone, stored):
    assert zoom.create(start_time=sent, timezone=zone)["start_time"] == stored


def test_a_past_start_in_an_update_is_ignored_and_the_rest_done(zoom):
    made = zoom.create()

    zoom.send("PATCH", f"/meetings/{made['id']}", {"start_time": "2020-01-01T00:00:00Z", "topic": "New"})

    seen = zoom.get(f"/meetings/{made['id']}")
    assert (seen["start_time"], seen["topic"]) == (made["start_time"], "New")


def test_a_local_start_in_an_update_is_local_in_the_zone_the_meeting_has(zoom):
    made = zoom.create(timezone="Asia/Shanghai")

    zoom.send("PATCH", f"/meetings/{made['id']}", {"start_time": "2023-11-07T08:00:00"})

    assert zoom.get(f"/meetings/{made['id']}")["start_time"] == "2023-11-07T00:00:00Z"


def test_an_update_without_start_leaves_it(zoom):
    made = zoom.create()

    zoom.send("PATCH", f"/meetings/{made['id']}", {"timezone": "Asia/Tokyo"})

    seen = zoom.get(f"/meetings/{made['id']}")
    assert (seen["start_time"], seen["timezone"]) == (made["start_time"], "Asia/Tokyo")


def test_a_new_passcode_changes_the_link(zoom):
    made = zoom.create(password="807001")
    assert made["password"] == "807001"

    zoom.send("PATCH", f"/meetings/{made['id']}", {"password": "123abc"})

    seen = zoom.get(f"/meetings/{made['id']}")
    assert seen["password"] == "123abc"
    assert seen["join_url"] != made["join_url"]
    assert seen["join_url"].startswith(f"https://example.zoom.us/j/{made['id']}?pwd=")


def test_an_update_of_the_title_leaves_the_link(zoom):
    made = zoom.create()

    zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "Other"})

    assert zoom.get(f"/meetings/{made['id']}")["join_url"] == made["join_url"]


def test_a_passcode_is_generated_unless_declined(zoom):
    assert zoom.create()["password"]
    assert zoom.create(password="")["password"]

    declined = zoom.create(default_password=False)

    assert "password" not in declined
    assert "pwd=" not in declined["join_url"]


def test_start_links_are_fresh_each_time(zoom):
    made = zoom.create()

    assert len({made["start_url"], *(zoom.get(f"/meetings/{made['id']}")["start_url"] for _ in range(2))}) == 3


def test_a_host_whose_default_is_his_personal_room_gets_it_unless_told_otherwise(zoom):
    pmi = zoom.get(f"/users/{zoom.host(3)}")["pmi"]

    forgot, told = zoom.create(3, settings={}), zoom.create(3)

    assert (forgot["pmi"], told.get("pmi")) == (str(pmi), None)
    assert f"/j/{pmi}" in forgot["join_url"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"topic": "x" * 201}, "topic"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"duration": 0}, "duration"),
        ({"duration": 1441}, "duration"),
        ({"duration": "60"}, "duration"),
        ({"duration": True}, "duration"),
        ({"type": 7}, "type"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"start_time": "6 November"}, "start_time"),
        ({"start_time": "2023-11-31T10:00:00Z"}, "start_time"),
        ({"start_time": "2023-11-06 20:30:00"}, "start_time"),
        ({"password": "12345678901"}, "password"),
        ({"password": "with space"}, "password"),
        ({"password": "naïve1"}, "password"),
        ({"settings": {"jbh_time": 7}}, "settings.jbh_time"),
        ({"settings": {"audio": "loud"}}, "settings.audio"),
        ({"settings": {"waiting_room": "yes"}}, "settings.waiting_room"),
        ({"settings": {"waitingroom": True}}, "settings.waitingroom"),
        ({"settings": {"question_and_answer": {"enabled": True}}}, "settings.question_and_answer.enabled"),
        ({"settings": []}, "settings"),
        ({"topci": "x"}, "topci"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_made(zoom, body, field):
    answer = zoom.send("POST", f"/users/{zoom.host()}/meetings", body)

    assert answer.status == 400
    assert (answer.json()["code"], answer.json()["message"]) == (300, "Validation Failed.")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert zoom.control("GET", "state").json()["meetings"] == []


def test_all_wrong_fields_are_named_at_once(zoom):
    answer = zoom.send("POST", f"/users/{zoom.host()}/meetings", {"topic": 1, "duration": 0, "x": 1})

    assert {error["field"] for error in answer.json()["errors"]} == {"topic", "duration", "x"}


def test_a_wrong_update_changes_nothing(zoom):
    made = zoom.create()

    answer = zoom.send("PATCH", f"/meetings/{made['id']}", {"topic": "New", "password": "x" * 11})

    assert answer.status == 400
    assert zoom.get(f"/meetings/{made['id']}")["topic"] == "T"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(zoom, raw):
    answer = zoom.send("POST", f"/users/{zoom.host()}/meetings", raw=raw)

    assert answer.status == 400
    assert answer.json() == {"code": 300, "message": "Request Body should be a valid JSON object."}


def test_a_body_of_another_content_type_is_refused(zoom):
    answer = zoom.send("POST", f"/users/{zoom.host()}/meetings", {}, headers={"content-type": "text/plain"})

    assert answer.status == 415


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("POST", "/meetings/1"),
        ("GET", "/users/a/b/c"),
        ("GET", "/past_meetings//a=="),
        ("GET", "/users/"),
        ("GET", "//users"),
        ("GET", "/"),
    ],
)
def test_an_unknown_route_is_not_recognised(zoom, method, path):
    assert zoom.send(method, path, {} if method == "POST" else None).json()["code"] == 2300


def test_a_misspelt_query_parameter_is_refused(zoom):
    answer = zoom.send("GET", f"/users/{zoom.host()}/meetings", pagesize=300)

    assert (answer.status, answer.json()["errors"][0]["field"]) == (400, "pagesize")


def test_unknown_meetings_and_users_are_named(zoom):
    assert zoom.send("GET", "/meetings/12345678901").json()["message"] == "Meeting does not exist: 12345678901."
    assert zoom.send("GET", "/meetings/abc").json()["code"] == 3001
    assert zoom.send("GET", "/users/me").json() == {"code": 1001, "message": "User does not exist: me."}


@pytest.mark.parametrize(
    ("policy", "bad", "good"),
    [
        ({"length": 8}, "abc123", "abc12345"),
        ({"have_letter": True}, "123456", "12345a"),
        ({"have_number": True}, "abcdef", "abcde1"),
        ({"have_special_character": True}, "abc123", "abc12@"),
        ({"have_upper_and_lower_characters": True}, "abc123", "Abc123"),
        ({"only_allow_numeric": True}, "abc123", "836101"),
        ({"consecutive_characters_length": 4}, "ab1234", "ab1235"),
        ({"consecutive_characters_length": 4}, "x1111y", "x111y2"),
    ],
)
def test_the_accounts_passcode_policy_is_enforced(zoom, policy, bad, good):
    zoom.reset(limits=False, policy=policy)

    refused = zoom.send("POST", f"/users/{zoom.host()}/meetings", {"password": bad})

    assert refused.json()["errors"][0]["field"] == "password"
    assert zoom.create(password=good)["password"] == good
    assert zoom.create()["password"]
    shown = zoom.get(f"/users/{zoom.host()}/settings", option="meeting_security")["meeting_security"]
    assert policy.items() <= shown["meeting_password_requirement"].items()


def test_a_one_off_meeting_expires_thirty_days_after_its_date(zoom):
    made = zoom.create(start_time="2023-11-06T12:30:00Z")
    zoom.set_clock("2023-12-06T12:29:59Z")
    assert zoom.get(f"/users/{zoom.host()}/meetings")["total_records"] == 1

    zoom.set_clock("2023-12-06T12:30:01Z")

    assert zoom.get(f"/users/{zoom.host()}/meetings")["total_records"] == 0
    assert zoom.send("GET", f"/meetings/{made['id']}").json()["code"] == 3001


def test_a_running_meeting_says_so_ends_and_cannot_be_deleted(zoom):
    made = zoom.create()
    path = f"/meetings/{made['id']}"
    assert zoom.get(path)["status"] == "waiting"
    zoom.control("POST", f"meetings/{made['id']}/start")
    zoom.advance(60)

    assert zoom.get(path)["status"] == "started"
    assert zoom.get(f"/users/{zoom.host()}/meetings", type="live")["total_records"] == 1
    assert zoom.send("DELETE", path).json()["code"] == 3002
    assert zoom.send("PUT", f"{path}/status", {"action": "end"}).status == 204
    ended = zoom.get(path)
    assert (ended["status"], ended["uuid"] == made["uuid"]) == ("waiting", False)
    assert zoom.get(f"/past_meetings/{made['id']}/instances")["meetings"][0]["uuid"] == made["uuid"]


def test_a_deleted_meeting_can_be_recovered(zoom):
    made = zoom.create()
    zoom.send("DELETE", f"/meetings/{made['id']}")

    assert zoom.send("PUT", f"/meetings/{made['id']}/status", {"action": "recover"}).status == 204
    assert zoom.get(f"/meetings/{made['id']}")["join_url"] == made["join_url"]


def test_the_invitation_has_what_people_need(zoom):
    made = zoom.create(topic="Seminar", password="807001")

    text = zoom.get(f"/meetings/{made['id']}/invitation")["invitation"]

    assert all(part in text for part in ("Seminar", made["join_url"], "807001"))


def test_a_basic_host_may_not_have_registration(zoom):
    answer = zoom.send("POST", "/users/basic@example.org/meetings", {"settings": {"approval_type": 0}})

    assert (answer.status, answer.json()["code"]) == (400, 200)


def test_registration_is_lost_without_a_word_where_there_is_no_fixed_time(zoom):
    never = zoom.create(type=3, settings={"use_pmi": False, "approval_type": 1})
    had = zoom.create(settings={"use_pmi": False, "approval_type": 1})

    assert zoom.send("PATCH", f"/meetings/{had['id']}", {"type": 3}).status == 204

    for made in (never, had):
        seen = zoom.get(f"/meetings/{made['id']}")
        assert seen["settings"]["approval_type"] == 2
        assert "registration_url" not in seen


def test_many_callers_at_once_lose_nothing(zoom):
    with ThreadPoolExecutor(8) as callers:
        made = list(callers.map(lambda _: zoom.create()["id"], range(200)))

    assert len(set(made)) == 200
    assert len(zoom.pages(f"/users/{zoom.host()}/meetings", "meetings", page_size=300)) == 200


def test_scheduling_for_somebody_else_is_refused(zoom):
    answer = zoom.send("POST", f"/users/{zoom.host()}/meetings", {"schedule_for": zoom.host(2)})

    assert answer.json() == {"code": 3000, "message": "You cannot schedule a meeting for host2@example.org"}
