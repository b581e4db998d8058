"""A digest in words, in English and Chinese. What the plan or Zoom said of a change stays as it was said."""

# ruff: noqa: RUF001 (Chinese has marks of its own)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from zoom_sync.domain.health import ADVICE, SAID, Ailment
from zoom_sync.domain.health import said as said_of_health
from zoom_sync.domain.notices import Digest, Notice, Subject

MOST_SHOWN = 50  # of one subject; a mail of a thousand lines is read by nobody


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `heads`, `short` and `advice` are by subject, `terms` by what a concern says in one word.

    `health` says for each way in which work stands still what is the case, and what to do.
    """

    heads: Mapping[Subject, str]
    short: Mapping[Subject, str]
    advice: Mapping[Subject, str]
    terms: Mapping[str, str]
    health: Mapping[str, tuple[str, str]]
    works_head: str  # of what is wrong beside the work, which goes on
    works_short: str
    greeting: str
    more: str
    open: str
    test: str
    separator: str


ENGLISH = Words(
    heads={
        Subject.STANDS_STILL: "zoom_sync is not doing its work",
        Subject.NOT_READY: "Begins soon and is not ready",
        Subject.FAILED: "Could not be done on Zoom",
        Subject.HELD_BACK: "Waiting for somebody's decision",
        Subject.LATE: "Reports are late",
        Subject.REPORT: "Reports are complete",
    },
    short={
        Subject.STANDS_STILL: "zoom_sync stands still: {}",
        Subject.NOT_READY: "not ready: {}",
        Subject.FAILED: "failed: {}",
        Subject.HELD_BACK: "to decide: {}",
        Subject.LATE: "reports late: {}",
        Subject.REPORT: "reports: {}",
    },
    advice={
        Subject.STANDS_STILL: "Until then no meeting is made or kept right, and no report is collected.",
        Subject.NOT_READY: "To do: `zoom-sync status` and `zoom-sync plan` show what is missing.",
        Subject.FAILED: "To do: `zoom-sync runs` shows why; what can be repeated is tried at the next sync.",
        Subject.HELD_BACK: "To do: `zoom-sync plan` shows it; `zoom-sync apply` with the option named there does it.",
        Subject.LATE: "To do: `zoom-sync status` shows why; `zoom-sync collect SESSION` asks at once.",
        Subject.REPORT: "To do: nothing; staff can download them.",
    },
    terms={
        "create": "create",
        "update": "update",
        "adopt": "adopt",
        "move": "move to another meeting",
        "replace": "replace",
        "delete": "delete",
        "sync": "it could not be synced",
        "mass_change": "many sessions change at once",
        "source": "its source could not be read; `zoom-sync follow list` shows it",
        "write_back": "meetings could not be written back into its source",
        "approval": "approve the plan",
        "frozen": "the event is frozen",
        "no_meeting": "it has no meeting",
        "in_doubt": "its creation is in doubt",
        "complete": "complete",
        "late": "its attendance is late, and Zoom keeps it until",
        "never_asked": "nobody could ask for its reports yet, and Zoom keeps them until",
        "given_up": "its attendance cannot be had any more; Zoom kept it until",
        "participants": "attendance",
        "questions": "questions",
        "polls": "polls",
        "surveys": "surveys",
        "registrants": "registrations",
        "absentees": "absentees",
    },
    health={str(ailment): (SAID[ailment], ADVICE[ailment]) for ailment in Ailment},
    works_head="zoom_sync works, and something is wrong beside it",
    works_short="to correct: {}",
    greeting="News from zoom_sync:",
    more="… and {} more",
    open="Reported before, and still true: {}",
    test="This is a test. Nothing has to be done.",
    separator=", ",
)

CHINESE = Words(
    heads={
        Subject.STANDS_STILL: "zoom_sync 没有在工作",
        Subject.NOT_READY: "即将开始但尚未就绪",
        Subject.FAILED: "在 Zoom 上未能完成",
        Subject.HELD_BACK: "等待人工决定",
        Subject.LATE: "报告迟到",
        Subject.REPORT: "报告已完整",
    },
    short={
        Subject.STANDS_STILL: "zoom_sync 停止工作：{}",
        Subject.NOT_READY: "未就绪：{}",
        Subject.FAILED: "失败：{}",
        Subject.HELD_BACK: "待决定：{}",
        Subject.LATE: "报告迟到：{}",
        Subject.REPORT: "报告：{}",
    },
    advice={
        Subject.STANDS_STILL: "在此之前不会创建或维护任何会议，也不会收集报告。",
        Subject.NOT_READY: "处理：`zoom-sync status` 和 `zoom-sync plan` 显示缺少什么，然后运行 `zoom-sync apply`。",
        Subject.FAILED: "处理：`zoom-sync runs` 显示每次运行；可以重试的会在下次同步时再试。",
        Subject.HELD_BACK: "处理：`zoom-sync plan` 显示每项更改；用其中指出的选项运行 `zoom-sync apply` 即可执行。",
        Subject.LATE: "处理：`zoom-sync status` 显示原因；`zoom-sync collect SESSION` 立即再次查询。",
        Subject.REPORT: "处理：无需操作，工作人员可以下载。",
    },
    terms={
        "create": "创建",
        "update": "更新",
        "adopt": "接管",
        "move": "改用另一会议",
        "replace": "更换",
        "delete": "删除",
        "sync": "无法同步",
        "mass_change": "许多场次同时更改",
        "source": "无法读取其来源；`zoom-sync follow list` 会显示",
        "write_back": "无法将会议写回其来源",
        "approval": "批准计划",
        "frozen": "活动已冻结",
        "no_meeting": "还没有会议",
        "in_doubt": "会议是否已创建尚不确定",
        "complete": "完整",
        "late": "出席报告迟到，Zoom 保留至",
        "never_asked": "尚未能查询其报告，Zoom 保留至",
        "given_up": "出席报告已无法获取，Zoom 曾保留至",
        "participants": "出席",
        "questions": "提问",
        "polls": "投票",
        "surveys": "问卷",
        "registrants": "报名",
        "absentees": "缺席",
    },
    health={
        Ailment.REFUSED: (
            "Zoom 自 {since} 起拒绝登录",
            (
                "请按 Zoom 应用页面更正 ZOOM_ACCOUNT_ID、ZOOM_CLIENT_ID、ZOOM_CLIENT_SECRET，确认应用已激活，"
                "然后重启 worker、web 或 serve；`zoom-sync doctor` 会试用它们"
            ),
        ),
        Ailment.AWAY: (
            "自 {since} 起无法从 Zoom 取得令牌",
            "在这台机器上运行 `zoom-sync doctor` 查看原因；Zoom 的状态见 https://www.zoomstatus.com",
        ),
        Ailment.STILL: (
            "自 {since} 起没有完成任何工作",
            (
                "请启动缺少的进程：`zoom-sync worker` 和 `zoom-sync beat`，或 `zoom-sync serve`；"
                "`zoom-sync doctor` 显示哪些进程还在运行。不会丢失任何数据"
            ),
        ),
        Ailment.FAILING: ("日程自 {since} 起失败", "`zoom-sync doctor` 会检查日程所需的一切"),
        Ailment.OVERDUE: ("{event} 应于 {since} 同步，但尚未同步", "`zoom-sync plan --event KEY` 显示原因"),
        Ailment.STORE: (
            "自 {since} 起数据库无法写入",
            "请在数据库的磁盘上腾出空间，或重新启动数据库；`zoom-sync doctor` 显示其答复。不会丢失任何数据",
        ),
        Ailment.EVENT: (
            "{event} 无法同步；上一次同步是 {since}",
            "`zoom-sync doctor` 和 `zoom-sync plan --event KEY` 显示原因；每分钟会再试",
        ),
        Ailment.UNTOLD: (
            "自 {since} 起有一种通知方式失败",
            (
                "请更正 ZOOM_SYNC_SMTP_… 或 ZOOM_SYNC_NOTIFY_…，或其所指的服务器；`zoom-sync doctor` 会试用它，"
                "`zoom-sync notify --test` 发送测试"
            ),
        ),
        Ailment.FORGED: (
            "Webhook 被拒绝：自 {since} 起没有签名正确的 Webhook",
            (
                "请把 ZOOM_WEBHOOK_SECRET 设为应用页面上的 Secret Token，然后重启 web 或 serve。"
                "在此期间一切仍按时间表进行，只是较晚"
            ),
        ),
        Ailment.CONFIG: (
            "配置自 {since} 起有误，仍在使用上一份正确的配置",
            "请更正所列的行；无需重启",
        ),
    },
    works_head="zoom_sync 在工作，但有问题需要处理",
    works_short="需要处理：{}",
    greeting="zoom_sync 的通知：",
    more="……另有 {} 项",
    open="此前已通知、仍然存在：{}",
    test="这是一条测试通知，无需任何处理。",
    separator="，",
)

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "zh": CHINESE}


def headline(digest: Digest, language: str) -> str:
    """One line: how much of what, and of which event where it is one."""
    words = LANGUAGES[language]
    if digest.test:
        return words.test
    counts = [
        (words.works_short if _works(notices) else words.short[subject]).format(len(notices))
        for subject in Subject
        if (notices := [notice for notice in digest.new if notice.subject is subject])
    ]
    events = sorted({_line(notice.event_title) for notice in digest.new})
    return words.separator.join(counts) + (f" - {events[0]}" if len(events) == 1 else "")


def body(digest: Digest, language: str) -> str:
    """The whole of it, as plain text."""
    words = LANGUAGES[language]
    if digest.test:
        return words.test + "\n"
    parts = [words.greeting]
    for subject, group in groupby(digest.new, key=lambda notice: notice.subject):
        notices = list(group)
        works = _works(notices)
        lines = [words.works_head if works else words.heads[subject]]
        lines += [line for notice in notices[:MOST_SHOWN] for line in _lines(notice, words)]
        lines += [words.more.format(len(notices) - MOST_SHOWN)] if len(notices) > MOST_SHOWN else []
        parts.append("\n".join(lines if works else [*lines, words.advice[subject]]))
    if digest.open:
        parts.append(words.open.format(digest.open))
    return "\n\n".join(parts) + "\n"


def _works(notices: Iterable[Notice]) -> bool:
    """Whether they are of trouble by which nothing stands still."""
    return all(notice.subject is Subject.STANDS_STILL and not Ailment(notice.concern.what).of_all for notice in notices)


def _lines(notice: Notice, words: Words) -> Iterator[str]:
    if notice.subject is Subject.STANDS_STILL:
        yield f"- {said(notice, words)}"
        yield f"  {advice(notice, words)}"
        return
    begin = f", {notice.start.isoformat(sep=' ', timespec='minutes')}" if notice.start is not None else ""
    about = f": {_line(notice.title) or notice.concern.key} ({notice.concern.key}){begin}" if notice.concern.key else ""
    yield f"- {_line(notice.event_title)}{about}"
    yield f"  {said(notice, words)}"


def said(notice: Notice, words: Words) -> str:
    """What is the case, in one line."""
    if notice.subject is Subject.STANDS_STILL and notice.start is not None:
        return said_of_health(
            words.health[notice.concern.what][0], notice.start, _line(notice.concern.why), notice.event
        )
    what, why = notice.concern.what, _line(notice.concern.why)
    if notice.subject is Subject.REPORT:
        why = words.separator.join(_count(part, words) for part in why.split(", ")) if why else ""
    text = words.terms.get(what, _line(what))
    return f"{text}: {why}" if why else text


def advice(notice: Notice, words: Words) -> str:
    """What to do about it."""
    if notice.subject is Subject.STANDS_STILL:
        return words.health[notice.concern.what][1]
    return words.advice[notice.subject]


def _count(part: str, words: Words) -> str:
    kind, _, rows = part.partition(" ")
    return f"{words.terms.get(kind, kind)} {rows}".strip()


def _line(text: str) -> str:
    """In one line: a title may hold breaks, and a header may not."""
    return " ".join(text.split())
