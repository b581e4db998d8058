"""`adopt --from-programme` and `adopt --propose` as people run them."""

import pytest

TITLES = {
    "seminar-1": "Making our cities and regions safe and resilient for all",
    "seminar-2": "Leaving no one and no place behind",
}
STARTS = {"seminar-1": "2023-11-06T12:30:00Z", "seminar-2": "2023-11-07T11:30:00Z"}


@pytest.fixture
def loaded(line):
    line.load()
    return line


def by_hand(line, topic, start, host=1):
    body = {"host": f"host{host}@example.org", "topic": topic, "start_time": start, "duration": 90}
    return str(line.control("POST", "meetings", body)["id"])


def linked(line):
    return {one["key"]: one["meeting_id"] for one in line.json("status")["sessions"] if one["state"] == "linked"}


def test_proposals_are_shown_and_with_yes_only_the_exact_ones_are_linked(loaded):
    exact = by_hand(loaded, TITLES["seminar-1"], STARTS["seminar-1"])
    alike = by_hand(loaded, f"Seminar 2: {TITLES['seminar-2']}", STARTS["seminar-2"], host=2)
    shown = loaded.out("adopt", "--propose")
    assert exact in shown
    assert "title alike by 90%, same start" in shown
    assert "nothing was linked" in shown
    assert linked(loaded) == {}
    told = loaded.json("adopt", "--propose", "--yes")
    assert [(one["session"], one["meeting_id"], one["exact"]) for one in told["proposals"]] == [
        ("seminar-1", exact, True), ("seminar-2", alike, False),
    ]  # fmt: skip
    assert [one["meeting_id"] for one in told["adopted"]] == [exact]
    assert linked(loaded) == {"seminar-1": exact}
    assert len(loaded.meetings()) == 2


def test_a_tie_is_linked_by_nobody_but_a_person(loaded):
    for host in (1, 2):
        by_hand(loaded, TITLES["seminar-1"], STARTS["seminar-1"], host)
    told = loaded.json("adopt", "--propose", "--yes")
    assert [len(one["ties_with"]) for one in told["proposals"]] == [1, 1]
    assert told["adopted"] == []


def test_the_meetings_that_the_programme_names_are_linked_with_their_ids(line):
    made = [by_hand(line, "By hand", start, host) for host, start in enumerate(STARTS.values(), 1)]
    line.load()
    named = (line.folder / "named.yaml").open("w")
    with named:
        named.write("event: {key: school, title: School, timezone: UTC}\nsessions:\n")
        for number, meeting in enumerate([*made, "99999999999"]):
            named.write(f'- {{key: s-{number}, title: T, start: 2023-11-0{number + 6}T10:00, duration: 60,'
                        f' meeting: {{id: "{meeting}"}}}}\n')  # fmt: skip
    line.run("load", "named.yaml")
    assert "give --yes" in line.err("adopt", "--from-programme", "--event", "school", code=2)
    told = line.json("adopt", "--from-programme", "--yes", "--event", "school", code=1)
    assert [one["meeting_id"] for one in told["adopted"]] == made
    assert [one["session"] for one in told["failed"]] == ["s-2"]
    again = line.run("adopt", "--from-programme", "--yes", "--event", "school", code=1)
    assert "s-2: meeting 99999999999 is not linked" in again.stdout


def test_nothing_to_propose_is_said(loaded):
    assert "no meeting of our hosts looks like" in loaded.out("adopt", "--propose")


@pytest.mark.parametrize(
    "arguments", [[], ["seminar-1"], ["--propose", "--from-programme"], ["seminar-1", "1", "--propose"]]
)
def test_one_way_of_adopting_is_chosen(bare, arguments):
    assert "--from-programme" in bare.err("adopt", *arguments, code=2)


def test_a_session_is_moved_to_another_meeting_by_name(line):
    line.load()
    line.run("apply", "--yes")
    before = line.json("status")["sessions"][0]
    body = {"host": "host2@example.org", "topic": "Made anew", "start_time": "2023-11-06T12:30:00Z", "duration": 90}
    made = str(line.control("POST", "meetings", body)["id"])
    assert "--allow-replace" in line.err("adopt", before["key"], made, code=1)
    told = line.out("adopt", before["key"], made, "--allow-replace")
    assert "topic" in told
    assert f"meeting {before['meeting_id']} stays on Zoom" in told
    assert line.json("status")["sessions"][0]["meeting_id"] == made
    planned = line.json("plan", code=3)
    held = [(one["action"], one["meeting_id"], one["needs"]) for one in planned["held_back"]]
    assert held == [("delete", before["meeting_id"], "--allow-delete")]


def test_of_a_meeting_that_is_gone_it_is_not_said_that_it_stays(line):
    line.load()
    line.run("apply", "--yes")
    before = line.json("status")["sessions"][0]
    line.control("DELETE", f"meetings/{before['meeting_id']}")
    body = {"host": "host2@example.org", "topic": "Made anew", "start_time": "2023-11-06T12:30:00Z", "duration": 90}
    made = str(line.control("POST", "meetings", body)["id"])
    text = line.out("adopt", before["key"], made, "--allow-replace")
    assert f"meeting {before['meeting_id']} is gone from Zoom" in text
    assert line.json("status")["sessions"][0]["meeting_id"] == made


def test_a_programme_with_ids_of_another_account_makes_no_other_meetings_unasked(line):
    line.load(named=True)
    planned = line.json("plan", code=0)
    assert {(one["action"], one["needs"]) for one in planned["held_back"]} == {("replace", "--allow-replace")}
    line.run("apply", "--yes", code=3)
    assert line.meetings() == []
    line.run("apply", "--yes", "--allow-replace")
    assert len(line.meetings()) == 4
