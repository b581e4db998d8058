"""What a summary says, in English and Chinese: a new language is a table here, with the same words as the others."""

# ruff: noqa: RUF001 (Chinese has its own brackets and commas)

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zoom_sync.adapters.exports.announcement.languages import wording_of as announced_in
from zoom_sync.adapters.exports.announcement.wording import offset
from zoom_sync.adapters.exports.cleaning import one_line
from zoom_sync.domain.programme import Session
from zoom_sync.domain.publication import Language
from zoom_sync.domain.questions import Question, Status
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.errors import UserError

UNREADABLE = "could not be read"  # of rows without a time, which a complete report may have, too

_ENGLISH = {
    "summary": "Summary",
    "as_of": "Figures as of {moment}.",
    "personal": "Contains names of participants: for the organisers only.",
    "contents": "Contents",
    "overview": "Overview",
    "session": "Session",
    "when": "When",
    "people": "People",
    "audience": "audience",
    "host": "hosts",
    "panelist": "panelists",
    "staff": "staff",
    "internal": "people of the account",
    "bot": "notetakers and bots",
    "only_waited": "only in the waiting room",
    "peak": "Most at one time",
    "at": "at {time}",
    "median_stay": "Median stay",
    "minutes": "{minutes} min",
    "questions": "Questions",
    "unanswered": "{count} without an answer",
    "reports": "Reports",
    "not_collected": "not collected yet",
    "state": "{state}: {told}",
    "rows": "{rows} rows",
    "rows_of": "{rows} of {total} rows",
    "attendance_title": "People per session",
    "attendance_dark": "(dark: most at one time)",
    "attendance_alt": "Bars: {bars}.",
    "attendance_bar": "{session}: {people} people, {peak} at one time",
    "separator": "; ",
    "curve_title": "{session}: how many people were there",
    "curve_alt": "A curve from {start} to {end}. It begins with {first} people, is highest with {peak}{at}, and ends "
    "with {last}.",
    "curve_empty": "Nobody was there.",
    "stayed_title": "{session}: how much of it people heard",
    "stayed_0": "up to a quarter",
    "stayed_1": "up to a half",
    "stayed_2": "up to three quarters",
    "stayed_3": "more than three quarters",
    "stayed_bar": "{part}: {people} people",
    "agenda": "Agenda",
    "agenda_note": "Where the programme gives no times for its items, they are taken to be equally long.",
    "about": "about {start}-{end}, {people} people on average",
    "exactly": "{start}-{end}, {people} people on average",
    "questions_title": "Questions to look at",
    "questions_more": "The first {shown} of {all}; those without an answer come first.",
    "nobody_asked": "No questions.",
    "anonymous": "anonymous",
    "open": "no answer yet",
    "dismissed": "dismissed",
    "answered": "answered",
    "kind_participants": "attendance",
    "kind_questions": "questions",
    "kind_polls": "polls",
    "kind_surveys": "surveys",
    "kind_registrants": "registrations",
    "kind_absentees": "absentees",
    "kind_panelists": "panelists",
    "state_waiting": "waiting",
    "state_partial": "partial",
    "state_complete": "complete",
    "state_none": "none",
    "state_expired": "no longer kept by Zoom",
    "state_failed": "failed",
    "nothing": "This event has no sessions.",
}

