"""What the Chinese text says, the announcement reader gives back, as with the English one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from export_samples import LINK, announcement, session
from hypothesis import given, settings
from hypothesis import strategies as st
from test_announcement_round_trip import BEGIN, DST, instants, known, plain, read_back, talk_at

from zoom_sync.adapters.sources.announcement_lines import read_heading
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.domain.publication import Language

pytestmark = pytest.mark.skipif(read_heading("研讨会1：") is None, reason="the reader knows no Chinese headings yet")


def in_chinese(told):
    return replace(told, language=Language.CHINESE)


def test_a_chinese_announcement_is_read_back_as_it_was():
    first = session(
        title="安全而有韧性的城市", long_title="安全而有韧性的城市：为了所有人", items=(AgendaItem("喀山", "公园"),)
    )
    second = session("seminar-2", start=first.start + timedelta(days=1), end=first.end + timedelta(days=1), items=())
    told = in_chinese(announcement(first, second, title="国际研讨会"))
    back = read_back(told)
    assert plain(back) == known(first, second)
    assert back.event == told.programme.event


@pytest.mark.parametrize("word", ["seminar", "session", "day", "webinar", "workshop", "panel", "meeting", "lecture",
                                  "module", "part", "forum"])  # fmt: skip
def test_every_kind_of_heading_keeps_its_key_in_chinese(word):
    talk = session(f"{word}-3", kind=Kind.WEBINAR)
    link = LINK.replace("/j/", "/w/")
    assert plain(read_back(in_chinese(announcement(talk, link=link)))) == known(talk)


@given(
    st.sampled_from([*DST, "Asia/Shanghai", "Asia/Kolkata", "Etc/UTC"]),
    st.lists(st.tuples(st.integers(0, 60 * 24 * 700), st.integers(1, 470)), min_size=1, max_size=5),
    st.lists(st.sampled_from(["America/New_York", "Asia/Tokyo", "Asia/Kolkata"]), max_size=3, unique=True),
)
@settings(max_examples=80, deadline=None)
def test_whatever_the_times_the_instants_are_read_back_from_chinese(zone, times, zones):
    talks = [
        talk_at(number, zone, BEGIN + timedelta(minutes=start), minutes)
        for number, (start, minutes) in enumerate(times, 1)
    ]
    told = in_chinese(announcement(*talks, zone=zone, zones=tuple(zones)))
    assert instants(read_back(told)) == instants(told.programme)
