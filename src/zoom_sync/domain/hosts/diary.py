"""What a host has already, so that no more overlaps than he may hold."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

Span = tuple[datetime, datetime]


class Diary:
    """What a host has already, so that no more than `capacity` meetings overlap. Spans are given with their buffers."""

    def __init__(self, capacity: int, spans: Iterable[Span] = ()) -> None:
        self._capacity = capacity
        self._spans = sorted(spans)
        self._longest = max((end - start for start, end in self._spans), default=timedelta())

    def free(self, start: datetime, end: datetime, weight: int = 1) -> bool:
        """Whether one more meeting fits that takes `weight` of the capacity; meetings that touch do not overlap."""
        overlapping = self.overlapping(start, end)
        if len(overlapping) + weight <= self._capacity:
            return True
        return most_at_once(overlapping) + weight <= self._capacity

    def overlapping(self, start: datetime, end: datetime) -> Sequence[Span]:
        """What lies within a span of time, in part or whole."""
        first = bisect_left(self._spans, (start - self._longest, start))
        last = bisect_left(self._spans, (end, end))
        return [span for span in self._spans[first:last] if span[1] > start]

    def full_until(self, moment: datetime) -> datetime | None:
        """Where nothing more fits at `moment`, when the first place becomes free again; None where something fits."""
        ends = sorted(end for start, end in self.overlapping(moment, moment + timedelta.resolution) if start <= moment)
        over = len(ends) - self._capacity
        return None if over < 0 else ends[over]

    def add(self, start: datetime, end: datetime, weight: int = 1) -> None:
        for _ in range(weight):
            insort(self._spans, (start, end))
        self._longest = max(self._longest, end - start)

    def remove(self, start: datetime, end: datetime, weight: int = 1) -> None:
        """Take out what `add` put in."""
        at = bisect_left(self._spans, (start, end))
        del self._spans[at : at + weight]


def most_at_once(spans: Iterable[Span]) -> int:
    """How many of these are under way at the same time; an end comes before a beginning of the same moment."""
    steps = sorted(step for start, end in spans if start < end for step in ((start, 1), (end, -1)))
    return max(accumulate(step for _, step in steps), default=0)
