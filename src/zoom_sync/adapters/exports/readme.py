"""The README of an archive of reports, in English and Chinese: what each file is, and what is not complete yet."""

# ruff: noqa: RUF001 (Chinese has its own brackets and commas)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.adapters.exports.summary.wording import Wording, wording_of
from zoom_sync.domain.programme import Event, Session
from zoom_sync.domain.publication import Language, SpreadsheetLanguage
from zoom_sync.domain.report import Collected

LINE_END = "\r\n"  # for Windows' own editor too

_ENGLISH = {
    "sessions": "Sessions:",
    "files": "Files:",
    "rows": "{rows} rows",
    "personal": "These files contain personal data of participants: for the organisers only. Delete them when they "
    "are no longer needed.",
    "made_up": "Names and e-mail addresses in the reports are made up, the same for a person throughout the event.",
    "unfinished": "Not complete yet:",
    "all_there": "Everything that Zoom reports of these sessions has been collected.",
    "left_out": "A report that is not here holds nothing.",
    "csv-excel": "The CSV files are for spreadsheet programs set to {language}. Their times are by the clock of the "
    "zone in the last column.",
    "en": "English",
    "de": "German",
    "zh": "Chinese",
    "attendance": "who came, when and for how long",
    "items": "how many heard each agenda item",
    "questions": "questions and answers",
    "polls": "answers to polls and surveys",
    "poll-counts": "answers to polls and surveys, counted",
    "registrations": "who registered, and whether they came",
    "absentees": "who registered and did not come",
    "people": "each person over all sessions",
    "summary": "figures and curves on pages to print",
    "announcement": "announcement of the sessions",
}
_CHINESE = {
    "sessions": "场次：",
    "files": "文件：",
    "rows": "{rows} 行",
    "personal": "这些文件含参与者的个人数据，仅供主办方使用。不再需要时请删除。",
    "made_up": "报告中的姓名和电子邮件地址均为化名，同一人在整个活动中保持一致。",
    "unfinished": "尚不完整：",
    "all_there": "Zoom 关于这些场次的报告已全部收集。",
    "left_out": "此处没有的报告不含任何内容。",
    "csv-excel": "CSV 文件适用于语言设置为{language}的电子表格程序。时间采用最后一列所示时区的当地时间。",
    "en": "英语",
    "de": "德语",
    "zh": "中文",
    "attendance": "出席者、时间和时长",
    "items": "各议题的收听人数",
    "questions": "提问与回答",
    "polls": "投票和问卷的回答",
    "poll-counts": "投票和问卷的回答统计",
    "registrations": "报名者及其是否出席",
    "absentees": "已报名但未出席者",
    "people": "每人在所有场次中的情况",
    "summary": "供打印的数据和曲线",
    "announcement": "场次公告",
}
_WORDS: Mapping[Language, Mapping[str, str]] = {Language.ENGLISH: _ENGLISH, Language.CHINESE: _CHINESE}


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file of the archive: its name, what it is of, its rows where it is a table, and then its format."""

    name: str
    what: str
    rows: int | None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """An archive, as it was made at `at` (aware).

    `unfinished` are the reports that may still change, `not_collected` the sessions (their keys) without any.
    """

    event: Event
    sessions: tuple[Session, ...]
    at: datetime
    files: tuple[FileTold, ...]
    unfinished: tuple[Collected, ...]
    not_collected: tuple[str, ...]
    spreadsheet: SpreadsheetLanguage
    pseudonymised: bool


def readme(contents: Contents, language: Language) -> bytes:
    """The text as UTF-8 with a byte order mark, by which old editors know it."""
    lines = _lines(contents, _WORDS[language], wording_of(str(language)))
    return (LINE_END.join(lines) + LINE_END).encode("utf-8-sig", "replace")


def _lines(contents: Contents, words: Mapping[str, str], wording: Wording) -> list[str]:
    title = one_line(contents.event.title)
    as_of = wording.say("as_of", moment=wording.moment(contents.at.astimezone(ZoneInfo(contents.event.timezone))))
    lines = [title, "=" * len(title), "", as_of, words["made_up" if contents.pseudonymised else "personal"], ""]
    lines += [
        words["sessions"],
        *(f"  {session.key}: {one_line(session.title)}, {wording.date(session)}" for session in contents.sessions),
    ]
    lines += ["", words["files"], *(f"  {_file(file, words)}" for file in contents.files), "", words["left_out"]]
    if any(file.form == "csv-excel" for file in contents.files):
        lines.append(words["csv-excel"].format(language=words[str(contents.spreadsheet)]))
    missing = [f"  {key}: {wording.say('not_collected')}" for key in contents.not_collected]
    missing += [
        f"  {collected.key}: {wording.kind(collected)}: {wording.state(collected)}" for collected in contents.unfinished
    ]
    return [*lines, "", words["unfinished"] if missing else words["all_there"], *missing]


def _file(file_told: FileTold, words: Mapping[str, str]) -> str:
    what = words.get(file_told.what, file_told.what)
    return f"{file_told.name}: {what}" + (
        "" if file_told.rows is None else f" ({words['rows'].format(rows=file_told.rows)})"
    )
