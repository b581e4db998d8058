"""Who gets no host, why, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil

from zoom_sync.domain.hosts.cases import Case, Job, Wanted, Way
from zoom_sync.domain.hosts.diary import most_at_once
from zoom_sync.domain.hosts.pool import Host
from zoom_sync.domain.phrases import Phrase, joined
from zoom_sync.domain.programme import Kind

NUMBERS = (
    Phrase("no"), Phrase("one"), Phrase("two"), Phrase("three"), Phrase("four"), Phrase("five"), Phrase("six"),
    Phrase("seven"), Phrase("eight"), Phrase("nine"),
)  # fmt: skip
MONTHS = (
    Phrase("January"), Phrase("February"), Phrase("March"), Phrase("April"), Phrase("May"), Phrase("June"),
    Phrase("July"), Phrase("August"), Phrase("September"), Phrase("October"), Phrase("November"), Phrase("December"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Needed:
    """So many more hosts would hold all that is refused between `start` and `end`."""

    hosts: int
    kind: Kind
    start: datetime
    end: datetime
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which host holds which meeting, and for the rest why nobody can; `needed` is what would help.

    `crowded` are those of the rest for which there are hosts, who hold other meetings at that time.
    """

    host_of: Mapping[str, str]
    refused: Mapping[str, Phrase]
    needed: tuple[Needed, ...] = ()
    crowded: frozenset[str] = frozenset()


def refusals(case: Case, way: Way, zone: tzinfo) -> tuple[dict[str, Phrase], tuple[Needed, ...]]:
    """Why each refused meeting has no host, and what would help, neighbours in time taken together."""
    hosts = [place.host for place in case.places]
    left = [job for number, job in enumerate(case.jobs) if number not in way]
    phrases = {job.want.key: _of_itself(job, hosts) for job in left}
    needed = tuple(_needed([job for job in left if not job.named], hosts)) if hosts else ()
    for one in needed:
        for key in one.keys:
            phrases[key] = joined((phrases[key], say_needed(one, zone)))
    return phrases, needed


def _of_itself(job: Job, hosts: Sequence[Host]) -> Phrase:
    want = job.want
    if job.named and not job.places and not _names_somebody(want, hosts):
        return Phrase("the host it names is not among the hosts; see `zoom-sync doctor`")
    if job.named and not job.places and want.seats > 1:
        return Phrase("the host it names holds no webinars for {count} people; see hosts.yaml", count=want.seats)
    if job.named and not job.places:
        return Phrase("the host it names holds no webinars; see hosts.yaml")
    if job.named:
        return Phrase("host {host} holds another meeting at that time", host=hosts[job.places[0]].name)
    if not hosts:
        return Phrase("the account has no licensed user who could hold it; see `zoom-sync doctor`")
    if not job.places and want.seats > 1:
        return Phrase("no host holds webinars for {count} people", count=want.seats)
    if not job.places:
        return Phrase("no host holds webinars")
    if len(hosts) == 1:
        return Phrase("the only host holds another meeting at that time")
    return Phrase("all {count} hosts hold another meeting at that time", count=len(hosts))


def _names_somebody(want: Wanted, hosts: Sequence[Host]) -> bool:
    named = (want.host or "").strip().casefold()
    return any(named in (host.id.casefold(), host.email.casefold(), host.name.casefold()) for host in hosts)


def _needed(left: Sequence[Job], hosts: Sequence[Host]) -> Iterator[Needed]:
    # One who comes new is thought to be like the least of those there are.
    at_once = max(1, min(host.capacity for host in hosts))
    for kind in Kind:
        wanted = sorted((job.want for job in left if job.want.kind is kind), key=lambda want: (want.start, want.end))
        for group in _neighbours(wanted):
            depth = most_at_once(span for want in group for span in want.spans)
            many = depth if kind is Kind.WEBINAR else ceil(depth / at_once)
            end = max(want.end for want in group)
            yield Needed(many, kind, group[0].start, end, tuple(want.key for want in group))


def _neighbours(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """Meetings that overlap or touch, one group after the other."""
    group: list[Wanted] = []
    for want in wanted:
        if group and want.start > max(one.end for one in group):
            yield group
            group = []
        group.append(want)
    if group:
        yield group


def say_needed(needed: Needed, zone: tzinfo) -> Phrase:
    """`two more licensed hosts are needed on 7 November 2023, 19:30 to 21:00 (Asia/Shanghai)`."""
    many = NUMBERS[needed.hosts] if needed.hosts < len(NUMBERS) else needed.hosts
    when = say_time(needed.start.astimezone(zone), needed.end.astimezone(zone), zone)
    if needed.kind is Kind.MEETING and needed.hosts == 1:
        return Phrase("{count} more licensed host is needed on {when}", count=many, when=when)
    if needed.kind is Kind.MEETING:
        return Phrase("{count} more licensed hosts are needed on {when}", count=many, when=when)
    if needed.hosts == 1:
        return Phrase("{count} more host with a webinar licence is needed on {when}", count=many, when=when)
    return Phrase("{count} more hosts with a webinar licence are needed on {when}", count=many, when=when)


def say_time(start: datetime, end: datetime, zone: tzinfo) -> Phrase:
    """`7 November 2023, 19:30 to 21:00 (Asia/Shanghai)`; both times are given in that zone."""
    day = Phrase("{day} {month} {year}", day=start.day, month=MONTHS[start.month - 1], year=start.year)
    last: object = f"{end:%H:%M}"
    if end.date() != start.date():
        last = Phrase("{day} {month} {time}", day=end.day, month=MONTHS[end.month - 1], time=last)
    return Phrase("{day}, {start} to {end} ({zone})", day=day, start=f"{start:%H:%M}", end=last, zone=zone)
