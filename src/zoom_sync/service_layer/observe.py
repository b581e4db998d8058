"""Looking at Zoom: the fewest calls that tell what a plan has to know. Only ever given a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zoom_sync.domain.hosts import Host, HostBook, Span
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import DesiredMeeting, Link, ObservedMeeting, compared
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.domain.plan import Failure, Known, Observation, link_moved
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import ConfigurationError, NotFound, OtherKind, Problem, ZoomError
from zoom_sync.service_layer.looking import Lookup, in_parallel, list_hosts, look_up
from zoom_sync.service_layer.ports.events import LinkStore
from zoom_sync.service_layer.ports.zoom import ZoomReader
from zoom_sync.service_layer.whole_calendars import (
    hosts_judged,
    hosts_of_lost,
    hosts_wanted,
    kinds_of,
    others_series,
    read_series,
    unlike_link,
)

T = TypeVar("T")
R = TypeVar("R")

HOSTS_ARE_FRESH = timedelta(days=1)
# Around its time a meeting may be under way: hosts open early and end late.
OPENS_EARLY = timedelta(minutes=30)
ENDS_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HostRule:
    """One entry of the host pool: which user (id, e-mail address or name), and what differs from the plan's default.

    `licence` is what Zoom is expected to say of him, `licensed` or `basic`; the buffers are minutes.
    """

    user: str
    capacity: int | None = None
    daily_writes: int | None = None
    licence: str = "licensed"
    webinar_capacity: int | None = None
    buffer_before: int = 0
    buffer_after: int = 0


def hosts_of_account(reader: ZoomReader, links: LinkStore, now: datetime, *, fresh: bool = False) -> Sequence[Host]:
    """The account's users: from the store for a day, then asked for again."""
    kept = None if fresh else links.hosts(now - HOSTS_ARE_FRESH)
    if kept is None:
        kept = reader.users()
        links.set_hosts(kept, now)
    # One order, wherever they come from: the same plan must come out again, and with it the same digest.
    return sorted(kept, key=lambda host: (host.email, host.id))


def host_pool(users: Sequence[Host], rules: Sequence[HostRule] | None, *, basic_may_host: bool) -> tuple[Host, ...]:
    """Who may hold meetings: the pool's entries in their order, or without a pool every licensed user.

    An entry that names nobody on the account is ignored: `strangers` tells of it.

    Raises:
        ConfigurationError: the pool names nobody at all who is an active user of the account.
    """
    if rules is None:
        return tuple(user for user in users if user.licensed or basic_may_host)
    book = HostBook(users)
    found = [(rule, book.find(rule.user)) for rule in rules]
    pool = tuple(_with_rule(user, rule) for rule, user in found if user is not None)
    if rules and not pool:
        missing = [Problem(f"{name!r} is not an active user of the account") for name in strangers(users, rules)]
        raise ConfigurationError("the host pool (hosts.yaml) does not fit the Zoom account", missing)
    return pool


def strangers(users: Sequence[Host], rules: Sequence[HostRule] | None) -> list[str]:
    """The entries of the pool, as they are written, that name no active user of the account."""
    book = HostBook(users)
    return [rule.user for rule in rules or () if book.find(rule.user) is None]


def _with_rule(user: Host, rule: HostRule) -> Host:
    return replace(
        user,
        capacity=rule.capacity or user.capacity,
        daily_writes=user.daily_writes if rule.daily_writes is None else rule.daily_writes,
        buffer_before=timedelta(minutes=rule.buffer_before),
        buffer_after=timedelta(minutes=rule.buffer_after),
        webinar_capacity=rule.webinar_capacity,
    )


