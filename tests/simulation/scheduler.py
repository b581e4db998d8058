"""Runs that take turns: each in a thread of its own, one at a time, in an order drawn from a seed.

At every boundary (a call of the store, a request on the wire) a run may be made to wait for another, or to die. Time is
virtual: it goes on only when every run sleeps, to the moment at which the first of them wakes.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Crash(BaseException):
    """A process that died here: nothing after this point of it is done, no `except Exception` sees it."""


class VirtualClock:
    """The clock of our processes, moved by whoever sleeps; `skew` is how far it is ahead of what Zoom dates meetings by.

    Our processes believe the time in Zoom's answers, which may be another one than that of `created_at`.
    """

    def __init__(self, start: datetime) -> None:
        self.time = start
        self.skew = timedelta()
        self.scheduler: Scheduler | None = None
        self.moved: Callable[[datetime], None] = lambda _now: None

    def now(self) -> datetime:
        return self.time + self.skew

    def monotonic(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        if self.scheduler is None or not self.scheduler.sleeps(seconds):
            self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.moved(self.time)

    def told(self, server: datetime) -> None:
        """The simulator's clock is this very clock."""

    def heard(self, server: datetime, sent: float) -> None:
        """Jumps are told by the real clock's own tests."""

    @property
    def offset(self) -> timedelta:
        return timedelta()


class _Run:
    def __init__(self, number: int) -> None:
        self.number = number
        self.turn = threading.Semaphore(0)
        self.wakes: datetime | None = None
        self.ended = False
        self.error: BaseException | None = None


class Scheduler:
    """Lets several runs go on in turns until all have ended."""

    def __init__(self, clock: VirtualClock, rng: random.Random, slow: float = 0.2) -> None:
        """`slow`: how often a run is slow at a boundary, so that runs overtake each other."""
        self._clock = clock
        self._rng = rng
        self._slow = slow
        self._runs: list[_Run] = []
        self._mine = threading.local()
        self._back = threading.Semaphore(0)

    def go(self, works: list[Callable[[], None]]) -> list[BaseException | None]:
        """Run `works` in turns; answers how each ended (None: well)."""
        self._clock.scheduler = self
        self._runs = [_Run(number) for number in range(len(works))]
        threads = [
            threading.Thread(target=self._enter, args=(run, work), daemon=True)
            for run, work in zip(self._runs, works, strict=True)
        ]
        for thread in threads:
            thread.start()
        while (run := self._next()) is not None:
            run.turn.release()
            self._back.acquire()
        for thread in threads:
            thread.join()
        self._clock.scheduler = None
        return [run.error for run in self._runs]

    def pause(self) -> None:
        """A boundary: perhaps another run goes on first, perhaps this one is slow."""
        run = getattr(self._mine, "run", None)
        if run is None or len(self._runs) == 1:
            return
        if self._rng.random() < self._slow:
            # Far shorter than a creation is in doubt: nobody is overtaken for good.
            run.wakes = self._clock.time + timedelta(seconds=self._rng.random() / 2)
        self._back.release()
        run.turn.acquire()

    def sleeps(self, seconds: float) -> bool:
        """Put the calling run to sleep; False where the caller is none of ours."""
        run = getattr(self._mine, "run", None)
        if run is None:
            return False
        run.wakes = self._clock.time + timedelta(seconds=seconds)
        self._back.release()
        run.turn.acquire()
        return True

    def _enter(self, run: _Run, work: Callable[[], None]) -> None:
        run.turn.acquire()
        self._mine.run = run
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - a crash is what this is about
            run.error = error
        run.ended = True
        self._back.release()

    def _next(self) -> _Run | None:
        alive = [run for run in self._runs if not run.ended]
        if not alive:
            return None
        awake = [run for run in alive if run.wakes is None]
        if not awake:
            first = min(alive, key=lambda run: (run.wakes or self._clock.time, run.number))
            assert first.wakes is not None
            self._clock.advance(max(0.0, (first.wakes - self._clock.time).total_seconds()))
            first.wakes = None
            return first
        return self._rng.choice(awake)


class Boundaries:
    """Every boundary that is passed, by name, and where a run is made to die: by chance, at the n-th one, or at a named one."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.passed: Counter[str] = Counter()
        self.crashed: Counter[str] = Counter()
        self.pause: Callable[[], None] = lambda: None
        self.chance = 0.0
        self.countdown: int | None = None
        self.dies_at: str | None = None

    def cross(self, name: str) -> None:
        """Pass a boundary, or die at it."""
        self.passed[name] += 1
        self.pause()
        if self.countdown is not None:
            self.countdown -= 1
        if self.countdown == 0 or self.dies_at == name or (self.chance and self._rng.random() < self.chance):
            self.dies_at = None
            self.crashed[name] += 1
            raise Crash(name)


START = datetime(2030, 1, 7, 8, 0, tzinfo=UTC)
