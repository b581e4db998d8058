"""A session's page: its curve with what belongs on it, and how to join as something to hand on."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event as listening

from support.crowd import KEY, congress, hear, open_meetings, put_in
from support.stage import EVENT, NOW, PAST, READY, SESSIONS
from zoom_sync.domain.access import Role
from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.entrypoints.web.curve import drawn
from zoom_sync.service_layer.audience import Audience


def page(key, event=EVENT):
    return f"/events/{event}/sessions/{key}"


def audience(minutes, peak, peak_at=None):
    return Audience(tuple(minutes), peak, peak_at, 60.0)


@pytest.mark.parametrize(
    ("most", "marks"),
    [(1, [1, 2, 3, 4]), (9, [3, 6, 9, 12]), (112, [30, 60, 90, 120]), (2431, [600, 1200, 1800, 2400])],
)
def test_the_scale_ends_at_a_round_number_above_the_most(most, marks):
    found = [mark.count for mark in drawn(audience([0, most], most), SESSIONS[0]).counts]
    assert found[-1] >= most
    assert len(found) == 4
    assert found == marks or most > 2400


def test_times_are_marked_by_the_sessions_own_clock_and_not_where_the_ends_stand():
    start = datetime.fromisoformat("2023-11-06T20:20:00+05:45")
    session = replace(SESSIONS[0], start=start, end=start + timedelta(minutes=95), timezone="Asia/Kathmandu", items=())
    marks = drawn(audience([1] * 95, 1), session).times
    clock = [f"{mark.at.astimezone(start.tzinfo):%H:%M}" for mark in marks]
    assert clock == ["20:20", "20:30", "21:00", "21:30", "21:55"]
    assert all(0 <= mark.x <= 100 for mark in marks)


def test_agenda_items_and_the_peak_stand_where_they_were():
    start = SESSIONS[0].start
    items = (AgendaItem("A", "a", start=start), AgendaItem("B", "b", start=start + timedelta(minutes=30)))
    session = replace(SESSIONS[0], items=items)
    peak = start.astimezone(UTC) + timedelta(minutes=45)
    drawing = drawn(audience([5] * 90, 5, peak), session)
    assert [(round(band.x), round(band.width)) for band in drawing.bands] == [(0, 33), (33, 67)]
    assert (drawing.peak.x, drawing.peak.count) == (50, 5)


def test_how_to_join_can_be_copied_and_sent(browse, stage):
    link = stage.parts.links.link(EVENT, READY)
    answer = browse(Role.STAFF).get(page(READY)).text
    copied = re.findall(r'data-copy="([^"]*)"', answer)
    assert link.passcode.value in copied
    assert any(link.join_url.split("&")[0] in one for one in copied)
    assert any(SESSIONS[1].title in one and link.passcode.value in one for one in copied), "the invitation"
    assert f"/e/{EVENT}/{READY}/calendar.ics" in answer
    viewer = browse(Role.VIEWER).get(page(READY)).text
    assert "data-copy" not in viewer
    assert link.passcode.value not in viewer


def test_a_running_session_says_who_is_there_and_asks_again_by_itself(browse, stage):
    put_in(stage.parts, congress(2, NOW - timedelta(minutes=10)), NOW)
    hear(stage.parts, NOW)
    open_meetings(stage.parts, ["s0000"], NOW)
    running = browse(Role.STAFF).get(page("s0000", KEY)).text
    assert "12 people are there" in running
    assert 'hx-trigger="every 15s"' in running
    assert "not started" in browse(Role.STAFF).get(page("s0001", KEY)).text
    assert "hx-trigger" not in browse(Role.STAFF).get(page(PAST)).text


def test_a_session_that_never_took_place_says_so(browse, stage):
    stage.parts.reports.note(EVENT, Collected(PAST, "participants", ReportState.NONE, 0, None, "never held", NOW))
    assert "Zoom says that its meeting was never held" in browse(Role.STAFF).get(page(PAST)).text


def test_a_session_of_a_large_event_is_read_alone(browse, stage):
    put_in(stage.parts, congress(300, NOW), NOW)
    lengths, browser = [], browse(Role.STAFF)
    browser.get(page("s0001", KEY))
    listening.listen(stage.parts.database.engine, "before_cursor_execute", lambda *told: lengths.append(len(told[3])))
    browser.get(page("s0001", KEY))
    assert max(lengths) < 30, "it asks for the agenda of every session"
