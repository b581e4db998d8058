"""What the published calendar says, the calendar reader gives back. Only a test may know both rooms."""

from dataclasses import replace
from datetime import timedelta

import pytest
from export_samples import LINK, announcement, meeting, session
from hypothesis import given, settings
from hypothesis import strategies as st
from test_announcement_round_trip import BEGIN, DST, around_every_change, instants, talk_at

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.adapters.sources.formats import read_programme
from zoom_sync.domain.programme import AgendaItem, Kind, KnownMeeting, Passcode
from zoom_sync.domain.publication import Language


@pytest.fixture(params=list(Language), ids=str)
def language(request):
    return request.param


def read_back(told):
    data = write_announcement("ics", told)
    reading = read_programme(data, name="announcement.ics", timezone=told.programme.event.timezone)
    assert reading.problems == ()
    return reading.programme


def test_a_published_calendar_is_read_back_as_the_programme_it_was(language):
    told = announcement(
        session("day-1"),
        session("day-2", long_title=None, items=()),
        title="Seminar; on cities, and more",
        description="What cities do,\nand do not; yet",
        language=language,
    )
    back = read_back(told)
    assert back.event == told.programme.event
    for was, became in zip(told.programme.sessions, back.sessions, strict=True):
        assert replace(became, known=None) == was


def test_the_meetings_come_back_too(language):
    (only,) = read_back(announcement(session("day-1"), language=language)).sessions
    assert only.known == KnownMeeting(meeting(0).meeting_id, Passcode("011826"))
    (hidden,) = read_back(announcement(session("day-1"), public=False, language=language)).sessions
    assert hidden.known == KnownMeeting(meeting(0).meeting_id, None)


def test_webinars_and_speakers_who_have_no_country_come_back(language):
    talk = session(kind=Kind.WEBINAR, items=(AgendaItem("Ann Lee, MSc", "On parks"), AgendaItem("李安，硕士", "公园")))
    (back,) = read_back(announcement(talk, link=LINK.replace("/j/", "/w/"), language=language)).sessions
    assert (back.kind, back.items) == (Kind.WEBINAR, talk.items)
    city = session(items=(AgendaItem("喀山，俄罗斯", "公园：休息", "俄罗斯"),))
    assert read_back(announcement(city, language=language)).sessions[0].items == city.items


def test_sessions_that_share_a_link_are_read_back_as_sharing_it(language):
    first = session()
    second = session("seminar-2", start=first.end, end=first.end + timedelta(minutes=30), meeting_of="seminar-1")
    back = read_back(announcement(first, second, language=language)).sessions
    assert [one.meeting_of for one in back] == [None, "seminar-1"]


@pytest.mark.parametrize("zone", DST)
def test_sessions_around_and_across_every_clock_change_are_read_back(zone, language):
    for talks in around_every_change(zone):
        told = announcement(*talks, zone=zone, language=language)
        back = read_back(told)
        assert instants(back) == instants(told.programme)
        assert {one.timezone for one in back.sessions} == {zone}
        assert instants(read_back(announcement(*talks, zone="Asia/Shanghai"))) == instants(told.programme)


LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters=":：<>")
WORD = st.text(LETTERS, min_size=1, max_size=12)
TEXT = st.lists(WORD | st.sampled_from(["a: b", "c：d", "x,", ";", r"\n"]), min_size=1, max_size=6).map(" ".join)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


@given(
    st.sampled_from(Language), TEXT, TEXT.map("The whole title: {}".format), WORDS, WORDS,
    st.integers(0, 60 * 24 * 700), st.integers(1, 470), st.sampled_from([*DST, "Asia/Kolkata", "Etc/UTC"]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_whatever_is_said_and_when_it_is_read_back(language, title, long_title, presenter, item, start, minutes, zone):
    told = talk_at(1, zone, BEGIN + timedelta(minutes=start), minutes)
    told = replace(told, title=title, long_title=long_title, items=(AgendaItem(presenter, item),))
    (back,) = read_back(announcement(told, zone=zone, language=language)).sessions
    assert (back.title, back.long_title, back.items) == (told.title, told.long_title, told.items)
    assert (back.start, back.end, back.timezone) == (told.start, told.end, zone)
