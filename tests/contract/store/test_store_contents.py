"""Every committed change of what an event shows gives it a new version, whoever makes it; nothing else does."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from factories import NOW, make_link, make_programme, make_session
from zoom_sync.adapters.store.tables import agenda_items, events, links, sessions
from zoom_sync.errors import StoreConflict

EVENT, OTHER = "urban-2023", "internal"
LINK = make_link(make_session())
PROGRAMME = make_programme(make_session(), make_session("seminar-2"))


@pytest.fixture
def store(store):
    store.programmes.save(make_programme(key=OTHER), NOW)
    store.links.finish(EVENT, LINK, None, NOW)
    return store


def versions(store):
    return {key: state.version for key, state in store.programmes.states((EVENT, OTHER)).items()}


def changed_by(store, change):
    """The events that have another version afterwards."""
    before = versions(store)
    change()
    return {key for key, version in versions(store).items() if version != before[key]}


CHANGES = {
    "the programme": lambda store: store.programmes.save(replace(PROGRAMME, sessions=(make_session(title="New"),)), NOW),
    "the mark": lambda store: store.programmes.save(
        replace(PROGRAMME, event=replace(PROGRAMME.event, public=True)), NOW
    ),
    "a first link": lambda store: store.links.finish(EVENT, make_link(make_session("seminar-2"), "82000000002"), None, NOW),
    "another passcode": lambda store: store.links.learn(EVENT, [make_link(make_session(), passcode="another")]),
    "a link that is dropped": lambda store: store.links.drop(EVENT, LINK.meeting_id, NOW),
    "another meeting": lambda store: store.links.move(EVENT, LINK, make_link(make_session(), "82000000003"), NOW),
    "what was applied": lambda store: store.links.applied(EVENT, LINK, NOW),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_an_event_gives_it_a_new_version_and_no_other_event(store, change):
    assert changed_by(store, lambda: CHANGES[change](store)) == {EVENT}


@pytest.mark.parametrize(
    "statement",
    [
        update(events).values(title="By somebody else"), update(sessions).values(room="7"), delete(agenda_items),
        update(links).values(passcode="another"),
        insert(links).from_select(["event_id"], select(events.c.id).where(events.c.id < 0)),
    ],
)  # fmt: skip
def test_a_writer_who_does_not_say_which_event_he_changes_gives_all_of_them_a_new_version(store, statement):
    def change():
        with store.database.transaction() as connection:
            connection.execute(statement)

    assert changed_by(store, change) == {EVENT, OTHER}


def test_what_nobody_is_shown_changes_no_version(store):
    store.links.stays(LINK.meeting_id)
    assert changed_by(store, lambda: store.links.follow(LINK.meeting_id, "host-2")) == set()
    assert changed_by(store, lambda: store.links.stays(LINK.meeting_id)) == set()
    assert changed_by(store, lambda: store.programmes.programme(EVENT)) == set()


def test_a_change_that_was_not_committed_gives_no_version(store):
    def fail():
        with store.database.transaction() as connection:
            connection.execute(update(events).values(title="Never"))
            raise StoreConflict("not this time")

    before = versions(store)
    with pytest.raises(StoreConflict):
        fail()
    assert versions(store) == before


def test_a_version_never_comes_again_with_other_content(store):
    """Not even after a backup was put back: it is no number that counts up."""
    seen = []
    for place in range(20):
        store.programmes.save(replace(PROGRAMME, event=replace(PROGRAMME.event, title=f"Title {place}")), NOW)
        seen.append(versions(store)[EVENT])
    assert len(set(seen)) == 20
    assert sorted(seen) != seen


def test_of_an_event_that_is_not_there_nothing_is_told(store):
    assert store.programmes.states(["nothing"]) == {}
    assert store.programmes.states([]) == {}
