"""What the columns of a table mean, by their headings in English and Chinese.

A heading is compared as words, without case, punctuation and what stands in brackets. Nothing is matched by likeness:
what is not in the list is ignored, told, and can be named in a mapping.

Imports the standard library and this room.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from zoom_sync.adapters.sources.reading import Findings
from zoom_sync.adapters.sources.written_dates import CannotRead, read_when
from zoom_sync.domain.validate import shown

MOST_ROWS_TO_HEADINGS = 30
MOST_COLUMNS = 200

_SYNONYMS = {
    "id": "id, key, code, session id, session key, session code, event key, event id, talk id, uid, guid, no, nr,"
          " number, session no,"
          " 编号, 序号, 场次编号, 代码",
    "title": "title, name, session, session title, session name, event name, event title, talk, talk title, topic,"
             " theme, subject, proposal title,"
             " 标题, 题目, 主题, 名称, 会议名称, 会议主题, 场次, 场次名称, 活动名称, 議題, 議程主題",
    "date": "date, day, session date, event date, start date, begin date, date start,"
            " 日期, 开始日期, 会议日期, 日",
    "start": "start, begin, begins, starts, start time, begin time, time, time start, starts at, start at, from,"
             " session start, session start time, event start, event start time, scheduled at, when, date and time,"
             " date time, start datetime, start date time, start date and time,"
             " 时间, 开始, 开始时间, 起始时间, 会议时间, 時間",
    "end": "end, ends, end time, finish, finishes, until, till, to, time end, ends at, end at, session end,"
           " session end time, event end, event end time, end datetime, end date time, end date and time,"
           " 结束, 结束时间, 终止时间",
    "end_date": "end date, date end, finish date,"
                " 结束日期",
    "duration": "duration, length, minutes, min, mins, duration minutes, duration min, duration in minutes,"
                " scheduled duration, time slot,"
                " 时长, 时长分钟, 持续时间, 分钟",
    "timezone": "timezone, time zone, tz, zone,"
                " 时区",
    "room": "room, rooms, venue, hall, location, place, stage, stage name, room name, space,"
            " 会议室, 房间, 会场, 地点, 场地, 分会场",
    "track": "track, tracks, stream, strand, section, theme track, segment, segment name,"
             " 专题, 分论坛, 板块, 系列",
    "type": "type, session type, event type, format, session format, talk type, category,"
            " 类型, 类别, 形式",
    "state": "state, status, session status, active, published,"
             " 状态",
    "tags": "tags, tag, keywords, labels, event subtype,"
            " 标签, 关键词",
    "speakers": "speaker, speakers, presenter, presenters, panelist, panelists, panellist, panellists,"
                " speaker name, speaker names, presented by, lecturer, talk by, owner,"
                " 演讲人, 演讲嘉宾, 主讲人, 讲者, 嘉宾, 发言人, 报告人",
    "emails": "email, emails, e mail, speaker email, speaker emails, presenter email, owner email, mail,"
              " 邮箱, 电子邮箱, 电子邮件",
    "description": "description, abstract, summary, details, about, content, session description,"
                   " 简介, 描述, 摘要, 内容, 说明",
    "moderators": "moderator, moderators, moderated by, chair, chairs, session chair, session chairs, chaired by,"
                  " 主持人, 主持, 会议主持, 主席",
    "language": "language, languages, lang, session language, spoken language,"
                " 语言, 语种, 会议语言",
    "expected": "expected, expected people, expected participants, expected attendance, expected attendees, capacity,"
                " 预计人数, 预期人数, 预计参会人数",
    "public": "public, is public, announced, visible,"
              " 公开, 是否公开",
    "cancelled": "cancelled, canceled, is cancelled, is canceled, called off,"
                 " 取消, 是否取消",
    "record": "record, recorded, recording, may be recorded, recording allowed,"
              " 录制, 是否录制, 允许录制",
    "do_not_record": "do not record, no recording, recording opt out, recording optout,"
                     " 禁止录制, 不录制",
    "rehearsal_of": "rehearsal of, rehearses,"
                    " 彩排",
    "link": "link, zoom link, zoom url, join url, join link, meeting link, meeting url, zoom meeting link,"
            " webinar link, online link, virtual link, zoom, video link, url of the meeting, zoom join url,"
            " 会议链接, 入会链接, 参会链接, zoom链接",
    "kind": "kind, meeting kind, zoom kind,"
            " 会议类型",
    "host": "host, zoom host, host account,"
            " 主持账号",
    "profile": "profile, zoom profile, settings profile",
    "meeting_id": "meeting id, zoom id, zoom meeting id, meeting number, webinar id,"
                  " 会议号, 会议id, 会议号码",
    "passcode": "passcode, password, pass code, zoom passcode, meeting passcode,"
                " 密码, 会议密码, 入会密码",
}  # fmt: skip
FIELDS: tuple[str, ...] = tuple(_SYNONYMS)
SEVERAL = ("speakers", "moderators", "emails", "tags", "room")  # fields that may have several columns
_MEANS = {word.strip(): name for name, words in _SYNONYMS.items() for word in words.split(",")}
_TIMES = {"date", "start"}
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,60}[)\]]")
_LAST_NUMBER = re.compile(r" [0-9]{1,2}$")
_HOURS = re.compile(r"\b(?:hours?|hrs?|h|std)\b|小时", re.IGNORECASE)


@dataclass(slots=True)
class Columns:
    """Which columns hold which field, and what the headings say beside it."""

    row: int  # of the headings, counted from 0
    places: dict[str, list[int]] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    offset: timedelta | None = None
    place: str | None = None
    in_hours: bool = False

    @property
    def complete(self) -> bool:
        """Whether a table can be read with them."""
        return "title" in self.places and bool(_TIMES & self.places.keys())

    def says_active(self) -> bool:
        return any(plain_heading(self.headings[place]) in {"active", "published"} for place in self.places["state"])


def plain_heading(text: str) -> str:
    """The words of a heading."""
    told = unicodedata.normalize("NFKC", text[:200]).casefold()
    return " ".join(re.findall(r"[^\W_]+", _BRACKETS.sub(" ", told))) or " ".join(re.findall(r"[^\W_]+", told))


def meaning(heading: str) -> str | None:
    """The field that a heading means by itself."""
    plain = plain_heading(heading)
    return _MEANS.get(plain) or _MEANS.get(_LAST_NUMBER.sub("", plain))


def find_columns(rows: Sequence[Sequence[str]], values: Mapping[str, str], row: int | None = None) -> Columns | None:
    """The row of headings among the first rows: that with most fields. None where none has what a table needs.

    `wanted` maps fields to headings and wins; `row` names the row of the headings, counted from 0.
    """
    places = range(min(len(rows), MOST_ROWS_TO_HEADINGS)) if row is None else range(row, min(row + 1, len(rows)))
    columnses = [_columns(place, rows[place], values) for place in places]
    complete = [columns for columns in columnses if columns.complete]
    return max(complete, key=lambda columns: (len(columns.places), -columns.row), default=None)


def tell_columns(columns: Columns, where: str, line: int, wanted: Mapping[str, str], findings: Findings) -> None:
    """Show how the headings are understood, before anything is made of them."""
    used = [
        f"{name} from " + " and ".join(f"`{_visible(columns.headings[place])}`" for place in places)
        for name, places in columns.places.items()
    ]
    taken = {place for places in columns.places.values() for place in places}
    passed = [f"`{_visible(text)}`" for place, text in columns.headings.items() if place not in taken]
    over = f"; passed over: {', '.join(passed)}" if passed else ""
    findings.note(line, f"the columns{where} are read as: {', '.join(used)}{over}")
    there = {plain_heading(text) for text in columns.headings.values()}
    for name, heading in wanted.items():
        if plain_heading(heading) not in there:
            findings.problem(line, f"the mapping says that `{name}` stands under `{shown(heading)}`, but there is no"
                                   f" such heading{where}")  # fmt: skip


def _visible(heading: str) -> str:
    text = shown(heading)
    return text if text != "…" else shown(plain_heading(heading))


def _columns(row: int, cells: Sequence[str], values: Mapping[str, str]) -> Columns:
    columns = Columns(row)
    asked = {plain_heading(heading): name for name, heading in values.items()}
    for place, text in enumerate(cells[:MOST_COLUMNS]):
        if not text or len(text) > 200:  # noqa: PLR2004 - no heading is a text
            continue
        columns.headings[place] = text
        heading = plain_heading(text)
        name = asked.get(heading)
        if name is None:
            name = meaning(heading)
            name = None if name in values else name
        if name and (name in SEVERAL or name not in columns.places):
            columns.places.setdefault(name, []).append(place)
            _take_hints(columns, name, text)
    return columns


def _take_hints(columns: Columns, name: str, text: str) -> None:
    """What stands in brackets: "Start (UTC+8)", "Duration (hours)"."""
    if name == "duration":
        columns.in_hours = bool(_HOURS.search(text)) and "min" not in text.casefold()
    elif name in {"date", "start", "end"}:
        for hint in _BRACKETS.findall(unicodedata.normalize("NFKC", text)):
            try:
                when = read_when(hint)
            except CannotRead:
                continue
            columns.offset = columns.offset if when.offset is None else when.offset
            columns.place = when.place or columns.place
