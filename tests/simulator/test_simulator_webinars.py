"""Webinars: only with the add-on, and not to be taken for meetings."""

import pytest

TIME = "2023-11-06T12:30:00Z"


@pytest.fixture
def hall(zoom):
    zoom.reset(limits=False, webinars=True)
    return zoom


def _make(driver, **body):
    answer = driver.send("POST", f"/users/{driver.host()}/webinars", {"topic": "W", "start_time": TIME, **body})
    assert answer.status == 201, answer
    return answer.json()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_add_on_the_plan_is_missing(zoom, method):
    answer = zoom.send(method, f"/users/{zoom.host()}/webinars", {} if method == "POST" else None)

    assert (answer.status, answer.json()["code"]) == (400, 200)
    assert answer.json()["message"].startswith("Webinar plan is missing.")


def test_a_webinar_is_made_listed_changed_and_deleted(hall):
    made = _make(hall, password="807001")
    path = f"/webinars/{made['id']}"

    assert (made["type"], made["start_time"], made["password"]) == (5, TIME, "807001")
    assert "status" not in made
    hall.send("PATCH", path, {"password": "123456", "topic": "X"})
    seen = hall.get(path)
    assert seen["topic"] == "X"
    assert seen["join_url"] != made["join_url"]
    assert [row["id"] for row in hall.get(f"/users/{hall.host()}/webinars")["webinars"]] == [made["id"]]
    assert hall.send("DELETE", path).status == 204
    assert hall.send("GET", path).json() == {"code": 3001, "message": f"Webinar does not exist: {made['id']}."}


def test_the_id_of_a_webinar_is_refused_for_a_meeting_and_the_other_way_round(hall):
    webinar, meeting = _make(hall), hall.create()

    for method, body in (("GET", None), ("PATCH", {"topic": "x"}), ("DELETE", None)):
        answer = hall.send(method, f"/meetings/{webinar['id']}", body)
        assert (answer.status, answer.json()["code"]) == (400, 3000)
    assert hall.send("GET", f"/webinars/{meeting['id']}").json()["code"] == 300


def test_meetings_and_webinars_have_lists_of_their_own(hall):
    webinar, meeting = _make(hall), hall.create()

    assert [row["id"] for row in hall.get(f"/users/{hall.host()}/meetings")["meetings"]] == [meeting["id"]]
    assert [row["id"] for row in hall.get(f"/users/{hall.host()}/webinars")["webinars"]] == [webinar["id"]]


def test_a_webinar_counts_against_the_hosts_hundred(make_zoom):
    driver = make_zoom()
    driver.reset(webinars=True)
    for _ in range(99):
        driver.advance(0.1)
        driver.create()
    _make(driver)

    assert driver.send("POST", f"/users/{driver.host()}/webinars", {}).status == 429


def test_reports_of_a_webinar_are_under_its_own_paths(hall):
    made = _make(hall)
    evening = hall.run(made["id"], questions=4)
    hall.advance(1800)

    rows = hall.pages(f"/report/webinars/{made['id']}/participants", "participants", page_size=300)
    assert len(rows) == evening["participants"]
    assert not any(row["bo_mtg_id"] for row in rows)
    assert hall.get(f"/past_webinars/{made['id']}/instances")["webinars"][0]["uuid"] == evening["uuid"]
    assert hall.get(f"/report/webinars/{made['id']}/qa")["questions"]
    assert hall.send("GET", f"/report/meetings/{made['id']}").json()["code"] == 3001


def test_panelists_are_added_once_and_up_to_the_hosts_capacity(hall):
    path = f"/webinars/{_make(hall)['id']}/panelists"
    crowd = [{"email": f"p{number}@example.org", "name": "P"} for number in range(101)]

    for start in (0, 30, 60):
        assert hall.send("POST", path, {"panelists": crowd[start : start + 30]}).status == 201
    hall.send("POST", path, {"panelists": crowd[:30]})

    assert hall.get(path)["total_records"] == 90
    assert hall.send("POST", path, {"panelists": crowd[90:]}).json()["code"] == 3000
    assert hall.send("POST", path, {"panelists": crowd[:31]}).json()["code"] == 300
    assert hall.send("DELETE", path).status == 204
    assert hall.get(path) == {"total_records": 0, "panelists": []}


def test_one_panelist_is_taken_out_by_id_or_e_mail_and_an_unknown_one_is_refused(hall):
    path = f"/webinars/{_make(hall)['id']}/panelists"
    hall.send("POST", path, {"panelists": [{"email": f"p{number}@example.org", "name": "P"} for number in range(3)]})
    identity = hall.get(path)["panelists"][0]["id"]

    assert hall.send("DELETE", f"{path}/{identity}").status == 204
    assert hall.send("DELETE", f"{path}/P1@example.org").status == 204
    answer = hall.send("DELETE", f"{path}/{identity}")
    assert (answer.status, answer.json()["code"]) == (400, 300)
    assert [one["email"] for one in hall.get(path)["panelists"]] == ["p2@example.org"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "p@example.org"}, "name"),
        ({"email": "p@example.org", "name": " "}, "name"),
        ({"email": "p@example.org", "name": "一二三四五六七八九十一二三"}, "name"),
        ({"email": "p.example.org", "name": "P"}, "email"),
        ({"email": "p@example.org", "name": "P", "e-mail": "x"}, "e-mail"),
    ],
)
def test_a_panelist_that_cannot_be_is_refused_with_the_field_and_the_others_with_it(hall, wrong, field):
    path = f"/webinars/{_make(hall)['id']}/panelists"
    good = {"email": "good@example.org", "name": "一二三四五六七八九十一二 (Dr)"}
    answer = hall.send("POST", path, {"panelists": [good, wrong]})
    assert (answer.status, answer.json()["code"]) == (400, 300)
    assert answer.json()["errors"][0]["field"].endswith(field)
    assert hall.get(path)["total_records"] == 0
    assert hall.send("POST", path, {"panelists": [good]}).status == 201
