"""The lines of an announcement and what each of them is: a heading, a label with its value, a bullet, or prose.

Imports the standard library and this room's decoding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from zoom_sync.adapters.sources import announcement_words as words
from zoom_sync.adapters.sources.decoding import lines_of

LONGEST_LABEL = 40
MOST_LABEL_WORDS = 5

_HEADING = re.compile(
    r"(?P<word>seminar|session|day|webinar|workshop|panel|meeting|lecture|module|part|forum)"
    r" ?(?:no\.? ?|# ?)?(?P<number>[0-9]{1,3}) ?(?P<mark>[:.\uff1a|\u2010-\u2015-]|$) ?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CHINESE_KINDS = {
    "研讨会": "seminar", "专题研讨": "seminar", "会议": "session", "场次": "session", "专场": "session",
    "场": "session", "期": "session", "讲座": "lecture", "讲": "lecture", "论坛": "forum", "分论坛": "forum",
    "单元": "module", "部分": "part", "天": "day", "工作坊": "workshop",
}  # fmt: skip
_KIND = "|".join(sorted(_CHINESE_KINDS, key=len, reverse=True))
_NUMERAL = "[0-9]{1,3}|[一二三四五六七八九十]{1,3}"
_CHINESE_HEADING = re.compile(
    rf"(?:第 ?(?P<nth>{_NUMERAL}) ?(?P<counted>{_KIND})(?P<of>{_KIND})?|(?P<kind>{_KIND}) ?(?P<number>{_NUMERAL}))"
    r" ?(?P<mark>[:.\uff1a\u3001|\u2010-\u2015-]|$) ?(?P<rest>.*)",
    re.DOTALL,
)
_FURTHER_KINDS = {word: kind for kind, table in words.HEADINGS.items() for word in words.words_of(table)}
_FURTHER_KIND = "|".join(sorted(map(re.escape, _FURTHER_KINDS), key=len, reverse=True))
_FURTHER_HEADING = re.compile(
    rf"(?:(?P<word>{_FURTHER_KIND}) ?(?:n[º°.]\.? ?|# ?)?(?P<number>[0-9\u0660-\u0669]{{1,3}})"
    rf"|第 ?(?P<nth>[0-9]{{1,3}}) ?(?P<counted>回|部)|(?P<day>[0-9]{{1,3}}) ?日目)"
    r" ?(?P<mark>[:.\uff1a|\u2010-\u2015-]|$) ?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = {"回": "seminar", "部": "part"}
_DIGITS = {numeral: number for number, numeral in enumerate("一二三四五六七八九", start=1)}
_BULLET = re.compile(
    r"(?:[*\u2022\u00b7\u2023\u25e6\u25aa\u25cf\u25cb\u2043-]|[\u2010-\u2015](?= )"
    r"|[0-9]{1,3}(?:[.)](?= )|[\u3001\uff0e])) ?"
)
_MARKUP = re.compile(r"^(?:#{1,6} |\*\*)|\*\*$")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_COLON = re.compile("[:\uff1a](?!//)")


class Label(Enum):
    """What a labelled line inside of a session tells."""

    WHEN = auto()
    LINK = auto()
    MEETING_ID = auto()
    WEBINAR_ID = auto()
    PASSCODE = auto()
    QR_CODE = auto()
    ITEMS = auto()
    TITLE = auto()
    ROOM = auto()
    TRACK = auto()
    MODERATORS = auto()
    SPOKEN = auto()
    STATUS = auto()


_WORDS = {
    Label.WHEN: "date, time, when, date and time, time and date, date time, day, 时间, 日期, 会议时间,"
                " 召开时间, 举办时间, 活动时间, 北京时间",
    Label.LINK: "zoom link, link, join link, meeting link, zoom url, join url, zoom, join zoom meeting, webinar link,"
                " 链接, 会议链接, 入会链接, 参会链接, zoom链接, zoom 链接, 加入会议, 加入zoom会议, 加入 zoom 会议",
    Label.MEETING_ID: "meeting id, zoom id, zoom meeting id, id, meeting number, meeting no, 会议号,"
                      " 会议id, 会议 id, 会议号码, zoom会议号, zoom 会议号, zoom会议id",
    Label.WEBINAR_ID: "webinar id, zoom webinar id, 网络研讨会id, 网络研讨会 id",
    Label.PASSCODE: "passcode, password, pass code, meeting passcode, meeting password, zoom passcode, code, pwd, 密码,"
                    " 会议密码, 入会密码, 参会密码, 会议口令, 口令",
    Label.QR_CODE: "qr code, qr, qrcode, 二维码, 会议二维码, 入会二维码",
    Label.ITEMS: "cities and initiatives, cities, initiatives, items, agenda, programme, program, presentations,"
                 " projects, speakers, presenters, panellists, panelists, 议程, 会议议程, 日程, 城市与项目,"
                 " 参与城市, 案例, 演讲, 报告, 演讲嘉宾, 嘉宾, 演讲人, 主讲人",
    Label.TITLE: "title, topic, theme, subject, 主题, 题目, 标题, 会议主题",
}  # fmt: skip
_FURTHER = {
    Label.WHEN: words.WHEN,
    Label.LINK: words.LINK,
    Label.MEETING_ID: words.MEETING_ID,
    Label.WEBINAR_ID: words.WEBINAR_ID,
    Label.PASSCODE: words.PASSCODE,
    Label.QR_CODE: words.QR_CODE,
    Label.ITEMS: f"{words.ITEMS}{words.SPEAKERS}",
    Label.TITLE: words.TITLE,
    Label.ROOM: words.ROOM,
    Label.TRACK: words.TRACK,
    Label.MODERATORS: words.MODERATORS,
    Label.SPOKEN: words.SPOKEN,
    Label.STATUS: words.STATUS,
}


def plain_label(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _plain(table: str) -> set[str]:
    return {plain_label(word) for word in words.words_of(table)}


# Words of two languages mean what they mean in the one that was known first.
LABELS = {word: label for label, table in _FURTHER.items() for word in _plain(table)} | {
    word.strip(): label for label, table in _WORDS.items() for word in table.split(",")
}
EVENT_TITLE_LABELS = {"upcoming event", "event", "event title", "title", "conference", "programme", "program", "活动",
                      "活动名称", "活动预告", "会议", "会议名称"} | _plain(words.EVENT_TITLES)  # fmt: skip
EVENT_TIME_LABELS = {"time", "date", "dates", "when", "period", "date and time", "event date", "event dates", "时间",
                     "日期", "会议时间", "活动时间", "举办时间"} | _plain(words.EVENT_TIMES)  # fmt: skip
SPEAKERS_LABELS = _plain(words.SPEAKERS)
TOPIC_LABELS = {"topic", "主题", "会议主题"} | _plain(words.TITLE)  # begin a session where there is no heading


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is read: its number, its text with plain spaces, and whether a blank line stands before it."""

    number: int
    text: str
    after_blank: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a session: "Seminar 1:", or "第一场研讨会", which has the same word and number."""

    word: str
    number: int
    rest: str


def read_lines(text: str) -> list[Line]:
    """All lines that hold something."""
    lines: list[Line] = []
    last = 0
    for number, raw in enumerate(lines_of(text), start=1):
        clean = " ".join(_INVISIBLE.sub("", raw).split())
        if clean:
            lines.append(Line(number, clean, after_blank=number - last > 1))
            last = number
    return lines


def read_heading(text: str) -> Heading | None:
    plain = _MARKUP.sub("", text)
    match = _HEADING.fullmatch(plain)
    if match:
        return Heading(match["word"].lower(), int(match["number"]), match["rest"].strip())
    match = _FURTHER_HEADING.fullmatch(plain)
    if match:
        kind = _FURTHER_KINDS[match["word"].lower()] if match["word"] else _COUNTED.get(match["counted"] or "", "day")
        number = int(match["number"] or match["nth"] or match["day"])
        return Heading(kind, number, match["rest"].strip()) if number else None
    match = _CHINESE_HEADING.fullmatch(plain)
    if match is None:
        return None
    kind = match["of"] or match["counted"] or match["kind"]
    number = chinese_number(match["nth"] or match["number"])
    return Heading(_CHINESE_KINDS[kind], number, match["rest"].strip()) if number else None


def chinese_number(text: str) -> int:
    """A whole number below 100 in Chinese numerals or digits; 0 where it is none."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return 0
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def split_label(text: str) -> tuple[str, str] | None:
    """The words before the first colon and the value after it; None where no label can stand there."""
    words, colon, value = split_colon(text)
    if not colon or len(words) > LONGEST_LABEL or not 1 <= len(words.split()) <= MOST_LABEL_WORDS:
        return None
    return words, value


def split_colon(text: str) -> tuple[str, str, str]:
    """What stands before and after the first colon that is no part of a time or of a link."""
    for match in _COLON.finditer(text):
        first, last = match.span()
        if not (text[first - 1 : first].isdecimal() and text[last : last + 1].isdecimal()):
            return text[:first].strip(), match.group(), text[last:].strip()
    return text, "", ""


def label_of(words: str) -> Label | None:
    return LABELS.get(plain_label(words))


def without_bullet(text: str) -> str | None:
    """The text after a bullet or a number; None where there is no bullet."""
    match = _BULLET.match(text)
    return text[match.end() :].strip() if match else None
