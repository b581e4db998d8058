"""The names that organisers give to the columns of their tables, in English and Chinese, and which column is meant.

Pure. One table for whoever reads or fills a table, so that a column that is found by one is found by all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum


class Column(StrEnum):
    """What a column holds. The value is the header that is written where the table has no such column."""

    KEY = "key"
    TITLE = "title"
    START = "start"
    DATE = "date"
    TIME = "time"
    MEETING_ID = "meeting_id"
    LINK = "join_url"
    PASSCODE = "passcode"
    HOST = "hosted_by"


# "Host" is no synonym: in a programme it is who shall host, which is the organiser's to say and not ours to write.
SYNONYMS: Mapping[Column, tuple[str, ...]] = {
    Column.KEY: (
        "key", "id", "session id", "session key", "session code", "code", "slug", "no", "number", "nr",
        "编号", "序号", "场次编号", "代码", "标识",
    ),
    Column.TITLE: (
        "title", "session", "session title", "name", "session name", "topic", "subject", "summary", "event title",
        "talk", "talk title", "标题", "题目", "主题", "名称", "议题", "会议主题", "会议名称", "场次", "场次名称",
    ),
    Column.START: (
        "start", "starts", "start date and time", "start datetime", "datetime", "date time", "date and time", "begin",
        "begins", "starts at", "start at", "when", "开始", "开始日期时间", "日期时间", "起始",
    ),
    Column.DATE: ("date", "day", "start date", "session date", "日期", "开始日期", "会议日期"),
    Column.TIME: (
        "time", "start time", "from", "begin time", "hour", "hours", "time slot", "slot", "时间", "开始时间",
        "起始时间", "会议时间", "时段",
    ),
    Column.MEETING_ID: (
        "meeting id", "zoom meeting id", "zoom id", "meeting number", "meeting no", "webinar id", "zoom webinar id",
        "zoom meeting number", "会议号", "会议id", "会议编号", "会议号码", "zoom会议号", "zoom id号",
    ),
    Column.LINK: (
        "join url", "join link", "zoom link", "zoom url", "meeting link", "meeting url", "webinar link", "link", "zoom",
        "链接", "会议链接", "zoom链接", "入会链接", "参会链接", "加入链接", "会议地址",
    ),
    Column.PASSCODE: (
        "passcode", "password", "meeting passcode", "meeting password", "zoom passcode", "zoom password", "pass code",
        "pwd", "密码", "会议密码", "入会密码", "参会密码", "口令", "密钥",
    ),
    Column.HOST: ("hosted by", "meeting hosted by", "会议所属账号"),
}  # fmt: skip

_CHINESE_NAMES = {
    Column.MEETING_ID: "会议号",
    Column.LINK: "会议链接",
    Column.PASSCODE: "会议密码",
    Column.HOST: "会议所属账号",
}
_HAN = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W_]+")


def plain_header(text: str) -> str:
    """A header as it is compared: full-width letters as narrow ones, no case, words with single blanks."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


_COLUMNS = {plain_header(word): (column, rank) for column, words in SYNONYMS.items() for rank, word in enumerate(words)}


def header_name(column: Column, beside: Iterable[str]) -> str:
    """What a new column is called beside the headers that are there: in Chinese where one of them is Chinese."""
    chinese = any(_HAN.search(header) for header in beside)
    return _CHINESE_NAMES.get(column, str(column)) if chinese else str(column)


def columns_of(headers: Iterable[str]) -> dict[Column, int]:
    """Where each known column stands, counted from 0; of two with one meaning that of the plainer name."""
    values: dict[Column, tuple[int, int]] = {}
    for place, header in enumerate(headers):
        known = _COLUMNS.get(plain_header(header))
        if known is not None:
            column, rank = known
            values[column] = min(values.get(column, (rank, place)), (rank, place))
    return {column: place for column, (_, place) in values.items()}
