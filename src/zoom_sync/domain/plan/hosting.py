"""Finding hosts for the meetings of a plan that have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from zoom_sync.domain.hosts import Assignment, Calendars, Held, Host, HostBook, Wanted, assign
from zoom_sync.domain.hosts.calendar import most_held
from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.plan.arriving import arrived_for
from zoom_sync.domain.plan.calendar import busy_spans, hoped, in_the_making, seats, session_name
from zoom_sync.domain.plan.values import Known, Observation, Policy


def assign_hosts(
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    hosts: Sequence[Host],
    book: HostBook,
    calendars: Calendars,
    policy: Policy,
    now: datetime,
    zone: tzinfo,
) -> Assignment:
    """Hosts for what has none; who holds a meeting keeps it. The times that hosts are missing are told in `zone`.

    What is to be moved counts where it is and where it goes, as long as that leaves a host for everything. Where
    nobody is free, a session that may overload its host is given the one who holds least then.
    """
    readable = [host for host in hosts if seen.whole(host.id)]
    usable = frozenset(host.id for host in readable)
    free = [want for want in desired if want.fields.start > now and _needs_host(want, known, seen, book, usable)]
    if not free:
        return Assignment({}, {})
    begun = Counter(intent.host_id for intent in known.intents.values())
    left = {host.id: host.daily_writes - known.writes_today.get(host.id, 0) - begun[host.id] for host in hosts}
    wanted = [
        Wanted(want.key, want.fields.start, want.end, want.host, want.kind, seats(want), want.sessions) for want in free
    ]
    in_use = frozenset(link.host_id for link in known.links.values()) | begun.keys()

    def answer(coming: Calendars) -> Assignment:
        return assign(wanted, readable, busy_spans(coming, hosts), left, in_use, zone)

    coming = hoped(calendars, desired, known, seen, policy, now, cautious=True)
    assignment = answer(coming)
    if assignment.refused:
        bold = answer(hoped(calendars, desired, known, seen, policy, now, cautious=False))
        assignment = min(assignment, bold, key=lambda one: len(one.refused))
    return _with_accepted(assignment, free, readable, book, coming, policy)


def _with_accepted(
    assignment: Assignment,
    free: Sequence[DesiredMeeting],
    hosts: Sequence[Host],
    book: HostBook,
    coming: Calendars,
    policy: Policy,
) -> Assignment:
    """The same, with a host for each session that somebody allowed to overload one."""
    host_of, refused = dict(assignment.host_of), dict(assignment.refused)
    for want in free:
        if want.key not in refused or want.key not in policy.allow_overload:
            continue
        named = book.find(want.host)
        able = [
            host
            for host in hosts
            if host.may_hold(want.kind, seats(want)) and (want.host is None or host is named or host == named)
        ]
        if able:
            host = min(able, key=lambda one: most_held(one, coming.of(one.id), want.spans))
            host_of[want.key] = host.id
            del refused[want.key]
            coming.put(Held(in_the_making(want.key), host.id, want.kind, want.spans, session_name(want.key)))
    return replace(assignment, host_of=host_of, refused=refused)


def _needs_host(want: DesiredMeeting, known: Known, seen: Observation, book: HostBook, usable: frozenset[str]) -> bool:
    """Whether a host is to be found: there is no meeting yet, or the next one cannot be with the same host."""
    if want.key in known.intents:
        return False  # it is looked for where it was begun
    if arrived_for(want, known, seen, book) is not None:
        return False  # its creation was carried out late
    link = known.links.get(want.key)
    if link is None:
        named = seen.meetings.get(want.known_id or "")
        return (
            want.known_id is None
            or want.known_id in seen.missing
            or (named is not None and named.kind is not want.kind)
        )
    lost_with_its_host = link.meeting_id in seen.missing and link.host_id not in usable
    host = book.find(link.host_id)
    cannot = want.kind is not link.kind and (host is None or not host.may_hold(want.kind, seats(want)))
    return lost_with_its_host or cannot or other_host(want, link, book) is not None


def other_host(want: DesiredMeeting, link: Link, book: HostBook) -> Host | None:
    """The host that the programme names, where the meeting is with another one."""
    named = book.find(want.host)
    return None if named is None or named.id == link.host_id else named
