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


def people(count, first=0):
    return [{"first_name": f"P{n}", "email": f"p{n}@example.org"} for n in range(first, first + count)]


@pytest.fixture
def by_hand(zoom):
    """The path of a meeting whose registrants are approved by hand."""
    made = zoom.create(settings={"use_pmi": False, "approval_type": 1, "alternative_hosts": zoom.host(2)})
    return f"/meetings/{made['id']}"


def listed(zoom, path, status="approved"):
    return [row["email"] for row in zoom.get(f"{path}/registrants", status=status)["registrants"]]


def test_a_batch_registers_up_to_thirty_at_once(zoom, by_hand):
    answer = zoom.send("POST", f"{by_hand}/batch_registrants", {"registrants": people(30), "auto_approve": True})
    ids = {row["registrant_id"] for row in answer.json()["registrants"]}

    assert (answer.status, len(ids)) == (201, 30)
    assert not any("join_url" in row for row in answer.json()["registrants"])
    assert len(listed(zoom, by_hand)) == 30
    assert zoom.send("POST", f"{by_hand}/batch_registrants", {"registrants": people(31)}).json()["code"] == 300


def test_a_batch_with_one_that_cannot_be_registers_nobody(zoom, by_hand):
    for wrong, code in (("no-address", 300), (zoom.host(), 3027), (zoom.host(2), 3027)):
        body = {"registrants": [*people(2), {"first_name": "X", "email": wrong}]}
        assert zoom.send("POST", f"{by_hand}/batch_registrants", body).json()["code"] == code
    assert listed(zoom, by_hand, "pending") == []


def test_a_batch_is_only_for_scheduled_meetings_that_are_not_over(zoom, by_hand):
    endless = zoom.create(type=1, settings={"use_pmi": False, "approval_type": 0})
    path = f"/meetings/{endless['id']}/batch_registrants"
    assert zoom.send("POST", path, {"registrants": people(1)}).json()["code"] == 303
    zoom.set_clock("2023-11-06T14:00:00Z")
    assert zoom.send("POST", f"{by_hand}/batch_registrants", {"registrants": people(1)}).json()["code"] == 3038


def test_registrants_are_approved_denied_and_cancelled(zoom, by_hand):
    zoom.send("POST", f"{by_hand}/batch_registrants", {"registrants": people(3)})
    for action, number in (("approve", 0), ("deny", 1), ("approve", 2), ("cancel", 2)):
        body = {"action": action, "registrants": [{"email": f"P{number}@Example.org"}]}
        assert zoom.send("PUT", f"{by_hand}/registrants/status", body).status == 204

    assert listed(zoom, by_hand) == ["p0@example.org"]
    assert listed(zoom, by_hand, "denied") == ["p1@example.org"]
    assert listed(zoom, by_hand, "pending") == []


def test_who_cancelled_can_register_anew(zoom, by_hand):
    def register():
        body = {"registrants": people(1), "auto_approve": True}
        return zoom.send("POST", f"{by_hand}/batch_registrants", body).json()["registrants"][0]["registrant_id"]

    first = register()
    zoom.send("PUT", f"{by_hand}/registrants/status", {"action": "cancel", "registrants": [{"id": first}]})
    assert listed(zoom, by_hand) == []
    assert register() == first
    assert listed(zoom, by_hand) == ["p0@example.org"]


def test_a_persons_status_may_change_ten_times_a_day(limited):
    made = limited.create(settings={"use_pmi": False, "approval_type": 1})
    path = f"/meetings/{made['id']}/registrants"
    limited.send("POST", path, ADA)
    told = [{"email": ADA["email"]}]
    statuses = []
    for number in range(11):
        action = "deny" if number % 2 else "approve"
        statuses.append(limited.send("PUT", f"{path}/status", {"action": action, "registrants": told}).status)
        limited.advance(1)

    assert statuses == [204] * 10 + [429]
