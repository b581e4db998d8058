"""What was seen on Zoom: edits with since when, and what is asked of passcodes."""

from datetime import timedelta

import pytest

from factories import NOW, START, make_link
from zoom_sync.adapters.store.drifts import Drifts
from zoom_sync.domain.drift import Drift, Treatment
from zoom_sync.domain.passcodes import PasscodePolicy

EVENT = "urban-2023"
LATER = NOW + timedelta(hours=1)
LINKED = {"seminar-1": False}
IN_FULL = {"seminar-1": True}


def drift(name="topic", key="seminar-1", meeting_id="81000000001"):
    return Drift(key, meeting_id, name, "As it was", "By hand", Treatment.ASK)


@pytest.fixture
def drifts(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    return Drifts(store.database)


def kept(drifts):
    return [(one.name, one.since) for one in drifts.drifts(EVENT)]


def test_since_is_when_it_was_first_seen(drifts):
    (first,) = drifts.note(EVENT, [drift()], LINKED, NOW)
    (again,) = drifts.note(EVENT, [drift()], LINKED, LATER)
    assert (first.since, again.since) == (NOW, NOW)
    assert drifts.drifts(EVENT) == (again,)


def test_what_is_not_found_any_more_is_over_and_begins_anew(drifts):
    drifts.note(EVENT, [drift()], LINKED, NOW)
    drifts.note(EVENT, [], LINKED, LATER)
    assert kept(drifts) == []
    drifts.note(EVENT, [drift()], LINKED, LATER)
    assert kept(drifts) == [("topic", LATER)]


def test_a_list_does_not_end_what_only_a_full_look_can_tell(drifts):
    drifts.note(EVENT, [drift("settings.waiting_room")], IN_FULL, NOW)
    drifts.note(EVENT, [], LINKED, LATER)
    assert kept(drifts) == [("settings.waiting_room", NOW)]
    drifts.note(EVENT, [], IN_FULL, LATER)
    assert kept(drifts) == []


def test_a_meeting_that_was_not_looked_at_keeps_what_is_known_of_it(drifts):
    drifts.note(EVENT, [drift()], LINKED, NOW)
    drifts.note(EVENT, [], {}, LATER)
    assert kept(drifts) == [("topic", NOW)]


def test_what_was_written_is_settled(drifts):
    drifts.note(EVENT, [drift(), drift("agenda")], LINKED, NOW)
    drifts.settled(EVENT, "seminar-1", ["topic", "duration"])
    assert kept(drifts) == [("agenda", NOW)]


def test_the_drift_of_a_meeting_that_was_replaced_is_not_the_new_ones(drifts, store):
    drifts.note(EVENT, [drift()], LINKED, NOW)
    store.links.drop(EVENT, "81000000001", NOW)
    store.links.finish(EVENT, make_link(meeting_id="82000000000"), None, NOW)
    assert kept(drifts) == []
    drifts.note(EVENT, [drift(meeting_id="82000000000")], LINKED, LATER)
    assert kept(drifts) == [("topic", LATER)]


def test_looks_at_the_same_time_agree(drifts, at_once):
    answers = at_once(*[lambda: drifts.note(EVENT, [drift(), drift("agenda")], LINKED, NOW)] * 4)
    assert all(isinstance(answer, list) for answer in answers)
    assert kept(drifts) == [("agenda", NOW), ("topic", NOW)]


def test_times_and_lists_are_kept_as_they_are_told(drifts):
    edited = Drift("seminar-1", "81000000001", "start_time", START, [START.year, "x"])
    drifts.note(EVENT, [edited], LINKED, NOW)
    (one,) = drifts.drifts(EVENT)
    assert (one.applied, one.on_zoom) == ("2023-11-06T12:30:00Z", [2023, "x"])


def test_a_passcode_policy_is_kept_for_a_while(drifts):
    policy = PasscodePolicy(length=8, only_allow_numeric=True)
    assert drifts.policy("host-1", NOW) is None
    drifts.set_policy("host-1", policy, NOW)
    assert drifts.policy("host-1", NOW) == policy
    assert drifts.policy("host-1", LATER) is None
    drifts.set_policy("host-1", PasscodePolicy(), LATER)
    assert drifts.policy("host-1", LATER) == PasscodePolicy()
