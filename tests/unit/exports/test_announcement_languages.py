"""Languages and further zones, in the formats that people read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from export_samples import LINK, announcement, session

from zoom_sync.adapters.exports.announcement import write_announcement
from zoom_sync.domain.programme import AgendaItem, Kind
from zoom_sync.domain.publication import Language, further_zones
from zoom_sync.errors import UserError

READABLE = ["text", "markdown", "html", "poster"]
NEW_YORK = ZoneInfo("America/New_York")
ENGLISH_WORDS = ["Date", "Passcode", "Meeting ID", "Time", "QR code", "Seminar", "Cities", "Online", "November", "Scan"]


def chinese(format_name, *sessions, **options):
    return write_announcement(format_name, announcement(*sessions, language=Language.CHINESE, **options)).decode()


def test_chinese_text_has_the_labels_and_dates_that_are_used_in_china():
    told = chinese("text", title="国际研讨会")
    assert (
        told
        == f"""活动：国际研讨会

2023-11-06 20:30:00

活动介绍
时间：2023年11月6日（UTC+8）
形式：线上

研讨会1：
Safe and resilient
Safe and resilient: for all
日期：11月6日 20:30-22:00（UTC+8）
Zoom链接：{LINK}
会议号：823 1893 7943

密码：011826

二维码：

城市与项目：
  • Kazan, Russian：Park to rest
"""
    )


@pytest.mark.parametrize("format_name", READABLE)
def test_no_english_word_of_ours_is_left(format_name):
    talk = session(title="城市", long_title="城市：为人人", items=(AgendaItem("喀山", "公园", "俄罗斯"),))
    told = chinese(format_name, talk, title="研讨会", zones=("Europe/London",))
    body = told[told.index("<body") :] if "<body" in told else told
    assert [word for word in ENGLISH_WORDS if word in body] == []
    assert "11月6日" in body
    assert "会议号" in body


@pytest.mark.parametrize("format_name", ["html", "poster"])
def test_a_page_names_its_language(format_name):
    assert '<html lang="zh-Hans">' in chinese(format_name)
    assert '<html lang="en">' in write_announcement(format_name, announcement()).decode()


def test_chinese_webinars_speakers_and_keys_without_a_number_have_words():
    told = chinese("text", session("opening", kind=Kind.WEBINAR, items=(AgendaItem("Ann", "x"),)))
    assert "\n场次1：\n" in told
    assert "网络研讨会ID：" in told
    assert "演讲人：" in told


@pytest.mark.parametrize("format_name", READABLE)
def test_times_are_told_in_further_zones_by_the_names_of_their_places(format_name):
    told = write_announcement(format_name, announcement(zones=("America/New_York", "Asia/Kolkata"))).decode()
    assert "November 6th, 07:30-09:00 (UTC-5)" in told
    assert "November 6th, 18:00-19:30 (UTC+5:30)" in told
    assert "New York" in told
    assert "Kolkata" in told
    assert "纽约" in chinese(format_name, zones=("America/New_York",))


@pytest.mark.parametrize("format_name", READABLE)
def test_the_events_own_zone_is_not_told_twice(format_name):
    own = announcement()
    assert write_announcement(format_name, replace(own, zones=("Asia/Shanghai",))) == write_announcement(
        format_name, own
    )


@pytest.mark.parametrize("format_name", READABLE)
def test_a_session_written_in_another_zone_is_told_in_the_events(format_name):
    talk = session(start=datetime(2023, 11, 6, 7, 30, tzinfo=NEW_YORK), timezone="America/New_York")
    told = write_announcement(format_name, announcement(replace(talk, end=talk.start + timedelta(minutes=90)))).decode()
    assert "November 6th, 20:30-22:00 (UTC+8)" in told


def test_each_end_of_a_session_across_a_clock_change_has_its_offset():
    start = datetime(2023, 11, 5, 4, 30, tzinfo=UTC).astimezone(NEW_YORK)
    end = datetime(2023, 11, 5, 7, 30, tzinfo=UTC).astimezone(NEW_YORK)
    told = announcement(session(start=start, end=end, timezone=NEW_YORK.key), zone=NEW_YORK.key)
    assert "November 5th, 00:30 (UTC-4)-02:30 (UTC-5)" in write_announcement("markdown", told).decode()
    assert "Date: November 5th, 00:30-03:30 (UTC-4)" in write_announcement("text", told).decode()


@pytest.mark.parametrize("format_name", READABLE)
def test_a_session_of_more_than_a_night_tells_the_day_of_its_end(format_name):
    told = announcement(session(end=session().start + timedelta(hours=25)))
    assert "November 6th, 20:30 - November 7th, 21:30 (UTC+8)" in write_announcement(format_name, told).decode()


def test_years_are_told_where_a_further_zone_is_in_another_one():
    start = datetime(2024, 1, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
    told = announcement(session(start=start, end=start + timedelta(hours=1)), zones=("America/New_York",))
    text = write_announcement("text", told).decode()
    assert "Date: January 1st 2024, 08:00-09:00 (UTC+8)" in text
    assert "December 31st 2023, 19:00-20:00 (UTC-5)" in text


def test_zones_are_refused_all_at_once():
    assert further_zones(["Europe/Paris", "UTC", "Europe/Paris"]) == ("Europe/Paris", "UTC")
    with pytest.raises(UserError) as caught:
        further_zones(["Mars/Olympus", "Europe/Paris", "Asia/Tokyo", "Nowhere"])
    assert len(caught.value.problems) == 3
    assert "at most 3" in str(caught.value.problems[-1])
