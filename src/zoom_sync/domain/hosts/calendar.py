"""What a host holds and when, and whether a change gives him more at once than he can hold.

One calendar for everything that asks: who gets a new meeting, whether a meeting may be moved, and whether what was
planned may still be sent. An overload that is there already is nobody's doing here; only what makes it worse counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from itertools import groupby

from zoom_sync.domain.hosts.diary import Span, most_at_once
from zoom_sync.domain.hosts.pool import Host
from zoom_sync.domain.hosts.refusing import say_time
from zoom_sync.domain.occurrences import merged
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind


@dataclass(frozen=True, slots=True)
class Held:
    """Something that takes a host's time. `id` is that of its meeting, or stands for one that is still being made.

    `name` is what people call it: a session, one of another event, or a meeting that others made. `topic` is the title
    under which one that is still being made may be on Zoom already.
    """

    id: str
    host_id: str
    kind: Kind
    spans: tuple[Span, ...]
    name: Phrase
    topic: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Overload:
    """From `start` to `end` a host would hold more than he can; `held` is all that he would hold then."""

    host: Host
    start: datetime
    end: datetime
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class HostCalendar:
    """A host with what he holds, as one version of the store has it; every change of it makes a new version."""

    host: Host
    held: tuple[Held, ...] = ()
    version: int = 0
    known: bool = True


def taken(host: Host, held: Held) -> Iterator[Span]:
    """When something takes the host, with his buffers; once for each part of his capacity that it takes."""
    gap = host.buffer_before + host.buffer_after
    spells = [host.spell(*span) for span in merged(held.spans, gap)]
    for _ in range(host.weight(held.kind)):
        yield from spells


def overload(host: Host, before: Iterable[Held], after: Iterable[Held]) -> Overload | None:
    """The first time at which the host holds more than he can `after` a change, and more than he did `before` it."""
    then = tuple(after)
    over = _worse(host, before, then)
    if over is None:
        return None
    start, end = over
    there = [held for held in then if any(s < end and e > start for s, e in taken(host, held))]
    there.sort(key=lambda one: (one.spans, one.id))
    return Overload(host, start, end, tuple(there))


def _worse(host: Host, before: Iterable[Held], after: Iterable[Held]) -> Span | None:
    steps = [*_steps(host, before, old=True), *_steps(host, after, old=False)]
    steps.sort(key=lambda step: step[0])
    had = has = 0
    begun: datetime | None = None
    for moment, group in groupby(steps, key=lambda step: step[0]):
        for _, old, new in group:
            had, has = had + old, has + new
        worse = has > host.capacity and has > had
        if begun is not None and not worse:
            return begun, moment
        if worse and begun is None:
            begun = moment
    return None


def _steps(host: Host, held: Iterable[Held], *, old: bool) -> Iterator[tuple[datetime, int, int]]:
    for one in held:
        for start, end in taken(host, one):
            if start < end:
                yield (start, 1, 0) if old else (start, 0, 1)
                yield (end, -1, 0) if old else (end, 0, -1)


def say_overload(over: Overload, zone: tzinfo = UTC) -> Phrase:
    """Host, sessions and times in words."""
    return Phrase(
        "host {host} can hold {capacity} at once, and would have more on {when}: {held}",
        host=over.host.name,
        capacity=over.host.capacity,
        when=say_time(over.start.astimezone(zone), over.end.astimezone(zone), zone),
        held=[_with_time(one, over, zone) for one in over.held],
    )


def _with_time(held: Held, over: Overload, zone: tzinfo) -> Phrase:
    gap = over.host.buffer_before + over.host.buffer_after
    near = [span for span in held.spans if span[0] - gap < over.end and span[1] + gap > over.start] or list(held.spans)
    start, end = near[0][0].astimezone(zone), near[0][1].astimezone(zone)
    return Phrase("{name} ({start} to {end})", name=held.name, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


@dataclass(slots=True)
class Calendars:
    """What every host holds, by the id of what is held. It can be tried out: a change is put in and taken out again."""

    held: dict[str, Held] = field(default_factory=dict)

    def of(self, host_id: str) -> list[Held]:
        return [one for one in self.held.values() if one.host_id == host_id]

    def by_host(self) -> Mapping[str, Sequence[Held]]:
        found: dict[str, list[Held]] = {}
        for one in self.held.values():
            found.setdefault(one.host_id, []).append(one)
        return found

    def put(self, held: Held) -> None:
        self.held[held.id] = held

    def copy(self) -> Calendars:
        return Calendars(dict(self.held))


def most_held(host: Host, held: Iterable[Held], spans: Sequence[Span]) -> int:
    """How much of the host is taken at the most at these times, with his buffers."""
    near = [host.spell(*span) for span in spans]
    there = [span for one in held for span in taken(host, one)]
    return max((most_at_once(_within(there, span)) for span in near), default=0)


def _within(spans: Iterable[Span], span: Span) -> Iterator[Span]:
    for start, end in spans:
        if start < span[1] and end > span[0]:
            yield max(start, span[0]), min(end, span[1])
