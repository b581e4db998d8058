"""What hosts are now: who hosts what by Zoom's word, what their licences take, and what people have to know of that."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from zoom_sync.domain.hosts import Held, Host, HostBook
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Known, Observation, Plan, calendars_now
from zoom_sync.domain.plan.calendar import moves, seats
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import InvalidRequest, MissingScope, NoProperAnswer, NotFound, Refused, ZoomError
from zoom_sync.service_layer.crowds import crowd_notes, hosts_asked
from zoom_sync.service_layer.observe import HostRule
from zoom_sync.service_layer.ports.events import LinkStore
from zoom_sync.service_layer.ports.zoom import ZoomReader
from zoom_sync.service_layer.whole_calendars import lacks_webinars

# Zoom's code for "Meeting hosting and scheduling capabilities are not allowed for your user account":
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings
NO_HOSTING = 3161
NOBODY: Mapping[str, str] = MappingProxyType({})
# A session that does not end is in the way of what its host holds within this time.
SOON = timedelta(hours=3)


def licence_of(reader: ZoomReader, host_id: str) -> Licence | None:
    """What Zoom says of a user's licence, None where it does not let us ask. Raises ZoomError."""
    try:
        return reader.licence(host_id)
    except (MissingScope, InvalidRequest, NotFound, Refused):
        return None


def read_licences(
    reader: ZoomReader,
    links: LinkStore,
    desired: Sequence[DesiredMeeting],
    known: Known,
    hosts: Sequence[Host],
    now: datetime,
    not_before: datetime,
) -> Mapping[str, Licence]:
    """What the hosts' licences take, kept for a day; read where a webinar needs a host or expects a number."""
    kept = dict(links.licences(not_before))
    crowds = hosts_asked([want for want in desired if want.end > now], known.links, hosts)
    for host_id in _asked_about(desired, known, hosts, now, crowds):
        # Of who was refused webinars no more is known than that.
        if host_id in kept and (host_id not in crowds or kept[host_id].webinars or kept[host_id].meeting_capacity):
            continue
        try:
            licence = licence_of(reader, host_id)
        except NoProperAnswer:
            continue  # of this host nothing is known; the others can be asked
        if licence is not None:
            links.set_licence(host_id, licence, now)
            kept[host_id] = licence
    return kept


def _asked_about(
    desired: Sequence[DesiredMeeting], known: Known, hosts: Sequence[Host], now: datetime, crowds: set[str]
) -> list[str]:
    webinars = [want for want in desired if want.kind is Kind.WEBINAR and want.fields.start > now]
    links = {want.key: known.links.get(want.key) for want in webinars}
    if any(link is None or link.kind is not Kind.WEBINAR for link in links.values()):
        return sorted({host.id for host in hosts if host.licensed} | crowds)
    seated = {link.host_id for want in webinars if seats(want) and (link := links[want.key]) is not None}
    return sorted(seated | crowds)


def with_licences(hosts: Sequence[Host], licences: Mapping[str, Licence]) -> tuple[Host, ...]:
    """The hosts who may get new meetings, with what their webinars take: by Zoom, and no more than hosts.yaml says."""
    able = [host for host in hosts if licences.get(host.id, Licence(webinars=False)).hosting]
    return tuple(replace(host, webinar_capacity=_capacity(host, licences.get(host.id))) for host in able)


def _capacity(host: Host, licence: Licence | None) -> int | None:
    if licence is None:
        return host.webinar_capacity
    if not licence.webinars:
        return 0
    numbers = [each for each in (licence.webinar_capacity or None, host.webinar_capacity) if each is not None]
    return min(numbers, default=None)


def refused_for_licence(error: ZoomError, kind: Kind) -> Licence | None:
    """What a refused creation says of the host's licence; None where it was refused for something else."""
    if error.code == NO_HOSTING:
        return Licence(webinars=False, hosting=False)
    if kind is Kind.WEBINAR and lacks_webinars(error):
        return Licence(webinars=False)
    return None


def followed(
    links: LinkStore, known: Known, seen: Observation, users: Mapping[str, Host]
) -> tuple[Known, list[Phrase]]:
    """Take over who hosts our meetings now, by Zoom's word, and tell of each that changed."""
    notes: list[Phrase] = []

    def host_now(meeting_id: str, host_id: str) -> str:
        meeting = seen.meetings.get(meeting_id)
        return host_id if meeting is None or not meeting.host_id else meeting.host_id

    current = {}
    for key, link in known.links.items():
        host_id = host_now(link.meeting_id, link.host_id)
        if host_id != link.host_id:
            links.follow(link.meeting_id, host_id)
            name = users[host_id].name if host_id in users else host_id
            notes.append(Phrase("session {session}: Zoom says that its host is {host} now", session=key, host=name))
        current[key] = link if host_id == link.host_id else replace(link, host_id=host_id, version=link.version + 1)
    retired = []
    for link in known.retired:
        host_id = host_now(link.meeting_id, link.host_id)
        if host_id != link.host_id:
            links.follow(link.meeting_id, host_id)
        retired.append(link if host_id == link.host_id else replace(link, host_id=host_id, version=link.version + 1))
    return replace(known, links=current, retired=tuple(retired)), notes


def keep_calendars(
    links: LinkStore,
    plan: Plan,
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    users: Mapping[str, Host],
    now: datetime,
) -> None:
    """Keep, for the runs that carry the plan out, what the hosts can hold to whom it gives something to hold."""
    taking = {change.host_id for change in plan.changes if moves(change)}
    if not taking:
        return
    held = calendars_now(desired, known, seen).by_host()
    there = {
        host_id: [one for one in held.get(host_id, ()) if "/" not in one.id] for host_id in taking if host_id in users
    }
    links.see_calendars([(users[host_id], rows) for host_id, rows in there.items()], now)


