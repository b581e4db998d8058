"""Whether the hosts are what the pool takes them for: for `doctor`, and shortly before each session."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from zoom_sync.domain.hosts import Host, Span
from zoom_sync.domain.hosts.checking import Flaw, Licence, crowded, licence_flaws, webinar_flaws
from zoom_sync.domain.meeting import DesiredMeeting, Link
from zoom_sync.domain.plan.hosting import seats
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.series import by_meeting
from zoom_sync.errors import InvalidRequest, MissingScope, NotFound, Refused
from zoom_sync.service_layer.observe import HostRule, host_pool, hosts_of_account
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.zoom import ZoomReader
from zoom_sync.service_layer.sync import Planning


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

    One call, and one more for each host of a webinar. Empty where everything is ready or nothing starts soon.

    Raises:
        NotInStore: there is no such event.
        ZoomError: Zoom could not be asked.
    """
    now = planning.reader.server_time()
    programme = planning.programmes.programme(event)
    soon = [session for session in programme.sessions if now <= session.start < now + within]
    if not soon:
        return ()
    users = {user.id: user for user in hosts_of_account(planning.reader, planning.links, now, fresh=True)}
    links = planning.links.known(event, "").links
    basic = _basic_expected(planning, list(users.values()))
    licence = cache(partial(licence_of, planning.reader))
    found: list[NotReady] = []
    groups = by_meeting(programme.sessions)
    unplanned = planning.profiles.each(programme.sessions)[1]
    for key, sessions in by_meeting(soon).items():
        if key in unplanned:
            continue  # every plan tells of it
        want, link = planning.profiles.desired(*groups[key]), links.get(key)
        flaws = list(_session_flaws(licence, want, link, users, basic))
        found += [
            NotReady(one.key, one.start.astimezone(UTC), flaw.told, flaw.advice, link is not None)
            for one in sessions
            for flaw in flaws
        ]
    return found


def _basic_expected(planning: Planning, users: Sequence[Host]) -> frozenset[str]:
    """Who need not be licensed: everybody on a free plan, and who is told to be Basic in the pool."""
    if planning.basic_may_host:
        return frozenset(user.id for user in users)
    rules = [rule for rule in planning.pool or () if rule.licence == "basic"]
    return frozenset(user.id for user in users for rule in rules if rule.user.casefold() in _names(user))


def _names(user: Host) -> tuple[str, ...]:
    return user.id.casefold(), user.email.casefold(), user.name.casefold()


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
    if user is not None and link.kind is Kind.WEBINAR and (licence := licence_of_host(user.id)) is not None:
        flaws += webinar_flaws(user, licence, seats(want))
    for flaw in flaws:
        yield Flaw(f"host {host.name}: {flaw.told}", flaw.advice)


def licence_of(reader: ZoomReader, host_id: str) -> Licence | None:
    """What Zoom says of a user's licence, None where it does not let us ask. Raises ZoomError."""
    try:
        return reader.licence(host_id)
    except (MissingScope, InvalidRequest, NotFound, Refused):
        return None


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
