"""The programme for everybody: how to join only where the event is marked public."""

import re
from dataclasses import replace

import icalendar
import pytest

from support.stage import EVENT, OTHER, PAST, READY, SESSIONS, seminar
from zoom_sync.domain.access import Role
from zoom_sync.entrypoints.public import editions
from zoom_sync.service_layer.previews import make_preview, previews_of, withdraw_preview


@pytest.fixture
def made(monkeypatch):
    """How often what everybody is told was read from the store."""
    reads = []
    read = editions.public_announcement
    monkeypatch.setattr(editions, "public_announcement", lambda *args: reads.append(args[1]) or read(*args))
    return reads


def secrets_of(stage, event, key):
    link = stage.parts.links.link(event, key)
    return link.passcode.value, link.join_url, link.join_url.replace("&", "&amp;")


def test_a_public_event_tells_everybody_how_to_join(browse, stage):
    text = browse().get(f"/e/{EVENT}").text
    passcode, url, _ = secrets_of(stage, EVENT, READY)
    assert passcode in text
    assert f'href="{url}"' in text
    assert text.count('alt="QR code of the link"') == 1  # another session is over, and the third has no meeting
    assert '<meta name="robots" content="index">' in text
    for session in SESSIONS:
        assert session.title in text
        assert session.items[0].presenter in text


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_nobody_is_sent_to_what_is_over_from_the_moment_on_at_which_it_closes(browse, stage, made, role):
    browser = browse(role)
    _, url, _ = secrets_of(stage, EVENT, READY)
    session = next(one for one in SESSIONS if one.key == READY)
    stage.zoom.clock.advance((session.end - stage.zoom.clock.now()).total_seconds() + 29 * 60)
    before = browser.get(f"/e/{EVENT}").text
    stage.zoom.clock.advance(60)
    after = browser.get(f"/e/{EVENT}").text
    over = '<strong class="mark none">over</strong>'
    assert [url in text for text in (before, after)] == [True, False]
    assert [text.count(over) for text in (before, after)] == [1, 2]
    if role is None:
        assert made == [EVENT]  # the store was not read again for it


PAGES = ["", "/calendar.ics", f"/{READY}/calendar.ics"]


def make_private(stage):
    stage.load(seminar().__class__(replace(seminar().event, public=False), SESSIONS))


@pytest.mark.parametrize(
    "page",
    [*(f"/e/{EVENT}{page}" for page in PAGES), *(f"/api/events/{EVENT}.{form}" for form in ("json", "csv", "ics"))],
)
def test_an_event_that_is_not_marked_public_is_answered_as_if_it_were_not_there(browse, stage, page):
    make_private(stage)
    hidden, absent = browse().get(page), browse().get(page.replace(EVENT, "no-such-event"))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert [re.sub(r"\b(urban-2023|no-such-event)\b", "", answer.text) for answer in (hidden,)] == [
        re.sub(r"\b(urban-2023|no-such-event)\b", "", absent.text)
    ]


def test_a_reviewers_address_shows_a_draft_without_how_to_join_until_it_is_withdrawn(browse, stage):
    make_private(stage)
    previewing = stage.parts.previewing()
    secret = make_preview(previewing, EVENT, "programme committee")
    answer = browse().get(f"/preview/{secret}")
    assert answer.status_code == 200
    assert SESSIONS[1].title in answer.text
    assert "This is a draft" in answer.text
    assert "calendar.ics" not in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert [s for s in secrets_of(stage, EVENT, READY) if s in answer.text] == []
    [kept] = previews_of(previewing, EVENT)
    assert kept.label == "programme committee"
    withdraw_preview(previewing, EVENT, kept.id)
    assert browse().get(f"/preview/{secret}").status_code == 404
    assert browse().get("/preview/guessed").status_code == 404


def test_a_preview_shows_no_more_of_an_event_that_became_public(browse, stage):
    secret = make_preview(stage.parts.previewing(), EVENT, "press")
    text = browse().get(f"/preview/{secret}").text
    assert [s for s in secrets_of(stage, EVENT, READY) if s in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_who_is_signed_in_sees_the_programme_of_an_event_that_is_not_public(browse, stage, page):
    make_private(stage)
    answer = browse(Role.VIEWER).get(f"/e/{EVENT}{page}")
    assert answer.status_code == 200
    assert SESSIONS[1].title in answer.text.replace("\r\n ", "")
    for secret in secrets_of(stage, EVENT, READY):
        assert secret not in answer.text.replace("\r\n ", "")
    assert "<svg xmlns" not in answer.text


def test_it_needs_no_sign_in_and_sets_no_cookie(browse):
    answer = browse().get(f"/e/{EVENT}")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "/sign-out" not in answer.text


def test_times_are_the_events_and_can_be_read_by_a_script(browse):
    text = browse().get(f"/e/{EVENT}").text
    assert "Mon, Nov 6, 2023, 20:30–22:00 (UTC+8)" in text
    assert 'datetime="2023-11-06T20:30:00+08:00" data-end="2023-11-06T22:00:00+08:00"' in text


def test_the_calendar_holds_every_session_or_one(browse, stage):
    browser = browse()
    answer = browser.get(f"/e/{EVENT}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"] == f'attachment; filename="{EVENT}.ics"'
    every = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in every] == [one.title for one in SESSIONS]
    (one,) = icalendar.Calendar.from_ical(browser.get(f"/e/{EVENT}/{PAST}/calendar.ics").content).walk("VEVENT")
    assert one["UID"] == every[0]["UID"]
    assert str(one["URL"]) == stage.parts.links.link(EVENT, PAST).join_url


def test_an_event_that_is_not_there_is_not_found_for_everybody(browse):
    assert browse().get("/e/none").status_code == 404
    assert browse().get(f"/e/{OTHER}/{PAST}/calendar.ics").status_code == 404


def test_the_mark_comes_from_the_programme(browse, stage):
    from zoom_sync.adapters.sources import read_programme

    text = b"""
event: {key: spring-school, title: Spring School, timezone: Europe/Lisbon, public: PUBLIC}
sessions: [{key: opening, title: Opening, start: 2023-12-10T18:00:00, duration: 90}]
"""
    stage.apply(OTHER)
    browser = browse(Role.VIEWER)
    for told, shown in (("true", True), ("no", False), ("yes", True)):
        stage.load(read_programme(text.replace(b"PUBLIC", told.encode()), name="p.yaml").require())
        assert bool(re.search('class="qr"', browser.get(f"/e/{OTHER}").text)) is shown
    problems = read_programme(text.replace(b"PUBLIC", b"perhaps"), name="p.yaml").problems
    assert [str(one) for one in problems] == ["p.yaml:2: `public` must be `true` or `false`, without quotes"]
