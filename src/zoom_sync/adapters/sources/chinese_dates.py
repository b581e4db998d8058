"""Chinese dates and times written as English ones, so that one reader takes both apart.

"2023年11月6日 星期一 晚上8点30分至10点 北京时间" becomes "2023 november 6 monday 20:30-22:00 UTC+8". What is not known
stays as it is, and is then not understood. Every pattern is linear in the length of the text.

Imports the standard library only.
"""

from __future__ import annotations

import re
import unicodedata

BEIJING = "Asia/Shanghai"
NOON = 12 * 60

_HAN = re.compile("[\u3400-\u9fff]")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_DAYS = dict(zip("一二三四五六日天", ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
                                      "sunday"), strict=True))  # fmt: skip
_DATE = re.compile(r"(?:([0-9]{4}) ?年 ?)?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]?")
_LAST_DAY = re.compile(r"(?<=[-至到~\u2010-\u2015]) ?([0-9]{1,2}) ?[日号]")
_YEAR = re.compile(r"([0-9]{4}) ?年")
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天])")
_HALF = "上午|早上|早晨|凌晨|中午|下午|傍晚|晚上|晚间|晚"
_CLOCK = re.compile(rf"({_HALF})? ?([0-9]{{1,2}})(?: ?[点时](?: ?([0-9]{{1,2}}) ?分?|(半)|整)?|:([0-9]{{2}}))")
_AFTERNOON = {"中午", "下午", "傍晚", "晚上", "晚间", "晚"}
_PLACE = re.compile(r"(?:北京|中国(?:标准)?|东八区) ?(?:标准)?时间|东八区")
_ENGLISH_PLACE = re.compile(r"\b(?:Beijing|China)(?: Standard)? Time\b", re.IGNORECASE)
_RANGE = re.compile(r" ?[至到] ?")
_FORMS = str.maketrans({"\u3001": ",", "\u3002": " ", "\u301c": "~"})


def spelt_in_english(text: str) -> tuple[str, str | None]:
    """The text with its Chinese parts in English, and the zone where the text names Beijing's time."""
    if not _HAN.search(text):
        told, beijing = _ENGLISH_PLACE.subn(" UTC+8 ", text)
        return told, BEIJING if beijing else None
    plain = unicodedata.normalize("NFKC", text).translate(_FORMS)  # full-width digits, brackets, colons
    told, beijing = _PLACE.subn(" UTC+8 ", plain)
    told = _DATE.sub(_english_date, told)
    told = _LAST_DAY.sub(r" \1", told)
    told = _YEAR.sub(r" \1 ", told)
    told = _WEEKDAY.sub(lambda match: f" {_DAYS[match[1]]} ", told)
    told = _Clocks().spell(told)
    told = _RANGE.sub("-", told)
    return " ".join(re.sub(r"\( ?UTC\+8 ?\)", "(UTC+8)", told).split()), BEIJING if beijing else None


def _english_date(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    if not 1 <= int(month) <= len(_MONTHS):
        return match.group()
    return f" {year or ''} {_MONTHS[int(month) - 1]} {day} "


class _Clocks:
    """The times of one text: "晚上8点至10点" tells the half of the day once for both."""

    def __init__(self) -> None:
        self.last: int | None = None  # minutes of the time before, if it was told to be after noon

    def spell(self, text: str) -> str:
        return _CLOCK.sub(self.one, text)

    def one(self, match: re.Match[str]) -> str:
        part, hour, minute, half, written = match.groups()
        minutes = int(written or ("30" if half else minute or 0))
        clock = int(hour) * 60 + minutes
        if part in _AFTERNOON and NOON / 12 <= clock < NOON and not (part == "中午" and int(hour) == 11):  # noqa: PLR2004 - 中午11点 is before noon
            clock += NOON
        elif part == "凌晨" and clock // 60 == 12:  # noqa: PLR2004 - midnight
            clock -= NOON
        elif part is None and self.last is not None and clock < NOON and clock + NOON > self.last:
            clock += NOON
        self.last = clock if part in _AFTERNOON else None
        return f" {clock // 60}:{clock % 60:02} "
