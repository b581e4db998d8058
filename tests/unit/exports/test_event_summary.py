import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from export_samples import JOIN, question, session
from figure_samples import PARTIAL, event, figures, guest

from zoom_sync.adapters.exports.summary import LANGUAGES, SUMMARY_WRITERS
from zoom_sync.adapters.exports.summary.pictures import (
    BAR_LEFT,
    BAR_RIGHT,
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    bars,
    curve_picture,
)
from zoom_sync.adapters.exports.summary.wording import wording_of
from zoom_sync.domain.attendance import Role
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.summary import figures_of
from zoom_sync.errors import UserError
from zoom_sync.service_layer.collect import KINDS


class Text(HTMLParser):
    """The text of a page and the alternative text of its pictures, without its style."""

    def __init__(self, page):
        super().__init__()
        self.words, self.pictures, self.inside = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.inside.append(tag)
        if tag == "svg":
            told = dict(attrs)
            self.pictures.append((told["role"], told["aria-labelledby"].split()))

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self.inside and data.strip():
            self.words.append(" ".join(data.split()))


def page(*sessions, language="en", **changes):
    return SUMMARY_WRITERS["html"].write(event(*sessions, **changes), language).decode()


def words(*sessions, **options):
    return " ".join(Text(page(*sessions, **options)).words)


def test_the_page_needs_nothing_else():
    told = page()
    assert told.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|https?://", told)


def test_the_figures_are_told():
    told = words()
    assert "People 4 (hosts 1, audience 3), 1 only in the waiting room" in told
    assert "Most at one time 4 at 21:50" in told
    assert "Median stay 68 min" in told
    assert "Questions 3, 2 without an answer" in told


def test_how_complete_a_report_is_is_said_plainly():
    told = words()
    assert "attendance: partial: 120 of 130 rows" in told
    assert "questions: none: nobody asked" in told
    assert "not collected yet" in words(figures(reports=()))


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        ({}, "partial: 120 of 130 rows", "不完整：共 130 行，已有 120 行"),
        ({"state": ReportState.COMPLETE, "rows": 130}, "complete: 130 rows", "完整：130 行"),
        (
            {"state": ReportState.FAILED, "rows": 0, "total": None, "reason": "refused"},
            "failed: refused",
            "失败：refused",
        ),
        ({"state": ReportState.WAITING, "total": 120, "reason": ""}, "waiting", "等待中"),
    ],
)
def test_a_reports_state_has_words_in_both_languages(change, en, zh):
    report = replace(PARTIAL, **change)
    assert (wording_of("en").state(report), wording_of("zh").state(report)) == (en, zh)


def test_a_report_of_a_kind_without_words_is_called_by_its_name():
    assert wording_of("zh").kind(replace(PARTIAL, kind="lectures")) == "lectures"


def test_both_languages_have_the_same_words_with_the_same_values():
    fields = {
        language: {word: sorted(re.findall(r"{(\w+)}", text)) for word, text in told.items()}
        for language, told in LANGUAGES.items()
    }
    assert fields["en"] == fields["zh"]


def test_the_chinese_page_is_chinese():
    told = words(language="zh")
    assert "研讨会1" in told
    assert "2023年11月6日 20:30-22:00（UTC+8）" in told
    assert not re.search(r"People|Median|Questions|Reports|Overview|Agenda|answer", told)
    assert '<html lang="zh-Hans">' in page(language="zh")


def test_an_unknown_language_is_refused_with_the_known_ones_named():
    with pytest.raises(UserError, match="en, zh"):
        page(language="xx")


def test_every_picture_has_a_text_in_its_place():
    told = page()
    text = Text(told)
    assert len(text.pictures) == 3
    for role, ids in text.pictures:
        assert role == "img"
        assert all(f'id="{one}"' in told for one in ids)
    assert "A curve from 20:30 to 22:00. It begins with 2 people, is highest with 4 at 21:50, and ends with 4." in told
    assert "Bars: Seminar 1: 4 people, 4 at one time." in told
    assert (
        "Bars: more than three quarters: 2 people; up to three quarters: 0 people; up to a half: 1 people; up to"
        in told
    )


def test_ids_are_the_pages_own_whatever_a_session_is_called():
    told = page(figures(key="a b<c"), figures(number=2))
    ids = re.findall(r'id="([^"]*)"', told)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9-]+", one) for one in ids)


