"""What the lower floors say is told in the language of the page: reasons of a plan, of a run and of reports, and rules."""

import ast
import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from support.stage import EVENT, NEW, PAST, READY, SESSIONS, seminar
from zoom_sync.domain.access import Role
from zoom_sync.domain.phrases import Phrase, joined
from zoom_sync.domain.plan import Change, HeldBack, plan_json
from zoom_sync.domain.programme import Kind
from zoom_sync.entrypoints.web.language import LANGUAGES, Languages
from zoom_sync.entrypoints.web.phrases import NUMBERS, WORDS, recognised, told
from zoom_sync.errors import Unavailable
from zoom_sync.service_layer.apply import start_run

SOURCE = files("zoom_sync")
WEB = SOURCE.joinpath("entrypoints", "web")
PLAN = f"/events/{EVENT}/plan"
FOREIGN = {code for code in LANGUAGES if code != "en"}
ENGLISH = re.compile(r'<span lang="en">\s*(.*?)\s*</span>')


def phrases_in(folder):
    """The first argument of every `Phrase(…)` of the code; None for one that is not written out."""
    for path in folder.rglob("*.py"):
        if "simulator" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase":
                yield path.name, node.args[0].value if isinstance(node.args[0], ast.Constant) else None


@pytest.fixture(scope="module")
def in_the_code():
    return {template for _, template in phrases_in(SOURCE) if template}


@pytest.fixture(params=sorted(FOREIGN))
def catalogue(request):
    with WEB.joinpath("locales", request.param, "LC_MESSAGES", "phrases.po").open("rb") as text:
        return read_po(text, locale=request.param)


@pytest.fixture
def chinese():
    class Asked:
        cookies = {"zoom_sync_language": "zh"}  # noqa: RUF012 - read only

    return Languages().of(Asked)


@pytest.fixture
def browser(browse):
    browser = browse(Role.ORGANISER)
    browser.get("/language/zh")
    return browser


def places(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def example(template):
    """A phrase of a template with a value in each place."""
    values = {name: "7" if name in NUMBERS else next(iter(WORDS.get(name, {"x1": ""}))) for name in places(template)}
    return Phrase.made_of(template, values)


def test_every_phrase_is_written_out_where_it_is_used():
    assert [where for where, template in phrases_in(SOURCE) if template is None] == []


def test_every_phrase_is_translated(in_the_code, catalogue):
    translated = {message.id for message in catalogue if message.id}
    assert len(in_the_code) > 100
    assert in_the_code - translated == set()
    assert translated - in_the_code == set(), "nobody says this any more"


def test_no_translation_of_a_phrase_is_empty_unsure_or_the_english_text(catalogue):
    for message in catalogue:
        if message.id:
            assert message.string, message.id
            assert message.string != message.id
            assert not message.fuzzy, message.id
            assert not re.search("[<>&]", message.string), message.id  # they stand in a page as they are
    assert not catalogue.obsolete


def test_every_translation_of_a_phrase_keeps_the_places_of_its_values(catalogue):
    for message in catalogue:
        if message.id:
            assert places(message.string) == places(message.id), message.id


def test_a_plan_takes_nothing_but_phrases(stage):
    """As mypy demands: a reason that is any text would stay English."""
    assert (Change.__annotations__["reason"], HeldBack.__annotations__["why"]) == ("Phrase", "Phrase")
    assert {type(one.reason) for one in stage.plan().changes} == {Phrase}


def test_every_phrase_with_words_of_its_own_is_known_again_in_its_english_text(in_the_code, chinese):
    """As the store keeps reasons: by their text alone."""
    told_again = {one for one in in_the_code if len(re.sub(r"{.*?}|[^a-z]", "", one)) > 8}
    assert len(told_again) > 60
    for template in told_again:
        text = str(example(template))
        again = recognised(text, chinese.templates)
        assert "; ".join(again) == text
        assert {type(one) for one in again} == {Phrase}, text


def test_a_phrase_is_told_with_the_words_of_the_pages(chinese):
    edited = Phrase("somebody edited {fields} on Zoom", fields=("topic", "agenda", "mute_upon_entry"))
    assert told(edited, chinese) == "有人在 Zoom 上修改了标题、说明和mute_upon_entry"
    kind = Phrase(
        "a {kind} cannot become a {wanted}; a new one changes the published link",
        kind=Kind.MEETING,
        wanted=Kind.WEBINAR,
    )
    assert told(kind, chinese) == "会议不能变成网络研讨会；新建会改变已公布的链接"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the meeting was never held", "会议没有举行"),
        ("Zoom did not take: settings.audio, topic", "Zoom 没有接受：audio和标题"),
        ("participants complete; questions none (nobody asked)", "出席：完整；提问：没有内容（没有人提问）"),
        (
            "participants partial (Zoom may add rows until 2023-11-06 15:00 UTC); polls none (nobody answered a poll)",
            "出席：部分到达（2023-11-06 15:00 UTC 之前 Zoom 可能还会补充）；投票：没有内容（没有人回答投票）",
        ),
        (
            "the session's start is past; Zoom would put it at the current time",
            "该场次的开始时间已过；Zoom 会把它设为当前时间",
        ),
        ("Zoom no longer has the meeting (HTTP 404, code 3001)", "Zoom 上已没有该会议（HTTP 404, code 3001）"),
        (
            "questions failed (not now; later); polls complete",
            '提问：无法获取（<span lang="en">not now; later</span>）；投票：完整',
        ),
        (
            "the host's 100 creates and updates of 2023-11-06 (UTC) are used up; goes on after 2023-11-07 00:00 UTC (2023-11-07 08:00 Asia/Shanghai)",
            "该主持人 2023-11-06（UTC）的 100 次创建和更改已用完；将在 2023-11-07 00:00 UTC (2023-11-07 08:00 Asia/Shanghai) 之后继续",
        ),
        ("in doubt: Zoom answered HTTP 502 (HTTP 502)", "尚不确定：Zoom 回复了 HTTP 502（HTTP 502）"),
        ("nobody asked; report purged on 2024-01-01", "没有人提问；报告已于 2024-01-01 清除"),
        ("in doubt: Bad gateway (HTTP 502)", '尚不确定：<span lang="en">Bad gateway (HTTP 502)</span>'),
        (
            "Internal error (HTTP 400); goes on after 2023-11-07 00:00 UTC (2023-11-07 08:00 Asia/Shanghai)",
            '<span lang="en">Internal error (HTTP 400)</span>；将在 2023-11-07 00:00 UTC (2023-11-07 08:00 Asia/Shanghai) 之后继续',
        ),
    ],
)
def test_a_stored_text_is_told_part_by_part_and_words_of_zooms_stay_english(chinese, text, shown):
    assert told(text, chinese) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Internal server error.",
        "failed to be done, 1 to 2 (now)",
        "questions asked",
        "No permission; ask for it; or do not; and so on",
        "x; " * 600,
        "nobody asked; " * 200,  # longer than anything of ours
    ],
)
def test_words_that_nobody_here_said_are_marked_as_english(chinese, text):
    shown = told(text, chinese)
    assert shown.startswith('<span lang="en">')
    assert shown.endswith("</span>")
    assert shown.count("<span") == 1


