"""The plan on the pages: seen, applied by its digest, and refused where it has changed."""

import re
from dataclasses import replace
from datetime import UTC

import pytest

from support.stage import EVENT, NAMES, NEW, READY, SESSIONS, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.entrypoints.web import make_app, request_ids
from zoom_sync.errors import Unavailable
from zoom_sync.observability import request_id

PLAN = f"/events/{EVENT}/plan"


def digest_on(answer):
    return re.search(r'name="digest" value="([0-9a-f]+)"', answer.text)[1]


def apply(browser, digest, **more):
    return browser.post(f"{PLAN}/apply", data={"csrf": browser.csrf(), "digest": digest, **more})


def linked(stage):
    return {one.key: stage.parts.links.link(EVENT, one.key) for one in SESSIONS}


def test_a_plan_is_a_readable_difference_and_changes_nothing(browse, stage):
    browser = browse(Role.ORGANISER)
    before = stage.zoom.meetings()
    answer = browser.get(PLAN)
    assert digest_on(answer) == stage.plan().digest
    assert "1 to create" in answer.text
    assert "1 to change" in answer.text
    assert '<td class="old"><span class="text" dir="auto">Nobody left behind</span></td>' in answer.text
    assert '<td class="new"><span class="text" dir="auto">Leaving no one and no place behind</span></td>' in answer.text
    assert "Nov 8, 2023, 20:30 (UTC+8)" in answer.text
    assert stage.zoom.meetings() == before
    assert stage.runs == []


def test_a_plan_tells_how_many_panelists_and_no_address(browse, stage):
    items = (AgendaItem("Ana", "Floods", emails=("ana@example.org",)),)
    stage.load(seminar(*SESSIONS[:2], replace(SESSIONS[2], kind=Kind.WEBINAR, items=items)))
    text = browse(Role.ORGANISER).get(PLAN).text
    assert "1 added, 0 removed" in text
    assert "ana@example" not in text


def test_a_plan_that_was_seen_is_carried_out(browse, stage):
    browser = browse(Role.ORGANISER)
    digest = digest_on(browser.get(PLAN))
    answer = apply(browser, digest)
    (run,) = stage.runs
    assert (answer.status_code, answer.headers["location"]) == (303, f"/events/{EVENT}/runs/{run}")
    assert all(linked(stage).values())
    assert not stage.plan().changes
    text = browser.get(answer.headers["location"]).text
    assert "2 / 2" in text or "2 of 2" in text
    assert digest in text
    assert "hx-trigger" not in text  # it is over: the page does not ask again
    noted = stage.access.audit.entries(1)[0]
    assert (noted.who, noted.what, noted.event, noted.form) == (NAMES[Role.ORGANISER], "apply", EVENT, digest)


def test_what_a_page_hands_out_bears_the_request_that_asked_for_it(browse, stage):
    told = []
    app = make_app(stage.parts, hand_out=lambda run: told.append(request_id()))
    browser = browse(Role.ORGANISER, app)
    digest = digest_on(browser.get(PLAN))
    browser.headers["X-Request-ID"] = "given-by-the-proxy"
    answer = apply(browser, digest)
    assert (told, answer.headers["X-Request-ID"]) == (["given-by-the-proxy"], "given-by-the-proxy")


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "a=1&b=2;c", ""])
def test_what_is_no_id_of_a_request_is_not_taken_for_one(browse, given):
    browser = browse()
    answers = [browser.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in answers)
    assert answers[0] != answers[1]


def test_an_answer_is_logged_by_its_pattern_and_not_by_its_address(browse, stage, monkeypatch):
    told = []
    monkeypatch.setattr(request_ids.log, "info", lambda event, **fields: told.append((event, fields)), raising=False)
    browse().get(f"{PLAN}?secret=1")
    assert told == [("answered", {"method": "GET", "route": "/events/{event}/plan", "status": 303})]


def test_a_plan_that_has_changed_is_shown_and_not_done(browse, stage):
    browser = browse(Role.ORGANISER)
    seen = digest_on(browser.get(PLAN))
    stage.load(seminar(*SESSIONS[:2], replace(SESSIONS[2], title="Something else")))
    answer = apply(browser, seen)
    assert answer.status_code == 409
    assert "Nothing was done: the plan has changed since you saw it." in answer.text
    assert "Something else" in answer.text
    assert digest_on(answer) != seen
    assert stage.runs == []
    assert linked(stage)[NEW] is None
    assert stage.access.audit.entries(1)[0].what == "signed in"
    assert apply(browser, digest_on(answer)).status_code == 303


@pytest.mark.parametrize("digest", ["", "0" * 16, "x"])
def test_a_digest_that_nobody_saw_does_nothing(browse, stage, digest):
    assert apply(browse(Role.ORGANISER), digest).status_code == 409
    assert stage.runs == []


