"""Finding hosts for the meetings of a plan that have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from zoom_sync.domain.hosts import Assignment, Host, HostBook, Span, Wanted, assign
from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.occurrences import merged
from zoom_sync.domain.plan.values import Known, Observation
from zoom_sync.domain.programme import Kind


def assign_hosts(
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    hosts: Sequence[Host],
    book: HostBook,
    now: datetime,
    zone: tzinfo,
) -> Assignment:
    """Hosts for what has none; who holds a meeting keeps it. The times that hosts are missing are told in `zone`."""
    readable = [host for host in hosts if host.id not in seen.unread]
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
    return assign(wanted, readable, _busy(desired, known, seen, hosts), left, in_use, zone)


def seats(want: DesiredMeeting) -> int:
    """How many people a webinar lets in: more than its host's licence takes cannot come."""
    told = want.fields.settings.get("registrants_restrict_number")
    return told if isinstance(told, int) else 0


def _needs_host(want: DesiredMeeting, known: Known, seen: Observation, book: HostBook, usable: frozenset[str]) -> bool:
    """Whether a host is to be found: there is no meeting yet, or the next one cannot be with the same host."""
    if want.key in known.intents:
        return False  # it is looked for where it was begun
    link = known.links.get(want.key)
    if link is None:
        named = seen.meetings.get(want.known_id or "")
        return (
            want.known_id is None
            or want.known_id in seen.missing
            or (named is not None and named.kind is not want.kind)
        )
    lost_with_its_host = link.meeting_id in seen.missing and link.host_id not in usable
    return lost_with_its_host or other_host(want, link, book) is not None


def _busy(
    desired: Sequence[DesiredMeeting], known: Known, seen: Observation, hosts: Sequence[Host]
) -> dict[str, list[Span]]:
    """When each host is taken: by our meetings as the programme wants them, by others as Zoom shows them."""
    busy: dict[str, list[Span]] = {}
    of = {host.id: host for host in hosts}

    def take(host_id: str, spans: Sequence[Span], kind: Kind) -> None:
        host = of.get(host_id)
        weight, gap = (host.weight(kind), host.buffer_before + host.buffer_after) if host else (1, timedelta())
        busy.setdefault(host_id, []).extend([*merged(spans, gap)] * weight)

    ours = {link.meeting_id for link in known.links.values()}
    for want in desired:
        holder = known.links.get(want.key) or known.intents.get(want.key)
        adopted = seen.meetings.get(want.known_id) if want.known_id and holder is None else None
        host_id = holder.host_id if holder else adopted.host_id if adopted else None
        if adopted is not None:
            ours.add(adopted.meeting_id)
        if host_id is not None:
            take(host_id, want.spans, want.kind)
    for meeting in seen.meetings.values():
        if meeting.start is not None and meeting.meeting_id not in ours:
            take(meeting.host_id, meeting.spans, meeting.kind)
    return busy


def other_host(want: DesiredMeeting, link: Link, book: HostBook) -> Host | None:
    """The host that the programme names, where the meeting is with another one."""
    named = book.find(want.host)
    return None if named is None or named.id == link.host_id else named
