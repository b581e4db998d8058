"""One digest of what is new: nothing is told twice, nothing is lost, and nobody is told too often."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOW, START
from zoom_sync.domain.notices import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_TRIES,
    REST,
    Concern,
    Memory,
    Notice,
    Subject,
    digest_of,
    is_over,
)

HOUR = timedelta(hours=1)
NOTHING = frozenset()


def notice(key="opening", subject=Subject.HELD_BACK, what="replace", why="needs --allow-replace", **more):
    return Notice(subject, "school", "Spring School", Concern(key, what, why), "Opening", START, **more)


def test_what_is_new_is_told_in_one_digest_the_most_urgent_first():
    late, soon = notice("b"), notice("a", Subject.NOT_READY, "no_meeting", "")
    digest = digest_of([late, soon], NOTHING, Memory(), NOW, HOUR)
    assert digest.new == (soon, late)
    assert digest.urgent


def test_what_was_told_is_not_told_again_but_counted():
    old, new = notice("a"), notice("b")
    digest = digest_of([old, new], frozenset({old.mark}), Memory(), NOW, HOUR)
    assert (digest.new, digest.open) == ((new,), 1)
    assert digest_of([old], frozenset({old.mark}), Memory(), NOW, HOUR) is None


def test_two_digests_are_an_interval_apart():
    memory = Memory(sent_at=NOW)
    assert digest_of([notice()], NOTHING, memory, NOW + HOUR - timedelta(seconds=1), HOUR) is None
    assert digest_of([notice()], NOTHING, memory, NOW + HOUR, HOUR) is not None


def test_what_is_urgent_does_not_wait_and_takes_the_rest_along():
    urgent = notice("a", Subject.NOT_READY, "no_meeting", "")
    digest = digest_of([notice("b"), urgent], NOTHING, Memory(sent_at=NOW), NOW, HOUR)
    assert [one.concern.key for one in digest.new] == ["a", "b"]


def test_an_urgent_one_that_was_told_does_not_hurry_the_next():
    urgent = notice("a", Subject.NOT_READY, "no_meeting", "")
    assert digest_of([urgent, notice("b")], frozenset({urgent.mark}), Memory(sent_at=NOW), NOW, HOUR) is None


def test_a_report_is_told_once_though_rows_are_added_and_another_reason_is_told():
    assert notice(subject=Subject.REPORT, why="participants 3").mark == notice(subject=Subject.REPORT, why="x").mark
    assert notice(why="one").mark != notice(why="another").mark


def test_a_digest_is_known_again_by_its_id():
    first = digest_of([notice("a"), notice("b")], NOTHING, Memory(), NOW, HOUR)
    again = digest_of([notice("b"), notice("a")], NOTHING, Memory(), NOW, HOUR)
    assert first.id == again.id != digest_of([notice("a")], NOTHING, Memory(), NOW, HOUR).id


def test_after_a_failure_it_is_tried_ever_later_and_then_once_a_day():
    memory, pauses = Memory(), []
    for _ in range(MOST_TRIES + 1):
        memory = memory.failed(NOW)
        pauses.append(memory.not_before - NOW)
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert max(pauses[: MOST_TRIES - 1]) == LONGEST_PAUSE
    assert pauses[MOST_TRIES - 1 :] == [REST, REST]
    assert digest_of([notice(subject=Subject.NOT_READY)], NOTHING, memory, NOW + REST / 2, HOUR) is None
    assert digest_of([notice()], NOTHING, memory, NOW + REST, HOUR) is not None


moves = st.lists(
    st.tuples(
        st.frozensets(st.tuples(st.sampled_from("abcd"), st.sampled_from(list(Subject))), max_size=6),
        st.integers(0, 200),
        st.booleans(),
    ),
    max_size=40,
)


@given(moves)
@pytest.mark.parametrize("shortest", [timedelta(), HOUR])
def test_nothing_is_told_twice_while_it_lasts_and_nothing_that_lasts_is_lost(shortest, moves):
    memory, told, now = Memory(), NOTHING, NOW
    since_forgotten: dict[str, int] = {}
    last_sent = None
    current = []
    for case, minutes, works in moves:
        now += timedelta(minutes=minutes)
        current = [notice(key, subject) for key, subject in case]
        over = is_over(current, told)
        told -= over
        for mark in set(since_forgotten) - {one.mark for one in current}:
            del since_forgotten[mark]
        digest = digest_of(current, told, memory, now, shortest)
        if digest is None:
            continue
        if not works:
            memory = memory.failed(now)
            continue
        assert digest.urgent or last_sent is None or now - last_sent >= shortest
        for one in digest.new:
            since_forgotten[one.mark] = since_forgotten.get(one.mark, 0) + 1
        told |= {one.mark for one in digest.new}
        memory, last_sent = Memory(now), now
    assert all(count == 1 for count in since_forgotten.values())
    digest = digest_of(current, told - is_over(current, told), memory, now + REST, shortest)
    assert {one.mark for one in current} - told == {one.mark for one in (digest.new if digest else ())}
