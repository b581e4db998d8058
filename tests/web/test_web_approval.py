"""Approval on the pages: what waits is told, and who loaded a programme does not approve it."""

import re
from dataclasses import replace

import pytest

from support.stage import EVENT, NAMES, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import Changes

PLAN = f"/events/{EVENT}/plan"
OLGA = NAMES[Role.ORGANISER]


@pytest.fixture
def load(stage):
    def load(by, **differences):
        programme = seminar()
        event = replace(programme.event, changes=Changes.ASK, **differences)
        stage.parts.programmes.save(replace(programme, event=event), stage.at, by=by)

    return load


def post(browser):
    digest = re.search("Digest <code>([0-9a-f]+)", browser.get(PLAN).text)[1]
    return browser.post(f"{PLAN}/apply", data={"csrf": browser.csrf(), "digest": digest})


def test_who_loaded_a_programme_sees_that_it_waits_for_somebody_else(browse, stage, load):
    load(OLGA)
    browser = browse(Role.ORGANISER)
    text = browser.get(PLAN).text
    assert "The changes of this event wait for approval." in text
    assert "You loaded it yourself, so somebody else has to approve it." in text
    assert "Approve and apply" not in text
    answer = post(browser)
    assert (answer.status_code, stage.runs) == (400, [])
    assert "loaded this programme, and its changes are approved by somebody else" in answer.text


def test_somebody_else_approves_it_and_exactly_that_is_done(browse, stage, load):
    load("Boris")
    browser = browse(Role.ORGANISER)
    assert "Approve and apply these 2 changes" in browser.get(PLAN).text
    assert post(browser).status_code == 303
    assert len(stage.runs) == 1
    assert not stage.plan().changes
    assert "wait for approval" not in browser.get(PLAN).text


def test_a_frozen_event_is_one_card_with_one_button(browse, stage, load):
    load("Boris", freeze_hours=200)
    browser = browse(Role.ORGANISER)
    text = browser.get(PLAN).text
    assert "The event is frozen" in text
    card = text[text.index('id="mass-change"') :].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', card))
    assert hidden["allow_frozen"] == "true"
    assert browser.post(f"{PLAN}/apply", data=hidden).status_code == 303
    assert len(stage.runs) == 1


def test_before_an_approval_the_page_tells_what_is_new_since_the_last_one(browse, stage, load):
    load("Boris")
    browser = browse(Role.ORGANISER)
    assert "new since" not in browser.get(PLAN).text
    post(browser)
    load("Boris", title="Another name")
    programme = seminar()
    first, second, third = programme.sessions
    event = replace(programme.event, changes=Changes.ASK)
    later = replace(third, title="What is new")
    stage.parts.programmes.save(replace(programme, event=event, sessions=(first, second, later)), stage.at, by="Boris")
    text = browser.get(PLAN).text
    assert "A plan was last approved at:" in text
    assert "1 change is new since then, and marked below." in text
    card = text[text.index("new since the last approval") :].partition("</section>")[0]
    assert "What is new" in card
