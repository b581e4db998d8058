"""More people than a licence lets in, as it is said before they come: in plan, status, doctor."""

import pytest

PROGRAMME = """
event: {{key: urban-2023, title: Urban, timezone: UTC}}
sessions:
  - {{key: a, title: A, start: 2023-11-06T10:00:00, duration: 60{more}}}
"""


def write(line, more):
    path = line.folder / "day.yaml"
    path.write_text(PROGRAMME.format(more=more))
    line.run("load", str(path))


def capacity(line, **licence):
    for user in line.control("GET", "state")["users"]:
        line.control("PATCH", f"users/{user['id']}", licence)


def crowd(notes):
    return [note for note in notes if "people are expected" in note]


def test_a_meeting_for_more_than_its_host_may_let_in_is_told_everywhere(line):
    capacity(line, meeting_capacity=300)
    write(line, ", expected: 450")
    (note,) = crowd(line.json("plan", code=3)["notes"])
    assert "450 people are expected" in note
    assert "lets 300 into a meeting" in note
    assert "divide the session" in note
    line.run("apply", "--yes")
    assert crowd(line.json("plan")["notes"])
    assert "450 people are expected" in line.out("status")
    assert crowd(line.json("status")["sessions"][0]["warnings"])
    assert "450 people are expected" in line.out("doctor", code=1)


def test_a_host_with_a_licence_for_so_many_is_named(line):
    capacity(line, meeting_capacity=300)
    hosts = [user for user in line.control("GET", "state")["users"] if user["type"] == 2]
    line.control("PATCH", f"users/{hosts[1]['id']}", {"meeting_capacity": 1000})
    write(line, f", expected: 450, host: {hosts[0]['email']}")
    (note,) = crowd(line.json("plan", code=3)["notes"])
    assert "has one for so many: name that host in the programme (`host`)" in note
    write(line, f", expected: 450, host: {hosts[1]['email']}")
    assert crowd(line.json("plan", code=3)["notes"]) == []


@pytest.mark.parametrize("expected", ["", ", expected: 300", ", expected: 20"])
def test_nothing_is_said_where_the_licence_lets_all_in(line, expected):
    capacity(line, meeting_capacity=300)
    write(line, expected)
    assert crowd(line.json("plan", code=3)["notes"]) == []


def test_people_who_are_registered_are_expected(line):
    capacity(line, meeting_capacity=100)
    write(line, ", registration: automatic")
    line.run("apply", "--yes")
    people = line.folder / "people.csv"
    rows = "".join(f"p{number}@example.org,P,{number}\n" for number in range(101))
    people.write_text("email,first_name,last_name\n" + rows)
    assert crowd(line.json("plan")["notes"]) == []
    line.run("registrants", "push", "a", str(people), "--yes")
    (note,) = crowd(line.json("plan")["notes"])
    assert "101 people are expected" in note
    assert "lets 100 into a meeting" in note
    assert crowd(line.json("status")["sessions"][0]["warnings"])


def test_people_who_registered_on_zooms_own_page_are_expected(line):
    capacity(line, meeting_capacity=100)
    write(line, ", registration: automatic")
    line.run("apply", "--yes")
    meeting_id = line.json("status")["sessions"][0]["meeting_id"]
    line.control("POST", f"meetings/{meeting_id}/register", {"count": 120})
    told = line.json("plan", "--deep")
    (note,) = crowd(told["notes"])
    assert "120 people are expected" in note
    assert told["cost"]["lists"]["registrants"] == 2
    assert crowd(line.json("status")["sessions"][0]["warnings"])
    assert crowd(line.json("plan")["notes"])  # it is remembered, and costs nothing more
    assert line.json("plan")["cost"]["lists"] == {"meetings": 1}
