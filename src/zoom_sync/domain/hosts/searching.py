"""Giving few meetings to few hosts without fault: every way that could be better is tried.

Jobs are answered in their order. Two ways that leave the same room for what is still to come differ in their price
only, so the dearer one is dropped; so is every way that is not cheaper than the best one known; and of hosts who are
alike in everything, only one is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zoom_sync.domain.hosts.cases import Case, Price, Way
from zoom_sync.domain.hosts.diary import Diary, Span

# Up to so many meetings that look for one of so many hosts, the answer is the best there is.
EXACT_JOBS = 10
EXACT_PLACES = 5

Given = tuple[tuple[datetime, datetime, int], ...]


def is_small(case: Case) -> bool:
    return len(case.jobs) <= EXACT_JOBS and len(case.places) <= EXACT_PLACES


def answer_exactly(case: Case, known: Way) -> Way:
    """The best answer; `known` is one to begin with, and comes back where nothing is better."""
    search = _Search(case, known)
    search.go(0, [()] * len(case.places), [0] * len(case.places), (0, 0, 0, 0))
    return search.best


class _Search:
    def __init__(self, case: Case, known: Way) -> None:
        self._case = case
        self.best: Way = known
        self._price = case.price(known)
        self._way: dict[int, int] = {}
        self._seen: dict[object, Price] = {}
        kinds: dict[object, int] = {}
        self._alike = [
            kinds.setdefault((p.host.capacity, p.busy, p.left, p.in_use, *_buffers(case, n), _jobs(case, n)), n)
            for n, p in enumerate(case.places)
        ]
        starts = [job.want.start for job in case.jobs]
        self._from = [min(starts[n:]) for n in range(len(starts))]

    def go(self, job: int, given: list[Given], counts: list[int], price: Price) -> None:
        """Answer `job` and all after it, `given` what each place got of those before it, in number `counts`."""
        if price >= self._price:
            return
        if job == len(self._case.jobs):
            self.best, self._price = dict(self._way), price
            return
        state = self._state(job, given, counts)
        cheaper = self._seen.get(state)
        if cheaper is not None and cheaper <= price:
            return
        self._seen[state] = price
        tried: set[object] = set()
        for place in self._case.jobs[job].places:
            kind = (self._alike[place], given[place], counts[place])
            if kind in tried:
                continue
            tried.add(kind)
            spans = self._case.spells(job, place)
            weight = self._case.weight(job, place)
            if self._fits(place, given[place], spans, weight):
                self._with(job, place, (given, counts, price), tuple((*span, weight) for span in spans))
        named = self._case.jobs[job].named
        self.go(job + 1, given, counts, (price[0] + named, price[1] + (not named), price[2], price[3]))

    def _with(
        self,
        job: int,
        place: int,
        before: tuple[list[Given], list[int], Price],
        spans: Given,
    ) -> None:
        given, counts, price = before
        asked = self._case.places[place]
        over = counts[place] >= max(0, asked.left)
        opened = counts[place] == 0 and not asked.in_use
        self._way[job] = place
        self.go(
            job + 1,
            [*given[:place], tuple(sorted((*given[place], *spans))), *given[place + 1 :]],
            [*counts[:place], counts[place] + 1, *counts[place + 1 :]],
            (price[0], price[1], price[2] + over, price[3] + opened),
        )
        del self._way[job]

    def _fits(self, place: int, given: Given, spans: Sequence[Span], weight: int) -> bool:
        asked = self._case.places[place]
        mine: Sequence[Span] = [(start, end) for start, end, many in given for _ in range(many)]
        diary = Diary(asked.host.capacity, (*asked.busy, *mine))
        return all(diary.free(*span, weight) for span in spans)

    def _state(self, job: int, given: list[Given], counts: list[int]) -> object:
        """All that matters for the jobs to come, with places that are alike in one order."""
        to_come = len(self._case.jobs) - job
        rows = []
        for place, asked in enumerate(self._case.places):
            begins = self._from[job] - asked.host.buffer_before
            open_yet = tuple(span for span in given[place] if span[1] > begins)
            left = min(to_come, max(0, max(0, asked.left) - counts[place]))
            rows.append((self._alike[place], counts[place] > 0, left, open_yet))
        return job, tuple(sorted(rows))


def _buffers(case: Case, place: int) -> tuple[object, ...]:
    host = case.places[place].host
    return host.buffer_before, host.buffer_after


def _jobs(case: Case, place: int) -> tuple[int, ...]:
    return tuple(number for number, job in enumerate(case.jobs) if place in job.places)
