"""What people are told of, and what each channel has told."""

from datetime import timedelta

import pytest

from factories import NOW
from zoom_sync.adapters.store.notices import Notices
from zoom_sync.domain.notices import Concern, Memory, Subject
from zoom_sync.errors import NotInStore

EVENT = "urban-2023"
UNTIL = NOW + timedelta(minutes=5)


@pytest.fixture
def notices(store):
    return Notices(store.database)


def test_what_was_found_last_stands_in_place_of_what_was_before(notices):
    first, second = Concern("seminar-1", "replace", "why"), Concern("seminar-2", "delete")
    notices.found(EVENT, Subject.HELD_BACK, [first, second])
    notices.found(EVENT, Subject.NOT_READY, [Concern("seminar-1", "no licence")])
    assert notices.concerns(EVENT, Subject.HELD_BACK) == [first, second]
    notices.found(EVENT, Subject.HELD_BACK, [second])
    assert notices.concerns(EVENT, Subject.HELD_BACK) == [second]
    notices.found(EVENT, Subject.HELD_BACK, [])
    assert notices.concerns(EVENT, Subject.HELD_BACK) == []
    assert len(notices.concerns(EVENT, Subject.NOT_READY)) == 1


def test_an_event_that_is_not_there_is_said(notices):
    with pytest.raises(NotInStore):
        notices.found("another", Subject.HELD_BACK, [Concern("a", "b")])


def test_one_at_a_time_and_who_died_is_followed(notices):
    assert notices.claim("mail", NOW, UNTIL) == Memory()
    assert notices.claim("mail", NOW, UNTIL) is None
    assert notices.claim("hook", NOW, UNTIL) == Memory()
    assert notices.claim("mail", UNTIL, UNTIL + timedelta(minutes=5)) == Memory()


def test_of_many_at_once_one_is_let(notices, at_once):
    answers = at_once(*[lambda: notices.claim("mail", NOW, UNTIL)] * 6)
    assert sorted(answers, key=str).count(None) == 5
    assert not any(isinstance(one, Exception) for one in answers)


def test_what_was_told_is_kept_by_channel_until_it_is_over(notices):
    notices.claim("mail", NOW, UNTIL)
    notices.done("mail", Memory(NOW), NOW, told=frozenset({"a", "b"}))
    assert (notices.told("mail"), notices.told("hook")) == ({"a", "b"}, frozenset())
    assert notices.memory("mail") == Memory(NOW)
    assert notices.claim("mail", NOW, UNTIL) == Memory(NOW)
    notices.done("mail", Memory(NOW).failed(NOW), NOW, told=frozenset({"b", "c"}), over=frozenset({"a"}))
    assert notices.told("mail") == {"b", "c"}
    assert notices.memory("mail").tries == 1
