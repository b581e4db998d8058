"""Seeing all that a host holds before he is judged: which lists that takes, and the series that others made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from zoom_sync.domain.hosts import Host, HostBook
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import DesiredMeeting, Listed, ObservedMeeting
from zoom_sync.domain.plan import Known, Observation
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import MissingScope, ZoomError
from zoom_sync.service_layer.ports.zoom import ZoomReader

NO_PLAN = 200


def lacks_webinars(error: ZoomError) -> bool:
    """Whether Zoom refused because the host has no licence for webinars; the code alone may mean other permissions."""
    return error.code == NO_PLAN and "webinar plan" in error.message.casefold()


def kinds_of(host_id: str, hosts: Sequence[Host], licences: Mapping[str, Licence]) -> tuple[Kind, ...]:
    """What a host can have any of: webinars need a licence, and an add-on. Where nobody told, he is asked for both."""
    licence = licences.get(host_id)
    basic = any(host.id == host_id and not host.licensed for host in hosts)
    no_webinars = basic or (licence is not None and not licence.webinars)
    return (Kind.MEETING,) if no_webinars else (Kind.MEETING, Kind.WEBINAR)


def hosts_judged(
    desired: Sequence[DesiredMeeting], known: Known, meetings: Mapping[str, ObservedMeeting], now: datetime
) -> set[str]:
    """The hosts of meetings that are not held when the programme wants them to be."""
    return {
        meeting.host_id
        for want, meeting in _shown(desired, known, meetings)
        if want.end > now and not _in_time(want, meeting)
    }


def _shown(
    desired: Sequence[DesiredMeeting], known: Known, meetings: Mapping[str, ObservedMeeting]
) -> Iterator[tuple[DesiredMeeting, ObservedMeeting]]:
    for want in desired:
        link = known.links.get(want.key)
        meeting = meetings.get(link.meeting_id if link is not None else want.known_id or "")
        if meeting is not None:
            yield want, meeting


def _in_time(want: DesiredMeeting, meeting: ObservedMeeting) -> bool:
    if meeting.duration != want.fields.duration or meeting.series != (want.fields.recurrence is not None):
        return False
    if meeting.series:  # a row of a list tells only when it comes next
        return set(meeting.occurrences or [meeting.start]) <= set(want.fields.occurrences)
    return meeting.start == want.fields.start


def unlike_link(desired: Sequence[DesiredMeeting], known: Known) -> set[str]:
    """The hosts of meetings whose times the programme changed: it is known before anything is asked."""
    wants = {want.key: want for want in desired}
    return {
        link.host_id
        for key, link in known.links.items()
        if key in wants and wants[key].fields.spans != link.applied.spans
    }


def hosts_wanted(desired: Sequence[DesiredMeeting], known: Known, hosts: Sequence[Host]) -> set[str]:
    """The hosts whom linked sessions may get: the one whom the programme names, or any where the kind is another."""
    book, texts = HostBook(hosts), set[str]()
    for want in desired:
        link = known.links.get(want.key)
        named = book.find(want.host)
        if link is not None and named is not None and named.id != link.host_id:
            texts.add(named.id)
        elif link is not None and link.kind is not want.kind:
            texts |= {host.id for host in hosts}
    return texts


def hosts_of_lost(known: Known, hosts: Sequence[Host], seen: Observation) -> set[str]:
    """The hosts who may get a new meeting for one that is gone: its own, or all of them where he cannot."""
    able = {host.id for host in hosts} - seen.unread.keys()
    lost = {link.host_id for link in known.links.values() if link.meeting_id in seen.missing}
    return lost & able if lost <= able else able


def others_series(
    meetings: Mapping[str, ObservedMeeting], known: Known, hosts: set[str], now: datetime
) -> list[ObservedMeeting]:
    """The series that others made with these hosts, and of which a list told the next time only."""
    ours = known.linked_ids
    return [
        meeting
        for meeting in meetings.values()
        if meeting.series
        and not meeting.deep
        and meeting.host_id in hosts
        and meeting.meeting_id not in ours
        and (meeting.start is None or meeting.spans[-1][1] > now)
    ]


def read_series(reader: ZoomReader, meeting: ObservedMeeting) -> ObservedMeeting:
    """A series with all its times; as the list has it where Zoom does not show more."""
    try:
        return reader.meeting(meeting.meeting_id, meeting.kind)
    except ZoomError:
        return meeting


def webinars_of(reader: ZoomReader, host_id: str, *, needed: bool) -> Listed | str | None:
    """A host's webinars; None where he has no licence for any.

    Where none are `needed`, an app that may not ask for webinars is no error: the answer is why they are not seen.
    Raises ZoomError.
    """
    try:
        return reader.webinars(host_id)
    except MissingScope as error:
        if needed:
            raise
        return str(error)
