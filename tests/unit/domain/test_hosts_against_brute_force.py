"""Giving meetings to hosts, held against every answer there is."""

from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from factories import START, make_host
from zoom_sync.domain.hosts import Wanted, assign
from zoom_sync.domain.programme import Kind

HOURS = st.integers(0, 8)
LENGTHS = st.integers(1, 4)
SPANS = st.tuples(HOURS, LENGTHS).map(
    lambda two: (START + timedelta(hours=two[0]), START + timedelta(hours=two[0] + two[1]))
)
NAMES = ["host-0", "host-1", "host-2"]
# A link that is shared: held at two times, maybe with a pause in which the host is free.
SHARED = st.tuples(HOURS, LENGTHS, st.integers(0, 2), LENGTHS).map(
    lambda four: (
        (START + timedelta(hours=four[0]), START + timedelta(hours=four[0] + four[1])),
        (START + timedelta(hours=sum(four[:3])), START + timedelta(hours=sum(four))),
    )
)


@st.composite
def questions(draw):
    hosts = [
        make_host(
            n,
            capacity=draw(st.integers(1, 2)),
            daily_writes=draw(st.sampled_from([0, 1, 2, 100])),
            buffer_before=timedelta(minutes=draw(st.sampled_from([0, 0, 30]))),
            buffer_after=timedelta(minutes=draw(st.sampled_from([0, 0, 60]))),
            webinar_capacity=draw(st.sampled_from([None, None, 0, 100])),
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    times = [draw(st.one_of(SPANS.map(lambda one: (one,)), SHARED)) for _ in range(draw(st.integers(0, 6)))]
    wanted = [
        Wanted(
            f"{n}",
            spans[0][0],
            spans[-1][1],
            draw(st.sampled_from([None, None, None, *NAMES])),
            draw(st.sampled_from([Kind.MEETING, Kind.MEETING, Kind.WEBINAR])),
            draw(st.sampled_from([0, 200])),
            spans if len(spans) > 1 else (),
        )
        for n, spans in enumerate(times)
    ]
    busy = {host.id: draw(st.lists(SPANS, max_size=2)) for host in hosts}
    in_use = draw(st.frozensets(st.sampled_from(NAMES), max_size=2))
    return wanted, hosts, busy, in_use


def load(spans):
    """How many are under way at once, at worst; each has its weight."""
    return max((sum(w for s, e, w in spans if s <= moment < e) for moment, _, _ in spans), default=0)


def fits(host, meetings, busy):
    if any(w.kind is Kind.WEBINAR and not host.may_hold(w.kind, w.seats) for w in meetings):
        return False
    before = [(s - host.buffer_before, e + host.buffer_after, 1) for s, e in busy]
    new = [
        (start, end, host.capacity if w.kind is Kind.WEBINAR else 1)
        for w in meetings
        for start, end in with_buffers(host, w.times or ((w.start, w.end),))
    ]
    # What was there before may be too much already; where something of ours is, it may not be.
    return all(load([(max(s, a), min(e, b), w) for s, e, w in before + new if s < b and e > a]) <= host.capacity
               for a, b, _ in new)  # fmt: skip


def with_buffers(host, spans):
    """When a host is taken: where the buffers of one meeting's two times meet, he is taken once."""
    (start, end), *others = [(s - host.buffer_before, e + host.buffer_after) for s, e in spans]
    for begin, finish in others:
        if begin <= end:
            return [(start, finish)]
        return [(start, end), (begin, finish)]
    return [(start, end)]


def price(wanted, hosts, in_use, host_of):
    refused = [w for w in wanted if w.key not in host_of]
    given = {host.id: list(host_of.values()).count(host.id) for host in hosts}
    return (
        sum(1 for w in refused if w.host),
        sum(1 for w in refused if not w.host),
        sum(max(0, given[host.id] - host.daily_writes) for host in hosts),
        sum(1 for host in hosts if given[host.id] and host.id not in in_use),
    )


def possible(wanted, hosts, busy, host_of):
    for host in hosts:
        mine = [w for w in wanted if host_of.get(w.key) == host.id]
        if any(w.host not in (None, host.id) for w in mine) or not fits(host, mine, busy[host.id]):
            return False
    return True


def every_answer(wanted, hosts, busy):
    for ids in product([None, *(host.id for host in hosts)], repeat=len(wanted)):
        host_of = {w.key: one for w, one in zip(wanted, ids, strict=True) if one is not None}
        if possible(wanted, hosts, busy, host_of):
            yield host_of


@given(questions())
@settings(deadline=None, max_examples=300)
def test_no_answer_is_better_than_the_one_that_is_given(question):
    """Nobody could hold more of the meetings, create more of them today, or do it with fewer hosts."""
    wanted, hosts, busy, in_use = question
    told = assign(wanted, hosts, busy, {}, in_use)
    assert possible(wanted, hosts, busy, told.host_of)
    assert set(told.host_of) | set(told.refused) == {w.key for w in wanted}
    best = min(price(wanted, hosts, in_use, one) for one in every_answer(wanted, hosts, busy))
    assert price(wanted, hosts, in_use, told.host_of) == best
