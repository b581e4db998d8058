"""Several sessions on one link: an evening with one meeting, and a series of evenings, from programme to report."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import START, make_session
from service.conftest import EVENT
from zoom_sync.adapters.store.publications import Publications
from zoom_sync.adapters.store.purging import Purging
from zoom_sync.adapters.zoom.operations import Label
from zoom_sync.adapters.zoom.protocol import Call, get_meeting
from zoom_sync.domain.attendance import stay_from_row
from zoom_sync.domain.delivery import Live
from zoom_sync.domain.plan import Action
from zoom_sync.domain.programme import Kind, KnownMeeting
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.retention import Retention
from zoom_sync.domain.run import ItemState
from zoom_sync.service_layer.adopting import proposals
from zoom_sync.service_layer.apply import Listings, carry_out, start_run
from zoom_sync.service_layer.collect import collect_event, remerge
from zoom_sync.service_layer.hosts_ready import hosts_ready
from zoom_sync.service_layer.orphans import find_orphans
from zoom_sync.service_layer.publish import Publishing, announce
from zoom_sync.service_layer.status import status_of, still_live
from zoom_sync.service_layer.work import Working, do_item, start_collection

HALF = timedelta(minutes=30)
KEYS = ("one", "two", "three")


def sessions_of_an_evening():
    """Three sessions of half an hour, with a pause of ten minutes before the last."""
    first = make_session("one", minutes=30, title="Opening")
    second = make_session("two", minutes=30, title="Floods", start=START + HALF, meeting_of="one")
    third = make_session("three", minutes=30, title="Fires", start=START + timedelta(minutes=70), meeting_of="one")
    return first, second, third


def sessions_of_a_series(days=(0, 7, 14, 21), **changes):
    keys = [f"evening-{number}" for number in range(1, len(days) + 1)]
    return [
        make_session(key, start=START + timedelta(days=day), meeting_of=None if key == keys[0] else keys[0], **changes)
        for key, day in zip(keys, days, strict=True)
    ]


@pytest.fixture
def evening(desk):
    desk.load(*sessions_of_an_evening())
    desk.calls()
    desk.apply()
    return desk


@pytest.fixture
def series(desk):
    desk.load(*sessions_of_a_series())
    desk.calls()
    desk.apply()
    return desk


def on_zoom(desk, key, kind=Kind.MEETING):
    return desk.zoom.reader.meeting(desk.link(key).meeting_id, kind)


def collect(desk, *keys):
    return collect_event(desk.collecting, EVENT, list(keys), lambda _key, _states: None)


def settled(states):
    return {(one.key, one.state) for one in states if one.kind == "participants"}


def people_of(desk, key):
    return list(desk.reports.attendance(EVENT, key))


def seconds(desk, key):
    """How long everybody was there, all together."""
    return sum(one.seconds for one in people_of(desk, key))


# --- an evening ----------------------------------------------------------------------------------------------------


def test_an_evening_is_one_meeting_from_the_first_session_to_the_last(evening):
    assert evening.calls()["meetingCreate"] == 1
    found = on_zoom(evening, "one")
    assert (found.topic, found.start, found.duration, found.series) == ("Opening", START, 100, False)
    assert "12:30-13:00 Opening" in found.agenda
    assert "13:40-14:10 Fires\n• Kazan, Russian: Park to rest" in found.agenda
    for deep in (False, True):
        plan = evening.plan(deep=deep)
        assert (plan.changes, plan.held_back, plan.unchanged) == ((), (), 1)


def test_every_session_of_an_evening_shows_the_same_meeting(evening):
    told = status_of(evening.programmes, evening.links, evening.reports, EVENT)
    assert {one.state for one in told.sessions} == {"linked"}
    assert len({one.link.join_url for one in told.sessions}) == 1
    publishing = Publishing(
        evening.programmes, evening.links, Publications(evening.links._database), evening.zoom.clock
    )
    announced = announce(publishing, EVENT, public=True).sessions()
    assert {one.join_url for one in announced} == {evening.link("one").join_url}


def test_a_session_that_is_added_to_an_evening_changes_the_meeting_in_place(evening):
    before = evening.link("one").meeting_id
    later = make_session("four", minutes=30, title="Farewell", start=START + timedelta(minutes=110), meeting_of="one")
    evening.load(*sessions_of_an_evening(), later)
    [change] = evening.plan().changes
    assert (change.action, {one.name for one in change.fields}) == (Action.UPDATE, {"agenda", "duration"})
    evening.apply()
    assert evening.link("one").meeting_id == before
    assert on_zoom(evening, "one").duration == 140
    assert evening.plan(deep=True).changes == ()


def test_a_session_that_gives_its_own_meeting_up_has_it_deleted_only_by_name(desk):
    first, second, third = sessions_of_an_evening()
    desk.load(first, replace(second, meeting_of=None), third)
    desk.apply()
    desk.load(first, second, third)
    [held] = desk.plan().held_back
    assert (held.change.action, held.change.key, held.why) == (Action.DELETE, "two", "needs --allow-delete")
    assert held.change.reason == "its session is held in the meeting of 'one' now"
    desk.apply(allow_delete=True)
    assert desk.plan().held_back == ()


def test_an_evening_that_has_begun_is_not_touched_before_its_last_session_is_over(evening):
    evening.pass_time(days=5, hours=13, minutes=3)  # in the pause
    first, *others = sessions_of_an_evening()
    evening.load(replace(first, title="Another"), *others)
    plan = evening.plan()
    assert plan.changes == ()
    assert [held.why for held in plan.held_back] == ["the session is under way"]


def test_the_reports_of_an_evening_are_asked_for_once_and_divided_by_time(evening):
    evening.run("one", audience=40, questions=12)
    evening.pass_time(hours=1)
    evening.calls()
    states = collect(evening)
    calls = evening.calls()
    assert calls["reportMeetingParticipants"] == calls["reportMeetingQA"] == calls["pastMeetings"] == 1
    assert {(key, ReportState.COMPLETE) for key in KEYS} == settled(states)
    [raw] = evening.reports.raw(EVENT, "one", "participants")
    assert [list(evening.reports.raw(EVENT, key, "participants")) for key in KEYS[1:]] == [[], []]
    stays = [stay_from_row(row, "") for row in raw.rows]
    assert sum(seconds(evening, key) for key in KEYS) <= sum(one.end - one.start for one in stays)
    assert all(people_of(evening, key) for key in KEYS)
    [asked] = evening.reports.raw(EVENT, "one", "questions")
    told = sum(len(row["question_details"]) for row in asked.rows)
    assert sum(len(list(evening.reports.questions(EVENT, key))) for key in KEYS) == told == 12
    assert collect(evening) == []


def test_an_evening_is_collected_only_when_everybody_has_left(evening):
    evening.pass_time(days=5, hours=13, minutes=5)
    assert collect(evening) == []
    assert settled(collect(evening, "one")) == {("one", ReportState.WAITING)}


def test_a_session_that_is_collected_again_leaves_the_others_whole(evening):
    evening.run("one", audience=20, questions=4)
    evening.pass_time(hours=1)
    collect(evening)
    before = {key: people_of(evening, key) for key in KEYS}
    evening.calls()
    collect(evening, "two", "three")
    assert evening.calls()["reportMeetingParticipants"] == 1
    remerge(evening.collecting, EVENT, "one")
    assert {key: people_of(evening, key) for key in KEYS} == before


def test_a_worker_is_given_an_evening_as_one_item(evening):
    evening.run("one", audience=10, questions=1)
    evening.pass_time(hours=1)
    run = start_collection(evening.runs, evening.collecting, EVENT, [])
    [item] = evening.runs.items(run)
    working = Working(evening.planning, evening.applying, evening.collecting, timedelta(minutes=5))
    do_item(working, Listings(evening.applying), item.id)
    assert evening.runs.items(run)[0].state is ItemState.DONE
    assert settled(evening.reports.states(EVENT)) == {(key, ReportState.COMPLETE) for key in KEYS}


def test_what_the_purged_rows_of_an_evening_told_is_not_lost_by_merging_anew(evening):
    evening.run("one", audience=10, questions=1)
    evening.pass_time(hours=1)
    collect(evening)
    before = people_of(evening, "two")
    purging, now = Purging(evening.links._database), evening.zoom.clock.now()
    for due in purging.due({Retention.RAW: now}):
        purging.purge(due, now, now, lambda _: None)
    remerge(evening.collecting, EVENT, "two")
    assert people_of(evening, "two") == before
    evening.calls()
    collect(evening, "two")
    assert "reportMeetingParticipants" not in evening.calls()
    assert people_of(evening, "two") == before


def test_each_session_of_an_evening_that_is_about_to_begin_is_told_not_ready(desk):
    desk.load(*sessions_of_an_evening())
    desk.pass_time(days=5, hours=11)
    told = hosts_ready(desk.planning, EVENT, timedelta(hours=3))
    assert [(one.key, one.told) for one in told] == [(key, "it has no meeting yet") for key in KEYS]


def test_a_meeting_made_by_hand_is_taken_over_for_all_who_share_it(desk):
    made = desk.by_hand(topic="Opening", duration=100)["id"]
    first, *others = sessions_of_an_evening()
    desk.load(replace(first, known=KnownMeeting(str(made))), *others)
    assert [change.action for change in desk.plan().changes] == [Action.ADOPT]
    desk.apply()
    assert desk.link("one").meeting_id == str(made)
    assert proposals(desk.planning, EVENT) == ()
    assert (desk.plan(deep=True).changes, find_orphans(desk.planning)) == ((), [])


# --- a series ------------------------------------------------------------------------------------------------------


def test_a_series_is_one_recurring_meeting_with_a_time_for_each_session(series):
    assert series.calls()["meetingCreate"] == 1
    found = on_zoom(series, "evening-1")
    assert found.series
    assert found.occurrences == tuple(START + timedelta(days=day) for day in (0, 7, 14, 21))
    for deep in (False, True):
        assert (series.plan(deep=deep).changes, series.plan(deep=deep).held_back) == ((), ())


@pytest.mark.parametrize("deep", [False, True])
def test_a_series_stays_in_step_while_its_evenings_pass(series, deep):
    for day in (5.2, 7, 7, 7):
        series.pass_time(days=day)
        plan = series.plan(deep=deep)
        assert (plan.changes, plan.held_back) == ((), ())


def test_a_series_moves_with_all_its_evenings(series):
    series.load(*(replace(one, start=one.start + HALF, end=one.end + HALF) for one in sessions_of_a_series()))
    before = series.link("evening-1")
    assert [item.state for item in series.apply()] == [ItemState.DONE]
    found = on_zoom(series, "evening-1")
    assert found.occurrences == tuple(START + HALF + timedelta(days=day) for day in (0, 7, 14, 21))
    assert series.link("evening-1").join_url == before.join_url
    assert series.plan(deep=True).changes == ()


def test_an_evening_is_added_to_a_series_and_one_is_taken_away(series):
    for days in ((0, 7, 14, 21, 28), (0, 7, 14)):
        series.load(*sessions_of_a_series(days))
        series.apply()
        assert len(on_zoom(series, "evening-1").occurrences) == len(days)
        plan = series.plan(deep=True)
        assert (plan.changes, plan.held_back) == ((), ())


def test_a_meeting_becomes_a_series_and_again_one_that_is_held_once_and_keeps_its_link(desk):
    desk.load(*sessions_of_a_series((0,)))
    desk.apply()
    link = desk.link("evening-1").join_url
    for days in ((0, 7), (0,)):
        desk.load(*sessions_of_a_series(days))
        assert [item.state for item in desk.apply()] == [ItemState.DONE]
        assert on_zoom(desk, "evening-1").series == (len(days) > 1)
        assert desk.link("evening-1").join_url == link
        assert desk.plan(deep=True).changes == ()


def test_between_two_evenings_texts_may_change_and_times_may_not(series):
    series.pass_time(days=8)
    changed = sessions_of_a_series((0, 7, 14), title="Another title")
    series.load(*changed)
    plan = series.plan(deep=True)
    assert [{one.name for one in change.fields} for change in plan.changes] == [{"topic", "agenda"}]
    assert [{one.name for one in held.change.fields} for held in plan.held_back] == [{"recurrence", "occurrences"}]
    assert "move the next ones in Zoom by hand" in plan.held_back[0].why
    assert [item.state for item in series.apply()] == [ItemState.DONE]
    assert on_zoom(series, "evening-1").topic == "Another title"
    assert len(on_zoom(series, "evening-1").occurrences) == 4


def test_an_evening_that_somebody_moved_on_zoom_is_seen_by_a_deep_look(series):
    meeting = series.link("evening-1").meeting_id
    shown = series.zoom.exchange.call(get_meeting(meeting, Kind.MEETING))
    which = {"occurrence_id": shown["occurrences"][1]["occurrence_id"]}
    body = {"start_time": "2023-11-13T15:00:00Z"}
    series.zoom.exchange.call(Call("meetingUpdate", Label.LIGHT, "PATCH", f"/meetings/{meeting}", which, body))
    [change] = series.plan(deep=True).changes
    assert [one.name for one in change.fields] == ["occurrences"]
    run = start_run(series.applying, series.plan(deep=True))
    carry_out(series.applying, run, lambda _: None, lambda _until, _items: None)
    assert on_zoom(series, "evening-1").occurrences[1] == START + timedelta(days=7)


def test_each_evening_of_a_series_has_its_own_report(series):
    first = series.run("evening-1", audience=10, questions=2)
    second = series.run("evening-1", audience=15, questions=3)
    series.pass_time(hours=1)
    series.calls()
    states = collect(series)
    assert series.calls()["reportMeetingParticipants"] == 2
    assert settled(states) == {(f"evening-{number}", ReportState.COMPLETE) for number in (1, 2)}
    for key, held in (("evening-1", first), ("evening-2", second)):
        assert {raw.instance.uuid for raw in series.reports.raw(EVENT, key, "participants")} == {held["uuid"]}
        assert len(list(series.reports.questions(EVENT, key))) == held["questions"]
        assert people_of(series, key)


def test_who_is_live_in_a_series_is_shown_at_the_evening_that_is_on(series):
    series.run("evening-1", audience=10, questions=0)
    series.pass_time(hours=1)
    collect(series)
    told = status_of(series.programmes, series.links, series.reports, EVENT)
    for since, key in ((START, None), (START + timedelta(days=7), "evening-2")):
        live = still_live(told, {"evening-1": Live(since, 3)})
        assert list(live) == ([key] if key else [])


def test_a_series_that_leaves_the_programme_is_deleted_as_a_whole(series):
    series.load(make_session("other"))
    series.apply(allow_delete=True)
    assert series.plan().held_back == ()
    assert series.links.link(EVENT, "evening-1") is None


def test_a_series_of_webinars_is_one_webinar(make_desk):
    desk = make_desk()
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
    desk.load(*sessions_of_a_series(kind=Kind.WEBINAR))
    desk.apply()
    assert len(on_zoom(desk, "evening-1", Kind.WEBINAR).occurrences) == 4
    assert desk.plan(deep=True).changes == ()
