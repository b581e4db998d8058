"""One meeting per session, whatever clocks say, whenever a request arrives, and however many runs there are."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from factories import make_session
from service.conftest import EVENT
from zoom_sync.domain.meeting import Intent
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.run import ItemState
from zoom_sync.service_layer.apply import Listings, apply_item, carry_out, start_run
from zoom_sync.service_layer.status import status_of

SETTLE = 30
OTHER = make_session(
    key="other", title="Other", start=datetime(2023, 11, 20, 12, tzinfo=UTC), end=datetime(2023, 11, 20, 13, tzinfo=UTC)
)
CODE = Passcode("Abc123defg")


def sessions(count):
    start = datetime(2023, 11, 6, 12, 30, tzinfo=UTC)
    return [
        make_session(key=f"s{number}", title=f"Title {number}", start=start + timedelta(days=number),
                     end=start + timedelta(days=number, minutes=90), timezone="Asia/Shanghai")
        for number in range(count)
    ]  # fmt: skip


def cut_off(desk, seconds, times=1):
    """The next creation is cut off, and reaches Zoom so much later."""
    desk.zoom.fault(kind="deliver_late", operation="meetingCreate", seconds=seconds, times=times)


def meeting_of(desk, key="seminar-1"):
    return int(desk.link(key).meeting_id)


def on_zoom(desk):
    return {one["id"] for one in desk.zoom.meetings()}


def notes(desk):
    return [str(note) for note in status_of(desk.programmes, desk.links, desk.reports, EVENT).notes]


# --- clocks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [-7200, -330, -75, 75, 330, 7200])
def test_no_clock_rules_out_the_meeting_of_a_creation_whose_answer_was_lost(desk, ahead):
    desk.load(*sessions(16))
    desk.zoom.control("POST", "twists", {"what": "date", "seconds": ahead})
    desk.zoom.fault(kind="drop_after", operation="meetingCreate", times=None, probability=0.4)
    desk.apply()
    desk.control("DELETE", "faults")
    desk.apply()
    assert len(on_zoom(desk)) == 16
    assert {meeting_of(desk, f"s{number}") for number in range(16)} == on_zoom(desk)


def test_an_attempt_dated_in_the_future_waits_no_longer_than_any_other(desk):
    now = desk.zoom.clock.now()
    plan = desk.plan()
    wanted = Intent("seminar-1", plan.changes[0].host_id, Kind.MEETING, "x", CODE, now + timedelta(hours=2))
    run = start_run(desk.applying, plan)
    desk.links.begin(EVENT, wanted, now + timedelta(hours=2), "2023-11-01", 100)
    item = desk.runs.items(run)[0]
    for _ in range(2):
        outcome = apply_item(desk.applying, Listings(desk.applying), item)
        assert outcome.retry_at - desk.zoom.clock.now() == timedelta(seconds=SETTLE)
    desk.pass_time(seconds=SETTLE)
    assert apply_item(desk.applying, Listings(desk.applying), item).state is ItemState.DONE


def test_a_meeting_of_somebody_else_is_read_once_however_often_creations_are_in_doubt(desk):
    desk.load(*(replace(one, host="host1@example.org") for one in sessions(3)))
    for number in range(5):
        desk.by_hand(topic=f"Somebody's {number}", start_time="2023-12-24T12:00:00Z")
    desk.zoom.fault(kind="drop_before", operation="meetingCreate", times=3)
    desk.calls()
    desk.apply()
    assert desk.calls()["meeting"] == 5
    assert len(on_zoom(desk)) == 3 + 5


# --- requests that arrive late -------------------------------------------------------------------------------------


@pytest.mark.parametrize("delay", [45, 3000])
def test_a_creation_that_arrives_after_it_was_given_up_is_found_and_removed(desk, delay):
    cut_off(desk, delay)
    desk.apply()
    used = meeting_of(desk)
    assert "creations given up: 1" in notes(desk)[0]
    desk.pass_time(seconds=delay)
    assert len(on_zoom(desk)) == 2
    plan = desk.plan()
    assert [(str(one.action), one.key) for one in plan.changes] == [("delete", "seminar-1")]
    assert "1 unlinked meetings were read" in str(plan.notes)
    assert "late" in notes(desk)[0]
    items = desk.apply()
    assert [item.state for item in items] == [ItemState.DONE]
    assert on_zoom(desk) == {used}
    desk.calls()
    assert not desk.plan().changes
    assert desk.calls() == {"meetings": 1}


def test_a_late_meeting_becomes_that_of_its_session_where_it_has_none(desk):
    cut_off(desk, 3000)
    run = start_run(desk.applying, desk.plan())
    item = desk.runs.items(run)[0]
    apply_item(desk.applying, Listings(desk.applying), item)
    desk.load(OTHER)  # the session is out of the programme, and the creation looked for in vain
    desk.pass_time(seconds=SETTLE)
    desk.apply()
    desk.pass_time(seconds=3000)
    desk.load(OTHER, make_session(timezone="Asia/Shanghai", title="Retitled"))
    items = desk.apply()
    assert [(item.action, item.state) for item in items] == [("adopt", ItemState.DONE)]
    assert "Retitled" in {one["topic"] for one in desk.zoom.meetings() if one["id"] == meeting_of(desk)}
    assert on_zoom(desk) == {meeting_of(desk), meeting_of(desk, "other")}
    assert str(desk.link().origin) == "created"
    assert not desk.plan(deep=True).changes


def test_of_a_late_meeting_and_one_that_another_run_linked_meanwhile_the_late_one_is_removed(desk):
    cut_off(desk, 3000)
    run = start_run(desk.applying, desk.plan())
    apply_item(desk.applying, Listings(desk.applying), desk.runs.items(run)[0])
    desk.load(OTHER)
    desk.pass_time(seconds=SETTLE)
    desk.apply()
    desk.pass_time(seconds=3000)
    desk.load(OTHER, make_session(timezone="Asia/Shanghai"))
    plan = desk.plan()
    other = []

    def link_another(request):
        if not other and request.method == "GET" and str(request.path_url).startswith("/v2/meetings/"):
            other.append(desk.by_hand()["id"])
            desk.adopt("seminar-1", other[0])

    desk.zoom.wire.after = link_another
    carry_out(desk.applying, start_run(desk.applying, plan), lambda _: None, lambda *_: None)
    assert meeting_of(desk) == other[0]
    assert on_zoom(desk) == {other[0], meeting_of(desk, "other")}


def test_a_late_meeting_of_a_session_that_is_gone_is_removed(desk):
    cut_off(desk, 45)
    start = start_run(desk.applying, desk.plan())
    apply_item(desk.applying, Listings(desk.applying), desk.runs.items(start)[0])
    desk.load(OTHER)
    desk.pass_time(seconds=SETTLE)
    desk.apply()
    desk.pass_time(seconds=45)
    desk.apply()
    assert on_zoom(desk) == {meeting_of(desk, "other")}


def test_a_late_meeting_with_people_in_it_is_told_and_not_touched(desk):
    cut_off(desk, 45)
    desk.apply()
    desk.pass_time(seconds=45)
    late = (on_zoom(desk) - {meeting_of(desk)}).pop()
    desk.pass_time(days=5, hours=12, minutes=35)
    held = desk.plan().held_back
    assert [(str(one.change.action), one.change.meeting_id, str(one.why)) for one in held] == [
        ("delete", str(late), "the meeting is under way")
    ]
    assert late in on_zoom(desk)
    assert str(late) in notes(desk)[0]


def test_a_late_meeting_that_people_have_used_before_its_time_is_not_removed(desk):
    cut_off(desk, 45)
    desk.apply()
    desk.pass_time(seconds=45)
    late = (on_zoom(desk) - {meeting_of(desk)}).pop()
    desk.control("POST", f"meetings/{late}/run", {"audience": 2, "start": desk.zoom.clock.now().isoformat()})
    assert [(item.action, str(item.state)) for item in desk.apply()] == [("delete", "skipped")]
    assert late in on_zoom(desk)


def test_what_merely_looks_like_a_late_meeting_is_not_touched(desk):
    cut_off(desk, 86_400)
    desk.apply()
    alike = desk.by_hand(topic="Making our cities safe")["id"]
    desk.apply()
    desk.calls()
    desk.apply()
    assert alike in on_zoom(desk)
    assert "meeting" not in desk.calls(), "it was read once"


def test_whose_passcode_was_changed_since_is_not_removed(desk):
    cut_off(desk, 45)
    desk.apply()
    desk.pass_time(seconds=45)
    run = start_run(desk.applying, desk.plan())
    late = (on_zoom(desk) - {meeting_of(desk)}).pop()
    desk.edit(late, password="theirs")
    carry_out(desk.applying, run, lambda _: None, lambda _until, _items: None)
    assert [str(item.state) for item in desk.runs.items(run)] == ["skipped"]
    assert late in on_zoom(desk)


def test_a_given_up_creation_is_forgotten_when_the_event_is_over(desk):
    cut_off(desk, 86_400)
    desk.apply()
    assert len(desk.links.given_up(EVENT)) == 1
    desk.pass_time(days=8)
    desk.plan()
    assert not desk.links.given_up(EVENT)


# --- two runs ------------------------------------------------------------------------------------------------------


def test_a_creation_that_another_living_run_ends_is_not_waited_for(desk):
    plan = desk.plan()
    first, second = (start_run(desk.applying, plan) for _ in range(2))
    waited = []
    create = desk.zoom.wire.before

    def other_run(request):
        if request.method == "POST" and str(request.path_url).endswith("/meetings"):
            desk.zoom.wire.before = create
            begun = desk.zoom.clock.now()
            outcome = apply_item(desk.applying, Listings(desk.applying), desk.runs.items(second)[0])
            assert outcome.held_by_another
            waited.append(begun)

    desk.zoom.wire.before = other_run
    carry_out(desk.applying, first, lambda _: None, lambda _until, _items: None)
    begun = desk.zoom.clock.now()
    carry_out(desk.applying, second, lambda _: None, lambda *_: pytest.fail("it tells of a wait"))
    assert waited
    assert desk.zoom.clock.now() - begun < timedelta(seconds=2)
    assert Counter(str(item.state) for item in desk.runs.items(second)) == {"skipped": 1}
    assert len(on_zoom(desk)) == 1


def test_a_run_waits_for_another_only_until_that_has_ended(desk, monkeypatch):
    plan = desk.plan()
    intent = Intent("seminar-1", plan.changes[0].host_id, Kind.MEETING, "x", CODE, desk.zoom.clock.now())
    begun = desk.links.begin(EVENT, intent, desk.zoom.clock.now(), "2023-11-01", 100)
    run, start = start_run(desk.applying, plan), desk.zoom.clock.now()
    sleep = desk.zoom.clock.sleep

    def sleeping(seconds):
        sleep(seconds)
        if desk.zoom.clock.now() - start >= timedelta(seconds=2):
            desk.links.close(EVENT, begun)  # Zoom has refused it

    monkeypatch.setattr(desk.zoom.clock, "sleep", sleeping)
    carry_out(desk.applying, run, lambda _: None, lambda *_: None)
    assert timedelta(seconds=2) <= desk.zoom.clock.now() - start < timedelta(seconds=4)
    assert len(on_zoom(desk)) == 1


def test_a_run_that_died_is_waited_for_until_zoom_must_show_its_creation(desk):
    told = []
    plan = desk.plan()
    intent = Intent("seminar-1", plan.changes[0].host_id, Kind.MEETING, "x", CODE, desk.zoom.clock.now())
    desk.links.begin(EVENT, intent, desk.zoom.clock.now(), "2023-11-01", 100)
    run, start = start_run(desk.applying, plan), desk.zoom.clock.now()
    carry_out(desk.applying, run, lambda _: None, lambda until, items: told.append((until, items)))
    assert told == [(start + timedelta(seconds=SETTLE), 1)]
    assert desk.zoom.clock.now() - start < timedelta(seconds=SETTLE + 5)
    assert len(on_zoom(desk)) == 1
