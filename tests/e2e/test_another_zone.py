"""Mass change as people meet it: the same file with another zone, `serve` at work, one sentence, one click."""

import json
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest
import requests

from e2e.test_serve import House

pytestmark = pytest.mark.timeout(240)
SENTENCE = "12 of 12 sessions move by +12 h"
PASSWORD = "a long enough password"


def programme(line, zone):
    first = datetime(2023, 12, 4, 9, tzinfo=UTC)
    sessions = [
        {
            "key": f"s-{n:02}",
            "title": f"Session {n}",
            "start": f"{first + timedelta(days=n):%Y-%m-%dT%H:%M:%S}",
            "duration": 60,
        }
        for n in range(12)
    ]
    path = line.folder / "programme.yaml"
    path.write_text(json.dumps({"event": {"key": "days", "title": "Days", "timezone": zone}, "sessions": sessions}))
    return path


def later(meeting):
    return f"{datetime.fromisoformat(meeting['start_time']) + timedelta(hours=12):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def house(line):
    house = House(line)
    yield house
    house.end(signal.SIGKILL)


def syncs(house):
    return house.ask("SELECT done_at FROM event_marks WHERE task = 'sync'")


def click(house):
    """Sign in, look at the plan, and click the button of its card; answers the text of the page."""
    with requests.Session() as browser:
        page = browser.get(f"{house.url}/sign-in", timeout=30).text
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', page)[1]
        form = {"name": "olga", "password": PASSWORD, "csrf": csrf}
        assert browser.post(f"{house.url}/sign-in", data=form, timeout=30).status_code == 200
        text = browser.get(f"{house.url}/events/days/plan", timeout=60).text
        form = text[text.index('id="mass-change"') :].partition("</form>")[0]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form))
        answer = browser.post(f"{house.url}/events/days/plan/apply", data=hidden, timeout=60)
        assert answer.status_code == 200, answer.text
        return text


def test_serve_moves_nothing_of_a_mass_change_until_one_click_moves_all(house):
    line = house.line
    line.run("load", programme(line, "UTC"))
    line.run("account", "add", "olga", "--role", "organiser", stdin=f"{PASSWORD}\n")
    house.start(ZOOM_SYNC_PLAIN_HTTP="true")
    house.wait(lambda: len(line.meetings()) == 12)
    before = line.meetings()
    line.run("load", programme(line, "Etc/GMT+12"))
    for _ in range(3):  # as often as `serve` would in many minutes
        seen = syncs(house)
        line.control("POST", "clock", {"advance": 3600})
        house.wait(lambda seen=seen: syncs(house) != seen)
    assert line.meetings() == before
    assert SENTENCE in click(house)

    def all_moved():
        return all(later(old) == new["start_time"] for old, new in zip(before, line.meetings(), strict=True))

    house.wait(all_moved)


def test_on_the_command_line_it_is_done_by_name(line):
    line.run("load", programme(line, "UTC"))
    line.run("apply", "--yes")
    before = line.meetings()
    line.run("load", programme(line, "Etc/GMT+12"))
    told = line.out("plan")
    assert f"! held back, mass change: {SENTENCE}\n" in told
    assert "    … and 7 more\n    if it is meant: --allow-mass-change\n" in told
    assert line.json("plan")["mass_change"]["sentence"] == SENTENCE
    line.run("apply", "--yes", code=3)
    assert line.meetings() == before
    line.run("apply", "--yes", "--allow-mass-change")
    assert line.meetings() != before
