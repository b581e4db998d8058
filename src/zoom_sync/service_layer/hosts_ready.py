"""Whether the hosts are what the pool takes them for: for `doctor`, and shortly before each session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from zoom_sync.domain.hosts import Host, Span
from zoom_sync.domain.hosts.checking import Flaw, Licence, crowded, licence_flaws, webinar_flaws
from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.plan.calendar import seats
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.series import by_meeting
from zoom_sync.errors import ZoomError
from zoom_sync.service_layer.crowds import FIT_ANYWHERE, with_registered
from zoom_sync.service_layer.hosts_now import SOON, basic_expected, licence_of
from zoom_sync.service_layer.observe import HostRule, host_pool, hosts_of_account
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.zoom import ZoomReader
from zoom_sync.service_layer.sync import Planning

LARGER = "give the host a larger licence in Zoom's admin pages, or give the session another host"
END = "end it, or let another host open the next one"


@dataclass(frozen=True, slots=True)
class NotReady:
    """Why a session that is about to begin cannot be held as it has to be, and what to do."""

    key: str
    start: datetime
    told: str
    advice: str
    has_meeting: bool


def hosts_ready(planning: Planning, event: str, within: timedelta) -> Sequence[NotReady]:
    """What is not ready for the sessions that start within so much time from now, by Zoom's list of users of now.

    One call, one more for each host of a webinar, and one for each meeting before a session that should be over.
    Empty where everything is ready or nothing starts soon.

    Raises:
        NotInStore: there is no such event.
        ZoomError: Zoom could not be reached.
    """
    now = planning.reader.server_time()
    programme = planning.programmes.programme(event)
    soon = [session for session in programme.sessions if not session.cancelled and now <= session.start < now + within]
    if not soon:
        return ()
    users = {user.id: user for user in hosts_of_account(planning.reader, planning.links, now, fresh=True)}
    links = planning.links.known(event, "").links
    basic = basic_expected(list(users.values()), planning.pool, basic_may_host=planning.basic_may_host)
    licence = cache(partial(licence_of, planning.reader))
    found: list[NotReady] = []
    groups = by_meeting(programme.sessions)
    registered = planning.registered(event)
    unplanned = planning.profiles.each(programme.sessions)[1]
    for key, sessions in by_meeting(soon).items():
        if key in unplanned:
            continue  # every plan tells of it
        (want,) = with_registered([planning.profiles.desired(*groups[key])], registered)
        link = links.get(key)
        flaws = list(_session_flaws(licence, want, link, users, basic))
        flaws += _not_ended(planning, want, link, now)
        found += [
            NotReady(session.key, session.start.astimezone(UTC), flaw.told, flaw.advice, link is not None)
            for session in sessions
            for flaw in flaws
        ]
    return found


def _session_flaws(
    licence_of_host: Callable[[str], Licence | None],
    want: DesiredMeeting,
    link: Link | None,
    users: Mapping[str, Host],
    basic: frozenset[str],
) -> Iterator[Flaw]:
    if link is None:
        yield Flaw("it has no meeting yet", "see `zoom-sync plan`")
        return
    user = users.get(link.host_id)
    host = user or Host(link.host_id, link.host_id, "")
    flaws = list(licence_flaws(host, user, basic_expected=host.id in basic))
    crowd = want.expected > FIT_ANYWHERE
    webinar = link.kind is Kind.WEBINAR
    if user is not None and (webinar or crowd) and (licence := licence_of_host(user.id)) is not None:
        flaws += webinar_flaws(user, licence, max(seats(want), want.expected)) if webinar else ()
        if not webinar and 0 < licence.meeting_capacity < want.expected:
            what = f"this host's meetings let {licence.meeting_capacity} people in, {want.expected} are expected"
            flaws.append(Flaw(what, LARGER))
    for flaw in flaws:
        yield Flaw(f"host {host.name}: {flaw.told}", flaw.advice)


def _not_ended(planning: Planning, want: DesiredMeeting, link: Link | None, now: datetime) -> Iterator[Flaw]:
    """What the host holds before and what still runs after its end: one call for each that should be over."""
    if link is None:
        return
    start = min((start for start, _ in want.spans if start > now), default=want.fields.start)
    for held in planning.links.calendar(link.host_id, now).held:
        over = [end for _, end in held.spans if start - SOON < end <= min(start, now)]
        if held.id == link.meeting_id or not over or "/" in held.id or held.kind is Kind.WEBINAR:
            continue
        try:
            running = planning.reader.meeting(held.id, held.kind).running
        except ZoomError:
            continue  # nothing is known of it, and the session is as ready as can be told
        if running:
            yield Flaw(f"{held.name} of the same host still runs after its end", END)


def pool_flaws(
    reader: ZoomReader, users: Sequence[Host], rules: Sequence[HostRule] | None, *, basic_may_host: bool
) -> Iterator[tuple[Host, list[Flaw]]]:
    """Each host of the pool with what Zoom says against him. Raises ConfigurationError, ZoomError."""
    by_id = {user.id: user for user in users}
    pool = host_pool(users, rules, basic_may_host=basic_may_host)
    for host, rule in zip(pool, rules or (HostRule("") for _ in pool), strict=False):
        basic = basic_may_host or rule.licence == "basic"
        flaws = list(licence_flaws(host, by_id.get(host.id), basic_expected=basic))
        if host.webinar_capacity and (licence := licence_of(reader, host.id)) is not None:
            flaws += webinar_flaws(host, licence)
        yield host, flaws


def crowded_hosts(
    programmes: ProgrammeStore, links: LinkStore, hosts: Sequence[Host], now: datetime
) -> Iterator[tuple[Host, Flaw]]:
    """The hosts whose meetings, of all events and still to come, do not fit with their buffers and capacity."""
    spans: dict[str, list[Span]] = {}
    by_id = {host.id: host for host in hosts}
    for event in programmes.events():
        for link in links.known(event.key, "").links.values():
            coming = [span for span in link.applied.spans if span[1] > now]
            if link.host_id in by_id:
                weight = by_id[link.host_id].weight(link.kind)
                spans.setdefault(link.host_id, []).extend(coming * weight)
    for host in hosts:
        flaw = crowded(host, spans.get(host.id, ()))
        if flaw is not None:
            yield host, flaw
