"""What the plain text says, the announcement reader gives back. Only a test may know both rooms."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from export_samples import LINK, announcement, meeting, session

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.sources.formats import read_programme
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode

PARIS = ZoneInfo("Europe/Paris")


def read_back(told):
    reading = read_programme(
        write_announcement("text", told),
        name="announcement.txt",
        timezone=told.programme.event.timezone,
        event_key=told.programme.event.key,
    )
    assert reading.problems == ()
    return reading.programme


def known(*sessions):
    """The sessions as they are known once they were published."""
    ids = [meeting(number).meeting_id for number in range(len(sessions))]
    return tuple(
        replace(one, known=KnownMeeting(number, Passcode("011826"))) for one, number in zip(sessions, ids, strict=True)
    )


def plain(programme):
    return tuple(replace(one, line=None) for one in programme.sessions)


def test_a_published_programme_is_read_back_as_it_was():
    first = session(long_title=None)
    second = session("seminar-2", start=first.start + timedelta(days=1), end=first.end + timedelta(days=1))
    told = announcement(first, second)
    back = read_back(told)
    assert plain(back) == known(first, second)
    assert back.event == told.programme.event


def test_without_being_public_everything_but_passcode_and_link_is_read_back():
    back = read_back(announcement(session(), public=False))
    assert plain(back) == (replace(session(), known=KnownMeeting("82318937943")),)


def test_a_programme_without_meetings_is_read_back():
    told = replace(announcement(session()), links={})
    assert plain(read_back(told)) == (session(),)


def test_speakers_without_a_country_and_webinars_are_read_back():
    talk = session("webinar-7", kind=Kind.WEBINAR, items=(AgendaItem("Ann Lee, MSc", "On parks"),))
    link = LINK.replace("/j/", "/w/")
    assert plain(read_back(announcement(talk, link=link))) == known(talk)


def test_a_session_over_midnight_is_read_back():
    night = session(end=session().start.replace(hour=0, minute=30) + timedelta(days=1))
    assert plain(read_back(announcement(night))) == known(night)


def test_sessions_over_new_year_are_read_back():
    first = session(start=session().start.replace(month=12, day=31), end=session().end.replace(month=12, day=31))
    second = session("seminar-2", start=first.start + timedelta(days=1), end=first.end + timedelta(days=1))
    assert plain(read_back(announcement(first, second))) == known(first, second)


@pytest.mark.parametrize("month", [1, 7])
def test_summer_and_winter_time_are_read_back(month):
    start = datetime(2024, month, 15, 9, 5, tzinfo=PARIS)
    talk = session(start=start, end=start + timedelta(hours=1), timezone="Europe/Paris")
    told = announcement(talk)
    event = replace(told.programme.event, timezone="Europe/Paris")
    assert plain(read_back(replace(told, programme=replace(told.programme, event=event)))) == known(talk)


def test_sessions_on_both_sides_of_a_clock_change_are_read_back():
    starts = [datetime(2024, 3, 30, 9, tzinfo=PARIS), datetime(2024, 3, 31, 9, tzinfo=PARIS)]
    talks = [
        session(f"session-{number}", start=start, end=start + timedelta(hours=1), timezone="Europe/Paris")
        for number, start in enumerate(starts, 1)
    ]
    told = announcement(*talks)
    event = replace(told.programme.event, timezone="Europe/Paris")
    assert plain(read_back(replace(told, programme=replace(told.programme, event=event)))) == known(*talks)


def test_writing_what_was_read_back_gives_the_same_text():
    later = session("seminar-2", start=session().start + timedelta(days=1), end=session().end + timedelta(days=1))
    told = announcement(session(), later)
    text = write_announcement("text", told)
    assert write_announcement("text", replace(told, programme=read_back(told))) == text
