"""What the published calendar says, the calendar reader gives back. Only a test may know both rooms."""

from dataclasses import replace

import pytest
from export_samples import announcement, meeting, session

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.sources.formats import read_programme
from zoom_sync.domain.programme import KnownMeeting, Passcode


def read_back(told):
    data = write_announcement("ics", told)
    reading = read_programme(data, name="announcement.ics", timezone=told.programme.event.timezone)
    assert reading.problems == ()
    return reading.programme


def test_a_published_calendar_is_read_back_as_the_programme_it_was():
    told = announcement(session("day-1"), session("day-2"))
    back = read_back(told)
    assert (back.event.key, back.event.title, back.event.timezone) == (
        told.programme.event.key, told.programme.event.title, told.programme.event.timezone
    )  # fmt: skip
    for was, became in zip(told.programme.sessions, back.sessions, strict=True):
        assert replace(became, known=None) == was


def test_the_meetings_come_back_too():
    (only,) = read_back(announcement(session("day-1"))).sessions
    assert only.known == KnownMeeting(meeting(0).meeting_id, Passcode("011826"))
    (hidden,) = read_back(announcement(session("day-1"), public=False)).sessions
    assert hidden.known == KnownMeeting(meeting(0).meeting_id, None)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca"])
def test_instants_are_kept_in_every_zone(zone):
    told = announcement(session("day-1"))
    event = replace(told.programme.event, timezone=zone)
    moved = replace(told, programme=replace(told.programme, event=event))
    assert [one.start for one in read_back(moved).sessions] == [one.start for one in told.programme.sessions]
