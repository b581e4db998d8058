"""What a change would take from people, as the commands tell it."""

import pytest

TITLE = "Making our cities and regions safe and resilient for all"


@pytest.fixture
def applied(line):
    """A line whose first session's meeting got registration by hand, and twenty registrants."""
    line.load()
    line.run("apply", "--yes")
    line.id = line.json("status")["sessions"][0]["meeting_id"]
    register(line, line.id, 20)
    return line


def register(line, meeting_id, count):
    line.control("PATCH", f"meetings/{meeting_id}", {"settings": {"approval_type": 0}})
    line.control("POST", f"meetings/{meeting_id}/register", {"count": count})


def by_hand(line, **fields):
    body = {"topic": TITLE, "start_time": "2023-11-06T12:30:00Z", "duration": 90, **fields}
    return line.control("POST", "meetings", body)


def programme(line, title, more="", key="seminar-1"):
    """A programme of one session."""
    file = line.folder / "one.yaml"
    file.write_text(
        "event: {key: urban-2023, title: Urban, timezone: Asia/Shanghai}\nsessions:\n"
        f"- {{key: {key}, title: {title}, start: 2023-11-06T20:30, duration: 90{more}}}\n"
    )
    return file


def on_zoom(line, meeting_id):
    (found,) = [one for one in line.meetings() if str(one["id"]) == str(meeting_id)]
    return found


def test_registrants_are_lost_only_by_name(applied):
    said = applied.out("plan", "--deep")
    assert "! held back: update seminar-1" in said
    assert "20 registrants would be lost; needs --allow-loss seminar-1" in said
    (held,) = applied.json("plan", "--deep", "--repair-drift")["held_back"]
    assert held["needs"] == "--allow-loss seminar-1"
    applied.run("apply", "--yes", "--deep", "--repair-drift", code=3)
    assert on_zoom(applied, applied.id)["settings"]["approval_type"] == 0
    assert "20 registrants would be lost, as --allow-loss" in applied.out(
        "plan", "--deep", "--allow-loss", "seminar-1", code=3
    )
    applied.run("apply", "--yes", "--deep", "--allow-loss", "seminar-1")
    assert on_zoom(applied, applied.id)["settings"]["approval_type"] == 2


def test_a_session_that_left_the_programme_can_be_named(applied):
    applied.run("load", programme(applied, "Another one", key="other"))
    held = {one["session"]: one["needs"] for one in applied.json("plan", "--allow-delete", code=3)["held_back"]}
    assert held == {"seminar-1": "--allow-loss seminar-1"}
    said = applied.run("apply", "--yes", "--allow-delete", "--allow-loss", "seminar-1")
    assert len(applied.meetings()) == 1, (said.stdout, said.stderr)


def test_adopting_shows_first_what_would_change_and_what_would_be_lost(line):
    made = by_hand(line, type=8, recurrence={"type": 2, "repeat_interval": 1, "weekly_days": "2", "end_times": 5})
    register(line, made["id"], 3)
    line.load()
    told = line.json("adopt", "seminar-1", made["id"], "--dry-run")
    assert told["linked"] is False
    assert {one["what"]: one["count"] for one in told["losses"]} == {"occurrences": 4, "registrants": 3}
    assert line.json("status")["sessions"][0]["meeting_id"] is None
    assert "give --yes" in line.err("adopt", "seminar-1", made["id"], code=2)
    said = line.out("adopt", "seminar-1", made["id"], "--yes")
    assert "4 of 5 occurrences would be lost; 3 registrants would be lost" in said
    assert "until --allow-loss seminar-1" in said
    line.run("apply", "--yes", "--deep", code=3)
    shown = on_zoom(line, made["id"])
    assert (len(shown["occurrences"]), shown["settings"]["approval_type"]) == (5, 0)


@pytest.mark.parametrize("way", ["--propose", "--from-programme"])
def test_several_are_shown_with_what_would_be_lost(line, way):
    made = by_hand(line)
    register(line, made["id"], 2)
    line.run("load", programme(line, TITLE, f", meeting: {{id: '{made['id']}'}}"))
    said = line.out("adopt", way, "--dry-run")
    assert "2 registrants would be lost" in said
    assert line.json("status")["sessions"][0]["meeting_id"] is None
    (told,) = line.json("adopt", way, "--dry-run")["meetings"]
    assert told["losses"] == [{"what": "registrants", "count": 2, "of": None}]


def test_a_personal_room_is_refused_in_words(line):
    made = by_hand(line, settings={"use_pmi": True})
    line.load()
    assert "personal meeting room" in line.err("adopt", "seminar-1", made["id"], "--yes", code=1)
