"""Runs in the store: every item ends once, and no two workers are handed the same one."""

from datetime import timedelta

import pytest

from factories import NOW
from zoom_sync.domain.run import ItemState, Step, Unended
from zoom_sync.errors import NotInStore

EVENT = "urban-2023"
LATER = NOW + timedelta(minutes=5)


def steps(count):
    return [Step("create", f"s-{n}", "host-1", None, ("topic", "settings.waiting_room")) for n in range(count)]


def start(store, count=3):
    return store.runs.start(EVENT, "apply", "0123456789abcdef", steps(count), NOW)


def test_a_run_holds_its_items_in_order(store):
    run = start(store)
    items = store.runs.items(run)
    assert [item.key for item in items] == ["s-0", "s-1", "s-2"]
    assert items[0].fields == ("topic", "settings.waiting_room")
    assert {item.state for item in items} == {ItemState.WAITING}
    assert {(item.run, item.event, item.tries) for item in items} == {(run, EVENT, 0)}
    told = store.runs.run(run)
    assert (told.kind, told.digest, told.started, told.finished) == ("apply", "0123456789abcdef", NOW, None)
    assert told.counts == {"waiting": 3}
    assert store.runs.under_way(EVENT, "apply")
    assert not store.runs.under_way(EVENT, "collect")


def test_a_run_with_nothing_to_do_is_over_at_once(store):
    run = store.runs.start(EVENT, "apply", "", [], NOW)
    assert store.runs.run(run).finished == NOW
    assert store.runs.items(run) == ()
    assert not store.runs.under_way(EVENT, "apply")


def test_the_last_item_ends_the_run(store):
    run = start(store)
    first, second, third = store.runs.items(run)
    store.runs.settle(first.id, ItemState.DONE, "", LATER)
    store.runs.settle(second.id, ItemState.FAILED, "it is so", LATER)
    assert store.runs.run(run).finished is None
    store.runs.settle(third.id, ItemState.SKIPPED, "", LATER)
    assert store.runs.run(run).finished == LATER
    assert store.runs.run(run).counts == {"done": 1, "failed": 1, "skipped": 1}
    assert store.runs.item(second.id).reason == "it is so"
    assert not store.runs.under_way(EVENT, "apply")


def test_items_settled_at_once_end_the_run(store, at_once):
    run = start(store, 6)
    answers = at_once(
        *(lambda item=item: store.runs.settle(item.id, ItemState.DONE, "", LATER) for item in store.runs.items(run))
    )
    assert answers == [None] * 6
    store.runs.hand_out(LATER, NOW, 10)  # what two last ones at once left open is closed by whoever looks next
    assert store.runs.run(run).finished is not None


def test_an_item_counts_how_often_it_was_begun(store):
    (item,) = store.runs.items(start(store, 1))
    assert store.runs.take_up(item.id).tries == 1
    assert store.runs.take_up(item.id).tries == 2


def test_what_waits_is_handed_out_once_until_it_is_due_again(store):
    run = start(store)
    ids = [item.id for item in store.runs.items(run)]
    store.runs.settle(ids[0], ItemState.DONE, "", NOW)
    assert store.runs.hand_out(LATER, NOW, 10) == []  # whoever started the run was handed its items
    assert store.runs.hand_out(LATER, LATER, 10) == [(run, ids[1]), (run, ids[2])]
    assert store.runs.hand_out(LATER, LATER, 10) == []
    store.runs.set_handed(ids[2], NOW)
    assert store.runs.hand_out(LATER, LATER, 10) == [(run, ids[2])]


def test_what_is_given_back_is_handed_out_at_once(store):
    run, other = start(store, 2), start(store, 2)
    first, second = [item.id for item in store.runs.items(run)]
    begun = store.runs.items(other)[1].id
    store.runs.settle(first, ItemState.DONE, "", NOW)
    store.runs.give_back(run)
    assert store.runs.hand_out(LATER, NOW, 10) == [(run, second)]
    store.runs.take_up(begun)
    store.runs.give_back(None)  # all that was begun and did not end
    assert store.runs.hand_out(LATER, NOW, 10) == [(other, begun)]


def test_what_was_handed_out_and_has_not_ended_is_told_for_each_run(store):
    run = start(store)
    first, second, third = (item.id for item in store.runs.items(run))
    store.runs.settle(first, ItemState.DONE, "", NOW)
    store.runs.set_handed(third, LATER)
    assert store.runs.unended(EVENT) == [Unended(run, "apply", 2, NOW)]
    assert store.runs.unended("another") == []
    store.runs.settle(second, ItemState.DONE, "", NOW)
    assert store.runs.unended(EVENT) == [Unended(run, "apply", 1, LATER)]
    store.runs.settle(third, ItemState.FAILED, "", LATER)
    assert store.runs.unended(EVENT) == []


def test_no_item_goes_to_two_callers_at_once(store, at_once):
    run = start(store, 40)
    answers = at_once(*(lambda: store.runs.hand_out(LATER, LATER, 15) for _ in range(4)))
    handed = [item for answer in answers for _, item in answer]
    assert len(handed) == len(set(handed))
    rest = store.runs.hand_out(LATER, LATER, 100)
    assert {*handed, *(item for _, item in rest)} == {item.id for item in store.runs.items(run)}


def test_the_latest_runs_come_first(store):
    numbers = [start(store, 1) for _ in range(3)]
    assert [run.id for run in store.runs.recent(None, 2)] == numbers[:0:-1]
    assert [run.id for run in store.runs.recent(EVENT, 20)] == numbers[::-1]
    assert store.runs.recent("other", 20) == ()


def test_what_is_not_there_is_said(store):
    with pytest.raises(NotInStore, match="zoom-sync runs"):
        store.runs.run(99)
    for ask in (store.runs.item, store.runs.take_up):
        with pytest.raises(NotInStore):
            ask(99)
    with pytest.raises(NotInStore):
        store.runs.start("other", "apply", "", [], NOW)


def test_a_run_of_thousands_of_items(store):
    run = start(store, 5000)
    assert store.runs.run(run).counts == {"waiting": 5000}
    assert len(store.runs.hand_out(LATER, LATER, 5000)) == 5000