def test_questions_without_an_answer_come_first_with_asker_and_time():
    told = words(figures(most_questions=2))
    assert told.index("Why?") < told.index("Who pays?")
    assert "Answered?" not in told
    assert "The first 2 of 3; those without an answer come first." in told
    assert "Ann , 20:31: no answer yet" in told


def test_no_e_mail_address_is_on_the_page():
    asked = [question("Write to cy@x.org or <dee@y.example>?", asker="bo@x.org", email="bo@x.org", answers=())]
    told = page(figures(asked=asked))
    assert "x.org" not in told
    assert "y.example" not in told
    assert "Write to …@… or" in told


def test_who_asked_without_a_name_is_called_so():
    assert "anonymous" in words(figures(asked=[question(asker="Anonymous Attendee", anonymous=True)]))


def test_the_agenda_is_told_with_its_audience_and_that_its_times_are_a_guess():
    told = words()
    assert "Kazan, Russian : Park to rest about 20:30-21:15, 2 people on average" in told
    assert "Where the programme gives no times for its items" in told


def test_a_long_question_is_shortened():
    assert len(words(figures(asked=[question("x" * 10_000)]))) < 3000


def test_nobody_there_and_nothing_asked_is_said_in_words():
    told = words(figures((), (), ()))
    assert "Nobody was there." in told
    assert "No questions." in told
    assert len(Text(page(figures((), (), ()))).pictures) == 1


def test_an_event_without_sessions_says_so():
    told = SUMMARY_WRITERS["html"].write(replace(event(), sessions=()), "en").decode()
    assert "This event has no sessions." in told


# --- pictures ------------------------------------------------------------------------------------------------------


def test_the_curve_steps_at_each_minute_and_stays_in_its_frame():
    picture = curve_picture(figures())
    assert picture.line.startswith(f"M{LEFT},")
    assert picture.line.count("H") == 90
    assert picture.line.endswith(f"H{RIGHT}.0")
    places = [float(one) for one in re.findall(r"V([\d.]+)", picture.line)]
    assert TOP <= min(places) < max(places) <= BOTTOM


def test_the_axes_have_round_times_and_round_counts():
    picture = curve_picture(figures([guest(f"Guest {number}", 0, 90) for number in range(113)]))
    assert [tick.text for tick in picture.times] == ["20:30", "20:45", "21:00", "21:15", "21:30", "21:45", "22:00"]
    assert [tick.text for tick in picture.counts] == ["0", "20", "40", "60", "80", "100", "120"]
    assert (picture.times[0].place, picture.times[-1].place) == (LEFT, RIGHT)


def test_items_are_marked_where_they_begin():
    marks = curve_picture(figures()).marks
    assert [(mark.text, mark.place) for mark in marks] == [("1", LEFT), ("2", LEFT + (RIGHT - LEFT) / 2)]


def test_a_session_that_begins_at_an_odd_minute_has_round_times_too():
    odd = session(start=JOIN.replace(minute=37), end=JOIN.replace(hour=13, minute=2), kind=Kind.WEBINAR, items=())
    picture = curve_picture(figures_of(1, odd, [guest("Ann", 7, 30)], (), (), most_questions=0))
    assert [tick.text for tick in picture.times] == ["12:40", "12:45", "12:50", "12:55", "13:00"]


def test_the_largest_bar_takes_all_the_room():
    first, second, none = bars([("a", "10", 10, 5), ("b", "5", 5, 5), ("c", "0", 0, 0)])
    assert first.length == BAR_RIGHT - BAR_LEFT
    assert first.inner == second.length == second.inner == first.length / 2
    assert none.length == 0
    assert [one.length for one in bars([("a", "0", 0, 0)])] == [0]


def test_hundreds_of_thousands_have_a_curve():
    counts = curve_picture(replace(figures(), by_minute=(123_456, 200_001))).counts
    assert [tick.text for tick in counts] == ["0", "50000", "100000", "150000", "200000", "250000"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_role_report_and_state_has_a_word(language):
    words = LANGUAGES[language]
    assert {*Role} <= set(words)
    assert {f"kind_{name}" for name in KINDS} | {f"state_{state}" for state in ReportState} <= set(words)
