"""English and Chinese: every text of the pages is in both, and who asks for one gets it."""

import re
from importlib.resources import files

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from support.stage import EVENT, PAST
from zoom_sync.domain import access, overview, questions, report, run
from zoom_sync.domain.attendance import Certainty
from zoom_sync.domain.attendance import Role as PresentAs
from zoom_sync.domain.plan import Action
from zoom_sync.domain.programme import Kind
from zoom_sync.entrypoints.web import words
from zoom_sync.entrypoints.web.language import LANGUAGES

WEB = files("zoom_sync.entrypoints.web")
PLACES = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def in_the_code():
    """Every text of the pages, with its plural where it has one."""
    with WEB.joinpath("locales", "babel.cfg").open() as told:
        methods, options = parse_mapping_cfg(told)
    found = extract_from_dir(
        str(WEB), methods, options, keywords={"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    )
    return {message for _, _, message, _, _ in found}


@pytest.fixture(params=[code for code in LANGUAGES if code != "en"])
def catalogue(request):
    with WEB.joinpath("locales", request.param, "LC_MESSAGES", "messages.po").open("rb") as text:
        return read_po(text, locale=request.param)


def test_every_text_of_the_pages_is_translated(in_the_code, catalogue):
    translated = {message.id for message in catalogue if message.id}
    assert len(in_the_code) > 200
    assert in_the_code - translated == set()
    assert translated - in_the_code == set(), "no page says this any more"


def test_no_translation_is_empty_unsure_or_the_english_text(catalogue):
    for message in catalogue:
        if not message.id:
            continue
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(told), message.id
        assert not message.fuzzy, message.id
        assert message.id not in told, message.id
    assert not catalogue.obsolete


def test_every_translation_keeps_the_places_of_its_values(catalogue):
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            assert set(PLACES.findall(told[-1])) == set(PLACES.findall(ids[-1])), message.id
            assert told[-1].replace("%(", "").count("%") == ids[-1].replace("%(", "").count("%")


@pytest.mark.parametrize(
    ("values", "known"),
    [
        (report.ReportState, words.REPORT_STATES),
        (access.Role, words.ROLES),
        (PresentAs, words.PRESENT_AS),
        (Certainty, words.CERTAINTIES),
        (questions.AnswerKind, words.ANSWERS),
        (Action, words.ACTIONS),
        (Action, words.SIGNS),
        (Kind, words.KINDS),
        (run.ItemState, words.ITEMS),
        (overview.Phase, words.PHASES),
        (overview.Meeting, words.MEETINGS),
        (overview.Wait, words.WAITS),
        (overview.Sort, words.SORTS),
        ({each for each in overview.Summed if each}, words.SUMMED),
    ],
)
def test_every_value_that_is_shown_has_a_word(values, known):
    assert {str(value) for value in values} <= set(known)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hant-TW", "zh"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("fr, zh;q=0.5, en;q=0.4", "zh"),
        ("en;q=0.1, zh;q=0.9", "zh"),
        ("*", "en"),
        ("", "en"),
        (";;;q=x,,", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_browsers_language_is_taken(browse, wanted, language):
    answer = browse().get(f"/e/{EVENT}", headers={"Accept-Language": wanted})
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert ("加入日历" in answer.text) is (language == "zh")
    assert ("2023年11月6日周一" in answer.text) is (language == "zh")


def test_a_language_that_was_chosen_stays(browse):
    browser = browse()
    answer = browser.get("/language/zh", params={"next": f"/e/{EVENT}"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/e/{EVENT}")
    assert "zoom_sync_language=zh" in answer.headers["set-cookie"]
    assert browser.get("/sign-in", headers={"Accept-Language": "en"}).headers["content-language"] == "zh"
    browser.get("/language/en")
    assert browser.get("/sign-in", headers={"Accept-Language": "zh"}).headers["content-language"] == "en"


def test_a_language_there_is_not_is_not_found_and_no_way_out(browse):
    assert browse().get("/language/xx").status_code == 404
    assert browse().get("/language/zh", params={"next": "//evil.example"}).headers["location"] == "/today"


def test_every_page_is_chinese_where_chinese_is_asked_for(browse):
    browser = browse(access.Role.ORGANISER)
    browser.get("/language/zh")
    session = f"/events/{EVENT}/sessions/{PAST}"
    pages = {
        "/events": "活动", "/today": "等待您处理", f"/events/{EVENT}": "1 份报告完整", session: "最高同时在场", f"{session}/attendance": "首次进入",
        f"{session}/questions": "尚未回答", f"{session}/polls": "没有收集到投票", f"/events/{EVENT}/plan": "执行这 2 项更改",
        f"/events/{EVENT}/differences": "2 个场次不一致", f"/events/{EVENT}/runs": "在 Zoom 上做过的操作",
        f"/events/{EVENT}/runs/1": "已结束", "/audit": "登录", "/no": "没有这个页面",
    }  # fmt: skip
    for page, text in pages.items():
        assert text in browser.get(page).text, page
