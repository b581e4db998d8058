"""What a host holds, as people see it on the command line."""

import pytest

PROGRAMME = """
event: {{key: urban-2023, title: Urban, timezone: UTC}}
sessions:
  - {{key: a, title: A, start: 2023-11-06T10:00:00, duration: {minutes}}}
  - {{key: c, title: C, start: 2023-11-06T11:00:00, duration: 60}}
"""


@pytest.fixture
def evening(line):
    """Two hosts, and two sessions that follow each other with one of them."""
    write(line, 60)
    line.run("apply", "--yes")
    return line


def write(line, minutes):
    path = line.folder / "day.yaml"
    path.write_text(PROGRAMME.format(minutes=minutes))
    line.run("load", str(path))


def test_a_session_that_grows_into_the_next_one_is_named_with_both_ways_out(evening):
    write(evening, 90)
    told = evening.json("plan")
    assert told["changes"] == []
    (held,) = told["held_back"]
    assert (held["session"], held["action"], held["needs"]) == ("a", "update", "--allow-overload a")
    assert "session a (10:00 to 11:30) and session c (11:00 to 12:00)" in held["held_back"]
    assert "--allow-replace" in held["held_back"]
    assert set(told["cost"]["lists"]) == {"meetings"}  # that nobody has a licence for webinars is known by now
    assert "--allow-overload a" in evening.out("plan")


def test_the_overload_is_accepted_by_name_and_then_nothing_is_left(evening):
    write(evening, 90)
    evening.run("apply", "--yes", "--allow-overload", "a")
    told = evening.json("plan")
    assert (told["changes"], told["held_back"]) == ([], [])


def test_a_free_host_gets_it_where_links_may_change(evening):
    write(evening, 90)
    evening.run("apply", "--yes", "--allow-replace")
    hosts = {one["key"]: one["host"] for one in evening.json("status")["sessions"]}
    assert hosts["a"] != hosts["c"]


def test_status_and_doctor_tell_of_a_host_who_lost_his_licence(evening):
    host = evening.json("status")["sessions"][0]["host"]
    evening.control("PATCH", f"users/{host}", {"type": 1})
    said = evening.out("doctor", code=1)
    assert "session a" in said
    assert "40 minutes" in said
    assert "40 minutes" in evening.out("status")
    sessions = evening.json("status")["sessions"]
    assert all("40 minutes" in one["warnings"][0] for one in sessions)
    assert any("40 minutes" in note for note in evening.json("plan")["notes"])
