"""Lists: what is in them, and how they are paged."""

import pytest

ROW = {
    "uuid", "id", "host_id", "topic", "type", "start_time", "duration", "timezone", "agenda", "created_at", "join_url",
}  # fmt: skip


def test_a_row_has_only_what_zoom_lists(zoom):
    zoom.create(agenda="x" * 300)

    (row,) = zoom.get(f"/users/{zoom.host()}/meetings")["meetings"]

    assert set(row) == ROW
    assert len(row["agenda"]) == 250


def test_a_list_has_the_meetings_of_one_host_without_instant_ones(zoom):
    mine = zoom.create()
    zoom.create(host=2)
    zoom.create(type=1)
    recurring = zoom.create(type=3)

    ids = {row["id"] for row in zoom.get(f"/users/{zoom.host()}/meetings")["meetings"]}

    assert ids == {mine["id"], recurring["id"]}


def test_a_host_is_found_by_id_and_by_mail_in_any_case(zoom):
    users = zoom.get("/users")["users"]
    zoom.create()

    for key in (users[0]["id"], "host1@example.org", "Host1@Example.ORG"):
        assert zoom.get(f"/users/{key}/meetings")["total_records"] == 1


@pytest.mark.parametrize(
    ("kind", "topics"),
    [
        ("scheduled", ["past", "live", "soon", "far"]),
        ("live", ["live"]),
        ("upcoming", ["live", "soon"]),
        ("upcoming_meetings", ["live", "soon"]),
        ("previous_meetings", ["past"]),
    ],
)
def test_the_type_of_a_list_says_which_meetings(zoom, kind, topics):
    starts = {"past": "2023-11-02", "live": "2023-11-04", "soon": "2023-12-01", "far": "2024-09-01"}
    made = {topic: zoom.create(topic=topic, start_time=f"{day}T10:00:00Z") for topic, day in starts.items()}
    zoom.set_clock("2023-11-04T10:00:00Z")
    zoom.control("POST", f"meetings/{made['live']['id']}/start")

    assert [row["topic"] for row in zoom.get(f"/users/{zoom.host()}/meetings", type=kind)["meetings"]] == topics


def test_pages_have_every_row_once_and_end_with_an_empty_token(zoom):
    made = [zoom.create(topic=str(number))["id"] for number in range(7)]

    rows = zoom.pages(f"/users/{zoom.host()}/meetings", "meetings", page_size=3)

    assert sorted(row["id"] for row in rows) == sorted(made)


def test_a_page_tells_how_many_there_are(zoom):
    for _ in range(7):
        zoom.create()

    page = zoom.get(f"/users/{zoom.host()}/meetings", page_size=3)

    assert {name: page[name] for name in ("page_count", "page_size", "total_records", "page_number")} == {
        "page_count": 3,
        "page_size": 3,
        "total_records": 7,
        "page_number": 1,
    }


def _first_token(zoom):
    for _ in range(3):
        zoom.create()
    return zoom.get(f"/users/{zoom.host()}/meetings", page_size=2)["next_page_token"]


def test_a_page_token_lives_fifteen_minutes(zoom):
    token = _first_token(zoom)
    path = f"/users/{zoom.host()}/meetings"
    zoom.advance(899)
    assert zoom.send("GET", path, page_size=2, next_page_token=token).status == 200

    zoom.advance(1)
    answer = zoom.send("GET", path, page_size=2, next_page_token=token)

    assert (answer.status, answer.json()["code"]) == (400, 300)
    assert answer.json()["message"] == "The next page token is invalid or expired."


@pytest.mark.parametrize("changed", [{"page_size": 3}, {"page_size": 2, "type": "live"}, {}])
def test_a_page_token_only_works_with_its_own_query(zoom, changed):
    token = _first_token(zoom)

    assert zoom.send("GET", f"/users/{zoom.host()}/meetings", next_page_token=token, **changed).status == 400


def test_a_page_token_of_one_host_is_no_good_for_another(zoom):
    token = _first_token(zoom)

    assert zoom.send("GET", f"/users/{zoom.host(2)}/meetings", page_size=2, next_page_token=token).status == 400


def test_meetings_made_between_two_pages_do_not_shift_them(zoom):
    token = _first_token(zoom)
    zoom.create(start_time="2023-11-02T00:00:00Z")

    page = zoom.get(f"/users/{zoom.host()}/meetings", page_size=2, next_page_token=token)

    assert (len(page["meetings"]), page["total_records"]) == (1, 3)


@pytest.mark.parametrize("size", ["0", "301", "x", "-1", ""])
def test_a_page_size_out_of_bounds_is_refused(zoom, size):
    answer = zoom.send("GET", f"/users/{zoom.host()}/meetings", page_size=size)

    assert (answer.status, answer.json()["errors"][0]["field"]) == (400, "page_size")


def test_users_are_licensed_but_for_one(make_zoom):
    users = make_zoom(hosts=4).get("/users", page_size=2000)["users"]

    assert [user["type"] for user in users] == [2, 2, 2, 2, 1]
    assert {len(user["id"]) for user in users} == {22}


def test_on_the_free_plan_all_users_are_basic(make_zoom):
    assert {user["type"] for user in make_zoom(plan="free").get("/users")["users"]} == {1}


@pytest.mark.parametrize(("plan", "concurrent"), [("pro", "Basic"), ("business", "Plus")])
def test_settings_tell_how_many_meetings_a_host_may_hold_at_once(make_zoom, plan, concurrent):
    driver = make_zoom(plan=plan)

    assert driver.get(f"/users/{driver.host()}/settings")["feature"]["concurrent_meeting"] == concurrent


def test_a_list_between_two_days(zoom):
    for day in ("05", "06", "07"):
        zoom.create(topic=day, start_time=f"2023-11-{day}T23:59:59Z")

    rows = zoom.get(f"/users/{zoom.host()}/meetings", **{"from": "2023-11-06", "to": "2023-11-06"})["meetings"]

    assert [row["topic"] for row in rows] == ["06"]
