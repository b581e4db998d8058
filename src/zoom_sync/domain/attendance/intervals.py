"""Arithmetic of times present, in whole seconds; an interval is (start, end) and lasts from start up to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """What the intervals, given by ascending start, cover together: apart and in order; touching ones are joined."""
    joined: list[Interval] = []
    low = high = 0
    for start, end in intervals:
        if joined and start <= high:
            if end > high:
                high = end
                joined[-1] = (low, high)
        else:
            low, high = start, end
            joined.append((low, high))
    return joined


def length(intervals: Iterable[Interval]) -> int:
    """Seconds that intervals lying apart last together."""
    total = 0
    for start, end in intervals:
        total += end - start
    return total


def overlap(intervals: Iterable[Interval], low: int, high: int) -> int:
    """Seconds of intervals lying apart that fall between `low` and `high`."""
    total = 0
    for start, end in intervals:
        if start < high and end > low:
            total += min(end, high) - max(start, low)
    return total


def most_at_once(intervals: Sequence[Interval]) -> int:
    """How many of the intervals, given by ascending start, run at the same time at most; a moment counts as one."""
    if len(intervals) < 2:  # noqa: PLR2004
        return len(intervals)
    ends = sorted([end for _, end in intervals])
    over = most = 0
    for begun, (start, _) in enumerate(intervals, 1):
        while over < begun and ends[over] <= start:
            over += 1
        most = max(most, begun - over)
    return max(most, 1)
