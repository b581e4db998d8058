"""A whole conference, 1,000 sessions in 30 rooms: one meeting for each, over HTTP, within every limit of Zoom's."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from support.conference import DAYS, ROOMS, host_email, host_pool, lay_out, room_name, schedule

SESSIONS = 1000


@pytest.fixture
def conference(line):
    """A line with the conference's files, on a Zoom that keeps its limits."""
    line.reset(start="2027-10-01T00:00:00Z", ticking=True, hosts=ROOMS, plan="business", limits=True)
    line.env["ZOOM_PLAN"] = "business"
    lay_out(line.folder, SESSIONS)
    return line


def entries():
    """What the schedule says: (room, entry), breaks and the opening's second place left out."""
    days = json.loads(schedule(SESSIONS))["schedule"]["conference"]["days"]
    placed = [(room, event) for day in days for room, held in day["rooms"].items() for event in held]
    return [(room, event) for room, event in placed if event["type"] != "break" and "room" not in event]


def test_every_session_has_its_one_meeting_after_two_days_of_writes(conference):
    (conference.folder / "config/hosts.yaml").write_bytes(host_pool(daily_writes=20))
    conference.run("load", "schedule.json", "--mapping", "rooms.yaml")

    applied = conference.json("apply", "--yes", code=3)
    assert (len(applied["applied"]), applied["failed"]) == (ROOMS * 20, [])
    conference.control("POST", "clock", {"advance": 86400})  # the rest has waited for the next day's writes
    applied = conference.json("apply", "--yes")
    assert (len(applied["applied"]), applied["failed"]) == (SESSIONS - ROOMS * 20, [])
    planned = conference.json("plan")
    assert (planned["changes"], planned["held_back"]) == ([], [])

    requests = conference.control("GET", "journal")["requests"]
    assert Counter(one["status"] for one in requests if one["operation"] == "meetingCreate") == {201: SESSIONS}
    assert [one for one in requests if one["status"] == 429] == []
    made = Counter((instant(one["start_time"]), one["host_email"]) for one in conference.meetings())
    rooms = {room_name(room): host_email(room) for room in range(ROOMS)}
    assert made == Counter((instant(event["date"]), rooms[room]) for room, event in entries())


def test_one_meeting_for_each_room_and_day(conference):
    conference.run("load", "schedule.json", "--mapping", "rooms.yaml", "--one-meeting-per", "room-and-day")
    conference.run("apply", "--yes")
    assert "nothing to do" in conference.out("plan")
    topics = [one["topic"] for one in conference.meetings()]
    assert len(topics) == len(set(topics)) == ROOMS * DAYS


def instant(told):
    return datetime.fromisoformat(told).astimezone(UTC)
