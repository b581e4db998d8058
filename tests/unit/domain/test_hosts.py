"""Giving meetings to hosts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import START, make_host
from zoom_sync.domain import hosts as hosts_module
from zoom_sync.domain.hosts import Diary, HostBook, Wanted, assign, next_utc_day, utc_day
from zoom_sync.domain.programme import Kind


def at(hour, minute=0):
    return START.replace(hour=hour, minute=minute)


def wanted(key, start, end, host=None):
    return Wanted(key, at(start), at(end), host)


def test_a_host_holds_one_meeting_at_a_time():
    told = assign([wanted("a", 9, 11), wanted("b", 10, 12)], [make_host()], {}, {})
    assert told.host_of == {"a": "host-1"}
    assert set(told.refused) == {"b"}


def test_meetings_that_touch_do_not_overlap():
    told = assign([wanted("a", 9, 10), wanted("b", 10, 11)], [make_host()], {}, {})
    assert told.host_of == {"a": "host-1", "b": "host-1"}


def test_a_host_with_a_larger_licence_holds_two_at_once():
    told = assign([wanted(key, 9, 10) for key in "abc"], [make_host(capacity=2)], {}, {})
    assert set(told.host_of) == {"a", "b"}
    assert set(told.refused) == {"c"}


def test_two_short_meetings_one_after_the_other_leave_room_beside_them():
    busy = {"host-1": [(at(9), at(10)), (at(10), at(11))]}
    assert assign([wanted("a", 9, 11)], [make_host(capacity=2)], busy, {}).host_of == {"a": "host-1"}
    assert assign([wanted("a", 9, 11)], [make_host(capacity=1)], busy, {}).refused


def test_a_long_meeting_that_began_before_is_seen():
    busy = {"host-1": [(at(1), at(20)), (at(2), at(3))]}
    assert assign([wanted("a", 15, 16)], [make_host()], busy, {}).refused


@pytest.mark.parametrize("name", ["host-2", "host2@example.org", "Host 2", "  HOST 2 "])
def test_a_named_host_is_taken_whatever_he_is_named_by(name):
    told = assign([wanted("a", 9, 10, name)], [make_host(1), make_host(2)], {}, {})
    assert told.host_of == {"a": "host-2"}


def test_a_named_hosts_time_is_not_given_to_others():
    told = assign([wanted("a", 9, 11), wanted("b", 10, 12, "host-1")], [make_host(1), make_host(2)], {}, {})
    assert told.host_of == {"b": "host-1", "a": "host-2"}


def test_refusals_say_what_to_do():
    hosts = [make_host(1), make_host(2)]
    busy = {"host-1": [(at(9), at(10))], "host-2": [(at(9), at(10))]}
    told = assign(
        [wanted("named", 9, 10, "host-1"), wanted("unknown", 9, 10, "nobody"), wanted("any", 9, 10)], hosts, busy, {}
    )
    assert told.refused == {
        "named": "host Host 1 holds another meeting at that time",
        "unknown": "the host it names is not among the hosts; see `zoom-sync doctor`",
        "any": "all 2 hosts hold another meeting at that time; one more licensed host is needed on 6 November 2023, "
        "09:00 to 10:00 (UTC)",
    }
    assert "no licensed user" in assign([wanted("a", 9, 10)], [], {}, {}).refused["a"]


def in_a_row(many):
    return [Wanted(f"{n:02}", START + timedelta(hours=n), START + timedelta(hours=n + 1)) for n in range(many)]


def counts(told, hosts):
    return [list(told.host_of.values()).count(host.id) for host in hosts]


def test_one_host_takes_all_that_he_can_hold_and_write_today():
    hosts = [make_host(n) for n in (1, 2, 3)]
    told = assign(in_a_row(12), hosts, {}, {"host-1": 100, "host-2": 98, "host-3": 2})
    assert counts(told, hosts) == [12, 0, 0]


def test_another_host_is_opened_before_a_day_is_run_into():
    hosts = [make_host(n) for n in (1, 2, 3)]
    told = assign(in_a_row(12), hosts, {}, {"host-1": 9, "host-2": 8, "host-3": 2})
    assert counts(told, hosts) == [9, 3, 0]


def test_a_host_who_holds_meetings_of_the_event_is_taken_before_a_new_one():
    hosts = [make_host(n) for n in (1, 2, 3)]
    told = assign(in_a_row(12), hosts, {}, {"host-2": 50}, frozenset({"host-2"}))
    assert counts(told, hosts) == [0, 12, 0]


def test_the_open_hosts_share_the_day():
    hosts = [make_host(n) for n in (1, 2, 3)]
    told = assign(in_a_row(12), hosts, {}, {"host-1": 30, "host-2": 28}, frozenset({"host-1", "host-2"}))
    assert counts(told, hosts) == [7, 5, 0]


def test_buffers_keep_neighbours_apart():
    host = make_host(buffer_before=timedelta(minutes=10), buffer_after=timedelta(minutes=5))
    close = [Wanted("a", at(9), at(10)), Wanted("b", at(10, 14), at(11))]
    apart = [Wanted("a", at(9), at(10)), Wanted("b", at(10, 15), at(11))]
    assert assign(close, [host], {}, {}).host_of == {"a": "host-1"}
    assert set(assign(apart, [host], {}, {}).host_of) == {"a", "b"}
    assert assign([Wanted("b", at(10, 14), at(11))], [host], {"host-1": [(at(9), at(10))]}, {}).refused


def test_a_webinar_takes_its_host_wholly():
    host = make_host(capacity=2)
    beside = [wanted("a", 9, 10), replace(wanted("b", 9, 10), kind=Kind.WEBINAR)]
    assert len(assign(beside, [host], {}, {}).refused) == 1
    assert not assign(beside, [host, make_host(2)], {}, {}).refused


def test_a_webinar_goes_to_who_may_hold_it():
    hosts = [make_host(1, webinar_capacity=0), make_host(2, webinar_capacity=500)]
    webinar = replace(wanted("w", 9, 10), kind=Kind.WEBINAR)
    told = assign([wanted("a", 9, 10), webinar], hosts, {}, {})
    assert told.host_of == {"a": "host-1", "w": "host-2"}
    told = assign([replace(webinar, seats=501), replace(webinar, key="v", host="host-1")], hosts, {}, {})
    assert told.refused["w"].startswith("no host holds webinars for 501 people; one more host with a webinar licence")
    assert told.refused["v"] == "the host it names holds no webinars; see hosts.yaml"


def test_what_is_needed_is_told_once_for_neighbours_in_the_events_zone():
    evening = [Wanted(key, at(11, 30), at(12)) for key in "abc"] + [Wanted(key, at(12), at(13)) for key in "de"]
    told = assign(
        [*evening, wanted("f", 15, 16), wanted("g", 15, 16)], [make_host()], {}, {}, zone=ZoneInfo("Asia/Shanghai")
    )
    assert [(one.hosts, one.start, one.end) for one in told.needed] == [
        (2, at(11, 30), at(13)),
        (1, at(15), at(16)),
    ]
    for key in {*"abcde"} & set(told.refused):
        assert told.refused[key].endswith(
            "two more licensed hosts are needed on 6 November 2023, 19:30 to 21:00 (Asia/Shanghai)"
        )


def test_ids_and_addresses_come_before_names_and_names_alike_give_the_first():
    odd = make_host(1, name="host2@example.org")
    book = HostBook([odd, make_host(2), make_host(3, name="Host 2")])
    assert book.find("host2@example.org").id == "host-2"
    assert book.find("host 2").id == "host-2"
    assert book.find("nobody") is None
    assert book.find(None) is None


def test_the_day_of_the_limits_is_the_utc_day():
    late = datetime.fromisoformat("2023-11-07T07:59:00+08:00")
    assert utc_day(late) == "2023-11-06"
    assert next_utc_day(late) == datetime(2023, 11, 7, tzinfo=UTC)
    assert next_utc_day(datetime(2023, 11, 7, tzinfo=UTC)) == datetime(2023, 11, 8, tzinfo=UTC)


# --- properties ----------------------------------------------------------------------------------------------------

HOURS = st.integers(0, 12)
SPANS = st.tuples(HOURS, st.integers(1, 4)).map(lambda two: (at(two[0]), at(two[0]) + timedelta(hours=two[1])))


def most_at_once(spans):
    return max((sum(1 for s, e in spans if s <= moment < e) for moment, _ in spans), default=0)


@given(
    st.lists(st.tuples(SPANS, st.sampled_from([None, None, "host-1"])), max_size=12),
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["host-1", "host-2"]), st.lists(SPANS, max_size=3)),
)
@settings(deadline=None)
def test_no_host_ever_holds_more_than_he_may(spans, capacities, busy):
    hosts = [make_host(n, capacity=c) for n, c in enumerate(capacities, 1)]
    meetings = [Wanted(str(n), *span, host) for n, (span, host) in enumerate(spans)]
    told = assign(meetings, hosts, busy, {})
    assert set(told.host_of) | set(told.refused) == {m.key for m in meetings}
    assert not set(told.host_of) & set(told.refused)
    for host in hosts:
        before = list(busy.get(host.id, ()))
        given_to = [(m.start, m.end) for m in meetings if told.host_of.get(m.key) == host.id]
        assert most_at_once(before + given_to) <= max(host.capacity, most_at_once(before))


@given(st.lists(SPANS, max_size=6), st.integers(1, 3), st.integers(1, 2))
@settings(deadline=None)
def test_where_every_meeting_can_have_a_host_every_one_gets_one(spans, how_many, capacity):
    hosts = [make_host(n, capacity=capacity) for n in range(how_many)]
    told = assign([Wanted(str(n), *span) for n, span in enumerate(spans)], hosts, {}, {})
    possible = any(
        all(
            most_at_once([span for span, mine in zip(spans, way, strict=True) if mine == host]) <= capacity
            for host in range(how_many)
        )
        for way in product(range(how_many), repeat=len(spans))
    )
    assert (not told.refused) == possible


@given(st.lists(SPANS, max_size=8), SPANS, st.integers(1, 3))
@settings(deadline=None)
def test_a_diary_knows_exactly_when_there_is_room(spans, new, capacity):
    within = [(max(s, new[0]), min(e, new[1])) for s, e in spans if s < new[1] and e > new[0]]
    assert Diary(capacity, spans).free(*new) == (most_at_once(within) < capacity)


def test_many_meetings_on_many_hosts_take_few_looks(monkeypatch):
    """Ten thousand sessions on two hundred hosts, one hundred at a time: no host is asked more than a few times each."""
    looks = 0
    free = Diary.free

    def counted(diary, *span_and_weight):
        nonlocal looks
        looks += 1
        return free(diary, *span_and_weight)

    monkeypatch.setattr(hosts_module.Diary, "free", counted)
    hosts = [make_host(n) for n in range(200)]
    many = [
        Wanted(f"{n:05}", START + timedelta(hours=n // 100), START + timedelta(hours=n // 100 + 1))
        for n in range(10_000)
    ]
    assert not assign(many, hosts, {}, {}).refused
    assert looks <= 2 * len(many)
