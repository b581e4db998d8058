"""Finding meetings that look like ours and are linked to nothing, and doubles. Reads only; a person decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import DesiredMeeting, ObservedMeeting, clean
from zoom_sync.service_layer.observe import host_pool, hosts_of_account, in_parallel
from zoom_sync.service_layer.sync import Planning


@dataclass(frozen=True, slots=True)
class Orphan:
    """A meeting that nothing is linked to. `event` and `session` are what it looks like, `why` says in what."""

    meeting: ObservedMeeting
    host: Host
    event: str
    session: str
    why: str


def find_orphans(planning: Planning) -> list[Orphan]:
    """Look through the hosts' meetings, one list per host. Raises ZoomError, ConfigurationError."""
    now = planning.reader.server_time()
    users = hosts_of_account(planning.reader, planning.links, now)
    hosts = host_pool(users, planning.pool, basic_may_host=planning.basic_may_host)
    listed = in_parallel(lambda host: planning.reader.meetings(host.id), hosts, planning.threads)
    ours = planning.links.linked_ids()
    desired = {
        event.key: [planning.profiles.desired(session) for session in planning.programmes.programme(event.key).sessions]
        for event in planning.programmes.events()
    }
    loose = [
        (host, meeting)
        for host, meetings in zip(hosts, listed, strict=True)
        for meeting in meetings
        if meeting.meeting_id not in ours
    ]
    return sorted(_alike(loose, desired), key=lambda orphan: (orphan.event, orphan.session, orphan.meeting.meeting_id))


def _alike(
    loose: Sequence[tuple[Host, ObservedMeeting]], desired: Mapping[str, Sequence[DesiredMeeting]]
) -> Iterator[Orphan]:
    by_topic: dict[str, list[tuple[str, DesiredMeeting]]] = defaultdict(list)
    for event, wanted in desired.items():
        for want in wanted:
            by_topic[want.fields.topic].append((event, want))
    for host, meeting in loose:
        for event, want in by_topic.get(clean(meeting.topic), ()):
            same_time = meeting.start == want.fields.start
            why = "same title and time as the session" if same_time else "same title as the session, another time"
            yield Orphan(meeting, host, event, want.key, why)


def orphan_json(orphan: Orphan) -> dict[str, Any]:
    """An orphan as JSON, without its link."""
    return {
        "meeting_id": orphan.meeting.meeting_id,
        "host": orphan.host.id,
        "host_name": orphan.host.name,
        "topic": orphan.meeting.topic,
        "start": orphan.meeting.start.isoformat() if orphan.meeting.start else None,
        "event": orphan.event,
        "session": orphan.session,
        "why": orphan.why,
    }
