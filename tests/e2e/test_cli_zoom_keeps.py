"""What Zoom makes of values and what it refuses, as people see it on the command line."""

import pytest

from zoom_sync.domain.plan import KEPT_FOR_PROGRAMME


def in_step(line):
    told = line.json("plan")
    return (told["changes"], told["drift"]) == ([], [])


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"what": "alias", "to": "Pacific/Fiji"}, "timezone"),
        ({"what": "lock", "field": "settings.waiting_room", "value": True}, "waiting_room"),
        ({"what": "truncate", "length": 6}, "topic"),
    ],
    ids=["zone", "setting", "title"],
)
def test_what_zoom_keeps_is_told_once_by_plan_and_stands_in_the_status(line, rule, field):
    line.load()
    line.control("POST", "twists", rule)
    assert f"Zoom did not take: {field}" in line.out("apply", "--yes")
    kept = f"Zoom keeps {field} as "
    assert f"note: session seminar-1: {kept}" in line.out("plan")
    assert kept not in line.out("plan")
    assert in_step(line)
    assert f"seminar-1: {kept}" in line.out("status")
    assert field in [one["field"] for one in line.json("status")["sessions"][0]["zoom_keeps"]]


def test_a_refused_field_is_held_back_with_zooms_words(line):
    line.load()
    line.control("POST", "twists", {"what": "refuse_field", "field": "agenda"})
    assert "Zoom refused agenda" in line.out("apply", "--yes")
    told = line.json("plan")
    assert told["changes"] == []
    assert "Zoom refused it (agenda: " in told["held_back"][0]["held_back"]
    assert "seminar-1: Zoom refused agenda" in line.out("status")


def test_a_moved_link_is_told_once_and_is_the_one_of_the_status(line):
    line.load()
    line.run("apply", "--yes")
    line.control("POST", "twists", {"what": "links", "site": "https://events.zoom.example"})
    assert "note: session seminar-1: Zoom has another join link" in line.out("plan")
    assert "another join link" not in line.out("plan")
    assert in_step(line)
    assert line.json("status")["sessions"][0]["join_url"].startswith("https://events.zoom.example/")


def test_a_zone_by_another_name_is_nobodys_business(line):
    line.load()
    line.control("POST", "twists", {"what": "alias", "from": "Europe/Kiev", "to": "Europe/Kyiv"})
    line.run("apply", "--yes")
    assert in_step(line)
    assert KEPT_FOR_PROGRAMME == 25
