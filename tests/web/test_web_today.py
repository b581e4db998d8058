"""The first page, and an event as large as it is: what waits comes first, and no page grows with the event."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy import event as listening

from support.crowd import KEY, congress, hear, open_meetings, put_in
from support.stage import EVENT, NEW, NOW, OTHER, PAST, SESSIONS, seminar
from zoom_sync.adapters.store import tables
from zoom_sync.domain.access import Role
from zoom_sync.domain.notices import Concern, Subject
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.run import ItemState, Step

FIRST = NOW - timedelta(days=1, hours=4, minutes=40)  # so that of the second day's sessions some run at NOW
BIG = f"/events/{KEY}"


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.fixture
def congress_300(stage):
    put_in(stage.parts, congress(300, FIRST), NOW)


def test_the_first_page_after_signing_in_is_today(browse):
    browser = browse()
    assert browser.get("/").headers["location"] == "/today"
    assert browser.sign_in_as(Role.STAFF).get("/today").status_code == 200


def test_what_waits_for_a_person_stands_before_what_runs_and_what_comes(browse, stage):
    stage.parts.notices.found(
        EVENT, Subject.HELD_BACK, [Concern("left", "delete", "its session has left the programme")]
    )
    text = text_of(browse(Role.ORGANISER).get("/today"))
    assert "2 things wait for you." in text
    places = [
        text.index(part)
        for part in ("Waiting for you", "its session has left", "Next", "Ended recently", "Spring School on Open Data ")
    ]
    assert places == sorted(places)


def test_more_than_three_of_a_kind_are_one_line(browse, stage):
    held = [Concern(f"k{n}", "update", "it would move by +12 h") for n in range(20)]
    stage.parts.notices.found(EVENT, Subject.HELD_BACK, held)
    text = text_of(browse(Role.ORGANISER).get("/today"))
    assert "20 changes" in text
    assert text.count("it would move by +12 h") == 1


def test_nothing_to_do_says_so_kindly(browse, stage):
    stage.load(seminar(*SESSIONS[:2]))
    text = text_of(browse(Role.ORGANISER).get("/today"))
    assert "Nothing waits for you." in text
    assert "Waiting for you" not in text
    assert "Leaving no one and no place behind in 1 day" in text or "in 19 hours" in text


def test_a_change_that_failed_waits_until_a_later_run_did_it(browse, stage):
    runs, browser = stage.parts.runs, browse(Role.STAFF)
    for state in (ItemState.FAILED, ItemState.DONE):
        run = runs.start(EVENT, "apply", "d", [Step("update", NEW, "h1")], NOW)
        runs.settle(runs.items(run)[0].id, state, "Zoom was away", NOW)
        assert ("Zoom was away" in browser.get("/today").text) is (state is ItemState.FAILED)


def test_reports_that_are_short_wait_and_lead_to_their_sessions(browse, stage):
    stage.parts.reports.note(EVENT, Collected(PAST, "polls", ReportState.FAILED, 0, None, "no right to it", NOW))
    browser = browse(Role.STAFF)
    assert "Reports short 1 session" in text_of(browser.get("/today"))
    text = text_of(browser.get(f"/events/{EVENT}?report=short"))
    assert "1 session" in text
    assert SESSIONS[1].title not in text


def test_a_viewer_is_shown_no_work(browse, stage):
    stage.parts.notices.found(EVENT, Subject.HELD_BACK, [Concern(NEW, "delete", "gone")])
    assert "Waiting for you" not in browse(Role.VIEWER).get("/today").text


def test_now_shows_who_is_there_and_who_is_late(browse, stage, congress_300):
    hear(stage.parts, NOW)
    running = [line for line in stage.parts.overview.of_event(KEY) if line.start <= NOW < line.end]
    open_meetings(stage.parts, [line.key for line in running[1:]], NOW)
    text = text_of(browse(Role.STAFF).get("/today"))
    assert text.count("12 people") == len(running) - 1
    assert text.index("not started") < text.index("12 people")


def test_a_host_who_lost_his_licence_is_named(browse, stage):
    put_in(stage.parts, congress(3, NOW + timedelta(hours=2)), NOW)
    users = stage.parts.links.hosts(NOW - timedelta(days=99))
    stage.parts.links.set_hosts([replace(user, licensed=user.id != "h1") for user in users], NOW)
    assert "Host 1 has no licence: Zoom ends the meeting after 40 minutes." in text_of(browse(Role.STAFF).get("/today"))


# --- an event as large as it is ---------------------------------------------------------------------------------------


@pytest.fixture
def statements(stage):
    """The SQL that is sent to the database."""
    sent = []
    listening.listen(stage.parts.database.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    return sent


@pytest.mark.parametrize("page", ["/today", BIG, f"{BIG}?view=grid"])
def test_a_page_asks_as_often_for_three_sessions_as_for_three_hundred(browse, stage, statements, page):
    browser, asked = browse(Role.ORGANISER), []
    for count in (3, 300):
        with stage.parts.database.transaction() as connection:
            connection.execute(delete(tables.links).where(tables.links.c.host_id.like("h%")))
            connection.execute(delete(tables.hosts).where(tables.hosts.c.id.like("h%")))
        put_in(stage.parts, congress(count, FIRST), NOW)
        browser.get(page)
        statements.clear()
        assert browser.get(page).status_code == 200
        asked.append(len(statements))
    assert asked[1] <= asked[0] + 1


def test_a_large_event_opens_on_the_day_that_matters(browse, congress_300):
    text = text_of(browse(Role.STAFF).get(BIG))
    assert "300 sessions" in text
    assert "100 sessions" in text
    assert text.count("Session 1") > 10
    assert "Session 250" not in text


def test_what_is_found_is_found_on_all_days_and_paged(browse, congress_300):
    browser = browse(Role.STAFF)
    assert "Session 250" in browser.get(f"{BIG}?q=session+250").text
    assert "Page 1 of 2" in text_of(browser.get(f"{BIG}?track=Data"))
    assert "Page 2 of 2" in text_of(browser.get(f"{BIG}?track=Data&page=2"))
    assert "No session matches." in browser.get(f"{BIG}?q=nothing+like+it").text


def test_the_address_holds_what_was_chosen(browse, congress_300):
    page = browse(Role.STAFF).get(f"{BIG}?room=Room+7&day=all").text
    assert page.count('<th scope="row">') == 15
    assert '<option value="Room 7" selected>' in page
    assert "view=grid" in page
    assert re.search(r'href="[^"]*room=Room%207[^"]*view=grid', page)


def test_a_day_is_a_grid_of_rooms_and_times(browse, congress_300):
    page = browse(Role.STAFF).get(f"{BIG}?view=grid").text
    assert [int(room) for room in re.findall(r'<th scope="col"><bdi>Room (\d+)', page)] == list(range(1, 21))
    assert page.count('<div class="cell') == 100


@pytest.mark.parametrize("query", ["day=2023-99-99", "state=nonsense", "report=x", "room=%00", "q=" + "x" * 200])
def test_any_address_is_answered(browse, congress_300, query):
    assert browse(Role.STAFF).get(f"{BIG}?{query}").status_code == 200


def test_a_page_of_a_large_event_is_small(browse, stage):
    put_in(stage.parts, congress(1000, FIRST), NOW)
    assert len(browse(Role.STAFF).get(BIG).content) < 90_000


def test_the_lists_of_events_say_what_is_called_off_or_archived_and_miss_nothing_of_it(browse, stage):
    stage.parts.event_states.call_off(EVENT, NOW)
    stage.parts.event_states.archive(OTHER, NOW)
    browser = browse(Role.ORGANISER)
    for page in ("/today", "/events"):
        text = text_of(browser.get(page))
        seminar_row, school_row = text.split("International Seminar")[-1], text.split("Spring School")[-1]
        assert "called off" in seminar_row.partition("Spring School")[0]
        assert "archived" in school_row
        assert "without a meeting" not in text
    assert "This event is called off." in browser.get(f"/events/{EVENT}").text
    assert text_of(browse().get(f"/e/{EVENT}")).count("cancelled") >= 2
