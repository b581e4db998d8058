"""Hosts: who may hold which meeting, and how many writes each has left today."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

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
        overlapping = sum(1 for _, other_end in self._spans[first:last] if other_end > start)
        return overlapping < self._capacity

    def add(self, start: datetime, end: datetime) -> None:
        insort(self._spans, (start, end))
        self._longest = max(self._longest, end - start)


def find_host(hosts: Sequence[Host], wanted: str) -> Host | None:
    """The host that a programme names by id, e-mail address or name."""
    name = wanted.strip().casefold()
    return next((h for h in hosts if name in (h.id.casefold(), h.email.casefold(), h.name.casefold())), None)


def assign(
    wanted: Sequence[Wanted],
    hosts: Sequence[Host],
    busy: Mapping[str, Sequence[Span]],
    writes_left: Mapping[str, int],
) -> Assignment:
    """Give each wanted meeting a host who is free then, the one with most writes left today first.

    `busy` holds the spans each host has already, ours and others'. By order of start, so that a meeting finds a host
    whenever one is free: for hosts who are alike this uses no more hosts at once than any other way.
    """
    diaries = {host.id: Diary(host.capacity, busy.get(host.id, ())) for host in hosts}
    queue = [(-writes_left.get(host.id, host.daily_writes), rank, host.id) for rank, host in enumerate(hosts)]
    heapq.heapify(queue)
    host_of: dict[str, str] = {}
    refused: dict[str, str] = {}
    for want in sorted(wanted, key=lambda want: (want.start, want.end, want.key)):
        if want.host is not None:
            named = find_host(hosts, want.host)
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
    return f"all {len(hosts)} hosts hold another meeting at that time; one more licensed host is needed {when}"


def utc_day(now: datetime) -> str:
    """The UTC day that Zoom counts daily limits by, as YYYY-MM-DD."""
    return now.astimezone(UTC).date().isoformat()


def next_utc_day(now: datetime) -> datetime:
    """The next 00:00 UTC, when Zoom's daily limits begin anew."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
