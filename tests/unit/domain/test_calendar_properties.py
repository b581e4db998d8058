"""The calendar as a property: no plan of ours gives a host more than he can hold, whatever is there already."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOW, START, make_desired, make_host, make_link, make_observed, make_session
from zoom_sync.domain.hosts import Held, overload
from zoom_sync.domain.meeting import Intent
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Action, Known, Observation, Policy, calendars_now, make_plan
from zoom_sync.domain.programme import Kind, Passcode

slots = st.tuples(st.integers(0, 5), st.integers(1, 4))  # begins after so many half hours, lasts so many
kinds = st.sampled_from([Kind.MEETING, Kind.MEETING, Kind.WEBINAR])


@st.composite
def worlds(draw):
    """Hosts, linked sessions that the programme moves, new ones, meetings of others and of other events."""
    hosts = [
        make_host(
            number, capacity=draw(st.integers(1, 2)), buffer_after=timedelta(minutes=draw(st.sampled_from([0, 10])))
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    names = st.sampled_from([host.id for host in hosts])
    links, seen, desired = {}, {}, []
    for number, (before, after, host_id) in enumerate(draw(st.lists(st.tuples(slots, slots, names), max_size=4))):
        session = make_session(f"s{number}", **times(before))
        link = make_link(session, f"8100000000{number}", host_id=host_id)
        links[session.key] = link
        seen[link.meeting_id] = make_observed(link)
        desired.append(make_desired(make_session(f"s{number}", **times(after))))
    for number, (slot, kind) in enumerate(draw(st.lists(st.tuples(slots, kinds), max_size=3))):
        desired.append(make_desired(make_session(f"n{number}", kind=kind, **times(slot))))
    for number, (slot, host_id, kind) in enumerate(draw(st.lists(st.tuples(slots, names, kinds), max_size=3))):
        link = make_link(make_session(**times(slot)), f"9100000000{number}", host_id=host_id, kind=kind)
        seen[link.meeting_id] = make_observed(link)
    elsewhere = tuple(
        Held(f"7100000000{number}", host_id, kind, make_link(make_session(**times(slot))).applied.spans, Phrase("x"))
        for number, (slot, host_id, kind) in enumerate(draw(st.lists(st.tuples(slots, names, kinds), max_size=2)))
    )
    policy = Policy(allow_replace=draw(st.booleans()))
    return hosts, desired, Known(links, elsewhere=elsewhere), Observation(seen), policy


def times(slot):
    return {"start": START + timedelta(minutes=30 * slot[0]), "minutes": 30 * slot[1]}


def carried_out(calendars, plan, wants):
    """What the hosts hold once the plan is done."""
    after = calendars.copy()
    for change in plan.changes:
        want = wants.get(change.key)
        if change.action in (Action.DELETE, Action.REPLACE):
            after.held.pop(change.meeting_id)
        if change.action in (Action.CREATE, Action.REPLACE):
            after.put(Held(f"/{change.key}", change.host_id, want.kind, want.spans, Phrase("new")))
        if change.action is Action.UPDATE and any(one.name in ("start_time", "duration") for one in change.fields):
            after.put(Held(change.meeting_id, change.host_id, want.kind, want.spans, Phrase("moved")))
    return after


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_no_plan_gives_a_host_more_than_he_can_hold(world):
    hosts, desired, known, seen, policy = world
    plan = make_plan("e", desired, known, seen, hosts, policy, NOW)
    before = calendars_now(desired, known, seen)
    after = carried_out(before, plan, {want.key: want for want in desired})
    for host in hosts:
        assert overload(host, before.of(host.id), after.of(host.id)) is None


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_what_was_allowed_by_name_is_not_held_back_and_nothing_is_planned_twice(world):
    hosts, desired, known, seen, policy = world
    everything = Policy(policy.allow_replace, allow_overload=frozenset(want.key for want in desired), allow_double=True)
    plan = make_plan("e", desired, known, seen, hosts, everything, NOW)
    assert plan.held_back == ()
    keys = [change.key for change in plan.changes]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("change", "count"), [({}, 1), ({"topic": "Another title"}, 2), ({"host_id": "host-2"}, 2), ({"duration": 30}, 2)]
)
def test_what_a_creation_in_doubt_has_become_is_held_once_by_its_host(change, count):
    session = make_session()
    shown = replace(make_observed(make_link(session, "81000000001", host_id="host-1")), **change)
    intent = Intent(
        session.key, "host-1", Kind.MEETING, session.title, Passcode("doubt"), NOW, 1, NOW,
        spans=make_link(session).applied.spans,
    )  # fmt: skip
    known = Known({}, {session.key: intent})
    calendars = calendars_now([make_desired(session)], known, Observation({shown.meeting_id: shown}))
    assert len(calendars.held) == count
    linked = Known({"other": make_link(make_session("other"), "81000000001", host_id="host-1")}, {session.key: intent})
    calendars = calendars_now([make_desired(session)], linked, Observation({shown.meeting_id: shown}))
    assert len(calendars.held) == 2


@pytest.mark.parametrize(("topic", "count"), [("The same title", 1), ("Another title", 2)])
def test_so_is_what_a_creation_in_doubt_of_another_event_has_become(topic, count):
    link = make_link(make_session(), "81000000001", host_id="host-1")
    shown = replace(make_observed(link), topic="The same title")
    begun = Held("other/s1", "host-1", Kind.MEETING, shown.spans, Phrase("x"), topic)
    known, seen = Known({}, elsewhere=(begun,)), Observation({shown.meeting_id: shown})
    assert len(calendars_now([], known, seen).held) == count


@given(st.lists(st.tuples(slots, kinds), max_size=5), st.integers(1, 2))
def test_an_overload_that_is_there_already_is_nobodys_doing(there, capacity):
    host = make_host(capacity=capacity)
    held = [
        Held(str(number), host.id, kind, make_link(make_session(**times(slot))).applied.spans, Phrase("x"))
        for number, (slot, kind) in enumerate(there)
    ]
    assert overload(host, held, held) is None
    assert overload(host, held, held[:-1]) is None
