"""Announcements in Chinese forms are read as their English counterparts are."""

import pytest
from programme_samples import ROOT, changed, read, told

from zoom_sync.adapters.sources.announcement_lines import chinese_number, read_heading
from zoom_sync.adapters.sources.written_dates import CannotRead, read_period, read_when

SAMPLE = (ROOT / "tests/samples/programmes/announcement-zh.txt").read_text(encoding="utf-8")


def test_the_sample():
    reading = read(SAMPLE)
    assert reading.problems == ()
    assert reading.notes == () or all("ten digits" in note.message for note in reading.notes)
    event, (first, second) = reading.programme.event, reading.programme.sessions
    assert (event.title, event.timezone) == ("开放海岸论坛", "Asia/Shanghai")
    assert (first.key, first.title, first.known.meeting_id, first.known.passcode.value) == (
        "session-1", "论坛开幕", "82318937943", "807001"
    )  # fmt: skip
    assert first.start.isoformat() == "2030-05-06T09:00:00+08:00"
    assert [(item.presenter, item.title) for item in first.items] == [("李华", "人人共享的海岸")]
    assert (second.start.isoformat(), second.minutes) == ("2030-05-06T20:30:00+08:00", 90)
    assert second.known.meeting_id == "82318937944"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_the_encodings_of_chinese_programs(encoding):
    assert read(SAMPLE.encode(encoding)).programme == read(SAMPLE).programme


@pytest.mark.parametrize(
    "written",
    ["2023年11月6日 20:30-22:00", "2023年11月6日20:30至22:00", "2023年11月6日（星期一）20：30—22：00", "2023年11月6日 周一 晚上8:30-10:00",
     "2023年11月6日晚8点半到10点", "２０２３年１１月６日　下午８时３０分～１０时", "2023-11-06 20:30-22:00"],
)  # fmt: skip
def test_the_same_time_in_other_words(written):
    for text, place in (
        (written, None),
        (f"{written}（北京时间）", "Asia/Shanghai"),
        (f"北京时间 {written}", "Asia/Shanghai"),
    ):
        when = read_when(text)
        assert (when.year, when.month, when.day, when.starts, when.ends) == (2023, 11, 6, 1230, 1320)
        assert when.place == place


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("上午9点-11点", (540, 660)), ("上午11:00至下午1:00", (660, 780)), ("中午12点-下午2点", (720, 840)), ("凌晨12点30分-1点", (30, 60)),
     ("晚上11点-凌晨1点", (1380, 1500)), ("下午2点15分-3点", (855, 900))],
)  # fmt: skip
def test_halves_of_the_day(written, minutes):
    when = read_when(written)
    assert (when.starts, when.ends) == minutes


@pytest.mark.parametrize("written", ["2023年13月6日 20:30-22:00", "明天晚上8点", "第六天 8:00-9:00"])
def test_what_is_not_known_is_not_guessed(written):
    with pytest.raises(CannotRead):
        read_when(written)


def test_the_days_of_an_event():
    period = read_period("2023年11月6日-9日（北京时间）")
    assert (period.first.isoformat(), period.last.isoformat(), period.place) == (
        "2023-11-06",
        "2023-11-09",
        "Asia/Shanghai",
    )
    assert read_period("2023年11月30日至12月2日").last.isoformat() == "2023-12-02"


@pytest.mark.parametrize(
    ("text", "key"),
    [("第一场", "session-1"), ("第1场：开幕", "session-1"), ("第十二场研讨会：", "seminar-12"), ("研讨会二：城市", "seminar-2"),
     ("论坛3", "forum-3"), ("第二天", "day-2"), ("讲座一", "lecture-1"), ("第二十一讲：水", "lecture-21")],
)  # fmt: skip
def test_headings(text, key):
    heading = read_heading(text)
    assert f"{heading.word}-{heading.number}" == key


@pytest.mark.parametrize("text", ["第一次参加的城市", "会议号：823", "论坛", "第场", "一场春雨"])
def test_other_lines_are_no_headings(text):
    assert read_heading(text) is None


def test_chinese_numerals():
    assert [chinese_number(text) for text in ("一", "十", "十九", "二十", "九十九", "12", "十十", "百")] == [
        1,
        10,
        19,
        20,
        99,
        12,
        0,
        0,
    ]


@pytest.mark.parametrize(
    "text",
    ["主题：让城市更安全\n时间：2023年11月6日 20:30-22:00（北京时间）\n会议号：823 1893 7943\n密码：807001\n",
     "Topic: 让城市更安全\nTime: 2023-11-06 20:30-22:00 Beijing Time\nMeeting ID: 823 1893 7943\nPasscode: 807001\n"],
)  # fmt: skip
def test_an_invitation_without_headings_is_one_session(text):
    reading = read(text)
    assert reading.problems == ()
    (session,) = reading.programme.sessions
    assert (session.key, session.title, reading.programme.event.title) == ("session-1", "让城市更安全", "让城市更安全")
    assert session.start.isoformat() == "2023-11-06T20:30:00+08:00"
    assert session.known.meeting_id == "82318937943"


def test_the_zone_of_the_caller_must_fit():
    assert "UTC+8 is written" in told(read(SAMPLE, timezone="Europe/Paris").problems)[0][1]
    assert read(SAMPLE, timezone="Asia/Shanghai").programme.sessions == read(SAMPLE).programme.sessions


def test_what_is_not_told_yet_is_passed_over():
    reading = read(changed(SAMPLE, "密码：807001", "密码：待定"))
    assert reading.problems == ()
    assert reading.programme.sessions[0].known.passcode is None