def notes_of_hosts(
    desired: Sequence[DesiredMeeting],
    known: Known,
    seen: Observation,
    hosts: Sequence[Host],
    users: Mapping[str, Host],
    licences: Mapping[str, Licence],
    basic: Collection[str],
    now: datetime,
    chosen: Mapping[str, str] = NOBODY,
) -> Iterator[Phrase]:
    """What licences do to sessions to come: 40 minutes, no webinars, fewer people than are expected.

    `chosen` are the hosts of the meetings that the plan makes, by session.
    """
    coming = [want for want in desired if want.end > now]
    for want in coming:
        link = known.links.get(want.key)
        host = users.get(link.host_id) if link is not None else None
        if host is not None and not host.licensed and host.id not in basic:
            yield basic_note(want.key, host.name)
        yield from _too_many(want, host, hosts, licences)
        holder = users.get(chosen.get(want.key, "")) or host
        yield from crowd_notes(want.key, want.kind, want.expected, holder, hosts, licences)
    yield from _none_for_webinars(coming, known, hosts, now)
    if seen.unseen:
        yield Phrase("webinars that others made with the hosts are not seen: {why}", why=seen.unseen)


def basic_note(session: str, host: str) -> Phrase:
    """What it means for a session that its host has lost his licence."""
    return Phrase(
        "session {session}: its host {host} has no licence (Basic): Zoom ends the meeting after 40 minutes; give the"
        " host a licence in Zoom's admin pages, or give the session another host",
        session=session,
        host=host,
    )


def _too_many(
    want: DesiredMeeting, host: Host | None, hosts: Sequence[Host], licences: Mapping[str, Licence]
) -> Iterator[Phrase]:
    expected = seats(want)
    if not expected:
        return
    if host is not None:
        licence = licences.get(host.id)
        takes = licence.webinar_capacity if licence is not None else 0
    else:
        takes = max((one.webinar_capacity or 0 for one in hosts), default=0)
        if any(one.webinar_capacity is None for one in hosts):
            return
    if takes and takes < expected:
        yield Phrase(
            "session {session}: {count} people may register, and the largest licence that it can have takes "
            "{capacity}; give its host a larger webinar licence in Zoom's admin pages, or lower "
            "`registrants_restrict_number`",
            session=want.key,
            count=expected,
            capacity=takes,
        )


def _none_for_webinars(
    coming: Sequence[DesiredMeeting], known: Known, hosts: Sequence[Host], now: datetime
) -> Iterator[Phrase]:
    waiting = [
        want.key
        for want in coming
        if want.kind is Kind.WEBINAR and want.fields.start > now and want.key not in known.links
    ]
    if waiting and hosts and all(host.webinar_capacity == 0 for host in hosts):
        yield Phrase(
            "no host has a licence for webinars, and Zoom makes none without it: give a host the webinar add-on in "
            "Zoom's admin pages (User Management, Users, Licenses), or make these sessions meetings (kind: meeting): "
            "{sessions}",
            sessions=waiting,
        )


def notes_of_running(
    reader: ZoomReader, desired: Sequence[DesiredMeeting], known: Known, seen: Observation, now: datetime
) -> Iterator[Phrase]:
    """Sessions that still run after their end, while their host holds the next one: one call for each that may."""
    held = calendars_now(desired, known, seen)
    for want in desired:
        link = known.links.get(want.key)
        if link is None or link.kind is Kind.WEBINAR or not want.end <= now < want.end + SOON:
            continue  # a webinar does not tell whether it runs
        following = next_held(held.of(link.host_id), link.meeting_id, want.end, now)
        if following is not None and _runs(reader, link, seen):
            start, other = following
            yield overrun_note(want.key, other.name, start)


def _runs(reader: ZoomReader, link: Link, seen: Observation) -> bool:
    meeting = seen.meetings.get(link.meeting_id)
    if meeting is not None and meeting.deep:
        return meeting.running
    try:
        return reader.meeting(link.meeting_id, link.kind).running
    except ZoomError:
        return False  # nothing is known of it, and nothing is said


def next_held(held: Sequence[Held], meeting_id: str, end: datetime, now: datetime) -> tuple[datetime, Held] | None:
    """What a host holds next after the `end` of one of his meetings, and when; None where nothing is to come."""
    following = [
        (start, one)
        for one in held
        if one.id != meeting_id
        for start, until in one.spans
        if start >= end and until > now and start < now + SOON
    ]
    return min(following, key=lambda one: (one[0], one[1].id), default=None)


def basic_expected(users: Sequence[Host], pool: Sequence[HostRule] | None, *, basic_may_host: bool) -> frozenset[str]:
    """Who need not be licensed: everybody on a free plan, and who is told to be Basic in the pool."""
    if basic_may_host:
        return frozenset(user.id for user in users)
    book = HostBook(users)
    named = (book.find(rule.user) for rule in pool or () if rule.licence == "basic")
    return frozenset(user.id for user in named if user is not None)


def overrun_note(session: str, name: Phrase, start: datetime) -> Phrase:
    """A session that runs into the next one of its host."""
    return Phrase(
        "session {session} still runs after its end, and its host has {name} at {time} UTC: end it, or let another "
        "host open the next one",
        session=session,
        name=name,
        time=f"{start:%H:%M}",
    )
