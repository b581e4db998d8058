"""Links and creations: of two runs at once exactly one wins, and nothing that was begun is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import NOW, join_link, make_fields, make_host, make_intent, make_link
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.errors import RateLimited, StoreConflict

EVENT, KEY = "urban-2023", "seminar-1"
DAY = "2023-11-01"


def fresh(**differences):
    return make_intent(attempts=0, attempted_at=None, **differences)


def begin(store, wanted, *, limit=100, now=NOW):
    return store.links.begin(EVENT, wanted, now, DAY, limit)


def test_a_creation_is_on_record_before_it_is_sent(store):
    begun = begin(store, fresh())
    assert (begun.attempts, begun.attempted_at) == (1, NOW)
    assert store.links.intent(EVENT, "seminar-1") == begun
    assert store.links.known(EVENT, DAY).intents == {"seminar-1": begun}
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 1}
    assert store.links.known(EVENT, "2023-11-02").writes_today == {}


def test_whoever_knows_of_fewer_attempts_has_lost(store):
    begun = begin(store, fresh())
    with pytest.raises(StoreConflict, match="another run is creating"):
        begin(store, fresh(passcode=Passcode("other")))
    again = begin(store, begun, now=NOW + timedelta(minutes=1))
    assert (again.attempts, again.created_at) == (2, NOW)
    with pytest.raises(StoreConflict):
        begin(store, begun)


def test_a_repeated_attempt_of_the_same_number_needs_the_same_passcode(store):
    begun = begin(store, fresh())
    with pytest.raises(StoreConflict):
        begin(store, replace(begun, passcode=Passcode("other")))


@pytest.mark.parametrize("known", [0, 1])
def test_of_creations_at_once_one_wins(store, at_once, known):
    wanted = [fresh(passcode=Passcode(f"pass-{n}")) for n in range(4)]
    if known:
        wanted = [begin(store, fresh())] * 4
    answers = at_once(*(lambda each=each: begin(store, each) for each in wanted))
    won = [answer for answer in answers if not isinstance(answer, Exception)]
    assert len(won) == 1
    assert all(isinstance(answer, StoreConflict) for answer in answers if answer not in won)
    assert store.links.intent(EVENT, "seminar-1") == won[0]
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 1 + known}


def test_a_linked_session_begins_no_other_creation(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    with pytest.raises(StoreConflict, match="got a meeting"):
        begin(store, fresh())
    assert store.links.intent(EVENT, "seminar-1") is None
    assert store.links.known(EVENT, DAY).writes_today == {}


def test_only_the_meeting_that_is_linked_can_be_replaced(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    with pytest.raises(StoreConflict):
        begin(store, fresh(replaces="82000000000"))
    assert begin(store, fresh(replaces="81000000001")).replaces == "81000000001"


def test_what_zoom_refused_is_closed_and_may_begin_anew_elsewhere(store):
    begun = begin(store, fresh())
    store.links.close(EVENT, begun)
    assert store.links.intent(EVENT, "seminar-1") is None
    elsewhere = begin(store, fresh(host_id="host-2", kind=Kind.WEBINAR, topic="Another", passcode=Passcode("new")))
    assert (elsewhere.host_id, elsewhere.kind, elsewhere.topic) == ("host-2", Kind.WEBINAR, "Another")
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 1, "host-2": 1}


def test_a_late_close_does_not_touch_a_newer_attempt(store):
    begun = begin(store, fresh())
    newer = begin(store, begun)
    store.links.close(EVENT, begun)
    assert store.links.intent(EVENT, "seminar-1") == newer
    store.links.close(EVENT, newer)
    assert store.links.intent(EVENT, "seminar-1") is None


def test_a_creation_ends_with_its_link(store):
    begun = begin(store, fresh())
    store.links.finish(EVENT, make_link(), begun, NOW)
    assert store.links.intent(EVENT, "seminar-1") is None
    kept = store.links.link(EVENT, "seminar-1")
    assert kept == make_link()
    assert (kept.passcode.value, kept.join_url, kept.synced_at) == (
        make_link().passcode.value, join_link("81000000001"), NOW,
    )  # fmt: skip
    assert store.links.of_meeting(EVENT, "81000000001") == kept
    assert store.links.linked_ids() == {"81000000001"}


def test_a_newer_attempt_stays_to_be_looked_for(store):
    begun = begin(store, fresh())
    newer = begin(store, begun)
    store.links.finish(EVENT, make_link(), begun, NOW)
    assert store.links.intent(EVENT, "seminar-1") == newer


@pytest.mark.parametrize("same_meeting", [True, False])
def test_of_links_at_once_one_wins(store, at_once, same_meeting):
    links = [make_link(meeting_id="81000000001" if same_meeting else f"8100000000{n}") for n in range(4)]
    answers = at_once(*(lambda each=each: store.links.finish(EVENT, each, None, NOW) for each in links))
    assert sum(1 for answer in answers if answer is None) == 1
    assert sum(1 for answer in answers if isinstance(answer, StoreConflict)) == 3
    assert len(store.links.known(EVENT, DAY).links) == 1
    assert len(store.links.linked_ids()) == 1


def test_a_meeting_belongs_to_one_session(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    with pytest.raises(StoreConflict):
        store.links.finish(EVENT, make_link(key="seminar-2"), None, NOW)
    assert set(store.links.known(EVENT, DAY).links) == {"seminar-1"}


def test_where_linking_fails_the_creation_stays_on_record(store):
    begun = begin(store, fresh())
    store.links.finish(EVENT, make_link(meeting_id="82000000000"), None, NOW)
    with pytest.raises(StoreConflict):
        store.links.finish(EVENT, make_link(), begun, NOW)
    assert store.links.intent(EVENT, "seminar-1") == begun


def test_a_replaced_meeting_is_retired_until_it_is_deleted(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    begun = begin(store, fresh(replaces="81000000001"))
    store.links.finish(EVENT, make_link(meeting_id="82000000000"), begun, NOW)
    known = store.links.known(EVENT, DAY)
    assert known.links["seminar-1"].meeting_id == "82000000000"
    assert [link.meeting_id for link in known.retired] == ["81000000001"]
    assert store.links.linked_ids() == {"81000000001", "82000000000"}
    store.links.drop(EVENT, "81000000001", NOW)
    assert store.links.known(EVENT, DAY).retired == ()
    assert store.links.of_meeting(EVENT, "81000000001") is None


def test_what_was_written_is_kept_by_whoever_saw_the_latest(store):
    store.links.finish(EVENT, make_link(), None, NOW)
    seen = store.links.link(EVENT, "seminar-1")
    later = NOW + timedelta(hours=1)
    store.links.applied(EVENT, replace(seen, applied=make_fields(topic="New")), later)
    kept = store.links.link(EVENT, "seminar-1")
    assert (kept.applied.topic, kept.version, kept.synced_at) == ("New", 2, later)
    with pytest.raises(StoreConflict, match="another run changed"):
        store.links.applied(EVENT, replace(seen, applied=make_fields(topic="Old")), later)


def test_the_panelists_of_a_webinar_are_kept_with_its_link_and_go_with_it(store):
    webinar = make_link(kind=Kind.WEBINAR)
    store.links.finish(EVENT, webinar, None, NOW)
    for version, kept in enumerate(
        ({"b@x.org": Standing.SENT, "a@x.org": Standing.FOUND}, {"b@x.org": Standing.ADDED}, {}), 1
    ):
        store.links.applied(EVENT, replace(webinar, panelists=kept, version=version), NOW)
        for read in (
            store.links.link(EVENT, KEY),
            store.links.of_meeting(EVENT, webinar.meeting_id),
            store.links.known(EVENT, "").links[KEY],
        ):
            assert read.panelists == kept
    store.links.applied(EVENT, replace(webinar, panelists={"b@x.org": Standing.ADDED}, version=4), NOW)
    with pytest.raises(StoreConflict):
        store.links.applied(EVENT, replace(webinar, version=4), NOW)
    assert store.links.link(EVENT, KEY).panelists
    store.links.drop(EVENT, webinar.meeting_id, NOW)
    store.links.finish(EVENT, webinar, None, NOW)
    assert store.links.link(EVENT, KEY).panelists == {}


def test_of_updates_at_once_one_wins(store, at_once):
    store.links.finish(EVENT, make_link(), None, NOW)
    seen = store.links.link(EVENT, "seminar-1")
    answers = at_once(
        *(
            lambda n=n: store.links.applied(EVENT, replace(seen, applied=make_fields(topic=str(n))), NOW)
            for n in range(4)
        )
    )
    assert answers.count(None) == 1
    assert str(answers.index(None)) == store.links.link(EVENT, "seminar-1").applied.topic


# --- the day's writes ----------------------------------------------------------------------------------------------


def test_the_days_writes_end_at_the_limit_and_begin_anew_the_next_day(store):
    for _ in range(3):
        store.links.count_write("host-1", DAY, 3)
    with pytest.raises(RateLimited) as caught:
        store.links.count_write("host-1", DAY, 3)
    assert caught.value.limit == "host"
    store.links.count_write("host-1", "2023-11-02", 3)
    store.links.count_write("host-2", DAY, 3)
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 3, "host-2": 1}


def test_a_creation_beyond_the_limit_leaves_nothing(store):
    store.links.day_used("host-1", DAY, 100)
    with pytest.raises(RateLimited):
        begin(store, fresh())
    assert store.links.intent(EVENT, "seminar-1") is None
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 100}


def test_the_same_request_again_is_not_counted_twice(store):
    begun = begin(store, fresh())
    begin(store, begun, limit=None)
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 1}


def test_writes_at_once_are_all_counted_and_never_beyond_the_limit(store, at_once):
    answers = at_once(*(lambda: store.links.count_write("host-1", DAY, 5) for _ in range(8)))
    assert answers.count(None) == 5
    assert store.links.known(EVENT, DAY).writes_today == {"host-1": 5}


# --- hosts ---------------------------------------------------------------------------------------------------------


def test_hosts_are_kept_for_a_while(store):
    assert store.links.hosts(NOW) is None
    hosts = [make_host(2), make_host(1, licensed=False, capacity=2, daily_writes=7, name="Ñandú")]
    store.links.set_hosts(hosts, NOW)
    assert set(store.links.hosts(NOW)) == set(hosts)
    assert store.links.hosts(NOW + timedelta(seconds=1)) is None


def test_hosts_who_left_are_forgotten(store):
    store.links.set_hosts([make_host(1), make_host(2)], NOW)
    store.links.set_hosts([make_host(2, name="Renamed")], NOW + timedelta(hours=1))
    assert store.links.hosts(NOW) == (make_host(2, name="Renamed"),)
    store.links.set_hosts([], NOW + timedelta(hours=2))
    assert store.links.hosts(NOW) is None


def test_first_looks_at_once_all_succeed(store, at_once):
    hosts = [make_host(n) for n in range(20)]
    answers = at_once(*(lambda: store.links.set_hosts(hosts, NOW) for _ in range(4)))
    assert answers == [None] * 4
    assert set(store.links.hosts(NOW)) == set(hosts)
