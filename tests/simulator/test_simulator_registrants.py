"""Registration for a meeting."""

import pytest

ADA = {"first_name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def path(zoom):
    made = zoom.create(settings={"use_pmi": False, "approval_type": 0})
    return f"/meetings/{made['id']}/registrants"


def test_a_registrant_is_listed_and_has_a_link(zoom, path):
    made = zoom.send("POST", path, ADA)

    assert made.status == 201
    (row,) = zoom.get(path)["registrants"]
    assert (row["id"], row["email"]) == (made.json()["registrant_id"], "ada@example.org")
    assert row["join_url"] == made.json()["join_url"]


def test_the_same_mail_gives_the_same_registrant(zoom, path):
    first = zoom.send("POST", path, ADA).json()
    second = zoom.send("POST", path, {**ADA, "email": "Ada@Example.org"}).json()

    assert second["registrant_id"] == first["registrant_id"]


def test_approval_by_hand_leaves_a_registrant_pending_unless_told(zoom):
    made = zoom.create(settings={"use_pmi": False, "approval_type": 1})
    path = f"/meetings/{made['id']}/registrants"
    zoom.send("POST", path, ADA)
    approved = zoom.send("POST", path, {**ADA, "email": "b@example.org", "auto_approve": True}).json()

    assert "join_url" not in approved
    assert [row["email"] for row in zoom.get(path, status="pending")["registrants"]] == ["ada@example.org"]
    assert [row["email"] for row in zoom.get(path)["registrants"]] == ["b@example.org"]


def test_a_meeting_without_registration_refuses(zoom):
    made = zoom.create()

    answer = zoom.send("POST", f"/meetings/{made['id']}/registrants", ADA)

    assert (answer.status, answer.json()["code"]) == (400, 404)


def test_an_unknown_meeting_is_told_with_the_code_zoom_documents(zoom):
    assert zoom.send("POST", "/meetings/12345678901/registrants", ADA).json()["code"] == 1001
    assert zoom.send("GET", "/meetings/12345678901/registrants").json()["code"] == 3001


def test_the_host_can_not_register(zoom, path):
    assert zoom.send("POST", path, {**ADA, "email": zoom.host()}).json()["code"] == 3027


@pytest.mark.parametrize("body", [{"email": "a@b.org"}, {"first_name": "A"}, {**ADA, "email": "ada"}, {**ADA, "x": 1}])
def test_a_wrong_registrant_is_refused(zoom, path, body):
    assert zoom.send("POST", path, body).json()["code"] == 300


def test_a_person_may_register_three_times_a_day(limited):
    made = limited.create(settings={"use_pmi": False, "approval_type": 0})
    path = f"/meetings/{made['id']}/registrants"

    statuses = [limited.send("POST", path, ADA).status for _ in range(4)]

    assert statuses == [201, 201, 201, 429]
    assert limited.send("POST", path, {**ADA, "email": "other@example.org"}).status == 201
