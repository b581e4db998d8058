"""Mass change on the pages: one card with its sentence, and one click that does all of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from support.stage import EVENT, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import Session

PLAN = f"/events/{EVENT}/plan"
FIRST = datetime(2023, 12, 1, 9, tzinfo=UTC)
SESSIONS = tuple(
    Session(f"s-{n}", f"Session {n}", FIRST + timedelta(days=n), FIRST + timedelta(days=n, hours=1), "UTC")
    for n in range(12)
)
MOVED = tuple(
    replace(one, start=one.start + timedelta(hours=12), end=one.end + timedelta(hours=12)) for one in SESSIONS
)


def starts(stage):
    return sorted(one["start_time"] for one in stage.zoom.meetings())


def make_all(stage):
    stage.load(seminar(*SESSIONS))
    while stage.plan().changes:  # threads that want the same host may leave a meeting to the next plan
        stage.apply()


def test_mass_change_is_one_card_and_one_click_does_it(browse, stage):
    make_all(stage)
    stage.load(seminar(*MOVED))
    stage.apply()
    before = starts(stage)
    browser = browse(Role.ORGANISER)
    text = re.sub("[\u2066-\u2069]", "", browser.get(PLAN).text)
    assert "12 of 13 sessions move by +12 h; 1 of 13 sessions is no longer in the programme" in text
    card = text[text.index('id="mass-change"') :]
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', card)[1]
    form = {"csrf": browser.csrf(), "digest": digest, "allow_mass_change": "true"}
    assert browser.post(f"{PLAN}/apply", data={**form, "allow_mass_change": "false"}).status_code == 409
    assert starts(stage) == before
    assert browser.post(f"{PLAN}/apply", data=form).status_code == 303
    assert sum(one.endswith("T21:00:00Z") for one in starts(stage)) == 12
    assert 'id="mass-change"' not in browser.get(PLAN).text


def test_the_card_has_no_button_for_who_may_only_look(browse, stage):
    make_all(stage)
    stage.load(seminar(*MOVED))
    text = browse(Role.STAFF).get(PLAN)
    assert "It is meant" not in text.text
