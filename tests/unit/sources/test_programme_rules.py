"""The rules that hold for a programme of any format, on values alone."""

from dataclasses import replace

import pytest
from programme_samples import YAML, read

from zoom_sync.domain.programme import KnownMeeting, Passcode, Programme
from zoom_sync.domain.validate import KEY_MAX, check_programme, doubts, key_flaw, shown, slug, zone_flaw

GOOD = read(YAML).programme
FIRST = GOOD.sessions[0]


def flaws(**changes):
    sessions = (replace(FIRST, **changes), *GOOD.sessions[1:])
    return [(problem.line, problem.message) for problem in check_programme(Programme(GOOD.event, sessions))]


def test_a_good_programme_has_no_flaw():
    assert flaws() == []


def test_sessions_may_overlap():
    assert flaws(start=GOOD.sessions[1].start, end=GOOD.sessions[1].end) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"key": "day-2"}, "`day-2` is used twice"),
        ({"key": "Day 1"}, "for example `day-1`"),
        ({"title": ""}, "`title` is empty"),
        ({"title": "x" * 201}, "at most 200"),
        ({"title": "a\x00"}, "control character"),
        ({"long_title": "a\nb"}, "line break"),
        ({"description": "x" * 2001}, "at most 2000"),
        ({"timezone": "Mars/Olympus"}, "`Mars/Olympus` is not known"),
        ({"end": FIRST.start}, "ends before it starts, or at once"),
        ({"start": FIRST.start.replace(tzinfo=None)}, "no time zone"),
        ({"known": KnownMeeting("12")}, "9 to 11 digits"),
        ({"known": KnownMeeting("82318937943", Passcode("1" * 11))}, "at most 10"),
        ({"items": (replace(FIRST.items[0], presenter=" "),)}, "a presenter is empty"),
    ],
)
def test_a_broken_rule_is_told_with_the_line_of_the_session(changes, words):
    ((line, message),) = flaws(**changes)
    assert words in message
    assert line in {session.line for session in GOOD.sessions}


def test_a_programme_needs_an_event_with_name_and_zone_and_one_without_a_session_is_doubtful():
    event = replace(GOOD.event, key="", title="", timezone="")
    assert len(check_programme(Programme(event, ()))) == 3
    assert check_programme(Programme(GOOD.event, ())) == ()
    assert len(doubts(Programme(GOOD.event, ()))) == 1


def test_an_id_of_ten_digits_is_doubtful():
    ten = replace(FIRST, known=KnownMeeting("1234567890"))
    assert len(doubts(Programme(GOOD.event, (ten,)))) == 1
    assert doubts(GOOD) == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [("Día 1: Apertura!", "dia-1-apertura"), ("城市", ""), ("x" * 200, "x" * KEY_MAX), ("a b " * 50, None)],
)
def test_a_slug_is_a_key(text, key):
    made = slug(text)
    assert key is None or made == key
    assert made == "" or key_flaw(made) is None


@pytest.mark.parametrize("name", ["Europe/Paris", "UTC", "Etc/GMT-8"])
def test_zones_of_the_tables_are_known(name):
    assert zone_flaw(name) is None


@pytest.mark.parametrize("name", ["", "Europe", "../etc/passwd", "localtime", "europe/paris", "x" * 100_000])
def test_other_names_are_no_zones(name):
    assert "is not known" in zone_flaw(name)


@pytest.mark.parametrize("text", ["a@example.org", "82318937943", "https://zoom.us", "x" * 61, ""])
def test_a_message_shows_no_address_number_or_link(text):
    assert shown(text) == "…"