def observe(
    reader: ZoomReader,
    desired: Sequence[DesiredMeeting],
    known: Known,
    hosts: Sequence[Host],
    now: datetime,
    *,
    deep: bool = False,
    threads: int = 1,
    licences: Mapping[str, Licence] | None = None,
    every_host: bool = False,
) -> Observation:
    """What Zoom shows now.

    1. The hosts that matter are listed: those who hold our meetings, and all of them if a meeting needs a host.
    2. Linked meetings that no list shows are looked for by id, so that one odd answer marks nothing as deleted; so are
       those that the programme names, whoever holds them.
    3. Read in full are meetings to adopt, linked ones around their time (a list does not tell what is under way), whose
       row lacks something, or whose link a list shows otherwise (only the meeting tells whether its passcode was
       changed), and with `deep` all that are linked, with the panelists of webinars.
    4. Where a meeting is not held when the programme wants it, all that its host holds is listed, webinars among it;
       `every_host` lists that of all hosts. Who has no licence for webinars, by `licences`, is not asked for any.

    What goes wrong with one host, one row or one meeting is noted for it alone.

    Raises:
        ZoomError: it is the account's, or everybody's.
    """
    current = _current_links(desired, known, now)
    lists = _lists(desired, known, current, hosts, now, licences or {}, every_host=every_host)
    listing = list_hosts(reader, lists, threads, webinars_needed=_webinar_hosts(desired, known))
    meetings = {meeting.meeting_id: meeting for meeting in listing.meetings}
    readable = listing.gone | listing.short | ({link.host_id for link in current} - listing.unread.keys())
    looked_up = [
        Lookup(link.meeting_id, link.kind, link)
        for link in current
        if (link.host_id in readable and link.meeting_id not in meetings)
        or (link.meeting_id in meetings and _needs_full(link, meetings[link.meeting_id], now, deep=deep))
    ]
    ours = {link.meeting_id for link in (*known.links.values(), *known.retired)}
    looked_up += [
        Lookup(want.known_id, want.kind)
        for want in desired
        if want.known_id is not None and want.known_id not in ours and want.key not in known.intents and want.end > now
    ]
    missing: set[str] = set()
    failures: dict[str, Failure] = {}
    read = in_parallel(lambda one: look_up(reader, one, deep=deep), looked_up, threads)
    for lookup, answer in zip(looked_up, read, strict=True):
        if isinstance(answer, ObservedMeeting):
            listed_before = meetings.get(lookup.meeting_id)
            meetings[lookup.meeting_id] = replace(answer, listed_url=listed_before.join_url if listed_before else "")
            continue
        shown = meetings.pop(lookup.meeting_id, None)
        # Gone is what the list lacks and Zoom says is gone: a list with a row that cannot be read may hold it.
        if (
            isinstance(answer, NotFound)
            and shown is None
            and not (lookup.link and lookup.link.host_id in listing.unsure)
        ):
            missing.add(lookup.meeting_id)
        else:
            failures[lookup.meeting_id] = _failure(answer)
    seen = Observation(
        meetings,
        frozenset(missing),
        listing.unread,
        listing.gone,
        failures,
        listing.refused,
        no_webinars=listing.no_webinars,
        calls=listing.calls,
        unseen=listing.unseen,
    )
    return _with_calendars(reader, desired, known, hosts, now, seen, lists, threads, licences or {})


def _failure(error: ZoomError) -> Failure:
    if isinstance(error, OtherKind):
        advice = Phrase("it may have been converted on Zoom; if so, change the session's `kind` in the programme")
        return Failure(then(str(error), advice), lasting=True, other_kind=True)
    return Failure(str(error), lasting=not error.retryable)


def _needs_full(link: Link, row: ObservedMeeting, now: datetime, *, deep: bool) -> bool:
    """Whether the list's row is not enough: around its time, or where it lacks what is compared and is not empty."""
    if deep or link_moved(link, row.join_url) or _may_be_under_way((*row.spans, *link.applied.spans), now):
        return True
    held = compared(link.applied)
    return row.kind is not link.kind or any(held.get(name, name) for name in row.unread - {"join_url"})


