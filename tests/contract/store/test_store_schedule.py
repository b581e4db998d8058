"""The schedule's marks and hints: of several who ask at once one is let, and a hint that comes again is not lost."""

from datetime import timedelta

import pytest

from factories import NOW, START, make_link, make_programme, make_session
from zoom_sync.domain.delivery import Delivery, Hint, Look
from zoom_sync.domain.due import Mark, Span
from zoom_sync.errors import NotInStore

EVENT = "urban-2023"
LATER = NOW + timedelta(minutes=5)
UNTIL = NOW + timedelta(minutes=10)


def outlook(store):
    [one] = store.schedule.outlooks()
    return one


def tell(store, what, meeting_id="81000000001", at=LATER):
    made = Delivery(f"{what} {meeting_id} {at}", "s", f"meeting.{what}", at, meeting_id)
    store.webhooks.take_in([made], {}, LATER)


def test_an_outlook_tells_all_that_is_due_goes_by(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    tell(store, "updated")
    tell(store, "updated", "99999999999")  # somebody else's meeting
    seen = outlook(store)
    assert (seen.event, seen.loaded_at, seen.sync, seen.collect) == (EVENT, NOW, Mark(), Mark())
    end = START + timedelta(minutes=90)
    assert seen.spans == (Span("seminar-1", START, end), Span("seminar-2", START, end))
    [told] = seen.told
    assert (told.key, told.hint, told.synced_at) == (
        "seminar-1", Hint("81000000001", Look.DEEP, LATER, 1), NOW,
    )  # fmt: skip


def test_a_task_that_is_claimed_is_nobody_elses(store):
    assert store.schedule.claim(EVENT, "sync", Mark(), UNTIL)
    assert not store.schedule.claim(EVENT, "sync", Mark(), UNTIL)
    assert store.schedule.claim(EVENT, "collect", Mark(), UNTIL)
    assert outlook(store).sync == Mark(claimed_until=UNTIL)
    # whoever claimed it died, and two others see that it is free again
    seen = outlook(store).sync
    assert store.schedule.claim(EVENT, "sync", seen, UNTIL + timedelta(hours=1))
    assert not store.schedule.claim(EVENT, "sync", seen, UNTIL + timedelta(hours=2))


def test_of_many_who_claim_at_once_one_is_let(store, at_once):
    for seen in (Mark(), Mark(claimed_until=UNTIL)):
        times = [UNTIL + timedelta(hours=bool(seen.claimed_until)) for _ in range(4)]
        answers = at_once(
            *(lambda until=until, seen=seen: store.schedule.claim(EVENT, "sync", seen, until) for until in times)
        )
        assert sorted(map(str, answers)) == ["False", "False", "False", "True"]


def test_what_is_done_is_marked_and_the_claim_ends(store):
    store.schedule.claim(EVENT, "sync", Mark(), UNTIL)
    store.schedule.done(EVENT, "sync", UNTIL, Mark(LATER, NOW, NOW), ())
    assert outlook(store).sync == Mark(LATER, NOW, NOW)
    assert store.schedule.claim(EVENT, "sync", Mark(LATER), UNTIL)


def test_who_comes_late_does_not_end_the_claim_of_another(store):
    store.schedule.claim(EVENT, "sync", Mark(), UNTIL)
    store.schedule.done(EVENT, "sync", UNTIL + timedelta(hours=1), Mark(LATER), ())
    assert outlook(store).sync == Mark(claimed_until=UNTIL)


def test_what_failed_is_left_alone_for_a_while(store):
    store.schedule.claim(EVENT, "sync", Mark(), UNTIL)
    store.schedule.put_off(EVENT, "sync", UNTIL, LATER)
    assert outlook(store).sync == Mark(claimed_until=LATER)
    store.schedule.release()
    assert outlook(store).sync == Mark()


def test_a_hint_that_came_again_meanwhile_stays(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    tell(store, "updated")
    tell(store, "deleted")
    seen = [told.hint for told in outlook(store).told]
    tell(store, "updated", at=LATER + timedelta(seconds=1))
    store.schedule.done(EVENT, "sync", UNTIL, Mark(LATER), seen)
    [left] = outlook(store).told
    assert left.hint == Hint("81000000001", Look.DEEP, LATER + timedelta(seconds=1), 2)


def test_the_marks_of_an_event_that_is_loaded_again_stay(store):
    store.schedule.claim(EVENT, "sync", Mark(), UNTIL)
    store.schedule.done(EVENT, "sync", UNTIL, Mark(LATER, LATER, NOW), ())
    store.programmes.save(make_programme(make_session()), LATER)
    assert outlook(store).sync == Mark(LATER, LATER, NOW)
    assert outlook(store).loaded_at == LATER


def test_an_event_that_is_not_there_is_said(store):
    with pytest.raises(NotInStore):
        store.schedule.claim("other", "sync", Mark(), UNTIL)


def test_the_end_of_a_shared_meeting_is_told_of_the_sessions_of_that_day(store):
    first = make_session()
    second = make_session("seminar-2", start=START + timedelta(days=7), meeting_of="seminar-1")
    store.programmes.save(make_programme(first, second, make_session("seminar-3")), NOW)
    store.links.finish(EVENT, make_link(), None, NOW)
    tell(store, "ended", at=START + timedelta(days=7, hours=1))
    tell(store, "updated", at=START + timedelta(days=7))
    told = {(one.key, one.hint.look) for one in outlook(store).told}
    assert told == {("seminar-2", Look.COLLECT), ("seminar-1", Look.DEEP)}
