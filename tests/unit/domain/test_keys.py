"""Keys that stay, and stored sessions found again where keys had to be made."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import START, make_programme, make_session
from zoom_sync.domain.keys import Because, key_of_event, key_of_id, key_of_name, key_of_title, match_sessions
from zoom_sync.domain.programme import Event, Programme
from zoom_sync.domain.validate import key_flaw


def talk(title, hours=0, key=None):
    start = START + timedelta(hours=hours)
    return replace(
        make_session(key or key_of_title(title, start)), title=title, start=start, end=start + timedelta(minutes=50)
    )


def matched(read, stored):
    found = match_sessions(read, [session.key for session in read], stored)
    return {match.session.title: (match.stored.title, match.because) for match in found.matches}


@given(st.text(min_size=1, max_size=400), st.text(max_size=20))
def test_every_id_title_and_name_gives_a_key_that_can_be_used(text, other):
    for key in (key_of_id(text), key_of_title(text, START), key_of_name(text, "2030-01-01"), key_of_event(text, 2030)):
        assert key_flaw(key) is None
    if text.lower() != other.lower() and other:
        assert key_of_id(text) != key_of_id(other) or key_of_id(text) in {text.lower(), other.lower()}


def test_an_id_that_can_be_a_key_is_the_key():
    assert key_of_id("ABC12D") == "abc12d"
    assert key_of_id("6b1f0a52-0000-4000-8000-00000000000a") == "6b1f0a52-0000-4000-8000-00000000000a"
    assert key_of_id("a b") != key_of_id("a-b") != key_of_id("a_b")


def test_titles_without_latin_letters_have_keys_of_their_own():
    assert key_of_title("论坛", START) != key_of_title("会议", START)
    assert key_of_event("论坛", 2030) != key_of_event("会议", 2030)
    assert key_of_event("Spring School", 2030) == "spring-school-2030"


def test_what_has_not_changed_is_no_proposal():
    both = [talk("A"), talk("B", 2)]
    found = match_sessions(both, [session.key for session in both], both)
    assert (found.matches, found.new, found.gone, found.needs_a_look) == ((), (), (), False)


def test_another_time_of_the_day_another_day_and_another_title_are_found():
    stored = [talk("A"), talk("B", 2), talk("C", 4)]
    read = [talk("A", 1), talk("  b ", 50), talk("C renamed", 4)]
    assert matched(read, stored) == {
        "A": ("A", Because.TITLE_AND_DAY), "  b ": ("B", Because.TITLE), "C renamed": ("C", Because.TIME)
    }  # fmt: skip


def test_what_agrees_with_two_is_not_guessed():
    assert matched([talk("A", 30)], [talk("A"), talk("A", 2)]) == {}
    assert matched([talk("X", 1), talk("Y", 1)], [talk("A", 1)]) == {}


def test_keys_of_the_sources_own_are_never_matched():
    found = match_sessions([talk("A", 1, key="own")], [], [talk("A")])
    assert found.matches == ()
    assert [session.title for session in found.gone] == ["A"]


def test_what_is_new_and_what_is_gone_need_a_look_only_together():
    assert not match_sessions([talk("A"), talk("B", 2)], [talk("B", 2).key], [talk("A")]).needs_a_look
    assert not match_sessions([talk("A")], [talk("A").key], [talk("A"), talk("B", 2)]).needs_a_look
    found = match_sessions([talk("X", 9)], [talk("X", 9).key], [talk("A")])
    assert found.needs_a_look
    assert found.matches == ()


def test_the_stored_keys_are_taken_over():
    read, stored = talk("A", 1), talk("A")
    programme = Programme(Event("e", "E", "Europe/Paris"), (read, talk("N", 3)))
    found = match_sessions(programme.sessions, [session.key for session in programme.sessions], [stored])
    assert [session.key for session in found.applied_to(programme).sessions] == [stored.key, talk("N", 3).key]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_sessions_does_not_matter(order):
    stored, read = [talk("A"), talk("B", 2), talk("A", 30)], [talk("A", 1), talk("B", 3), talk("A", 31)]
    assert len(match_sessions(read[::order], [s.key for s in read], stored[::order]).matches) == 3


def test_a_session_of_several_entries_keeps_its_key_when_the_entry_goes_that_gave_it():
    """Two entries of two rooms were one session under the first one's id; the first one is gone."""
    stored, read = make_session("entry-a", parts=("entry-b",)), make_session("entry-b")
    matching = match_sessions([read], [], [stored])
    assert not matching.needs_a_look
    assert matching.gone == matching.renamed == ()
    assert [one.key for one in matching.applied_to(make_programme(read)).sessions] == ["entry-a"]


def test_an_entry_that_joins_a_session_does_not_change_its_key():
    stored, read = make_session("entry-b"), make_session("entry-a", parts=("entry-b",))
    matching = match_sessions([read], [], [stored])
    [kept] = matching.applied_to(make_programme(read)).sessions
    assert (kept.key, kept.parts) == ("entry-b", ("entry-a",))
    assert match_sessions([make_session("entry-a")], [], [kept]).same[0].stored.key == "entry-b"


def test_a_key_of_the_sources_own_that_changes_is_proposed_and_never_taken_for_granted():
    stored, read = make_session("entry-a"), make_session("entry-b")
    matching = match_sessions([read], [], [stored])
    assert [(one.stored.key, one.session.key) for one in matching.renamed] == [("entry-a", "entry-b")]
    assert matching.same == matching.matches == ()
    assert [one.key for one in matching.applied_to(make_programme(read)).sessions] == ["entry-b"]
    assert match_sessions([make_session("entry-b", minutes=60)], [], [stored]).renamed[0].stored.key == "entry-a"
    assert match_sessions([read], [], [stored], another=frozenset({"entry-b"})).renamed == ()


def test_of_two_with_the_same_title_and_begin_the_room_tells_which_is_meant_or_nobody_does():
    stored = [make_session("a", room="Aula"), make_session("b", room="Hall")]
    read = [make_session("x", room="Hall"), make_session("y", room="Aula")]
    assert {one.stored.key: one.session.key for one in match_sessions(read, [], stored).renamed} == {"a": "y", "b": "x"}
    found = match_sessions([make_session("x"), make_session("y")], [], [make_session("a"), make_session("b")])
    assert found.renamed == ()
    assert [(one.key, [each.key for each in some]) for one, some in found.unclear] == [
        ("x", ["a", "b"]), ("y", ["a", "b"])
    ]  # fmt: skip
