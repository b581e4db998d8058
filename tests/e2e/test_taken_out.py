"""Sessions taken out while `serve` runs and nobody has set up mail: what waits for a person is shown, and shown first."""

import json
import re
import signal

import pytest
import requests

from e2e.test_another_zone import PASSWORD
from e2e.test_serve import House

pytestmark = pytest.mark.timeout(240)
TITLES = {"one": "Opening", "two": "Floods", "three": "Reefs", "four": "Closing"}


def programme(line, *keys):
    sessions = [
        {"key": key, "title": TITLES[key], "start": f"2023-11-{20 + n}T09:00:00", "duration": 60}
        for n, key in enumerate(keys)
    ]
    path = line.folder / "coast.yaml"
    event = {"key": "coast", "title": "Coast", "timezone": "UTC"}
    path.write_text(json.dumps({"event": event, "sessions": sessions}))
    return path


@pytest.fixture
def house(line):
    house = House(line)
    yield house
    house.end(signal.SIGKILL)


def pages(house, *paths):
    with requests.Session() as browser:
        page = browser.get(f"{house.url}/sign-in", timeout=30).text
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', page)[1]
        form = {"name": "olga", "password": PASSWORD, "csrf": csrf}
        assert browser.post(f"{house.url}/sign-in", data=form, timeout=30).status_code == 200
        texts = (browser.get(house.url + path, timeout=60).text for path in paths)
        return [" ".join(re.sub("<[^>]+>|[\u2066-\u2069]", " ", text.partition("<main")[2]).split()) for text in texts]


def test_what_was_taken_out_waits_in_the_open_where_no_mail_is_configured(house):
    line = house.line
    line.run("load", programme(line, *TITLES))
    line.run("account", "add", "olga", "--role", "organiser", stdin=f"{PASSWORD}\n")
    house.start(ZOOM_SYNC_PLAIN_HTTP="true")
    house.wait(house.all_linked)
    line.run("load", programme(line, "one", "two"))

    def recorded():
        return house.ask("SELECT key FROM concerns WHERE subject = 'held_back' ORDER BY key") == [("four",), ("three",)]

    house.wait(recorded)
    assert len(line.meetings()) == 4

    waiting = line.json("status")["waiting"]
    assert [(one["kind"], one["session"]) for one in waiting] == [("held_back", "four"), ("held_back", "three")]
    first, second, *_ = line.out("status").splitlines()
    assert first.startswith("! waits for you: held back delete four: ")
    assert second.startswith("! waits for you: held back delete three: ")
    ended = line.run("notify")
    assert all(key in ended.stdout for key in ("three", "four"))
    assert "nobody is notified" in ended.stderr
    today, event = pages(house, "/today", "/events/coast")
    assert today.index("2 things wait for you.") < today.index("needs --allow-delete") < today.rindex("2 sessions")
    assert event.index("Waiting for you") < event.index("needs --allow-delete") < event.index("Opening")
