"""The world that the plan acts in, as `plan` and `apply` tell it: refusals, losses, links that were announced.

What happens to session `a` holds up nothing of session `c`.
"""

import pytest

from e2e.day import NO_FIXED_TIME, another_agenda, by_hand, changes_of, held_of, of, programme, twist, two

# --- one bad thing stays one thing ------------------------------------------------------------------------------------


def the_other_goes_on(line, *options):
    """Both sessions are changed: `c` is updated, and of `a` it is told why not. Answers what is told."""
    another_agenda(line)
    plan = line.json("plan", *options, code=3)
    assert changes_of(plan) == [("update", "c")]
    said = line.out("apply", "--yes", *options, code=3)
    assert "done     update c" in said
    assert held_of(plan)["held_back"] in said
    return held_of(plan)


def test_a_converted_meeting_is_shown_as_converted_with_the_choices(line):
    line.control("POST", f"meetings/{two(line, webinars=True)['meeting_id']}/convert", {})
    held = the_other_goes_on(line)
    assert held["needs"] == "--allow-replace"
    (told,) = [one for one in line.json("plan")["held_back"] if one["session"] == "a"]
    assert "was converted on Zoom: it is a webinar now, and its link still lets people in" in told["reason"]
    assert "change the session's `kind` in the programme" in told["reason"]


