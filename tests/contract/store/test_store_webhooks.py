"""Webhooks in the store: repeats are known, order does not matter, and nobody's name is kept."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from factories import NOW, make_link
from zoom_sync.domain.delivery import Delivery, Live, Reception

EVENT = "urban-2023"
NEW, REPEATED, REPLAYED = Reception
LATER = NOW + timedelta(hours=1)


def delivery(what="updated", number=0, *, uuid="u1==", person=None, **differences):
    values = {
        "key": f"{what} {number} {uuid} {person}", "signature": f"signature {what} {number} {person}",
        "event": f"meeting.{what}", "at": NOW, "meeting_id": "81000000001", "uuid": uuid, "person": person,
    }  # fmt: skip
    return Delivery(**(values | differences))


def take_in(store, *batch, refused=None, now=NOW):
    return list(store.webhooks.take_in(batch, refused or {}, now))


def test_a_repeat_and_a_copy_are_known_for_what_they_are(store):
    one = delivery()
    again = replace(one, signature="by another signature")
    assert take_in(store, one) == [NEW]
    assert take_in(store, one, again) == [REPLAYED, REPEATED]
    assert store.webhooks.heard().counts == {"new": 1, "replayed": 1, "repeated": 1}


def test_repeats_in_one_batch_are_known_too(store):
    one = delivery()
    other = delivery(number=2)
    assert take_in(store, one, one, replace(one, signature="x"), other) == [NEW, REPLAYED, REPEATED, NEW]


def test_the_same_deliveries_at_once_are_taken_in_once(store, at_once):
    batch = [delivery(number=n) for n in range(30)]
    shuffled = [batch, batch[::-1], batch[10:] + batch[:10]]
    answers = at_once(*(lambda some=some: store.webhooks.take_in(some, {"forged": 1}, NOW) for some in shuffled))
    assert sum(outcome is NEW for answer in answers for outcome in answer) == 30
    assert store.webhooks.heard().counts == {"new": 30, "replayed": 60, "forged": 3}


def test_what_was_refused_is_counted_and_is_not_the_latest_news(store):
    take_in(store, delivery())
    take_in(store, refused={"forged": 2, "stale": 1}, now=LATER)
    take_in(store, refused={"forged": 1}, now=LATER)
    heard = store.webhooks.heard()
    assert (heard.counts, heard.latest) == ({"new": 1, "forged": 3, "stale": 1}, NOW)


def test_nothing_was_heard_yet(store):
    heard = store.webhooks.heard()
    assert (heard.counts, heard.latest, store.webhooks.live(EVENT)) == ({}, None, {})


def evening():
    """Three come, one of them twice, and one leaves for good."""
    return [
        delivery("started"),
        delivery("participant_joined", person="a"),
        delivery("participant_joined", person="b"),
        delivery("participant_left", person="b"),
        delivery("participant_joined", person="b again"),
    ]


def test_who_is_there_is_counted_whatever_the_order(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    for number, order in enumerate(permutations(evening())):
        uuid = f"uuid {number}"
        batch = [replace(one, uuid=uuid, key=f"{one.key} {number}") for one in order]
        half = number % len(batch)  # some come together, some in a batch of their own
        for some in (batch[:half], batch[half:]):
            take_in(store, *some)
        assert store.webhooks.live(EVENT) == {"seminar-1": Live(NOW, 2)}
        take_in(store, delivery("ended", number, uuid=uuid))
        assert store.webhooks.live(EVENT) == {}


def test_an_end_that_comes_first_is_the_end(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    take_in(store, delivery("ended"), *evening())
    assert store.webhooks.live(EVENT) == {}


def test_a_restarted_meeting_is_another_instance(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    take_in(store, *evening(), delivery("started", uuid="u2==", at=LATER), delivery("ended"))
    assert store.webhooks.live(EVENT) == {"seminar-1": Live(LATER, 0)}


def test_of_meetings_that_are_not_ours_nobody_is_counted(store):
    take_in(store, *evening())
    store.links.finish(EVENT, make_link(), None, NOW)
    assert store.webhooks.live(EVENT) == {}


def test_old_deliveries_hints_and_stays_are_forgotten_and_counts_are_kept(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    take_in(store, delivery(), *evening())
    store.webhooks.forget(NOW)
    assert store.webhooks.live(EVENT) != {}
    store.webhooks.forget(NOW + timedelta(seconds=1))
    assert store.webhooks.live(EVENT) == {}
    assert store.schedule.outlooks()[0].told == ()
    assert take_in(store, delivery()) == [NEW]
    assert store.webhooks.heard().counts == {"new": 7}


def test_hundreds_at_once(store):
    batch = [delivery("participant_joined", n, person=f"p{n}") for n in range(500)]
    store.links.finish(EVENT, make_link(), None, NOW)
    assert take_in(store, *batch) == [NEW] * 500
    assert store.webhooks.live(EVENT) == {"seminar-1": Live(None, 500)}
