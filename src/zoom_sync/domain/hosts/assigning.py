"""Giving each meeting a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo

from zoom_sync.domain.hosts.cases import Wanted, make_case
from zoom_sync.domain.hosts.diary import Span
from zoom_sync.domain.hosts.pool import Host
from zoom_sync.domain.hosts.quickly import answer_quickly
from zoom_sync.domain.hosts.refusing import Assignment, refusals
from zoom_sync.domain.hosts.searching import answer_exactly, is_small


def assign(
    wanted: Sequence[Wanted],
    hosts: Sequence[Host],
    busy: Mapping[str, Sequence[Span]],
    writes_left: Mapping[str, int],
    in_use: frozenset[str] = frozenset(),
    zone: tzinfo = UTC,
) -> Assignment:
    """Give each wanted meeting a host who is free then, with his buffers.

    What is wanted most comes first:

    1. As many of the meetings that name their host are held as can be, so that no other one takes his time; then as
       many of the others.
    2. As many of them as can be are created today: beyond a host's writes of the day a meeting waits for the next, so
       another host is opened rather than that.
    3. As few hosts are opened as can be. Those `in_use` hold meetings of the event already and cost nothing.
    4. Among the open hosts the one with most writes left today is taken first.

    `busy` holds the spans each host has already, ours and others'; what takes a host wholly is in it as often as his
    capacity. Up to `EXACT_JOBS` meetings and `EXACT_PLACES` hosts, points 1 to 3 are met exactly. Beyond that they are
    met exactly for hosts who are alike and hold nothing yet, and well for others: see `quickly`. The times that more
    hosts are needed are told in `zone`.
    """
    case = make_case(wanted, hosts, busy, writes_left, in_use)
    way = answer_quickly(case)
    price = case.price(way)
    if is_small(case) and (price[:3] != (0, 0, 0) or price[3] > case.least_opened(way)):
        way = answer_exactly(case, way)
    refused, needed = refusals(case, way, zone)
    crowded = frozenset(job.want.key for job in case.jobs if job.places and job.want.key in refused)
    host_of = {case.jobs[job].want.key: hosts[place].id for job, place in way.items()}
    return Assignment(host_of, refused, needed, crowded)