UNREADABLE = {
    "a proxy's page": {"status": 404, "html": True, "message": "Not found"},
    "not allowed": {"status": 400, "code": 3161, "message": "Hosting and scheduling are not allowed."},
    "of another account": {"status": 404, "code": 1010, "message": "User does not belong to this account."},
    "a code under 200": {"status": 200, "code": 200, "message": "No permission."},
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_what_proves_nothing_is_never_taken_for_gone(line, how):
    before = two(line)
    twist(line, before["meeting_id"], "omit", operation="meetings", field="id")
    twist(line, before["meeting_id"], "refuse", **UNREADABLE[how])
    held = the_other_goes_on(line, "--allow-replace")
    assert f"meeting {before['meeting_id']} could not be read" in held["held_back"]
    assert (len(line.meetings()), of(line, "a")["meeting_id"]) == (2, before["meeting_id"])


@pytest.mark.parametrize(("status", "code"), [(400, 3161), (404, 1010), (400, 1120), (200, 200)])
def test_a_hosts_list_that_is_refused_holds_up_his_sessions_alone(line, status, code):
    line.reset(hosts=2)
    programme(line, ("a", "10:00", 60, ", host: host2@example.org"), ("c", "12:00", 60, ", host: host1@example.org"))
    line.run("apply", "--yes")
    refused = {"status": status, "code": code, "message": "Not now."}
    line.control("POST", "twists", {"what": "refuse", "operation": "meetings", "host": "host2@example.org", **refused})
    new = ", items: [{presenter: Ada, title: New}]"
    programme(
        line,
        ("a", "10:00", 60, ", host: host2@example.org", new),
        ("c", "12:00", 60, ", host: host1@example.org", new),
    )
    plan = line.json("plan", code=3)
    assert changes_of(plan) == [("update", "c")]
    assert "the host's meetings could not be read: Not now." in held_of(plan)["held_back"]


def test_a_host_of_the_pool_who_left_is_named_and_the_others_go_on(line):
    line.reset(hosts=3)
    (line.folder / "config").mkdir()
    rows = "".join(f"  - {{user: host{number}@example.org}}\n" for number in (1, 2, 3))
    (line.folder / "config" / "hosts.yaml").write_text(f"hosts:\n{rows}")
    gone = {one["email"]: one["id"] for one in line.control("GET", "state")["users"]}["host3@example.org"]
    line.control("POST", f"users/{gone}/leave", {})
    programme(line, ("a", "10:00", 60), ("c", "12:00", 60))
    plan = line.json("plan", code=3)
    assert changes_of(plan) == [("create", "a"), ("create", "c")]
    assert any("host3@example.org" in note for note in plan["notes"])
    assert "FAIL host host3@example.org: no active user of the account" in line.out("doctor", code=1)


def test_an_adopted_room_without_a_fixed_time_is_told_and_the_rest_goes_on(line):
    two(line)
    room = by_hand(line, host=1, type=NO_FIXED_TIME)
    new = ", items: [{presenter: Ada, title: New}]"
    programme(line, ("a", "10:00", 60, new), ("c", "12:00", 60), ("r", "15:00", 60))
    line.run("adopt", "r", room, "--yes")
    plan = line.json("plan", code=3)
    assert ("update", "a") in changes_of(plan)
    assert f"meeting {room} is a room without a fixed time on Zoom" in held_of(plan, "r")["held_back"]


@pytest.mark.parametrize(
    ("name", "value"), [("start_time", "soon"), ("start_time", None), ("duration", "long"), ("topic", 7)]
)
def test_a_row_with_a_field_that_cannot_be_read_belongs_to_its_meeting(line, name, value):
    meeting_id = two(line)["meeting_id"]
    for operation in ("meetings", "meeting"):
        twist(line, meeting_id, "show", operation=operation, field=name, value=value)
    another_agenda(line)
    plan = line.json("plan", code=3)
    assert ("update", "c") in changes_of(plan)
    assert all(one["session"] == "a" for one in plan["held_back"])


@pytest.mark.parametrize("name", ["type", "email"])
def test_a_user_without_a_field_holds_up_nobody(line, name):
    line.reset(hosts=3)
    line.control("POST", "twists", {"what": "omit", "operation": "users", "field": name, "host": "host3@example.org"})
    programme(line, ("a", "10:00", 60), ("c", "12:00", 60))
    line.run("apply", "--yes")
    assert len(line.meetings()) == 2


# --- nothing is destroyed in passing ----------------------------------------------------------------------------------


def test_an_alternative_host_whom_staff_added_stays_when_the_programme_names_another(line):
    two(line)
    programme(line, ("a", "10:00", 60, ", settings: {alternative_hosts: host2@example.org}"), ("c", "12:00", 60))
    line.run("apply", "--yes")
    meeting_id = of(line, "a")["meeting_id"]
    staff = {"settings": {"alternative_hosts": "host2@example.org;host3@example.org"}}
    line.control("PATCH", f"meetings/{meeting_id}", staff)
    assert line.json("plan", "--deep")["changes"] == []
    programme(line, ("a", "10:00", 60, ", settings: {alternative_hosts: host1@example.org}"), ("c", "12:00", 60))
    line.run("apply", "--yes", "--deep")
    (named,) = [one["settings"]["alternative_hosts"] for one in line.meetings() if str(one["id"]) == meeting_id]
    assert "host3@example.org" in named


def test_a_personal_room_that_the_programme_names_is_never_taken(line):
    two(line)
    room = {one["email"]: one for one in line.control("GET", "state")["users"]}["host1@example.org"]["pmi"]
    programme(line, ("a", "10:00", 60), ("c", "12:00", 60), ("p", "15:00", 60, f", meeting: {{id: '{room}'}}"))
    plan = line.json("plan", "--allow-replace")
    assert f"{room} is a personal meeting room and is never taken over" in held_of(plan, "p")["held_back"]
    line.run("apply", "--yes", "--allow-replace", code=3)
    assert [one["id"] for one in line.meetings() if one["topic"] == "p"] == []
    assert of(line, "p")["meeting_id"] is None


def test_a_meeting_with_people_in_it_is_not_changed_whenever_it_was_opened(line):
    line.control("POST", f"meetings/{two(line)['meeting_id']}/start")
    another_agenda(line)
    plan = line.json("plan", code=3)
    assert plan["cost"]["calls"] == {"LIGHT": 6}  # of each update one to see whether people are in, one to write
    said = line.out("apply", "--yes", code=3)
    assert "skipped  update a: people are in the meeting; it is changed once it has ended" in said
    assert "done     update c" in said


# --- what was announced is what is published --------------------------------------------------------------------------


def test_a_named_meeting_of_a_host_outside_the_pool_is_taken_over_and_no_other_is_made(line):
    (line.folder / "config").mkdir()
    (line.folder / "config" / "hosts.yaml").write_text("hosts:\n  - {user: host1@example.org}\n")
    named = by_hand(line)
    programme(line, ("a", "10:00", 60, f", meeting: {{id: '{named}'}}"))
    assert changes_of(line.json("plan", code=3)) == [("adopt", "a")]
    line.run("apply", "--yes")
    assert (len(line.meetings()), of(line, "a")["meeting_id"]) == (1, named)


def test_a_programme_that_names_another_meeting_moves_the_session_by_name(line):
    before, named = two(line)["meeting_id"], by_hand(line)
    programme(line, ("a", "10:00", 60, f", meeting: {{id: '{named}'}}"), ("c", "12:00", 60))
    held = held_of(line.json("plan"))
    assert (held["action"], held["needs"]) == ("move", "--allow-replace")
    assert f"the programme names meeting {named}; until now it has {before}" in held["reason"]
    line.run("apply", "--yes", code=3)
    assert of(line, "a")["meeting_id"] == before
    line.run("apply", "--yes", "--allow-replace")
    assert of(line, "a")["meeting_id"] == named
    assert len(line.meetings()) == 3


def test_a_meeting_that_staff_made_anew_by_hand_can_be_given_to_the_session(line):
    before = two(line)["meeting_id"]
    line.control("DELETE", f"meetings/{before}")
    anew = by_hand(line)
    held = held_of(line.json("plan"))
    assert (held["action"], held["needs"]) == ("replace", "--allow-replace")
    assert f"meeting {before} is gone from Zoom" in held["reason"]
    line.run("adopt", "a", anew, "--allow-replace")
    assert of(line, "a")["meeting_id"] == anew
    assert len(line.meetings()) == 2


def test_a_passcode_that_was_changed_on_zoom_and_is_kept_is_the_one_that_is_published(line):
    before = two(line)
    line.control("PATCH", f"meetings/{before['meeting_id']}", {"password": "byHand77"})
    keeping = {"ZOOM_SYNC_DRIFT_PASSCODE": "keep"}
    assert line.json("plan", env=keeping)["changes"] == []
    shown = of(line, "a")
    assert (shown["passcode"], shown["join_url"] != before["join_url"]) == ("byHand77", True)
    line.run("publish", "-f", "text", "--public", "-o", line.folder / "out")
    text = (line.folder / "out" / "day.txt").read_text()
    assert "byHand77" in text
    assert shown["join_url"] in text
    assert before["passcode"] not in text
