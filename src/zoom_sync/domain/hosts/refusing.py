"""Who gets no host, why, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import ceil

from zoom_sync.domain.hosts.cases import Case, Job, Wanted, Way
from zoom_sync.domain.hosts.diary import most_at_once
from zoom_sync.domain.hosts.pool import Host
from zoom_sync.domain.programme import Kind

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


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
    """Which host holds which meeting, and for the rest why nobody can; `needed` is what would help."""

    host_of: Mapping[str, str]
    refused: Mapping[str, str]
    needed: tuple[Needed, ...] = ()


def refusals(case: Case, way: Way, zone: tzinfo) -> tuple[dict[str, str], tuple[Needed, ...]]:
    """Why each refused meeting has no host, and what would help, neighbours in time taken together."""
    hosts = [place.host for place in case.places]
    left = [job for number, job in enumerate(case.jobs) if number not in way]
    told = {job.want.key: _of_itself(job, hosts) for job in left}
    needed = tuple(_needed([job for job in left if not job.named], hosts)) if hosts else ()
    for one in needed:
        for key in one.keys:
            told[key] = f"{told[key]}; {say_needed(one, zone)}"
    return told, needed


def _of_itself(job: Job, hosts: Sequence[Host]) -> str:
    want = job.want
    if job.named and not job.places and not _names_somebody(want, hosts):
        return "the host it names is not among the hosts; see `zoom-sync doctor`"
    if job.named and not job.places:
        return f"the host it names holds no webinars{_of_seats(want)}; see hosts.yaml"
    if job.named:
        return f"host {hosts[job.places[0]].name} holds another meeting at that time"
    if not hosts:
        return "the account has no licensed user who could hold it; see `zoom-sync doctor`"
    if not job.places:
        return f"no host holds webinars{_of_seats(want)}"
    who = "the only host holds" if len(hosts) == 1 else f"all {len(hosts)} hosts hold"
    return f"{who} another meeting at that time"


def _names_somebody(want: Wanted, hosts: Sequence[Host]) -> bool:
    named = (want.host or "").strip().casefold()
    return any(named in (host.id.casefold(), host.email.casefold(), host.name.casefold()) for host in hosts)


def _of_seats(want: Wanted) -> str:
    return f" for {want.seats} people" if want.seats else ""


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


def say_needed(needed: Needed, zone: tzinfo) -> str:
    """`two more licensed hosts are needed on 7 November 2023, 19:30 to 21:00 (Asia/Shanghai)`."""
    many = NUMBERS[needed.hosts] if needed.hosts < len(NUMBERS) else str(needed.hosts)
    who = "licensed host" if needed.kind is Kind.MEETING else "host with a webinar licence"
    who = who if needed.hosts == 1 else who.replace("host", "hosts", 1)
    start, end = needed.start.astimezone(zone), needed.end.astimezone(zone)
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end.day} {end:%B %H:%M}"
    verb = "is" if needed.hosts == 1 else "are"
    return f"{many} more {who} {verb} needed on {start.day} {start:%B %Y, %H:%M} to {last} ({zone})"