_CHINESE = {
    "summary": "总结",
    "as_of": "数据截至 {moment}。",
    "personal": "含参与者姓名，仅供主办方使用。",
    "contents": "目录",
    "overview": "概览",
    "session": "场次",
    "when": "时间",
    "people": "人数",
    "audience": "观众",
    "host": "主持人",
    "panelist": "嘉宾",
    "staff": "工作人员",
    "internal": "账户内用户",
    "bot": "会议记录机器人",
    "only_waited": "仅在等候室",
    "peak": "同时在场最多",
    "at": "（{time}）",
    "median_stay": "停留时间中位数",
    "minutes": "{minutes} 分钟",
    "questions": "提问",
    "unanswered": "{count} 个未回答",
    "reports": "报告",
    "not_collected": "尚未收集",
    "state": "{state}：{told}",
    "rows": "{rows} 行",
    "rows_of": "共 {total} 行，已有 {rows} 行",
    "attendance_title": "各场次人数",
    "attendance_dark": "（深色：同时在场最多）",
    "attendance_alt": "条形图：{bars}。",
    "attendance_bar": "{session}：{people} 人，同时在场最多 {peak} 人",
    "separator": "；",
    "curve_title": "{session}：在场人数",
    "curve_alt": "{start} 至 {end} 的曲线。开始时 {first} 人，最多 {peak} 人{at}，结束时 {last} 人。",
    "curve_empty": "无人在场。",
    "stayed_title": "{session}：参与者的收听比例",
    "stayed_0": "不超过四分之一",
    "stayed_1": "不超过一半",
    "stayed_2": "不超过四分之三",
    "stayed_3": "超过四分之三",
    "stayed_bar": "{part}：{people} 人",
    "agenda": "议程",
    "agenda_note": "日程未给出时间的议题，按时长相同处理。",
    "about": "约 {start}-{end}，平均 {people} 人",
    "exactly": "{start}-{end}，平均 {people} 人",
    "questions_title": "待关注的问题",
    "questions_more": "共 {all} 个，显示前 {shown} 个，未回答的排在前面。",
    "nobody_asked": "没有提问。",
    "anonymous": "匿名",
    "open": "尚未回答",
    "dismissed": "已忽略",
    "answered": "已回答",
    "kind_participants": "出席",
    "kind_questions": "提问",
    "kind_polls": "投票",
    "kind_surveys": "问卷",
    "kind_registrants": "报名",
    "kind_absentees": "缺席",
    "kind_panelists": "嘉宾名单",
    "state_waiting": "等待中",
    "state_partial": "不完整",
    "state_complete": "完整",
    "state_none": "无",
    "state_expired": "Zoom 已不再保留",
    "state_failed": "失败",
    "nothing": "此活动没有场次。",
}

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "zh": _CHINESE}


def wording_of(language: str) -> Wording:
    """The wording of a language. Raises UserError, which lists the languages, for an unknown one."""
    if language not in LANGUAGES:
        raise UserError(f"There is no summary in {language!r}; choose one of: {', '.join(LANGUAGES)}.")
    return Wording(language)


class Wording:
    """The words of one language, and the phrases that are put together from them."""

    def __init__(self, language: str) -> None:
        self.words = LANGUAGES[language]
        self._announced = announced_in(Language(language))
        self.tag = self._announced.tag

    def say(self, word: str, **values: object) -> str:
        """A word or sentence with its values."""
        return self.words[word].format(**values)

    def label(self, number: int, session: Session) -> str:
        """What the session is called for short."""
        return self._announced.name(session, number)

    def date(self, session: Session) -> str:
        """When the session is, in its own zone."""
        return self._announced.date_line(session.start, session.end, year=True)

    def moment(self, moment: datetime) -> str:
        """A moment in its own zone."""
        return f"{moment:%Y-%m-%d %H:%M} ({offset(moment)})"

    def kind(self, report: Collected) -> str:
        """Which report it is; by its own name where there is no other word."""
        return self.words.get(f"kind_{report.kind}", report.kind)

    def state(self, report: Collected) -> str:
        """How complete a report is, plainly: "partial: 120 of 130 rows". The reason is told as it was noted."""
        state = self.words.get(f"state_{report.state}", str(report.state))
        text = one_line(report.reason)
        if report.state is ReportState.COMPLETE:
            unread = self.say("separator") + text if UNREADABLE in text else ""
            text = self.say("rows", rows=report.rows) + unread
        elif report.total is not None and report.rows < report.total:
            text = self.say("rows_of", rows=report.rows, total=report.total)
        return self.say("state", state=state, told=text) if text else state

    def answer(self, question: Question) -> str:
        """What became of a question."""
        if question.answered:
            return self.say("answered")
        return self.say("dismissed" if question.status is Status.DISMISSED else "open")
