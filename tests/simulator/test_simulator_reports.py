"""What is known after the end: when reports come, whole and in pages, and what an evening is like."""

import json

import pytest


@pytest.fixture
def held(zoom):
    """A meeting that has just ended, the clock at its end."""
    made = zoom.create(settings={"use_pmi": False, "question_and_answer": {"enable": True}})
    return made, zoom.run(made["id"], audience=60, questions=10, polls=2)


def _participants(zoom, key, **query):
    return zoom.pages(f"/report/meetings/{key}/participants", "participants", page_size=300, **query)


@pytest.mark.parametrize("tail", ["", "/participants", "/qa", "/polls"])
def test_there_is_no_report_before_the_end(zoom, tail):
    made = zoom.create()

    answer = zoom.send("GET", f"/report/meetings/{made['id']}{tail}")

    assert answer.status == 404
    assert answer.json() == {"code": 3001, "message": f"Meeting {made['id']} not found or has expired."}


def test_past_meetings_are_not_found_while_there_is_no_instance(zoom):
    made = zoom.create()

    assert zoom.get(f"/past_meetings/{made['id']}/instances") == {"meetings": []}
    for tail in ("", "/participants", "/qa"):
        assert zoom.send("GET", f"/past_meetings/{made['id']}{tail}").json()["code"] == 3001


def test_the_evening_passes(zoom, held):
    made, evening = held

    assert (evening["start_time"], evening["end_time"]) == ("2023-11-06T12:30:00Z", "2023-11-06T13:30:00Z")
    assert zoom.control("GET", "clock").json()["now"] == "2023-11-06T13:30:00Z"
    assert evening["uuid"] == made["uuid"]
    assert evening["participants"] > evening["people"] > 60


def test_a_report_fills_over_half_an_hour(zoom, held):
    made, evening = held
    counts, unfinished = [], []
    for _ in range(4):
        rows = _participants(zoom, made["id"])
        counts.append(len(rows))
        unfinished.append(sum(row["duration"] == 0 for row in rows))
        zoom.advance(600)

    assert counts[0] == 0 < counts[1] < counts[2] < counts[3] == evening["participants"]
    assert unfinished[1] > 0 < unfinished[2]
    assert unfinished[3] == 0


def test_questions_too_are_complete_only_after_the_delay(zoom, held):
    made, evening = held
    path = f"/report/meetings/{made['id']}/qa"
    assert zoom.get(path)["questions"] == []

    zoom.advance(1800)

    asked = [one for row in zoom.get(path)["questions"] for one in row["question_details"]]
    assert len(asked) == evening["questions"] == 10


def test_the_delay_can_be_set(zoom):
    zoom.reset(limits=False, report_delay="PT0S")
    made = zoom.create()
    evening = zoom.run(made["id"])

    assert len(_participants(zoom, made["id"])) == evening["participants"]


def test_pages_of_a_report_hold_every_row_once(zoom, held):
    made, evening = held
    zoom.advance(1800)

    rows = zoom.pages(f"/report/meetings/{made['id']}/participants", "participants", page_size=7)

    assert len({row["user_id"] for row in rows}) == len(rows) == evening["participants"]


def test_pages_do_not_shift_while_the_report_grows(zoom, held):
    made, _ = held
    zoom.advance(1200)
    path = f"/report/meetings/{made['id']}/participants"
    first = zoom.get(path, page_size=5)

    zoom.advance(600)

    second = zoom.get(path, page_size=5, next_page_token=first["next_page_token"])
    assert second["total_records"] == first["total_records"]


def test_every_stay_lies_in_the_meeting_and_rejoins_keep_the_person(zoom, held):
    made, _ = held
    zoom.advance(1800)
    rows = _participants(zoom, made["id"])

    for row in rows:
        assert made["start_time"] <= row["join_time"] <= row["leave_time"] <= "2023-11-06T13:30:00Z"
    ids = [row["id"] for row in rows if row["id"]]
    assert len(set(ids)) < len(ids)
    assert len({row["user_id"] for row in rows}) == len(rows)


