"""The commands about hosts and about what is edited on Zoom, as people run them."""

import pytest


@pytest.fixture
def edited(line):
    """A line whose first session's meeting got another title by hand."""
    line.load()
    line.run("apply", "--yes")
    line.id = line.json("status")["sessions"][0]["meeting_id"]
    line.control("PATCH", f"meetings/{line.id}", {"topic": "By hand"})
    return line


def test_what_is_asked_about_is_held_back_until_it_is_named(edited):
    asking = {"ZOOM_SYNC_DRIFT_TITLE": "ask"}
    told = edited.json("plan", env=asking)
    assert told["changes"] == []
    assert "--repair seminar-1" in told["held_back"][0]["held_back"]
    (drift,) = told["drift"]
    assert (drift["session"], drift["field"], drift["on_zoom"], drift["treatment"]) == (
        "seminar-1", "topic", "By hand", "ask",
    )  # fmt: skip
    assert drift["since"].startswith("2023-11-01T00:00:0")
    assert edited.json("status")["sessions"][0]["drift"] == [drift]
    assert "edited on Zoom: seminar-1 topic, since 2023-11-01 00:00Z (ask)" in edited.out("status")
    assert "seminar-9" in edited.err("plan", "--repair", "seminar-9", env=asking, code=1)
    edited.run("apply", "--yes", "--repair", "seminar-1", env=asking)
    assert edited.json("status")["sessions"][0]["drift"] == []
    assert edited.json("plan", env=asking)["drift"] == []


def test_what_is_kept_is_shown_and_pends_nothing(edited):
    said = edited.out("plan", env={"ZOOM_SYNC_DRIFT_TITLE": "keep"})
    assert f"= kept seminar-1 meeting {edited.id}: topic is By hand on Zoom, since 2023-11-01 00:00Z" in said
    assert "nothing to do" in said


def test_the_doctor_holds_the_pool_against_zoom(line):
    line.load()
    line.run("apply", "--yes")
    (line.folder / "config").mkdir()
    (line.folder / "config" / "hosts.yaml").write_text(
        "hosts:\n  - {user: host1@example.org, capacity: 3, webinar_capacity: 100, buffer_after: 1440}\n"
        "  - {user: basic@example.org}\n"
    )
    said = line.out("doctor", code=1)
    assert "hosts.yaml allows 3 meetings at once, the host's licence and plan 1" in said
    assert "this host lacks Zoom's webinar add-on" in said
    assert "Basic: Zoom ends the meetings after 40 minutes" in said


def test_a_profile_that_zoom_would_not_take_is_told_with_its_line(line):
    line.load()
    (line.folder / "config").mkdir()
    (line.folder / "config" / "profiles.yaml").write_text("profiles:\n  public-seminar:\n    waitng_room: true\n")
    said = line.err("plan", code=2)
    assert "profiles.yaml:3: Zoom knows no setting 'waitng_room'; did you mean `waiting_room`?" in said


def test_how_often_a_series_is_held_is_told_in_words_and_as_zoom_has_it_in_json(line):
    programme = line.folder / "series.yaml"
    programme.write_text(
        "event: {key: talks, title: Talks, timezone: Asia/Shanghai}\nsessions:\n"
        "  - {key: one, title: One, start: 2023-11-06T20:00:00, duration: 60}\n"
        "  - {key: two, title: Two, start: 2023-11-09T20:00:00, duration: 60, meeting: {of: one}}\n"
        "  - {key: three, title: Three, start: 2023-11-13T20:00:00, duration: 60, meeting: {of: one}}\n"
    )
    line.run("load", str(programme))
    assert "    recurrence: weekly on Monday and Thursday, 3 times\n" in line.out("plan", code=3)
    (change,) = line.json("plan", code=3)["changes"]
    told = {one["name"]: one["new"] for one in change["fields"]}["recurrence"]
    assert told == {"type": 2, "repeat_interval": 1, "end_times": 3, "weekly_days": "2,5"}
    line.run("apply", "--yes")
    meeting = line.json("status")["sessions"][0]["meeting_id"]
    rule = {"type": 2, "repeat_interval": 1, "end_times": 2, "weekly_days": "2"}
    line.control("PATCH", f"meetings/{meeting}", {"recurrence": rule})
    said = line.out("plan", "--deep", code=3)
    assert "recurrence: weekly on Monday, 2 times => weekly on Monday and Thursday, 3 times" in said
    kept = line.out("plan", "--deep", env={"ZOOM_SYNC_DRIFT_TIME": "keep"})
    assert "recurrence is weekly on Monday, 2 times on Zoom" in kept
