"""Looking at Zoom: the fewest calls that tell what a plan has to know. Only ever given a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zoom_sync.domain.hosts import Host, HostBook, Span
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.meeting import DesiredMeeting, Link, ObservedMeeting
from zoom_sync.domain.panelists import listed
from zoom_sync.domain.plan import Known, Observation, link_moved
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import ConfigurationError, InvalidRequest, NoProperAnswer, NotFound, Problem, ShortList, ZoomError
from zoom_sync.service_layer.ports.events import LinkStore
from zoom_sync.service_layer.ports.zoom import ZoomReader
from zoom_sync.service_layer.whole_calendars import (
    hosts_judged,
    hosts_of_lost,
    hosts_wanted,
    kinds_of,
    lacks_webinars,
    others_series,
    read_series,
    unlike_link,
    webinars_of,
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


def in_parallel(work: Callable[[T], R], over: Sequence[T], threads: int) -> list[R]:
    """`work` over each, in order; the first error is raised once all have ended. What is logged bears our ids."""
    if threads <= 1 or len(over) <= 1:
        return [work(one) for one in over]
    pool = ThreadPoolExecutor(min(threads, len(over)))
    try:
        return list(pool.map(lambda context, one: context.run(work, one), [copy_context() for _ in over], over))
    finally:
        pool.shutdown(cancel_futures=True)  # after an error or Ctrl-C: finish what has begun, begin nothing more


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

    Raises:
        ConfigurationError: the pool names somebody who is not an active user of the account.
    """
    if rules is None:
        return tuple(user for user in users if user.licensed or basic_may_host)
    book = HostBook(users)
    found = [(rule, book.find(rule.user)) for rule in rules]
    missing = [Problem(f"{rule.user!r} is no active user of the account") for rule, user in found if user is None]
    if missing:
        raise ConfigurationError("the host pool (hosts.yaml) does not fit the Zoom account", missing)
    return tuple(_with_rule(user, rule) for rule, user in found if user is not None)


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
    2. Linked meetings that no list shows are looked for by id, so that one odd answer marks nothing as deleted.
    3. Read in full are meetings to adopt, linked ones around their time (a list does not tell what is under way) or
       whose link a list shows otherwise (only the meeting tells whether its passcode was changed), and with `deep` all
       that are linked, with the panelists of webinars.
    4. Where a meeting is not held when the programme wants it, all that its host holds is listed, webinars among it;
       `every_host` lists that of all hosts. Who has no licence for webinars, by `licences`, is not asked for any.
    """
    current = _current_links(desired, known, now)
    lists = _lists(desired, known, current, hosts, now, licences or {}, every_host=every_host)
    looked = _list_hosts(reader, lists, threads, _webinar_hosts(desired, known))
    unread, gone = looked.unread, looked.gone
    meetings = {meeting.meeting_id: meeting for meeting in looked.listed}
    readable = gone | looked.short | ({link.host_id for link in current} - unread.keys())
    absent = [link for link in current if link.meeting_id not in meetings and link.host_id in readable]
    adoptable = [want for want in desired if want.known_id in meetings and want.key not in known.links]
    in_full = [
        link
        for link in current
        if link.meeting_id in meetings
        and (
            deep
            or link_moved(link, meetings[link.meeting_id].join_url)
            or _may_be_under_way((*meetings[link.meeting_id].spans, *link.applied.spans), now)
        )
    ]
    wanted: list[tuple[str, Link | None]] = [(link.meeting_id, link) for link in (*absent, *in_full)]
    wanted += [(want.known_id or "", None) for want in adoptable]
    missing: set[str] = set()
    read = in_parallel(lambda one: _read(reader, one[0], one[1], meetings, deep=deep), wanted, threads)
    for (meeting_id, link), answer in zip(wanted, read, strict=True):
        if isinstance(answer, ObservedMeeting):
            listed_before = meetings.get(meeting_id)
            meetings[meeting_id] = replace(answer, listed_url=listed_before.join_url if listed_before else "")
        elif isinstance(answer, NotFound) and not (link is not None and link.host_id in looked.short):
            missing.add(meeting_id)
            meetings.pop(meeting_id, None)
        elif link is not None:
            unread[link.host_id] = str(answer)
            meetings.pop(meeting_id, None)
    seen = Observation(meetings, frozenset(missing), unread, frozenset(gone), calls=looked.calls, unseen=looked.unseen)
    seen = replace(seen, no_webinars=frozenset(looked.no_webinars))
    return _with_calendars(reader, desired, known, hosts, now, seen, lists, threads, licences or {})


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
    more = _list_hosts(reader, sorted(some - set(lists)), threads, _webinar_hosts(desired, known), all_or_none=False)
    ids = {host_id for host_id, _ in (*lists, *some)}
    read = {*lists, *some}
    whole = {host_id for host_id in ids if all((host_id, kind) in read for kind in kinds_of(host_id, hosts, licences))}
    meetings = {meeting.meeting_id: meeting for meeting in more.listed} | dict(seen.meetings)
    series = others_series(meetings, known, whole, now)
    times = in_parallel(lambda one: read_series(reader, one), series, threads)
    meetings |= {meeting.meeting_id: meeting for meeting in times}
    calls = Counter(seen.calls) + Counter(more.calls) + Counter(f"{one.kind}" for one in series)
    return replace(
        seen,
        meetings=meetings,
        unread={**more.unread, **seen.unread},
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


@dataclass(slots=True)
class _Looked:
    """What lists told: meetings, why some hosts could not be listed, who is no user any more, who has no webinars."""

    listed: list[ObservedMeeting] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    no_webinars: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    calls: dict[str, int] = field(default_factory=dict)
    unseen: str = ""


def _list_hosts(
    reader: ZoomReader,
    lists: Sequence[tuple[str, Kind]],
    threads: int,
    webinars_needed: bool,
    *,
    all_or_none: bool = True,
) -> _Looked:
    """The meetings of these lists. Raises ZoomError where `all_or_none` and not one host could be listed."""
    answers = in_parallel(lambda one: _list(reader, *one, webinars_needed=webinars_needed), lists, threads)
    errors = {host: answer for (host, _), answer in zip(lists, answers, strict=True) if isinstance(answer, ZoomError)}
    gone = {host_id for host_id, error in errors.items() if isinstance(error, NotFound)}
    lost = [error for host_id, error in errors.items() if host_id not in gone and not isinstance(error, ShortList)]
    if all_or_none and lost and len(lost) == len({host for host, _ in lists}):
        raise lost[0]
    looked = _Looked(unread={host_id: str(error) for host_id, error in errors.items()}, gone=gone)
    for (host_id, kind), answer in zip(lists, answers, strict=True):
        looked.calls[f"{kind}s"] = looked.calls.get(f"{kind}s", 0) + 1
        if answer is None:
            looked.no_webinars.add(host_id)
        elif isinstance(answer, str):
            looked.unseen = answer
        elif isinstance(answer, ShortList):
            looked.short.add(host_id)
            looked.listed += answer.given
        elif not isinstance(answer, ZoomError):
            looked.listed += answer
    return looked


def _list(
    reader: ZoomReader, host_id: str, kind: Kind, *, webinars_needed: bool
) -> Sequence[ObservedMeeting] | ZoomError | str | None:
    try:
        if kind is Kind.WEBINAR:
            return webinars_of(reader, host_id, needed=webinars_needed)
        return reader.meetings(host_id, kind)
    except (NotFound, NoProperAnswer) as error:
        return error  # of this host nothing is concluded; the others can be planned


def _read(
    reader: ZoomReader, meeting_id: str, link: Link | None, meetings: Mapping[str, ObservedMeeting], *, deep: bool
) -> ObservedMeeting | ZoomError:
    kind = link.kind if link is not None else meetings[meeting_id].kind
    try:
        meeting = reader.meeting(meeting_id, kind)
    except (NotFound, NoProperAnswer) as error:
        return error
    except InvalidRequest as error:
        if not lacks_webinars(error):
            raise
        return error  # the host has lost his licence for webinars: of this one nothing is known
    return replace(meeting, panelists=_panelists(reader, link)) if deep and link is not None else meeting


def _panelists(reader: ZoomReader, link: Link) -> frozenset[str] | None:
    """Who is on a webinar's list, where we know of somebody on it. None: of this list nothing is concluded."""
    if not link.panelists:
        return None
    try:
        return frozenset(listed(reader.panelists(link.meeting_id).rows))
    except (NotFound, NoProperAnswer):
        return None
