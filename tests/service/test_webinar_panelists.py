"""A webinar's panelists come from the agenda, over the real client and a real store, on the simulator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import START, make_session
from zoom_sync.adapters.store.links import Links
from zoom_sync.adapters.store.people import People
from zoom_sync.adapters.store.programmes import Programmes
from zoom_sync.adapters.zoom import protocol
from zoom_sync.domain.drift import Group, Treatment
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.plan import Action, plan_json
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.domain.run import ItemState
from zoom_sync.service_layer.privacy import erase_person, seek

EVENT, KEY = "urban-2023", "seminar-1"


class Crash(BaseException):
    """The process is gone."""


def names(*numbers):
    return [f"p{n}@example.org" for n in numbers]


def agenda(*emails):
    return tuple(AgendaItem(f"Presenter {place}", "Talk", emails=(email,)) for place, email in enumerate(emails, 1))


def webinar(*emails, key=KEY, **differences):
    return make_session(key, kind=Kind.WEBINAR, timezone="Asia/Shanghai", items=agenda(*emails), **differences)


class Hall:
    """A desk for webinars, with a look at the list of panelists on Zoom."""

    def __init__(self, desk):
        self.desk = desk

    def load(self, *emails, **differences):
        self.desk.load(webinar(*emails, **differences))

    def fields(self, **how):
        """What a plan would change, by name: (old, counts)."""
        (change,) = self.desk.again().plan(**how).changes
        return {one.name: (one.old, one.new.counts) for one in change.fields if one.name == "panelists"} | {
            one.name: one.new for one in change.fields if one.name != "panelists"
        }

    @property
    def _on_zoom(self):
        return self.desk.zoom.simulator.world.meetings[int(self.desk.link().meeting_id)].panelists

    def on_zoom(self):
        return [one["email"] for one in self._on_zoom]

    def names_on_zoom(self):
        return {one["email"]: one["name"] for one in self._on_zoom}

    def by_hand(self, *emails):
        people = [{"email": one, "name": "By hand"} for one in emails]
        self.desk.zoom.exchange.call(protocol.add_panelists(self.desk.link().meeting_id, people))

    def take_out_by_hand(self, email):
        (found,) = [one for one in self._on_zoom if one["email"] == email]
        self._on_zoom.remove(found)

    def crash(self, when, at):
        """Let the process die at the request of this number, of those about panelists."""
        left = at

        def dies(request):
            nonlocal left
            left -= "panelists" in request.path_url
            if not left:
                raise Crash

        setattr(self.desk.zoom.wire, when, dies)

    @property
    def settled(self):
        self.desk.again()
        return not self.desk.plan().changes and not self.desk.plan(deep=True).changes


@pytest.fixture
def hall(desk):
    desk.control("POST", "reset", {"webinars": True, "start": "2023-11-01T00:00:00Z", "ticking": False})
    return Hall(desk.again())


@pytest.fixture
def held(hall):
    """A hall whose webinar is there, with two panelists, and a third one whom somebody added by hand."""
    hall.load(*names(1, 2))
    hall.desk.apply()
    hall.by_hand("hand@example.org")
    hall.desk.calls()
    return hall


def test_who_presents_at_a_webinar_becomes_its_panelist_and_the_second_plan_is_empty(hall):
    hall.load("Ann@Example.org", "bo@example.org", "ann@example.org ")
    plan = hall.desk.plan()
    assert plan.calls == {"LIGHT": 1, "MEDIUM": 2}
    hall.desk.calls()
    (item,) = hall.desk.apply()
    assert (item.action, item.state, item.reason) == ("create", ItemState.DONE, "")
    calls = hall.desk.calls()
    assert (calls["webinarCreate"], calls["webinarPanelists"], calls["webinarPanelistCreate"]) == (1, 1, 1)
    assert hall.names_on_zoom() == {"Ann@Example.org": "Presenter 1", "bo@example.org": "Presenter 2"}
    assert hall.desk.link().panelists == {
        "ann@example.org": Standing.ADDED, "bo@example.org": Standing.ADDED,
    }  # fmt: skip
    assert hall.settled


def test_looking_whether_something_changed_does_not_ask_for_panelists_unless_in_full(held):
    held.desk.again().plan()
    assert "webinarPanelists" not in held.desk.calls()
    held.desk.plan(deep=True)
    assert held.desk.calls()["webinarPanelists"] == 1


def test_the_plan_tells_how_many_and_no_address(held):
    held.load(*names(2, 3, 4))
    plan = held.desk.plan()
    (change,) = plan_json(plan)["changes"]
    assert change["fields"][0]["name"] == "agenda"
    assert change["fields"][1:] == [{"name": "panelists", "old": 2, "new": {"added": 2, "removed": 1}}]
    assert change["reason"] == "the programme changed agenda and panelists"
    assert "@" not in f"{plan_json(plan)} {plan.changes!r}"


def test_a_plan_with_others_to_add_has_another_digest(held):
    held.load(*names(1, 2, 3))
    seen = held.desk.plan()
    held.load(*names(1, 2, 4))
    other = held.desk.plan()
    assert plan_json(seen)["changes"] == plan_json(other)["changes"]
    assert seen.digest != other.digest


def test_who_is_named_no_longer_is_taken_out_and_who_was_added_by_hand_stays(held):
    held.load(*names(2, 3))
    assert held.fields()["panelists"] == (2, {"added": 1, "removed": 1})
    (item,) = held.desk.apply()
    assert (item.action, item.state) == ("update", ItemState.DONE)
    assert sorted(held.on_zoom()) == sorted([*names(2, 3), "hand@example.org"])
    assert held.settled


def test_who_was_there_before_he_was_named_is_not_taken_out_when_he_is_named_no_longer(held):
    held.load(*names(1, 2), "Hand@example.org")
    held.desk.apply()
    assert held.desk.link().panelists["hand@example.org"] is Standing.FOUND
    assert held.settled
    held.load(*names(1))
    held.desk.apply()
    assert sorted(held.on_zoom()) == ["hand@example.org", *names(1)]
    assert held.settled


def test_panelists_alone_cost_none_of_the_hosts_writes_of_the_day(held):
    held.desk.load(make_session(kind=Kind.WEBINAR, timezone="Asia/Shanghai", items=(
        AgendaItem("Presenter 1", "Talk", emails=("p1@example.org", "p3@example.org")),
        AgendaItem("Presenter 2", "Talk", emails=("p2@example.org",)),
    )))  # fmt: skip
    plan = held.desk.plan()
    assert (plan.calls, plan.writes_by_host) == ({"LIGHT": 1, "MEDIUM": 2}, {})
    held.desk.calls()
    held.desk.apply()
    assert "webinarUpdate" not in held.desk.calls()
    assert held.names_on_zoom()["p3@example.org"] == "Presenter 1"
    assert held.settled


def test_hosts_come_in_anyhow_and_are_left_out(hall):
    hall.desk.profiles["plain"]["alternative_hosts"] = "host2@example.org"
    hall.desk.control(
        "POST", "reset", {"webinars": True, "hosts": 3, "start": "2023-11-01T00:00:00Z", "ticking": False}
    )
    hall.desk.again()
    hall.load("HOST1@example.org", "Host2@example.org", "host3@example.org", host="host1@example.org")
    hall.desk.apply()
    assert hall.on_zoom() == ["host3@example.org"]
    assert hall.settled


def test_a_meeting_has_no_panelists(desk):
    desk.load(make_session(timezone="Asia/Shanghai", items=agenda(*names(1))))
    plan = desk.plan()
    assert "panelists" not in [one.name for one in plan.changes[0].fields]
    (item,) = desk.apply()
    assert item.state is ItemState.DONE
    assert not desk.plan(deep=True).changes


def test_sessions_in_one_webinar_bring_all_their_panelists(hall):
    later = webinar(*names(2, 3), key="seminar-2", start=START + timedelta(hours=2), meeting_of=KEY)
    hall.desk.load(webinar(*names(1, 2)), later)
    hall.desk.apply()
    assert hall.on_zoom() == names(1, 2, 3)
    assert hall.settled
    hall.desk.load(webinar(*names(1, 2)))
    hall.desk.apply()
    assert hall.on_zoom() == names(1, 2)


def test_a_webinar_that_is_adopted_gets_its_panelists(hall):
    hall.load(*names(1))
    hall.desk.apply()
    made = hall.desk.link().meeting_id
    hall.by_hand("hand@example.org")
    hall.desk.links.drop(EVENT, made, hall.desk.zoom.clock.now())
    hall.load(*names(1, 2), known_id=made)
    (change,) = hall.desk.plan().changes
    assert change.action is Action.ADOPT
    hall.desk.apply()
    assert hall.on_zoom() == [*names(1), "hand@example.org", *names(2)]
    assert hall.desk.link().panelists["p1@example.org"] is Standing.FOUND
    assert hall.settled


def test_seventy_panelists_are_three_calls(hall):
    hall.load(*names(*range(70)))
    plan = hall.desk.plan()
    hall.desk.calls()
    hall.desk.apply()
    calls = hall.desk.calls()
    assert calls["webinarPanelistCreate"] + calls["webinarPanelists"] == plan.calls["MEDIUM"] == 4
    assert hall.on_zoom() == names(*range(70))


# --- what is refused -------------------------------------------------------------------------------------------------


def test_one_who_is_refused_is_told_by_number_and_stops_nobody_else(hall):
    bad = "b" * 130 + "@example.org"
    people = [*names(*range(33)), bad, *names(*range(40, 45))]
    hall.desk.load(webinar(*people), webinar("other@example.org", key="seminar-2", start=START + timedelta(days=1)))
    first, second = hall.desk.apply()
    assert (first.state, second.state) == (ItemState.FAILED, ItemState.DONE)
    assert first.reason.startswith("of 39 panelists, number 34 was not taken: ")
    assert "@" not in first.reason
    assert sorted(hall.on_zoom()) == sorted(set(people) - {bad})
    assert hall.fields() == {"panelists": (38, {"added": 1, "removed": 0})}


def test_the_fields_of_an_item_are_written_though_a_panelist_is_refused(held):
    held.load("b" * 130 + "@example.org", *names(1, 2), title="Another title")
    (item,) = held.desk.apply()
    assert item.state is ItemState.FAILED
    assert held.desk.zoom.reader.meeting(held.desk.link().meeting_id, Kind.WEBINAR).topic == "Another title"
    assert set(held.fields()) == {"panelists"}


def test_more_than_the_webinar_takes_are_told_and_the_others_are_in(hall):
    hall.load(*names(*range(105)))
    (item,) = hall.desk.apply()
    assert len(hall.on_zoom()) == 100
    assert item.reason.startswith("of 105 panelists, number 101, 102, 103, 104, 105 was not taken: You have reached")
    hall.desk.calls()
    hall.desk.apply()
    calls = hall.desk.calls()
    assert calls["webinarPanelistCreate"] == 2, "once together, and nobody else after the first who was refused alone"


def test_in_a_full_webinar_others_take_the_places_of_those_who_are_named_no_longer(hall):
    hall.load(*names(*range(100)))
    hall.desk.apply()
    hall.load(*names(*range(3, 103)))
    (item,) = hall.desk.apply()
    assert (item.state, item.reason) == (ItemState.DONE, "")
    assert hall.on_zoom() == names(*range(3, 103))
    assert hall.settled


def test_who_was_refused_and_is_added_by_hand_is_not_ours(hall):
    hall.load(*names(*range(101)))
    hall.desk.apply()
    hall.take_out_by_hand("p0@example.org")
    hall.by_hand("p100@example.org")
    hall.load(*names(*range(1, 100)))
    hall.desk.apply()
    assert "p100@example.org" in hall.on_zoom()


# --- crashes and lost answers ----------------------------------------------------------------------------------------

BEFORE = names(*range(40))
AFTER = names(*range(3, 75))  # three to take out, and 35 to add: the list, three deletions, two portions


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", range(1, 8))
def test_a_crash_anywhere_is_ended_by_the_next_run_and_touches_nobody_elses(hall, when, at):
    hall.load(*BEFORE)
    hall.desk.apply()
    hall.by_hand("hand@example.org")
    hall.load(*AFTER)
    hall.crash(when, at)
    if at <= 6:
        with pytest.raises(Crash):
            hall.desk.apply()
    else:
        hall.desk.apply()
    hall.desk.again()
    assert all(item.state is ItemState.DONE for item in hall.desk.apply())
    assert sorted(hall.on_zoom()) == sorted([*AFTER, "hand@example.org"])
    assert hall.settled
    assert set(hall.desk.link().panelists.values()) == {Standing.ADDED}


@pytest.mark.parametrize("at", range(1, 3))
def test_who_was_sent_before_a_crash_and_is_named_no_longer_is_taken_out(hall, at):
    hall.load(*names(1))
    hall.desk.apply()
    hall.load(*names(1, 2))
    hall.crash("after", at)
    with pytest.raises(Crash):
        hall.desk.apply()
    hall.desk.again()
    hall.load(*names(1))
    hall.desk.apply()
    assert hall.on_zoom() == names(1)
    assert hall.settled


@pytest.mark.parametrize("operation", ["webinarPanelists", "webinarPanelistCreate", "webinarPanelistDelete"])
@pytest.mark.parametrize("kind", ["drop_after", "error_after", "garbage_after", "drop_before", "rate_limit"])
def test_a_lost_answer_is_cleared_up(held, kind, operation):
    held.load(*names(2, 3))
    held.desk.zoom.fault(kind=kind, operation=operation, times=1)
    held.desk.apply()
    held.desk.again().apply()
    assert sorted(held.on_zoom()) == sorted([*names(2, 3), "hand@example.org"])
    assert held.settled


def test_a_lost_answer_to_a_creation_leaves_no_webinar_without_its_panelists(hall):
    hall.load(*names(1, 2))
    hall.desk.zoom.fault(kind="drop_after", operation="webinarCreate", times=1)
    (item,) = hall.desk.apply()
    assert item.state is ItemState.DONE
    assert hall.on_zoom() == names(1, 2)
    assert hall.settled


def test_of_two_runs_at_once_one_adds(hall, database):
    hall.load(*names(1))
    hall.desk.apply()
    hall.load(*names(1, 2))

    def other_first(request):
        if request.method == "GET" and "panelists" in request.path_url:
            hall.desk.zoom.wire.after = lambda _request: None
            hall.desk.apply()

    hall.desk.zoom.wire.after = other_first
    (item,) = hall.desk.apply()
    assert (item.state, "another run" in item.reason) == (ItemState.SKIPPED, True)
    assert hall.on_zoom() == names(1, 2)
    assert hall.settled


# --- drift -----------------------------------------------------------------------------------------------------------


def test_who_is_gone_from_zoom_is_seen_in_full_and_put_back(held):
    held.take_out_by_hand("p1@example.org")
    assert not held.desk.again().plan().changes
    plan = held.desk.plan(deep=True)
    assert [(one.name, one.applied, one.on_zoom) for one in plan.drift] == [("panelists", 2, 1)]
    assert plan.changes[0].reason == "somebody edited panelists on Zoom"
    held.desk.apply(deep=True)
    assert sorted(held.on_zoom()) == sorted([*names(1, 2), "hand@example.org"])
    assert held.settled
    assert held.desk.drifts.drifts(EVENT) == ()


def test_who_was_taken_out_on_zoom_is_kept_out_or_asked_about_as_the_settings_say(held):
    held.take_out_by_hand("p1@example.org")
    held.desk.treatments = {Group.SETTINGS: Treatment.KEEP}
    plan = held.desk.again().plan(deep=True)
    assert (plan.changes, plan.held_back, len(plan.drift)) == ((), (), 1)
    held.desk.treatments = {Group.SETTINGS: Treatment.ASK}
    plan = held.desk.plan(deep=True)
    assert (plan.changes, len(plan.held_back)) == ((), 1)
    held.desk.apply(deep=True, repair_drift=True)
    assert "p1@example.org" in held.on_zoom()


def test_a_list_that_cannot_be_read_is_no_drift(held):
    held.desk.zoom.fault(kind="error_after", operation="webinarPanelists", times=10)
    plan = held.desk.plan(deep=True)
    assert (plan.changes, plan.held_back, plan.drift) == ((), (), ())


# --- privacy ---------------------------------------------------------------------------------------------------------


def test_who_was_erased_is_added_by_no_later_load(held, database):
    people = People(database)
    erase_person(people, seek(people, "p1@example.org"), held.desk.zoom.clock.now())
    held.take_out_by_hand("p1@example.org")
    held.load(*names(1, 2))
    assert held.settled
    assert Programmes(database).session(EVENT, KEY).items[0].emails == ()
    assert list(Links(database).link(EVENT, KEY).panelists) == ["p2@example.org"]
