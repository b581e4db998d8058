"""Hosts: who may hold which meeting, and how many writes each has left today."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate

# "The API has a limit of 100 create/update requests per day for each user":
# https://developers.zoom.us/docs/api/rate-limits/#meeting-and-webinar-daily-limits
WRITES_PER_DAY = 100

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Host:
    """A Zoom user who may hold our meetings: at most `capacity` of them at once, `daily_writes` changes a UTC day."""

    id: str
    name: str
    email: str = field(repr=False)
    licensed: bool = True
    capacity: int = 1
    daily_writes: int = WRITES_PER_DAY


@dataclass(frozen=True, slots=True)
class Wanted:
    """A meeting in search of a host; `host` is an id, e-mail address or name if the programme names one."""

    key: str
    start: datetime
    end: datetime
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which host holds which meeting, and for the rest why nobody can."""

    host_of: Mapping[str, str]
    refused: Mapping[str, str]


class Diary:
    """What a host has already, so that no more than `capacity` meetings overlap."""

    def __init__(self, capacity: int, spans: Iterable[Span] = ()) -> None:
        self._capacity = capacity
        self._spans = sorted(spans)
        self._longest = max((end - start for start, end in self._spans), default=timedelta())

    def free(self, start: datetime, end: datetime) -> bool:
        """Whether one more meeting fits; meetings that touch do not overlap."""
        first = bisect_left(self._spans, (start - self._longest, start))
        last = bisect_left(self._spans, (end, end))
        overlapping = [span for span in self._spans[first:last] if span[1] > start]
        return len(overlapping) < self._capacity or _most_at_once(overlapping) < self._capacity

    def add(self, start: datetime, end: datetime) -> None:
        insort(self._spans, (start, end))
        self._longest = max(self._longest, end - start)


def _most_at_once(spans: Iterable[Span]) -> int:
    """How many of these are under way at the same time; an end comes before a beginning of the same moment."""
    steps = sorted(step for start, end in spans if start < end for step in ((start, 1), (end, -1)))
    return max(accumulate(step for _, step in steps), default=0)


class HostBook:
    """Finds the host that somebody names by id, e-mail address or name; where names are alike, the first."""

    def __init__(self, hosts: Sequence[Host]) -> None:
        self._found: dict[str, Host] = {}
        for names in ((h.id for h in hosts), (h.email for h in hosts), (h.name for h in hosts)):
            for name, host in zip(names, hosts, strict=True):
                self._found.setdefault(name.casefold(), host)

    def find(self, wanted: str | None) -> Host | None:
        """The host, None where nobody is named or there is no such host."""
        return None if wanted is None else self._found.get(wanted.strip().casefold())


def assign(
    wanted: Sequence[Wanted],
    hosts: Sequence[Host],
    busy: Mapping[str, Sequence[Span]],
    writes_left: Mapping[str, int],
) -> Assignment:
    """Give each wanted meeting a host who is free then, the one with most writes left today first.

    `busy` holds the spans each host has already, ours and others'. Meetings that name their host come first, so that
    no other one takes his time. The rest follow by order of start, so that a meeting finds a host whenever one is
    free: for hosts who are alike this uses no more hosts at once than any other way.
    """
    diaries = {host.id: Diary(host.capacity, busy.get(host.id, ())) for host in hosts}
    queue = [(-writes_left.get(host.id, host.daily_writes), rank, host.id) for rank, host in enumerate(hosts)]
    heapq.heapify(queue)
    book = HostBook(hosts)
    host_of: dict[str, str] = {}
    refused: dict[str, str] = {}
    for want in sorted(wanted, key=lambda want: (want.host is None, want.start, want.end, want.key)):
        if want.host is not None:
            named = book.find(want.host)
            if named is None:
                refused[want.key] = "the host it names is not among the hosts; see `zoom-sync doctor`"
            elif not diaries[named.id].free(want.start, want.end):
                refused[want.key] = f"host {named.name} holds another meeting at that time"
            else:
                _give(want, named.id, diaries, host_of)
            continue
        taken = _take_free(queue, diaries, want)
        if taken is None:
            refused[want.key] = _nobody(hosts, want)
        else:
            _give(want, taken, diaries, host_of)
    return Assignment(host_of, refused)


def _give(want: Wanted, host_id: str, diaries: Mapping[str, Diary], host_of: dict[str, str]) -> None:
    diaries[host_id].add(want.start, want.end)
    host_of[want.key] = host_id


def _take_free(queue: list[tuple[int, int, str]], diaries: Mapping[str, Diary], want: Wanted) -> str | None:
    passed = []
    taken = None
    while queue and taken is None:
        entry = heapq.heappop(queue)
        if diaries[entry[2]].free(want.start, want.end):
            taken = entry[2]
            entry = (entry[0] + 1, entry[1], entry[2])
        passed.append(entry)
    for entry in passed:
        heapq.heappush(queue, entry)
    return taken


def _nobody(hosts: Sequence[Host], want: Wanted) -> str:
    if not hosts:
        return "the account has no licensed user who could hold it; see `zoom-sync doctor`"
    when = f"{want.start:%Y-%m-%d %H:%M} to {want.end:%H:%M} UTC"
    who = "the only host holds" if len(hosts) == 1 else f"all {len(hosts)} hosts hold"
    return f"{who} another meeting at that time; one more licensed host is needed {when}"


def utc_day(now: datetime) -> str:
    """The UTC day that Zoom counts daily limits by, as YYYY-MM-DD."""
    return now.astimezone(UTC).date().isoformat()


def next_utc_day(now: datetime) -> datetime:
    """The next 00:00 UTC, when Zoom's daily limits begin anew."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