def test_a_plan_that_was_carried_out_already_is_not_done_again(browse, stage):
    browser = browse(Role.ORGANISER)
    digest = digest_on(browser.get(PLAN))
    assert apply(browser, digest).status_code == 303
    answer = apply(browser, digest)
    assert answer.status_code == 409
    assert "Nothing is to be done." in answer.text
    assert len(stage.runs) == 1


def test_deleting_is_held_back_until_it_is_asked_for_by_name(browse, stage):
    stage.load(seminar(SESSIONS[0], SESSIONS[2]))
    browser = browse(Role.ORGANISER)
    held = browser.get(PLAN)
    assert "1 held back" in held.text
    allowed = browser.get(PLAN, params={"allow_delete": "true"})
    assert "1 to delete" in allowed.text
    digest = digest_on(allowed)
    assert apply(browser, digest).status_code == 409  # the digest of a plan with it, and no word of it in the form
    assert apply(browser, digest, allow_delete="true").status_code == 303
    assert stage.parts.links.link(EVENT, READY) is None


def test_a_meeting_that_may_be_a_double_is_made_only_where_that_is_ticked(browse, stage):
    session = SESSIONS[2]
    start = session.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    stage.zoom.control("POST", "meetings", {"topic": session.title, "start_time": start, "duration": 90})
    before = len(stage.zoom.meetings())
    browser = browse(Role.ORGANISER)
    held = browser.get(PLAN)
    assert "of this title and start" in held.text
    apply(browser, digest_on(held))
    assert len(stage.zoom.meetings()) == before
    allowed = browser.get(PLAN, params={"allow_double": "true"})
    assert apply(browser, digest_on(allowed), allow_double="true").status_code == 303
    assert len(stage.zoom.meetings()) == before + 1
    assert stage.parts.links.link(EVENT, NEW) is not None


def test_without_anybody_to_carry_it_out_the_button_is_off_and_says_why(browse, stage):
    browser = browse(Role.ORGANISER, app=make_app(stage.parts))
    answer = browser.get(PLAN)
    assert re.search(r'<button type="submit" disabled aria-describedby="cannot">', answer.text)
    assert f"zoom-sync apply --event {EVENT} --digest {digest_on(answer)}" in answer.text
    answer = apply(browser, digest_on(answer))
    assert answer.status_code == 400
    assert "no worker is running to carry out a plan" in answer.text
    assert stage.parts.runs.recent(EVENT, 1)[0].id == 1


def test_with_workers_a_run_is_theirs(make_stage, browse, monkeypatch):
    from zoom_sync.entrypoints import tasks

    handed = []
    monkeypatch.setattr(tasks, "hand_out", lambda parts, run: handed.append((parts, run)))
    stage = make_stage(REDIS_URL="redis://localhost:1/0")
    browser = browse(Role.ORGANISER, app=make_app(stage.parts))
    answer = apply(browser, digest_on(browser.get(PLAN)))
    assert answer.status_code == 303
    assert handed == [(stage.parts, stage.parts.runs.recent(EVENT, 1)[0].id)]


def test_a_run_whose_broker_is_away_is_stored_and_said(browse, stage):
    def away(_):
        raise Unavailable("the broker does not answer")

    browser = browse(Role.ORGANISER, app=make_app(stage.parts, hand_out=away))
    answer = apply(browser, digest_on(browser.get(PLAN)))
    text = browser.get(answer.headers["location"]).text
    assert "The run is stored, but the message queue does not answer." in text
    assert 'hx-trigger="every 2s"' in text
    assert "under way" in browser.get(PLAN).text


def test_what_differs_on_zoom_is_told_field_by_field(browse, stage):
    link = linked(stage)[READY]
    stage.zoom.control("PATCH", f"meetings/{link.meeting_id}", {"settings": {"mute_upon_entry": False}})
    text = browse(Role.ORGANISER).get(f"/events/{EVENT}/differences").text
    assert "<code>settings.mute_upon_entry</code>" in text
    assert re.search(r'<td class="old">no</td><td class="new">yes</td>', text)
    assert "Nobody left behind" in text
    stage.apply(deep=True)
    text = browse(Role.ORGANISER).get(f"/events/{EVENT}/differences").text
    assert "Zoom shows exactly what the programme says." in text


def test_a_failed_item_shows_its_reason(browse, stage):
    stage.zoom.fault(kind="refuse", operation="meetingCreate", status=400, times=9)
    stage.apply()
    text = browse(Role.STAFF).get(f"/events/{EVENT}/runs/{stage.runs[-1]}").text
    assert '<span class="mark bad">failed</span>' in text
    runs = browse(Role.STAFF).get(f"/events/{EVENT}/runs").text
    assert "1 failed" in runs
    assert "1 done" in runs
