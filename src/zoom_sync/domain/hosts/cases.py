"""One question of who holds what, made ready to be answered: meetings with the hosts each may have, and the price.

The price of an answer orders all answers; see `assigning.assign` for what it says in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.hosts.diary import Diary, Span, most_at_once
from zoom_sync.domain.hosts.pool import Host, HostBook
from zoom_sync.domain.occurrences import merged
from zoom_sync.domain.programme import Kind

Price = tuple[int, int, int, int]
Way = Mapping[int, int]
"""Which place (by number) each job (by number) has; who is not in it has none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A meeting in search of a host; `host` is an id, e-mail address or name if the programme names one.

    `seats` is how many people a webinar expects, 0 where nobody told. `times` are those between `start` and `end` at
    which it is held, where it is not all the time.
    """

    key: str
    start: datetime
    end: datetime
    host: str | None = None
    kind: Kind = Kind.MEETING
    seats: int = 0
    times: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.times or ((self.start, self.end),)


@dataclass(frozen=True, slots=True)
class Place:
    """A host as the question has him: what he holds already (with buffers), what is left of his day's writes."""

    host: Host
    busy: tuple[Span, ...]
    left: int
    in_use: bool

    def diary(self) -> Diary:
        return Diary(self.host.capacity, self.busy)


@dataclass(frozen=True, slots=True)
class Job:
    """A meeting with the numbers of the places that may have it."""

    want: Wanted
    places: tuple[int, ...]

    @property
    def named(self) -> bool:
        return self.want.host is not None


@dataclass(frozen=True, slots=True)
class Case:
    """Places in the pool's order; jobs in the order they are answered: named ones first, then by their time."""

    places: tuple[Place, ...]
    jobs: tuple[Job, ...]

    def spells(self, job: int, place: int) -> tuple[Span, ...]:
        """When the place is taken by the job, with its host's buffers."""
        host = self.places[place].host
        spans = self.jobs[job].want.spans
        if len(spans) > 1:  # two that follow each other closely need one place, and not one each for a while
            spans = merged(spans, host.buffer_before + host.buffer_after)
        return tuple(host.spell(*span) for span in spans)

    def weight(self, job: int, place: int) -> int:
        return self.places[place].host.weight(self.jobs[job].want.kind)

    def price(self, way: Way) -> Price:
        """What an answer costs: named meetings refused, others refused, writes beyond today's, hosts opened."""
        given = [0] * len(self.places)
        for place in way.values():
            given[place] += 1
        refused = [job.named for number, job in enumerate(self.jobs) if number not in way]
        over = sum(max(0, count - max(0, place.left)) for count, place in zip(given, self.places, strict=True))
        opened = sum(1 for count, place in zip(given, self.places, strict=True) if count and not place.in_use)
        return sum(refused), len(refused) - sum(refused), over, opened

    def least_opened(self, way: Way) -> int:
        """A number of hosts below which no answer that holds the same meetings can go; it may be out of reach."""
        forced = {way[number] for number, job in enumerate(self.jobs) if job.named and number in way}
        free = [place for n, place in enumerate(self.places) if place.in_use or n in forced]
        others = [place for n, place in enumerate(self.places) if not (place.in_use or n in forced)]
        held = [self.jobs[number].want for number in way]
        depth = most_at_once(span for want in held for span in want.spans)
        at_once = _fewest([p.host.capacity for p in free], [p.host.capacity for p in others], depth)
        writes = _fewest([max(0, p.left) for p in free], [max(0, p.left) for p in others], len(held))
        in_budget = self.price(way)[2] == 0
        return sum(1 for n in forced if not self.places[n].in_use) + max(at_once, writes if in_budget else 0)


def _fewest(free: Sequence[int], others: Sequence[int], needed: int) -> int:
    missing = needed - sum(free)
    count = 0
    for other in sorted(others, reverse=True):
        if missing <= 0:
            break
        missing -= other
        count += 1
    return count


def make_case(
    wanted: Sequence[Wanted],
    hosts: Sequence[Host],
    busy: Mapping[str, Sequence[Span]],
    writes_left: Mapping[str, int],
    in_use: frozenset[str],
) -> Case:
    """The question; a job's places are the hosts whose licence is for it, or the one that it names."""
    places = tuple(
        Place(
            host,
            tuple(sorted(host.spell(*span) for span in busy.get(host.id, ()))),
            writes_left.get(host.id, host.daily_writes),
            host.id in in_use,
        )
        for host in hosts
    )
    book = HostBook(hosts)
    numbers = {host.id: number for number, host in enumerate(hosts)}
    everybody = tuple(range(len(hosts)))
    scarce = any(host.webinar_capacity is not None for host in hosts)

    def licensed(want: Wanted) -> tuple[int, ...]:
        named = book.find(want.host)
        asked = everybody if want.host is None else () if named is None else (numbers[named.id],)
        if want.kind is not Kind.WEBINAR or not scarce:
            return asked
        return tuple(number for number in asked if hosts[number].may_hold(want.kind, want.seats))

    def order(want: Wanted) -> tuple[bool, bool, datetime, datetime, str]:
        # Where not everybody may hold webinars, they come before what anybody can hold.
        return want.host is None, scarce and want.kind is not Kind.WEBINAR, want.start, want.end, want.key

    return Case(places, tuple(Job(want, licensed(want)) for want in sorted(wanted, key=order)))