def test_an_audience_has_all_that_makes_lists_hard(zoom, held):
    made, _ = held
    zoom.advance(1800)
    rows = _participants(zoom, made["id"])
    names = [row["name"] for row in rows]
    mails = {row["user_email"] for row in rows if row["name"] == "Maria Silva"}

    assert any(name.startswith("=HYPERLINK(") for name in names)
    assert any("#" in name for name in names)
    assert any(name.startswith("1415") for name in names)
    assert {"maria.silva@example.org", "m.silva@university.example"} <= mails
    assert "" in {row["user_email"] for row in rows}
    assert any(row["bo_mtg_id"] for row in rows)
    assert any(row["user_email"] != row["user_email"].lower() for row in rows)
    lowered = [row["user_email"].lower() for row in rows]
    assert any(
        row["user_email"] != row["user_email"].lower() and lowered.count(row["user_email"].lower()) > 1 for row in rows
    )
    scripts = [
        ("\u4e00", "\u9fff"),
        ("\u0600", "\u06ff"),
        ("\uac00", "\ud7a3"),
        ("\u0900", "\u097f"),
        ("\u0400", "\u04ff"),
    ]
    for low, high in scripts:
        assert any(low <= char <= high for name in names for char in name)


def test_host_and_co_host_are_there_from_the_start(zoom, held):
    made, _ = held
    zoom.advance(1800)

    team = [row for row in _participants(zoom, made["id"]) if row["participant_user_id"]]

    assert {row["user_email"] for row in team} == {"host1@example.org", "host2@example.org"}


def test_a_waiting_room_has_rows_of_its_own(zoom):
    made = zoom.create(settings={"use_pmi": False, "waiting_room": True})
    zoom.run(made["id"])
    zoom.advance(1800)

    states = {row["status"] for row in _participants(zoom, made["id"])}

    assert states == {"in_meeting", "in_waiting_room"}


def test_a_meeting_with_one_participant_has_an_empty_report(zoom):
    made = zoom.create()
    zoom.run(made["id"], audience=0)
    zoom.advance(1800)

    assert _participants(zoom, made["id"]) == []
    assert zoom.get(f"/report/meetings/{made['id']}")["participants_count"] == 1


def test_questions_are_of_every_kind(zoom, held):
    made, _ = held
    zoom.advance(1800)
    rows = zoom.get(f"/report/meetings/{made['id']}/qa")["questions"]
    asked = [one for row in rows for one in row["question_details"]]

    assert {"open", "answered", "dismissed"} == {one["question_status"] for one in asked}
    assert {"host_answered", "host_answered_publicly", "host_answered_privately", "participant_commented"} == {
        answer["type"] for one in asked for answer in one["answer_details"]
    }
    anonymous = [row for row in rows if row["name"] == "Anonymous Attendee"]
    assert anonymous
    assert {row["email"] for row in anonymous} == {""}


def test_polls_are_grouped_by_person(zoom, held):
    made, evening = held
    zoom.advance(1800)

    rows = zoom.get(f"/report/meetings/{made['id']}/polls")["questions"]

    assert len(rows) == evening["polls"]
    assert {len(row["question_details"]) for row in rows} == {2}


def test_a_restart_makes_a_second_instance_and_the_id_answers_for_the_latest(zoom, encode):
    made = zoom.create()
    evening = zoom.run(made["id"], instances=2)
    zoom.advance(1800)
    uuids = [one["uuid"] for one in zoom.get(f"/past_meetings/{made['id']}/instances")["meetings"]]

    assert uuids == [one["uuid"] for one in evening["instances"]]
    assert uuids[0] == made["uuid"] != uuids[1]
    assert zoom.get(f"/report/meetings/{made['id']}")["uuid"] == uuids[1]
    for one in evening["instances"]:
        assert len(_participants(zoom, encode(one["uuid"]))) == one["participants"]


def test_uuids_have_to_be_encoded_as_zoom_asks(zoom):
    seen = set()
    for day in range(6, 26):
        made = zoom.create(start_time=f"2023-11-{day:02}T12:30:00Z")
        uuid = zoom.run(made["id"], audience=3)["uuid"]
        once = uuid.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")
        hard = uuid.startswith("/") or "//" in uuid
        seen |= {part for part in ("//", "+") if part in uuid} | ({"/..."} if uuid.startswith("/") else set())
        twice = once.replace("%", "%25")

        assert zoom.send("GET", f"/past_meetings/{twice if hard else once}").status == 200
        assert zoom.send("GET", f"/past_meetings/{once if hard else twice}").status == 404

    assert seen == {"//", "+", "/..."}


