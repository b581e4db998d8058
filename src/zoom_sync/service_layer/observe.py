"""Looking at Zoom: the fewest calls that tell what a plan has to know. Only ever given a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zoom_sync.domain.hosts import Host, HostBook, Span
from zoom_sync.domain.meeting import DesiredMeeting, Link, ObservedMeeting
from zoom_sync.domain.panelists import listed
from zoom_sync.domain.plan import Known, Observation
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import ConfigurationError, NoProperAnswer, NotFound, Problem, ZoomError
from zoom_sync.service_layer.ports.events import LinkStore
from zoom_sync.service_layer.ports.zoom import ZoomReader

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
) -> Observation:
    """What Zoom shows now.

    1. The hosts that matter are listed: those who hold our meetings, and all of them if a meeting needs a host.
    2. Linked meetings that no list shows are looked for by id, so that one odd answer marks nothing as deleted.
    3. Read in full are meetings to adopt, linked ones around their time (a list does not tell what is under way), and
       with `deep` all that are linked, with the panelists of webinars.
    """
    current = _current_links(desired, known, now)
    listed, unread, gone = _list_hosts(reader, _lists(desired, known, current, hosts, now), threads)
    meetings = {meeting.meeting_id: meeting for meeting in listed}
    readable = gone | {link.host_id for link in current} - unread.keys()
    absent = [link for link in current if link.meeting_id not in meetings and link.host_id in readable]
    adoptable = [want for want in desired if want.known_id in meetings and want.key not in known.links]
    in_full = [
        link
        for link in current
        if link.meeting_id in meetings
        and (deep or _may_be_under_way((*meetings[link.meeting_id].spans, *link.applied.spans), now))
    ]
    wanted: list[tuple[str, Link | None]] = [(link.meeting_id, link) for link in (*absent, *in_full)]
    wanted += [(want.known_id or "", None) for want in adoptable]
    missing: set[str] = set()
    read = in_parallel(lambda one: _read(reader, one[0], one[1], meetings, deep=deep), wanted, threads)
    for (meeting_id, link), answer in zip(wanted, read, strict=True):
        if isinstance(answer, ObservedMeeting):
            meetings[meeting_id] = answer
        elif isinstance(answer, NotFound):
            missing.add(meeting_id)
            meetings.pop(meeting_id, None)
        elif link is not None:
            unread[link.host_id] = str(answer)
            meetings.pop(meeting_id, None)
    return Observation(meetings, frozenset(missing), unread, frozenset(gone))


def _current_links(desired: Sequence[DesiredMeeting], known: Known, now: datetime) -> list[Link]:
    """The links that a plan may act on; those of sessions that are over rest."""
    ends = {want.key: want.end for want in desired}

    def over(link: Link) -> bool:
        planned = link.applied.spans[-1][1]
        return max(ends.get(link.key, planned), planned) <= now

    return [link for link in (*known.links.values(), *known.retired) if not over(link)]


def _lists(
    desired: Sequence[DesiredMeeting], known: Known, current: Sequence[Link], hosts: Sequence[Host], now: datetime
) -> list[tuple[str, Kind]]:
    """Which lists to read: the hosts and the kinds of what is ours, and all hosts if one has to be found."""
    unheld = [
        want
        for want in desired
        if want.key not in known.links and want.key not in known.intents and want.fields.start > now
    ]
    wanted = {(link.host_id, link.kind) for link in current}
    wanted |= {(intent.host_id, intent.kind) for intent in known.intents.values()}
    wanted |= {(one.host_id, one.kind) for one in known.given_up}  # Zoom may carry it out yet
    if unheld:
        # What else a host holds counts, of either kind; webinars are asked for where the programme has some.
        kinds = {Kind.MEETING, *(want.kind for want in unheld)}
        wanted |= {(host.id, kind) for host in hosts for kind in kinds}
    return sorted(wanted)


def _may_be_under_way(spans: Iterable[Span], now: datetime) -> bool:
    return any(start - OPENS_EARLY <= now < end + ENDS_LATE for start, end in spans)


def _list_hosts(
    reader: ZoomReader, lists: Sequence[tuple[str, Kind]], threads: int
) -> tuple[Iterable[ObservedMeeting], dict[str, str], set[str]]:
    """The meetings of these lists, why some hosts could not be listed, and which of those are no users any more."""
    answers = in_parallel(lambda one: _list(reader, *one), lists, threads)
    errors = {host: answer for (host, _), answer in zip(lists, answers, strict=True) if isinstance(answer, ZoomError)}
    gone = {host_id for host_id, error in errors.items() if isinstance(error, NotFound)}
    lost = [error for host_id, error in errors.items() if host_id not in gone]
    if lost and len(lost) == len({host for host, _ in lists}):
        raise lost[0]
    listed = [meeting for answer in answers if not isinstance(answer, ZoomError) for meeting in answer]
    return listed, {host_id: str(error) for host_id, error in errors.items()}, gone


def _list(reader: ZoomReader, host_id: str, kind: Kind) -> Sequence[ObservedMeeting] | ZoomError:
    try:
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
    return replace(meeting, panelists=_panelists(reader, link)) if deep and link is not None else meeting


def _panelists(reader: ZoomReader, link: Link) -> frozenset[str] | None:
    """Who is on a webinar's list, where we know of somebody on it. None: of this list nothing is concluded."""
    if not link.panelists:
        return None
    try:
        return frozenset(listed(reader.panelists(link.meeting_id).rows))
    except (NotFound, NoProperAnswer):
        return None