@pytest.mark.parametrize("text", ["in doubt: " * 180, "x; nobody asked; " * 110])
def test_a_text_that_goes_round_in_circles_is_told_as_far_as_it_makes_sense(chinese, text):
    """Whoever made a name or an error of it must not be able to stop the page."""
    shown = told(text, chinese)
    assert "尚不确定" in shown or "没有人提问" in shown
    assert shown.count("尚不确定") < 10


def test_what_is_told_is_escaped(chinese):
    evil = "<script>{x}"
    assert "<script>" not in told(evil, chinese) + told(f"in doubt: {evil}", chinese)
    host = Phrase("host {host} holds another meeting at that time", host=evil)
    assert told(host, chinese) == "主持人 &lt;script&gt;{x} 在该时段有其他会议"
    assert "&lt;script&gt;" in told(Phrase("the programme changed {fields}", fields=(evil, evil)), chinese)


def test_in_english_a_phrase_is_its_text():
    english = Languages()._languages["en"]
    text = joined([Phrase("no meeting yet"), Phrase("in doubt: {why}", why="a <b>")])
    assert told(text, english) == '<span lang="en">no meeting yet; in doubt: a &lt;b&gt;</span>'


def test_a_plan_on_a_chinese_page_gives_its_reasons_in_chinese(browser, stage):
    text = browser.get(PLAN).text
    assert "议程更改了标题和说明" in text
    assert "还没有会议" in text
    assert ENGLISH.findall(text) == []


def test_what_is_held_back_is_told_in_chinese(browser, stage):
    clash = [replace(SESSIONS[2], key=f"clash-{number}") for number in range(1, 4)]
    named = replace(SESSIONS[2], key="named", host="nobody@example.org")
    stage.load(seminar(SESSIONS[0], replace(SESSIONS[1], kind=Kind.WEBINAR), SESSIONS[2], *clash, named))
    text = browser.get(PLAN).text
    assert "全部 3 位主持人在该时段都有其他会议；2023年11月8日 20:30 至 22:00（Asia/Shanghai）还需要 1 位" in text
    assert "它指定的主持人不在主持人之列" in text
    assert "会议不能变成网络研讨会" in text
    assert "没有主持人可以主持网络研讨会" in text
    assert ENGLISH.findall(text) == []
    stage.load(seminar(SESSIONS[0]))
    assert "其场次已不在议程中" in browser.get(PLAN).text
    assert "需要先允许删除" in browser.get(PLAN).text


