"""The world that the plan acts in, as `plan` and `apply` tell it: whole calendars of hosts, what Zoom makes of values."""

import pytest

from e2e.day import START, another_agenda, changes_of, held_of, of, programme, two, writes, writes_so_far

# --- a host's calendar is whole ---------------------------------------------------------------------------------------


def test_a_start_that_moves_onto_the_hosts_next_session_is_held_back(line):
    two(line, hosts=1)
    programme(line, ("a", "12:30", 60), ("c", "12:00", 60))
    held = held_of(line.json("plan"))
    assert (held["action"], held["needs"]) == ("update", "--allow-overload a")
    assert "session c (12:00 to 13:00) and session a (12:30 to 13:30); no other host is free" in held["held_back"]


def test_a_webinar_of_another_event_takes_its_host_from_new_and_from_moved_sessions(line):
    line.reset(hosts=1, webinars=True)
    programme(line, ("w", "10:00", 60, ", kind: webinar"), event="other")
    programme(line, ("a", "12:00", 60), ("n", "10:30", 30))
    line.run("apply", "--yes", "--event", "other")
    plan = line.json("plan", "--event", "day", code=3)
    assert changes_of(plan) == [("create", "a")]
    assert "the only host holds another meeting at that time" in held_of(plan, "n")["held_back"]
    line.run("apply", "--yes", "--event", "day", code=3)
    programme(line, ("a", "10:30", 60))
    said = held_of(line.json("plan", "--event", "day"))["held_back"]
    assert "session w of event other (10:00 to 11:00) and session a (10:30 to 11:30)" in said


def test_two_events_that_are_applied_at_the_same_moment_do_not_share_an_hour(line):
    line.reset(hosts=1, latency=0.05, ticking=True)
    programme(line, ("a", "10:00", 60), event="first")
    programme(line, ("b", "10:30", 60), event="second")
    runs = [line.start("apply", "--yes", "--event", event) for event in ("first", "second")]
    assert sorted(run.wait(60) for run in runs) == [0, 3]
    said = "".join(stream.read() for run in runs for stream in (run.stdout, run.stderr))
    for run in runs:
        run.stdout.close(), run.stderr.close()
    assert "Traceback" not in said
    assert len(line.meetings()) == 1


def test_a_session_made_anew_does_not_share_its_host_with_a_deletion_that_is_held_back(line):
    two(line, hosts=1)
    programme(line, ("x", "10:00", 60), ("c", "12:00", 60))
    plan = line.json("plan")
    assert (held_of(plan)["action"], held_of(plan)["needs"]) == ("delete", "--allow-delete")
    assert "the only host holds another meeting at that time" in held_of(plan, "x")["held_back"]
    line.run("apply", "--yes", code=3)
    assert len(line.meetings()) == 2


def test_a_session_follows_its_meeting_to_another_host_and_what_it_left_is_free(line):
    before = two(line, hosts=2)
    hosts = {one["email"]: one["id"] for one in line.control("GET", "state")["users"]}
    (other,) = {hosts["host1@example.org"], hosts["host2@example.org"]} - {before["host"]}
    line.control("POST", f"meetings/{of(line, 'c')['meeting_id']}/move", {"host": other})
    programme(line, ("a", "12:30", 60), ("c", "12:00", 60))
    plan = line.json("plan", code=3)
    assert (changes_of(plan), plan["held_back"]) == ([("update", "a")], [])
    assert any("session c: Zoom says that its host is" in note for note in plan["notes"])
    assert line.json("plan", code=3)["notes"] == []
    assert (of(line, "c")["host"], of(line, "a")["host"]) == (other, before["host"])


def test_where_nobody_has_a_licence_for_webinars_plan_and_doctor_say_what_to_do(line):
    programme(line, ("w", "10:00", 60, ", kind: webinar"))
    plan = line.json("plan")
    assert "no host holds webinars" in held_of(plan, "w")["held_back"]
    (note,) = [note for note in plan["notes"] if "no host has a licence for webinars" in note]
    assert "User Management" in note
    assert "make these sessions meetings (kind: meeting): w" in note
    assert "FAIL webinar licences" in line.out("doctor", code=1)


def test_a_session_that_does_not_end_before_its_hosts_next_one_is_told(line):
    line.reset(hosts=1)
    programme(line, ("a", "10:00", 60), ("c", "11:00", 60))
    line.run("apply", "--yes")
    line.control("POST", "clock", {"now": START})
    line.control("POST", f"meetings/{of(line, 'a')['meeting_id']}/start")
    line.control("POST", "clock", {"now": "2023-11-06T11:01:00Z"})
    (note,) = line.json("plan")["notes"]
    assert "session a still runs after its end, and its host has session c at 11:00 UTC" in note


# --- what Zoom makes of a value is learned ----------------------------------------------------------------------------

# How Zoom alters what is sent, and what the programme then wants.
ALTERING = {
    "a zone by its old name": ({"what": "alias", "from": "Europe/Kyiv", "to": "Europe/Kiev"}, ", timezone: Europe/Kyiv"),
    "a zone that is replaced": ({"what": "alias", "to": "Pacific/Fiji"}, ", timezone: Europe/Kyiv"),
    "a setting that the account forces": ({"what": "lock", "field": "settings.host_video", "value": False}, ""),
    "characters that are dropped": ({"what": "drop", "field": "agenda", "characters": "é•"}, ""),
    "a text that is cut": ({"what": "truncate", "field": "agenda", "length": 3}, ""),
    "a value that is omitted": ({"what": "omit", "operation": "meeting", "field": "settings.host_video"}, ""),
    "a passcode that it will not take": ({"what": "force_passcode"}, ""),
    "a field that it refuses": ({"what": "refuse_field", "field": "agenda"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("how", ALTERING)
def test_the_second_sync_writes_nothing_whatever_zoom_makes_of_what_is_sent(line, how):
    rule, more = ALTERING[how]
    line.control("POST", "twists", rule)
    programme(line, ("a", "10:00", 60, more, ", items: [{presenter: René, title: Café}]"))
    line.run("apply", "--yes")
    assert writes(line) in (1, 2)  # what is refused is sent once more, without the field
    line.run("apply", "--yes", "--deep", code=3 if "refuse" in rule["what"] else 0)
    assert writes(line) == 0


def test_another_program_that_rewrites_a_field_does_not_use_up_the_day(line):
    meeting_id = two(line)["meeting_id"]
    writes(line)
    for _ in range(3):
        line.control("PATCH", f"meetings/{meeting_id}", {"topic": "Theirs"})
        line.run("apply", "--yes", code=0 if writes_so_far(line) == 0 else 3)
        line.control("POST", "clock", {"advance": 600})
    plan = line.json("plan")
    assert "it was changed again each time (1) it was put back" in held_of(plan)["held_back"]
    assert held_of(plan)["until"]
    assert writes(line) == 1
    another_agenda(line)
    assert ("update", "a") in changes_of(line.json("plan", code=3))  # the programme's own change does not wait
