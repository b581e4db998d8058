"""Webinars take the same way as meetings: created once, seen by lists, replaced where a session changes its kind."""

from __future__ import annotations

import pytest

from factories import make_session
from zoom_sync.domain.plan import Action
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.run import ItemState

EVENT = "urban-2023"
ZONE = {"timezone": "Asia/Shanghai"}


@pytest.fixture
def desk(desk):
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
    desk.load(make_session(kind=Kind.WEBINAR, **ZONE))
    return desk.again()


def test_a_webinar_is_created_and_the_second_plan_costs_one_list_of_webinars(desk):
    (item,) = desk.apply()
    assert (item.state, desk.link().kind) == (ItemState.DONE, Kind.WEBINAR)
    desk.control("DELETE", "journal")
    assert not desk.again().plan().changes
    assert desk.zoom.journal() == {"token": 1, "webinars": 1}
    assert not desk.plan(deep=True).changes


def test_a_lost_answer_makes_no_second_webinar(desk):
    desk.zoom.fault(kind="drop_after", operation="webinarCreate", times=1)
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert len(desk.zoom.meetings()) == 1
    assert desk.links.intent(EVENT, "seminar-1") is None
    assert not desk.plan().changes


def test_a_meeting_becomes_a_webinar_only_by_a_new_one_that_is_allowed(desk):
    desk.load(make_session(**ZONE))
    desk.apply()
    before = desk.link()
    desk.load(make_session(kind=Kind.WEBINAR, **ZONE))
    assert [held.change.action for held in desk.plan().held_back] == [Action.REPLACE]
    (item,) = desk.apply(allow_replace=True)
    assert (item.state, desk.link().kind) == (ItemState.DONE, Kind.WEBINAR)
    assert [str(one["id"]) for one in desk.zoom.meetings()] == [desk.link().meeting_id] != [before.meeting_id]
    assert not desk.plan().changes