def test_what_is_noted_of_a_plan_is_told_in_chinese_and_without_addresses(browser, stage):
    stage.load(seminar(replace(SESSIONS[0], settings={"alternative_hosts": "nobody@example.org"})))
    text = browser.get(PLAN).text
    assert "请注意" in text
    assert "所指定的备用主持人不是账户中有许可证的用户，已略去" in text
    assert "nobody@" not in text
    assert ENGLISH.findall(text) == []


def test_what_somebody_edited_on_zoom_is_told_in_chinese(browser, stage):
    link = stage.parts.links.link(EVENT, READY)
    stage.zoom.control("PATCH", f"meetings/{link.meeting_id}", {"duration": 30})
    text = browser.get(f"/events/{EVENT}/differences").text
    assert "议程更改了标题和说明；有人在 Zoom 上修改了时长（分钟）" in text
    assert ENGLISH.findall(text) == []


def test_why_an_item_was_skipped_is_told_in_chinese(browser, stage):
    late, early = [start_run(stage.parts.applying(), stage.plan()) for _ in range(2)]
    stage.carry_out(early)
    stage.carry_out(late)
    text = browser.get(f"/events/{EVENT}/runs/{late}").text
    assert f"该场次现在已有会议 {stage.parts.links.link(EVENT, NEW).meeting_id}" in text
    assert ENGLISH.findall(text) == []


def test_what_zoom_said_of_an_item_that_failed_stays_english_and_is_marked_so(browser, stage):
    stage.zoom.fault(kind="refuse", operation="meetingCreate", status=400, times=9)
    stage.apply()
    (words,) = ENGLISH.findall(browser.get(f"/events/{EVENT}/runs/{stage.runs[-1]}").text)
    assert "HTTP 400" in words


def test_why_there_is_no_report_is_told_in_chinese(browser):
    text = browser.get(f"/events/{EVENT}/sessions/{PAST}").text
    assert "没有人回答投票" in text
    assert "该会议无需报名" in text
    assert ENGLISH.findall(text) == []


def test_why_zoom_could_not_be_asked_is_told_in_chinese(browser, stage, monkeypatch):
    def away():
        raise Unavailable(Phrase("cannot reach {host}: its name is not found", host="zoom.us"))

    monkeypatch.setattr(stage.parts, "planning", away)
    text = browser.get(PLAN).text
    assert "无法连接 zoom.us：找不到该名称" in text
    assert ENGLISH.findall(text) == []


@pytest.fixture
def series(stage):
    """The session that has no meeting is held every Wednesday."""
    weeks = [timedelta(weeks=week) for week in range(3)]
    first = SESSIONS[2]
    later = [
        replace(first, key=f"week-{number}", start=first.start + week, end=first.end + week, meeting_of=first.key)
        for number, week in enumerate(weeks[1:], 2)
    ]
    stage.load(seminar(*SESSIONS, *later))
    return stage


def test_a_series_is_told_in_words_in_both_languages(browser, series):
    text = browser.get(PLAN).text
    assert "每周星期三，共 3 次" in text
    assert "<li>2023年11月22日, 20:30 (UTC+8)</li>" in text
    assert "repeat_interval" not in text
    browser.get("/language/en")
    text = browser.get(PLAN).text
    assert "weekly on Wednesday, 3 times" in text
    assert "<li>Nov 22, 2023, 20:30 (UTC+8)</li>" in text
    assert "repeat_interval" not in text


def test_the_plans_json_tells_a_series_as_zoom_does(series):
    (made,) = [one for one in plan_json(series.plan())["changes"] if one["action"] == "create"]
    fields = {one["name"]: one["new"] for one in made["fields"]}
    assert fields["recurrence"] == {"type": 2, "repeat_interval": 1, "end_times": 3, "weekly_days": "4"}
    assert made["reason"] == "no meeting yet"


def test_lists_and_objects_among_the_settings_are_shown_item_by_item(browser, stage):
    fields = [{"field": "Department", "value": "<b>"}, {"field": "Open", "value": True}]
    settings = {"tracking_fields": fields, "global_dial_in_countries": []}
    stage.load(seminar(SESSIONS[0], replace(SESSIONS[1], settings=settings)))
    text = re.sub(r'<span class="text" dir="auto">(.*?)</span>', r"\1", browser.get(PLAN, params={"deep": "true"}).text)
    assert "<li><code>field</code> Department, <code>value</code> &lt;b&gt;</li>" in text
    assert "<li><code>field</code> Open, <code>value</code> 是</li>" in text
    assert "&#39;field&#39;" not in text