def _with_calendars(
    reader: ZoomReader,
    desired: Sequence[DesiredMeeting],
    known: Known,
    hosts: Sequence[Host],
    now: datetime,
    seen: Observation,
    lists: Sequence[tuple[str, Kind]],
    threads: int,
    licences: Mapping[str, Licence],
) -> Observation:
    """The same with all that the hosts hold who are judged."""
    judged = hosts_judged(desired, known, seen.meetings, now) | hosts_of_lost(known, hosts, seen)
    judged -= seen.gone
    some = {(host_id, kind) for host_id in judged for kind in kinds_of(host_id, hosts, licences)}
    further = sorted(some - set(lists))
    more = list_hosts(reader, further, threads, webinars_needed=_webinar_hosts(desired, known), all_or_none=False)
    ids = {host_id for host_id, _ in (*lists, *some)}
    read = {*lists, *some}
    whole = {host_id for host_id in ids if all((host_id, kind) in read for kind in kinds_of(host_id, hosts, licences))}
    meetings = {meeting.meeting_id: meeting for meeting in more.meetings} | dict(seen.meetings)
    series = others_series(meetings, known, whole, now)
    times = in_parallel(lambda one: read_series(reader, one), series, threads)
    meetings |= {meeting.meeting_id: meeting for meeting in times}
    calls = Counter(seen.calls) + Counter(more.calls) + Counter(f"{meeting.kind}" for meeting in series)
    return replace(
        seen,
        meetings=meetings,
        unread={**more.unread, **seen.unread},
        gone=seen.gone | more.gone,
        refused=seen.refused | more.refused,
        listed=frozenset(whole),
        no_webinars=seen.no_webinars | more.no_webinars,
        calls=dict(sorted(calls.items())),
        unseen=seen.unseen or more.unseen,
    )


def _webinar_hosts(desired: Sequence[DesiredMeeting], known: Known) -> bool:
    """Whether webinars are needed: the programme has some, or has had."""
    kinds = [want.kind for want in desired] + [link.kind for link in (*known.links.values(), *known.retired)]
    return Kind.WEBINAR in kinds


def _current_links(desired: Sequence[DesiredMeeting], known: Known, now: datetime) -> list[Link]:
    """The links that a plan may act on; those of sessions that are over rest."""
    ends = {want.key: want.end for want in desired}

    def over(link: Link) -> bool:
        planned = link.applied.spans[-1][1]
        return max(ends.get(link.key, planned), planned) <= now

    return [link for link in (*known.links.values(), *known.retired) if not over(link)]


def _lists(
    desired: Sequence[DesiredMeeting],
    known: Known,
    current: Sequence[Link],
    hosts: Sequence[Host],
    now: datetime,
    licences: Mapping[str, Licence],
    *,
    every_host: bool,
) -> list[tuple[str, Kind]]:
    """Which lists to read: the hosts and the kinds of what is ours, and all that hosts hold who are to be judged."""
    unheld = [
        want
        for want in desired
        if want.key not in known.links and want.key not in known.intents and want.fields.start > now
    ]
    wanted = {(link.host_id, link.kind) for link in current}
    wanted |= {(intent.host_id, intent.kind) for intent in known.intents.values()}
    wanted |= {(one.host_id, one.kind) for one in known.given_up}  # Zoom may carry it out yet
    judged = {host.id for host in hosts} if unheld or every_host else unlike_link(desired, known)
    judged |= hosts_wanted(desired, known, hosts)
    judged &= {host.id for host in hosts} | {link.host_id for link in current}
    # What else a host holds counts, of either kind, whatever the programme has.
    wanted |= {(host_id, kind) for host_id in judged for kind in kinds_of(host_id, hosts, licences)}
    if unheld:
        wanted |= {(host.id, want.kind) for host in hosts for want in unheld if host.may_hold(want.kind)}
    return sorted(wanted)


def _may_be_under_way(spans: Iterable[Span], now: datetime) -> bool:
    return any(start - OPENS_EARLY <= now < end + ENDS_LATE for start, end in spans)
