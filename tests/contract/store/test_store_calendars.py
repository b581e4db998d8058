"""A host's calendar in the store: all events in it, and of two runs that read the same version only one goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from factories import NOW, START, make_host, make_intent, make_link, make_programme, make_session
from zoom_sync.adapters.store.tables import intents
from zoom_sync.domain.hosts import Held
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import CalendarChanged, StoreConflict

EVENT, OTHER, DAY = "urban-2023", "other-2023", "2023-11-01"
SPAN = (START, START + timedelta(minutes=90))
LATER = (START + timedelta(hours=3), START + timedelta(hours=4))


def begin(store, event, version, **differences):
    wanted = make_intent(attempts=0, attempted_at=None, spans=(SPAN,), **differences)
    return store.links.begin(event, wanted, NOW, DAY, 100, version)


@pytest.fixture
def two(store):
    store.programmes.save(make_programme(make_session(), make_session("seminar-2"), key=OTHER), NOW)
    return store


def held(store, host_id="host-1", now=NOW):
    return {one.id: one.spans for one in store.links.calendar(host_id, now).held}


@pytest.mark.parametrize("known", [0, 1])
def test_of_runs_of_two_events_that_read_one_version_only_one_takes_the_host(two, at_once, known):
    if known:
        two.links.see_calendars([(make_host(), ())], NOW)
    version = two.links.calendar("host-1", NOW).version
    assert version == known
    answers = at_once(*(lambda each=each: begin(two, each, version) for each in (EVENT, OTHER)))
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(answer) for answer in lost] == [CalendarChanged]
    assert two.links.calendar("host-1", NOW).version == version + 1
    assert list(held(two).values()) == [(SPAN,)]  # whoever lost has left nothing behind
    assert two.links.known(EVENT, DAY).writes_today == {"host-1": 1}


def test_an_update_and_a_creation_at_once_are_kept_apart_too(two, at_once):
    link = make_link()
    two.links.finish(EVENT, link, None, NOW)
    answers = at_once(
        lambda: two.links.take_time(link, (LATER,), NOW, DAY, 100, 0),
        lambda: begin(two, OTHER, 0),
    )
    assert sum(isinstance(answer, StoreConflict) for answer in answers) == 1


def test_hosts_do_not_wait_for_one_another(two):
    begin(two, EVENT, 0)
    begin(two, OTHER, 0, host_id="host-2")
    assert [two.links.calendar(host, NOW).version for host in ("host-1", "host-2")] == [1, 1]


def test_what_is_being_moved_counts_where_it_is_and_where_it_goes_until_it_is_known(two):
    link = make_link()
    two.links.finish(EVENT, link, None, NOW)
    two.links.take_time(link, (LATER,), NOW, DAY, 100, 0)
    assert held(two) == {link.meeting_id: (SPAN, LATER)}
    assert held(two, now=NOW + timedelta(hours=2)) == {link.meeting_id: (SPAN,)}
    two.links.stays(link.meeting_id)
    assert held(two) == {link.meeting_id: (SPAN,)}


def test_the_other_events_are_told_with_their_names(two):
    two.links.finish(OTHER, make_link(), None, NOW)
    begin(two, OTHER, 0, key="seminar-2")
    told = [(one.id, str(one.name)) for one in two.links.elsewhere(EVENT, NOW)]
    assert told == [
        (make_link().meeting_id, f"session seminar-1 of event {OTHER}"),
        (f"{OTHER}/seminar-2", f"session seminar-2 of event {OTHER}"),
    ]
    assert two.links.elsewhere(OTHER, NOW) == ()


def test_a_creation_of_an_earlier_version_is_held_when_its_session_is(two):
    begin(two, EVENT, 0)
    with two.database.transaction() as connection:
        connection.execute(update(intents).values(spans=None))
    session = make_session()
    assert held(two) == {f"{EVENT}/seminar-1": ((session.start, session.end),)}


def test_what_others_made_is_kept_as_the_plan_saw_it_and_a_link_as_it_was_written_since(two):
    link = make_link()
    two.links.finish(EVENT, link, None, NOW)
    theirs = Held("5", "host-1", Kind.WEBINAR, (LATER,), Phrase("x"))
    moved = Held(link.meeting_id, "host-1", Kind.MEETING, (LATER,), Phrase("x"))
    host = make_host(capacity=2, buffer_before=timedelta(minutes=5))
    two.links.see_calendars([(host, [theirs, moved])], NOW + timedelta(minutes=1))
    calendar = two.links.calendar("host-1", NOW)
    assert (calendar.host.capacity, calendar.host.buffer_before, calendar.known) == (2, timedelta(minutes=5), True)
    assert held(two) == {"5": (LATER,), link.meeting_id: (LATER,)}
    two.links.applied(EVENT, link, NOW + timedelta(minutes=2))
    assert held(two) == {"5": (LATER,), link.meeting_id: (SPAN,)}
    two.links.drop(EVENT, link.meeting_id, NOW)
    assert held(two) == {"5": (LATER,)}


def test_licences_are_kept_for_as_long_as_is_asked_for(two):
    two.links.set_licence("host-1", Licence(webinars=True, webinar_capacity=500), NOW)
    assert two.links.licences(NOW) == {"host-1": Licence(webinars=True, webinar_capacity=500)}
    assert two.links.licences(NOW + timedelta(seconds=1)) == {}


def test_a_link_follows_its_meeting(two):
    link = make_link()
    two.links.finish(EVENT, link, None, NOW)
    two.links.follow(link.meeting_id, "host-2")
    assert two.links.link(EVENT, link.key) == replace(link, host_id="host-2", version=2)


def test_of_what_another_event_is_still_making_the_title_is_told(two):
    begin(two, OTHER, 0)
    (made,) = two.links.elsewhere(EVENT, NOW)
    assert made.topic == "Making our cities safe"