def test_after_a_year_the_report_is_out_of_reach(zoom, held):
    made, _ = held
    zoom.set_clock("2024-11-06T00:00:00Z")

    answer = zoom.send("GET", f"/report/meetings/{made['id']}/participants")

    assert (answer.status, answer.json()["code"]) == (400, 12702)


def test_a_report_outlives_its_meeting(zoom, held):
    made, _ = held
    zoom.send("DELETE", f"/meetings/{made['id']}")
    zoom.advance(1800)

    assert _participants(zoom, made["id"])


def test_the_free_plan_has_no_reports_and_cuts_off_after_forty_minutes(make_zoom):
    driver = make_zoom(plan="free")
    driver.reset(limits=False)
    made = driver.create()

    evening = driver.run(made["id"], audience=500)

    assert evening["end_time"] == "2023-11-06T13:10:00Z"
    assert evening["people"] <= 100
    assert driver.send("GET", f"/report/meetings/{made['id']}").json() == {"code": 200, "message": "No permission."}
    assert driver.send("GET", f"/past_meetings/{made['id']}/participants").json()["code"] == 200


def test_registrant_ids_come_only_when_asked_for(zoom):
    made = zoom.create(settings={"use_pmi": False, "approval_type": 0})
    sent = {"first_name": "Ada", "last_name": "L", "email": "ada@example.org"}
    registrant = zoom.send("POST", f"/meetings/{made['id']}/registrants", sent).json()
    zoom.run(made["id"])
    zoom.advance(1800)

    assert "registrant_id" not in _participants(zoom, made["id"])[0]
    rows = _participants(zoom, made["id"], include_fields="registrant_id")
    assert registrant["registrant_id"] in {
        row["registrant_id"] for row in rows if row["user_email"] == "ada@example.org"
    }


def test_a_host_on_pro_cannot_be_in_two_meetings_at_once(zoom):
    first, second = zoom.create(), zoom.create()
    zoom.run(first["id"])

    answer = zoom.control("POST", f"meetings/{second['id']}/run", {})

    assert answer.status == 400
    assert "at a time" in answer.json()["error"]


def test_a_host_on_business_can_hold_two_but_not_three(make_zoom):
    driver = make_zoom(plan="business")
    made = [driver.create() for _ in range(3)]

    statuses = [driver.control("POST", f"meetings/{one['id']}/run", {}).status for one in made]

    assert statuses == [200, 200, 400]


@pytest.mark.parametrize(
    "body",
    [{"audiance": 5}, {"audience": -1}, {"instances": 0}, {"minutes": 2}, {"start": "soon"}, {"advance": False}],
)
def test_an_evening_that_cannot_be_is_refused_and_nothing_happens(zoom, body):
    made = zoom.create()

    assert zoom.control("POST", f"meetings/{made['id']}/run", body).status == 400
    assert zoom.control("GET", "clock").json()["now"] == "2023-11-01T00:00:00Z"
    assert zoom.control("GET", "state").json()["meetings"][0]["instances"] == []


def test_an_evening_in_the_past_leaves_the_clock(zoom):
    made = zoom.create()
    zoom.set_clock("2023-11-08T00:00:00Z")

    zoom.run(made["id"], advance=False)

    assert zoom.control("GET", "clock").json()["now"] == "2023-11-08T00:00:00Z"


def test_the_same_seed_gives_the_same_evening(make_zoom):
    def told(seed):
        driver = make_zoom(seed=seed)
        made = driver.create()
        driver.run(made["id"], questions=5)
        driver.advance(1800)
        driver.sign_in()
        return json.dumps([made | {"start_url": ""}, _participants(driver, made["id"])])

    assert told(7) == told(7) != told(8)


def test_a_report_of_ten_thousand_rows_is_read_in_pages_of_three_hundred(zoom):
    made = zoom.create()
    evening = zoom.run(made["id"], audience=9_000)
    zoom.advance(1800)

    assert len(_participants(zoom, made["id"])) == evening["participants"] > 10_000


def test_the_report_of_a_host_lists_what_was_held(zoom, held):
    made, _ = held

    rows = zoom.get(f"/report/users/{zoom.host()}/meetings", **{"from": "2023-11-01", "to": "2023-11-30"})["meetings"]

    assert [row["uuid"] for row in rows] == [made["uuid"]]
