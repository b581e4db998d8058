"""What the plain text says, the announcement reader gives back. Only a test may know both rooms."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from export_samples import LINK, announcement, meeting, session
from hypothesis import given, settings
from hypothesis import strategies as st

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.exports.announcement.ics_zones import changes
from zoom_sync.adapters.sources import dump_programme, read_programme
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode
from zoom_sync.domain.publication import Language

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


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("public", [True, False])
def test_sessions_that_share_a_link_are_read_back_as_sharing_it(language, public):
    first = session(items=())
    second = session(
        "seminar-2", start=first.end, end=first.end + timedelta(minutes=30), meeting_of="seminar-1", items=()
    )
    told = replace(announcement(first, second, public=public), language=language)
    back = read_back(told).sessions
    assert [one.meeting_of for one in back] == [None, "seminar-1"]
    assert [one.known and one.known.meeting_id for one in back] == ["82318937943", None]


def test_sessions_that_share_a_link_are_read_back_from_a_table():
    first = session()
    second = session("seminar-2", start=first.end, end=first.end + timedelta(minutes=30), meeting_of="seminar-1")
    content = write_announcement("csv", announcement(first, second))
    reading = read_programme(content, name="p.csv", event_key="urban-2023", timezone="Asia/Shanghai")
    assert reading.problems == ()
    assert [one.meeting_of for one in reading.programme.sessions] == [None, "seminar-1"]


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


DST = ["America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca"]
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def talk_at(number, zone, start, minutes):
    """A session between two instants, as a reader builds it."""
    begins = start.astimezone(ZoneInfo(zone))
    ends = (start + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
    return session(f"session-{number}", start=begins, end=ends, timezone=zone)


def instants(programme):
    return [(one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in programme.sessions]


def changes_of(zone):
    """Every instant of 2024 and 2025 at which the zone's clock is changed."""
    return list(changes(ZoneInfo(zone), BEGIN, BEGIN + timedelta(days=731)))


def around_every_change(zone):
    """For each change of the clocks, sessions before it, across it and after it."""
    for change in changes_of(zone):
        starts = [change + timedelta(minutes=minutes) for minutes in (-150, -60, -30, 0, 30, 60, 150)]
        yield [talk_at(number, zone, start, 90) for number, start in enumerate(starts, 1)]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("zone", DST)
def test_sessions_around_and_across_every_clock_change_are_read_back(zone, language):
    for talks in around_every_change(zone):
        told = announcement(*talks, zone=zone, language=language)
        assert instants(read_back(told)) == instants(told.programme)


@pytest.mark.parametrize("zone", DST)
def test_sessions_around_and_across_every_clock_change_are_read_back_from_a_table(zone):
    for talks in around_every_change(zone):
        told = announcement(*talks, zone=zone)
        reading = read_programme(write_announcement("csv", told), name="p.csv", event_key="urban-2023", timezone=zone)
        assert reading.problems == ()
        assert instants(reading.programme) == instants(told.programme)
        assert [(one.key, one.title, one.kind, one.timezone, one.known) for one in reading.programme.sessions] == [
            (one.key, one.title, one.kind, one.timezone, one.known) for one in known(*talks)
        ]


@pytest.mark.parametrize("zone", DST)
def test_sessions_around_and_across_every_clock_change_are_read_back_from_yaml(zone):
    for talks in around_every_change(zone):
        programme = announcement(*talks, zone=zone).programme
        back = read_programme(dump_programme(programme), name="p.yaml").programme
        assert back == programme
        assert instants(back) == instants(programme)


@given(
    st.sampled_from([*DST, "Asia/Shanghai", "Asia/Kolkata", "Etc/UTC"]),
    st.lists(st.tuples(st.integers(0, 60 * 24 * 700), st.integers(1, 470)), min_size=1, max_size=5),
    st.lists(st.sampled_from(["America/New_York", "Asia/Tokyo", "Asia/Kolkata"]), max_size=3, unique=True),
)
@settings(max_examples=80, deadline=None)
def test_whatever_the_times_the_instants_are_read_back(zone, times, zones):
    talks = [
        talk_at(number, zone, BEGIN + timedelta(minutes=start), minutes)
        for number, (start, minutes) in enumerate(times, 1)
    ]
    told = announcement(*talks, zone=zone, zones=tuple(zones))
    assert instants(read_back(told)) == instants(told.programme)


def test_times_in_further_zones_do_not_disturb_the_reader():
    told = announcement(
        session(long_title=None), zones=("America/New_York", "Etc/UTC", "America/Argentina/Buenos_Aires")
    )
    assert plain(read_back(told)) == known(*told.programme.sessions)


def test_a_session_that_the_form_cannot_tell_is_refused_and_never_read_wrongly():
    told = announcement(session(end=session().start + timedelta(hours=25)))
    reading = read_programme(
        write_announcement("text", told), name="announcement.txt", timezone="Asia/Shanghai", event_key="urban-2023"
    )
    assert reading.problems != ()
