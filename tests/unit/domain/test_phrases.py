"""Phrases are English text that knows how it was made; how often a series is held, in words."""

import copy
import json
import pickle

import pytest

from unit.domain.test_series import MONDAY, days
from zoom_sync.domain.phrases import Phrase, joined, then
from zoom_sync.domain.plan.values import masked_value
from zoom_sync.domain.rhythm import rhythm
from zoom_sync.domain.series import recurrence_of

TAKEN = Phrase("host {host} holds another meeting at that time", host="Ada")


def test_a_phrase_is_its_english_text():
    assert TAKEN == "host Ada holds another meeting at that time"
    assert json.dumps(TAKEN) == '"host Ada holds another meeting at that time"'
    assert (TAKEN.template, TAKEN.values) == ("host {host} holds another meeting at that time", {"host": "Ada"})


def test_a_phrase_without_values_may_hold_braces():
    assert Phrase("a {b} c") == "a {b} c"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copied_phrase_knows_how_it_was_made(again):
    assert (again(TAKEN), again(TAKEN).template, again(TAKEN).values) == (TAKEN, TAKEN.template, TAKEN.values)


@pytest.mark.parametrize(
    ("names", "told"),
    [(("topic",), "topic"), (("topic", "agenda"), "topic and agenda"), (["a", "b", "c"], "a, b and c")],
)
def test_several_values_are_told_as_a_list(names, told):
    assert Phrase("the programme changed {fields}", fields=names) == f"the programme changed {told}"


def test_phrases_follow_one_another_and_each_is_known_still():
    told = joined([Phrase("one"), Phrase("two"), Phrase("three")])
    assert told == "one; two; three"
    assert (told.values["before"].values, told.values["after"]) == ({"before": "one", "after": "two"}, "three")
    assert then("Zoom's words", Phrase("two")) == "Zoom's words; two"


def test_addresses_in_a_phrase_are_masked_and_it_stays_one():
    told = masked_value(then(Phrase("host {host} holds another meeting at that time", host="ada@example.org"), TAKEN))
    assert told == "host *** holds another meeting at that time; host Ada holds another meeting at that time"
    assert told.values["before"].values == {"host": "***"}


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((0, 1, 2, 3), "daily, 4 times"),
        ((0, 2, 4), "every 2 days, 3 times"),
        ((0, 7, 14), "weekly on Monday, 3 times"),
        ((0, 3, 7, 10, 14, 17, 21, 24), "weekly on Monday and Thursday, 8 times"),
        ((0, 1, 3), "weekly on Monday, Tuesday and Thursday, 3 times"),
        ((0, 14, 28), "every 2 weeks on Monday, 3 times"),
        ((0, 30, 61), "monthly on day 6, 3 times"),
        ((0, 61, 121), "every 2 months on day 6, 3 times"),
        ((0, 28, 56, 91), "monthly on the first Monday, 4 times"),
        ((21, 49, 84), "monthly on the last Monday, 3 times"),
        ((21, 84, 140), "every 2 months on the last Monday, 3 times"),
    ],
)
def test_how_often_a_series_is_held_is_told_in_words(numbers, told):
    rule = recurrence_of(days(*numbers), "Asia/Shanghai")
    assert MONDAY.weekday() == 0
    assert rhythm(rule.as_zoom_has_it()) == told


@pytest.mark.parametrize(
    ("recurrence", "told"),
    [
        ({"type": 1}, "daily"),
        ({"type": 1, "repeat_interval": 1, "end_date_time": "2023-12-06T12:30:00Z"}, "daily, until 2023-12-06"),
        ({"type": 2, "repeat_interval": 1, "weekly_days": "7,1"}, "weekly on Saturday and Sunday"),
        (
            {"type": 3, "monthly_week": 2, "monthly_week_day": 1, "end_times": 5},
            "monthly on the second Sunday, 5 times",
        ),
    ],
)
def test_a_rule_that_somebody_made_on_zoom_is_told_too(recurrence, told):
    assert rhythm(recurrence) == told


@pytest.mark.parametrize(
    "recurrence",
    [
        {},
        {"type": 4},
        {"type": 2},
        {"type": 2, "weekly_days": "8"},
        {"type": 2, "weekly_days": "0"},
        {"type": 2, "weekly_days": ""},
        {"type": 3, "monthly_week": 5, "monthly_week_day": 2},
        {"type": 3, "monthly_week": 1},
        {"type": 1, "repeat_interval": "often"},
        {"type": 1, "repeat_interval": [2]},
    ],
)
def test_a_rule_that_zoom_does_not_describe_has_no_words(recurrence):
    assert rhythm(recurrence) is None
