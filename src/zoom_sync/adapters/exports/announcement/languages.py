"""The languages that announcements are written in: English, in the form of the seminar's own, and Chinese."""

# ruff: noqa: RUF001 - Chinese has colons and brackets of its own

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zoom_sync.adapters.exports.announcement.wording import Wording
from zoom_sync.domain.publication import Language

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def wording_of(language: Language) -> Wording:
    """The wording of a language."""
    return _WORDINGS[language]


def _english_day(moment: datetime, year: bool) -> str:
    """A day as "November 6th", with `year` "November 6th 2023"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10 if moment.day // 10 != 1 else 0, "th")
    text = f"{MONTHS[moment.month - 1]} {moment.day}{ending}"
    return f"{text} {moment.year}" if year else text


def _english_days(first: datetime, last: datetime) -> str:
    """Two days as "November 6th - 9th 2023"."""
    until = _english_day(last, year=True)
    if first.year != last.year:
        return f"{_english_day(first, year=True)} - {until}"
    return f"{_english_day(first, year=False)} - {until.split(' ', 1)[1] if first.month == last.month else until}"


def _chinese_day(moment: datetime, year: bool) -> str:
    text = f"{moment.month}月{moment.day}日"
    return f"{moment.year}年{text}" if year else text


def _chinese_days(first: datetime, last: datetime) -> str:
    """Two days as "2023年11月6日-9日"."""
    if first.year != last.year:
        until = _chinese_day(last, year=True)
    elif first.month != last.month:
        until = _chinese_day(last, year=False)
    else:
        until = f"{last.day}日"
    return f"{_chinese_day(first, year=True)}-{until}"


# The words before a number that the announcement reader knows again. It has none for a webinar, a panel and a meeting
# of their own: these stay English, so that the session's key is read back as it was.
_CHINESE_WORDS = {
    "seminar": "研讨会", "session": "场次", "workshop": "工作坊", "lecture": "讲座", "module": "单元", "part": "部分",
    "forum": "论坛",
}  # fmt: skip


def _chinese_heading(word: str, number: int) -> str:
    if word == "day":
        return f"第{number}天"
    known = _CHINESE_WORDS.get(word)
    return f"{known}{number}" if known else f"{word.capitalize()} {number}"


ENGLISH = Wording(
    tag="en",
    locale="en",
    colon=": ",
    event="Upcoming Event",
    about="About the Presentation",
    days="Time",
    form="Form",
    online="Online",
    when="Date",
    elsewhere="Times elsewhere",
    link="Zoom link",
    link_in_text="Zoom Link",
    meeting_id="Meeting ID",
    webinar_id="Webinar ID",
    passcode="Passcode",
    qr_code="QR code",
    cities="Cities and Initiatives",
    speakers="Speakers",
    called_off="Called off",
    status="Status",
    room="Room",
    track="Track",
    moderators="Moderators",
    spoken="Spoken language",
    names_between="; ",
    scan="Scan to join",
    bracketed=lambda text: f" ({text})",
    day=_english_day,
    days_between=_english_days,
    heading=lambda word, number: f"{word.capitalize()} {number}",
)

CHINESE = Wording(
    tag="zh-Hans",
    locale="zh_Hans",
    colon="：",
    event="活动",
    about="活动介绍",
    days="时间",
    form="形式",
    online="线上",
    when="日期",
    elsewhere="其他时区时间",
    link="Zoom链接",
    link_in_text="Zoom链接",
    meeting_id="会议号",
    webinar_id="网络研讨会ID",
    passcode="密码",
    qr_code="二维码",
    cities="城市与项目",
    speakers="演讲人",
    called_off="已取消",
    status="状态",
    room="会议室",
    track="分论坛",
    moderators="主持人",
    spoken="语言",
    names_between="；",
    scan="扫码入会",
    bracketed=lambda text: f"（{text}）",
    day=_chinese_day,
    days_between=_chinese_days,
    heading=_chinese_heading,
    separator=" ",
)

_WORDINGS: Mapping[Language, Wording] = {Language.ENGLISH: ENGLISH, Language.CHINESE: CHINESE}
