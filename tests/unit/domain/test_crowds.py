"""More people than a licence lets in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from factories import PROFILE, make_session
from zoom_sync.domain.desired import desired_meeting
from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.programme import Kind
from zoom_sync.service_layer.crowds import crowd_notes, hosts_asked, with_registered

SMALL, LARGE = Host("1", "Ada", "ada@example.org"), Host("2", "Bela", "bela@example.org")
LICENCES = {
    "1": Licence(True, webinar_capacity=500, meeting_capacity=300),
    "2": Licence(True, webinar_capacity=3000, meeting_capacity=1000),
}


def want(**differences):
    session = make_session(start=datetime(2023, 11, 6, 12, tzinfo=UTC), end=datetime(2023, 11, 6, 13, tzinfo=UTC))
    return desired_meeting(replace(session, **differences), {"plain": dict(PROFILE)}, "plain")


def said(expected, kind=Kind.MEETING, host=SMALL, hosts=(SMALL,), licences=LICENCES):
    return [str(note) for note in crowd_notes("s", kind, expected, host, hosts, licences)]


@pytest.mark.parametrize(("expected", "kind"), [(301, Kind.MEETING), (501, Kind.WEBINAR), (9000, Kind.WEBINAR)])
def test_more_than_the_licence_lets_in_is_said_with_the_ways_out(expected, kind):
    (note,) = said(expected, kind)
    assert f"{expected} people are expected" in note
    assert "larger licence" in note


@pytest.mark.parametrize(("expected", "kind"), [(0, Kind.MEETING), (300, Kind.MEETING), (500, Kind.WEBINAR)])
def test_as_many_as_it_lets_in_are_no_trouble(expected, kind):
    assert said(expected, kind) == []


def test_who_can_hold_so_many_is_named():
    assert "host Bela has one for so many" in said(800, hosts=(SMALL, LARGE))[0]


@pytest.mark.parametrize("licences", [{}, {"1": Licence(True)}])
def test_of_a_licence_that_nobody_told_of_nothing_is_said(licences):
    assert said(9000, licences=licences) == []


def test_as_many_as_registered_are_expected_and_never_fewer_than_the_programme_says():
    desired = [want(expected=50)]
    assert [one.expected for one in with_registered(desired, {desired[0].key: 120})] == [120]
    assert [one.expected for one in with_registered(desired, {desired[0].key: 20})] == [50]
    assert [one.expected for one in with_registered(desired, {})] == [50]


def test_of_few_people_nobody_is_asked():
    assert hosts_asked([want(expected=100)], {}, [SMALL, LARGE]) == set()
    assert hosts_asked([want(expected=101)], {}, [SMALL, LARGE]) == {"1", "2"}
