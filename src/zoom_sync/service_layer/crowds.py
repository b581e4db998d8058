"""More people than a licence lets in: told before they come, by what the programme and the registrations say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind

# So many fit into every meeting, whatever the licence: nobody is asked for fewer. https://zoom.us/pricing
FIT_ANYWHERE = 100


def with_registered(desired: Iterable[DesiredMeeting], registered: Mapping[str, int]) -> tuple[DesiredMeeting, ...]:
    """The meetings, with as many people expected as have registered where the programme expects fewer."""
    return tuple(replace(want, expected=max(want.expected, registered.get(want.key, 0))) for want in desired)


def hosts_asked(desired: Iterable[DesiredMeeting], links: Mapping[str, Link], hosts: Sequence[Host]) -> set[str]:
    """Whose licences have to be known: of who holds many people, and of all who may where nobody does yet."""
    texts = set[str]()
    for want in desired:
        link = links.get(want.key)
        if want.expected > FIT_ANYWHERE:
            texts |= {host.id for host in hosts} if link is None else {link.host_id}
    return texts


def takes(licence: Licence | None, kind: Kind) -> int:
    """How many people a licence lets in, 0 where nobody told."""
    if licence is None:
        return 0
    return licence.webinar_capacity if kind is Kind.WEBINAR else licence.meeting_capacity


def crowd_notes(
    key: str, kind: Kind, expected: int, host: Host | None, hosts: Sequence[Host], licences: Mapping[str, Licence]
) -> Iterator[Phrase]:
    """What is to be said where the licence of a session's `host` lets in fewer than are expected.

    `hosts` are all who may hold it: who has a licence for so many is named. Without a host there is nothing to say.
    """
    capacity = 0 if host is None else takes(licences.get(host.id), kind)
    if host is None or not 0 < capacity < expected:
        return
    able = next((one for one in hosts if takes(licences.get(one.id), kind) >= expected), None)
    facts = {"session": key, "count": expected, "host": host.name, "capacity": capacity, "kind": kind}
    if able is not None:
        yield Phrase(
            "session {session}: {count} people are expected, and the licence of its host {host} lets {capacity} into a "
            "{kind}; host {other} has one for so many: name that host in the programme (`host`), or give its host a"
            " larger licence in Zoom's admin pages",
            **facts,
            other=able.name,
        )
        return
    yield Phrase(
        "session {session}: {count} people are expected, and the licence of its host {host} lets {capacity} into a "
        "{kind}; give the host a larger licence in Zoom's admin pages, make it a webinar, or divide the session",
        **facts,
    )
