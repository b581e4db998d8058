"""Giving meetings to hosts by the order of their start: any number of them, in one pass and a few repairs.

For hosts who are alike and hold nothing yet, one pass is the best there is: a meeting that finds no place takes that
of the one that ends last, and a host is opened only where all that are open are full. For others it is a good answer,
which `searching` improves where the question is small.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime

from zoom_sync.domain.hosts.cases import Case, Place, Way

# How many times a host is looked at in the hope of closing him, at most.
CLOSING_LOOKS = 500_000

Rank = Callable[[Place], tuple[int, ...]]


def by_capacity(place: Place) -> tuple[int, ...]:
    """Who holds many at once is opened first."""
    return -place.host.capacity, -place.left


def by_writes(place: Place) -> tuple[int, ...]:
    """Who has most writes left today is opened first."""
    return -place.left, -place.host.capacity


def answer_quickly(case: Case) -> Way:
    """A good answer, the better one of two ways to open hosts."""
    best: Way | None = None
    for rank in (by_capacity, by_writes):
        way = _Pass(case, rank).run()
        if best is None or case.price(way) < case.price(best):
            best = way
        held_all = case.price(best)[:3] == (0, 0, 0)
        if held_all and case.price(best)[3] <= case.least_opened(best):
            break
    return best or {}


class _Pass:
    """One pass over the jobs. Open places wait by the writes they have left, full ones rest until they are not."""

    def __init__(self, case: Case, rank: Rank) -> None:
        self._case = case
        self._diaries = [place.diary() for place in case.places]
        self._left = [place.left for place in case.places]
        self._way: dict[int, int] = {}
        self._given: list[set[int]] = [set() for _ in case.places]
        order = sorted(range(len(case.places)), key=lambda n: (*rank(case.places[n]), n))
        self._closed = [n for n in order if not case.places[n].in_use]
        self._open = [(-self._left[n], n) for n in order if case.places[n].in_use]
        heapq.heapify(self._open)
        self._resting: list[tuple[datetime, int]] = []
        self._moment: datetime | None = None
        self._latest: list[int] = []

    def run(self) -> Way:
        for job, asked in enumerate(self._case.jobs):
            place = self._named(job) if asked.named else self._find(job)
            if place is not None:
                self._give(job, place)
            else:
                self._push_out(job)
        self._close()
        return self._way

    def _named(self, job: int) -> int | None:
        place = next((n for n in self._case.jobs[job].places if self._fits(job, n)), None)
        if place in self._closed:
            self._closed.remove(place)
            heapq.heappush(self._open, (-self._left[place], place))
        return place

    def _find(self, job: int) -> int | None:
        """An open place with writes left; else one that is opened for it; else one without writes left today."""
        self._wake(job)
        number = self._take_open(job, in_budget=True)
        for in_budget in (True, False):
            if number is None:
                number = self._open_one(job, in_budget=in_budget)
            if number is None:
                number = self._take_open(job, in_budget=False)
        return number

    def _take_open(self, job: int, *, in_budget: bool) -> int | None:
        passed: list[tuple[int, int]] = []
        number = None
        while self._open and number is None and (not in_budget or self._open[0][0] < 0):
            entry = heapq.heappop(self._open)
            place = entry[1]
            if -entry[0] != self._left[place]:
                heapq.heappush(self._open, (-self._left[place], place))  # it was given something meanwhile
            elif self._may(job, place) and self._fits(job, place):
                number = place
                passed.append(entry)
            elif not self._rest(job, place):
                passed.append(entry)
        for entry in passed:
            heapq.heappush(self._open, entry)
        return number

    def _open_one(self, job: int, *, in_budget: bool) -> int | None:
        for place in self._closed:
            ready = self._left[place] > 0 or not in_budget
            if ready and self._may(job, place) and self._fits(job, place):
                self._closed.remove(place)
                heapq.heappush(self._open, (-self._left[place], place))
                return place
        return None

    def _rest(self, job: int, place: int) -> bool:
        """Whether the place is full right at the job's start, so that no later job needs to look at it for a while."""
        (start, _), *_ = self._case.spells(job, place)
        until = self._diaries[place].full_until(start)
        if until is None:
            return False
        heapq.heappush(self._resting, (until + self._case.places[place].host.buffer_before, place))
        return True

    def _wake(self, job: int) -> None:
        now = self._case.jobs[job].want.start
        back = self._moment is not None and now < self._moment  # the next kind of jobs begins: all are looked at anew
        self._moment = now
        while self._resting and (back or self._resting[0][0] <= now):
            _, place = heapq.heappop(self._resting)
            heapq.heappush(self._open, (-self._left[place], place))

    def _may(self, job: int, place: int) -> bool:
        may = self._case.jobs[job].places
        return len(may) == len(self._case.places) or place in may

    def _fits(self, job: int, place: int) -> bool:
        diary, weight = self._diaries[place], self._case.weight(job, place)
        return all(diary.free(*span, weight) for span in self._case.spells(job, place))

    def _give(self, job: int, place: int) -> None:
        for span in self._case.spells(job, place):
            self._diaries[place].add(*span, self._case.weight(job, place))
        self._left[place] -= 1
        self._way[job] = place
        self._given[place].add(job)
        self._latest.append(job)

    def _take(self, job: int) -> int:
        place = self._way.pop(job)
        for span in self._case.spells(job, place):
            self._diaries[place].remove(*span, self._case.weight(job, place))
        self._left[place] += 1
        self._given[place].discard(job)
        return place

    def _push_out(self, job: int) -> None:
        """Take the place of the meeting that ends last, where that makes room: what follows finds more."""
        jobs = self._case.jobs
        want = jobs[job].want
        self._latest = [other for other in self._latest if other in self._way and jobs[other].want.end > want.start]
        rivals = [
            (jobs[other].want.end, other)
            for other in self._latest
            if jobs[other].named == jobs[job].named and jobs[other].want.end > want.end
            if self._may(job, self._way[other])
        ]
        for _, other in sorted(rivals, reverse=True):
            place = self._take(other)
            if self._fits(job, place):
                self._give(job, place)
                return
            self._give(other, place)

    def _close(self) -> None:
        """Move what opened hosts hold to others, those with the least first, as long as that may close some."""
        looks = CLOSING_LOOKS
        opened = [n for n, given in enumerate(self._given) if given and not self._case.places[n].in_use]
        if len(opened) <= self._case.least_opened(self._way):
            return
        for place in sorted(opened, key=lambda n: len(self._given[n])):
            if looks > 0:
                looks -= self._empty(place, [n for n in self._targets() if n != place])

    def _targets(self) -> Iterable[int]:
        return [n for n, place in enumerate(self._case.places) if self._given[n] or place.in_use]

    def _empty(self, place: int, others: list[int]) -> int:
        """Give all that a place holds to others, or leave it as it was; answers how many looks that took."""
        moved: list[int] = []
        looks = 0
        for job in sorted(self._given[place]):
            self._take(job)
            looks += len(others)
            may = [n for n in others if self._left[n] > 0 and self._may(job, n) and self._fits(job, n)]
            if not may:
                self._give(job, place)
                break
            self._give(job, max(may, key=lambda n: self._left[n]))
            moved.append(job)
        else:
            return looks
        for job in moved:
            self._take(job)
            self._give(job, place)
        return looks
