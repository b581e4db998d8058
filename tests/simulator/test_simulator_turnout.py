"""Who registers and comes or stays away, panelists, polls without names, and the survey at the end."""

import pytest

ADA = {"first_name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def webinar(zoom):
    """A webinar with registration, and the path of it."""
    zoom.reset(limits=False, webinars=True)
    body = {"topic": "W", "start_time": "2023-11-06T12:30:00Z", "settings": {"approval_type": 0}}
    made = zoom.send("POST", f"/users/{zoom.host()}/webinars", body).json()
    return made["id"]


def register(zoom, meeting, **body):
    return zoom.control("POST", f"meetings/{meeting}/register", body)


def test_who_registered_for_a_webinar_and_has_no_stay_is_absent(zoom, webinar):
    register(zoom, webinar, count=40)
    evening = zoom.run(webinar, audience=20)
    zoom.advance(1800)
    stays = zoom.pages(f"/report/webinars/{webinar}/participants", "participants", include_fields="registrant_id")
    came = {one["registrant_id"] for one in stays} - {""}
    absent = {one["id"] for one in zoom.pages(f"/past_webinars/{webinar}/absentees", "registrants", page_size=7)}
    registered = {one["id"] for one in zoom.pages(f"/webinars/{webinar}/registrants", "registrants")}
    assert (len(came), len(absent), came | absent) == (17, 23, registered)
    assert not came & absent
    assert evening["people"] > 17


def test_absentees_are_refused_before_the_end_and_without_registration(zoom, webinar):
    assert zoom.send("GET", f"/past_webinars/{webinar}/absentees").json()["code"] == 3001
    made = zoom.send(
        "POST", f"/users/{zoom.host()}/webinars", {"topic": "W", "start_time": "2023-11-07T12:30:00Z"}
    ).json()
    zoom.run(made["id"])
    refused = zoom.send("GET", f"/past_webinars/{made['id']}/absentees")
    assert (refused.status, refused.json()["code"]) == (400, 3000)
    assert zoom.send("POST", f"/webinars/{made['id']}/registrants", ADA).json()["code"] == 3000


@pytest.mark.parametrize("body", [{"auto_approve": True}, {"source_id": 5}])
def test_the_body_of_a_webinars_registrant_is_its_own(zoom, webinar, body):
    assert zoom.send("POST", f"/webinars/{webinar}/registrants", {**ADA, **body}).json()["code"] == 300
    assert zoom.send("POST", f"/webinars/{webinar}/registrants", {**ADA, "source_id": "5"}).status == 201


def test_a_panelist_comes_and_can_not_register(zoom, webinar):
    panelists = {"panelists": [{"email": "pan@example.org", "name": "Pan Ellist"}]}
    assert zoom.send("POST", f"/webinars/{webinar}/panelists", panelists).status == 201
    assert (
        zoom.send("POST", f"/webinars/{webinar}/registrants", {**ADA, "email": "Pan@example.org"}).json()["code"]
        == 3000
    )
    zoom.run(webinar, audience=15)
    zoom.advance(1800)
    rows = zoom.pages(f"/report/webinars/{webinar}/participants", "participants")
    assert "pan@example.org" in {one["user_email"] for one in rows}


def test_registrants_of_a_meeting_without_registration_are_refused(zoom):
    made = zoom.create()
    refused = zoom.send("GET", f"/meetings/{made['id']}/registrants")
    assert (refused.status, refused.json()["code"]) == (400, 404)
    assert register(zoom, made["id"]).status == 400


def test_the_answers_to_an_anonymous_poll_bear_no_name(zoom):
    made = zoom.create()
    zoom.run(made["id"], polls=4)
    zoom.advance(1800)
    rows = zoom.get(f"/report/meetings/{made['id']}/polls")["questions"]
    named = [row for row in rows if row["name"] != "Anonymous Attendee"]
    nameless = [row for row in rows if row["name"] == "Anonymous Attendee"]
    assert len(named) == len(nameless) > 10
    assert {row["email"] for row in nameless} == {""}
    assert {len(row["question_details"]) for row in named} == {3}


def test_a_survey_is_answered_by_some_and_a_meeting_without_one_has_an_empty_report(zoom):
    with_one, without = zoom.create(), zoom.create(host=2)
    told = zoom.run(with_one["id"], survey=True)
    zoom.run(without["id"])
    zoom.advance(1800)
    answers = zoom.get(f"/report/meetings/{with_one['id']}/survey")["survey_answers"]
    assert len(answers) == told["surveys"] > 5
    assert zoom.get(f"/report/meetings/{without['id']}/survey")["survey_answers"] == []


@pytest.mark.parametrize("body", [{"survey": 1}, {"surveys": True}])
def test_a_wrong_evening_is_refused(zoom, body):
    assert zoom.control("POST", f"meetings/{zoom.create()['id']}/run", body).status == 400
