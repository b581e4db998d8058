"""Creations that were given up, and unlinked meetings that were looked at: kept until the event is over, for every run."""

from datetime import timedelta

import pytest

from factories import NOW, make_intent, make_link, make_observed
from zoom_sync.adapters.store.attempts import REMEMBERED
from zoom_sync.adapters.store.clock_jumps import ClockJumps
from zoom_sync.domain.clocks import ClockJump
from zoom_sync.domain.meeting import Arrival, Mark
from zoom_sync.domain.programme import Kind, Passcode

EVENT, KEY, DAY = "urban-2023", "seminar-1", "2023-11-01"
LATER = NOW + timedelta(minutes=1)


def begin(store, wanted, *, limit=100, now=NOW):
    return store.links.begin(EVENT, wanted, now, DAY, limit)


def fresh(**differences):
    return make_intent(attempts=0, attempted_at=None, **differences)


def meeting(number, **differences):
    return make_observed(meeting_id=str(number), **differences)


def test_an_attempt_that_is_repeated_is_remembered_with_its_host_and_passcode(store):
    begun = begin(store, fresh(host_id="host-2"))
    begin(store, begun, now=LATER)
    (given_up,) = store.links.given_up(EVENT)
    assert (given_up.event, given_up.key, given_up.host_id) == (EVENT, KEY, "host-2")
    assert (given_up.passcode, given_up.given_up_at) == (begun.passcode, LATER)
    assert store.links.known(EVENT, DAY).given_up == (given_up,)


def test_a_request_that_is_sent_again_because_zoom_refused_it_was_never_given_up(store):
    begun = begin(store, fresh())
    begin(store, begun, limit=None)
    assert store.links.given_up(None) == ()


def test_what_was_looked_for_in_vain_is_closed_and_remembered_once(store):
    begun = begin(store, fresh())
    for _ in range(2):
        store.links.give_up(EVENT, begun, LATER)
    assert store.links.intent(EVENT, KEY) is None
    assert [one.passcode for one in store.links.given_up(None)] == [begun.passcode]
    assert store.links.marks() == (Mark(EVENT, KEY, begun.passcode),)


def test_an_attempt_that_another_run_took_over_is_not_given_up_by_who_knows_less(store):
    begun = begin(store, fresh())
    again = begin(store, begun)
    store.links.give_up(EVENT, begun, LATER)
    assert store.links.intent(EVENT, KEY) == again


def test_the_marks_are_those_of_what_is_in_doubt_and_of_what_was_given_up(store):
    store.links.give_up(EVENT, begin(store, fresh(passcode=Passcode("first"))), NOW)
    begin(store, fresh(passcode=Passcode("second")))
    assert {mark.passcode.value for mark in store.links.marks()} == {"first", "second"}


def test_a_meeting_that_was_looked_at_is_known_with_the_session_it_is_of(store):
    mark = Mark(EVENT, KEY, Passcode("first"))
    store.links.note_looked_at([(meeting(1), None), (meeting(2), mark)], NOW)
    arrival = Arrival(EVENT, KEY, "2", Kind.MEETING, meeting(2).host_id)
    assert store.links.looked_at() == {"1": None, "2": arrival}
    store.links.note_looked_at([(meeting(1), mark)], NOW)
    assert store.links.looked_at()["1"] is not None


def test_of_two_runs_that_see_to_a_late_meeting_one_does(store, at_once):
    store.links.note_looked_at([(meeting(2), Mark(EVENT, KEY, Passcode("first")))], NOW)
    assert sorted(at_once(*[lambda: store.links.claim("2")] * 3)) == [False, False, True]


def test_a_meeting_that_is_linked_is_no_longer_one_that_was_looked_at(store):
    link = make_link()
    store.links.note_looked_at([(meeting(link.meeting_id), None)], NOW)
    store.links.finish(EVENT, link, None, NOW)
    assert store.links.looked_at() == {}


def test_a_run_that_read_a_meeting_before_it_was_linked_cannot_make_it_an_unlinked_one(store):
    link = make_link()
    store.links.finish(EVENT, link, None, NOW)
    store.links.note_looked_at([(meeting(link.meeting_id), Mark(EVENT, KEY, Passcode("first")))], LATER)
    assert store.links.looked_at() == {}
    store.links.drop(EVENT, link.meeting_id, LATER)
    assert store.links.looked_at() == {}


def test_meetings_of_others_are_forgotten_in_time_and_ours_are_not(store):
    store.links.note_looked_at([(meeting(1), None), (meeting(2), Mark(EVENT, KEY, Passcode("first")))], NOW)
    store.links.note_looked_at([], NOW + REMEMBERED + timedelta(seconds=1))
    assert set(store.links.looked_at()) == {"2"}


def test_when_the_event_is_over_everything_is_forgotten(store):
    store.links.give_up(EVENT, begin(store, fresh()), NOW)
    store.links.note_looked_at([(meeting(2), Mark(EVENT, KEY, Passcode("first")))], NOW)
    store.links.forget_given_up(EVENT)
    assert (store.links.given_up(None), store.links.looked_at()) == ((), {})


@pytest.mark.parametrize(("ahead", "dated"), [(3600, NOW), (-3600, NOW - timedelta(hours=1))])
def test_only_an_attempt_that_lies_ahead_is_dated_to_now(store, ahead, dated):
    begun = begin(store, fresh(), now=NOW + timedelta(seconds=ahead))
    store.links.attempted_now(EVENT, begun, NOW)
    assert store.links.intent(EVENT, KEY).attempted_at == dated


def test_jumps_of_zooms_time_are_kept_for_a_week(store):
    jumps = ClockJumps(store.links._database)
    old, new = ClockJump(NOW - timedelta(days=8), -15), ClockJump(NOW, 7200)
    for jump in (old, new):
        jumps.note(jump)
    assert jumps.since(NOW - timedelta(days=30)) == (new,)
    assert "+7200 s" in str(new.note)
