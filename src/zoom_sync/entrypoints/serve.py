"""Everything on one machine in one process: web, schedule and worker, with no server to install.

Nothing is kept here that the store does not hold. What is due is asked of the store, items are taken from it one by one
as a thread is free, and whoever starts a run from outside calls `take`. So a process that is killed loses nothing: the
next one takes up what was begun, by the rules that every worker follows.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
import uvicorn

from zoom_sync.adapters.store.alone import alone
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.health import Part
from zoom_sync.entrypoints.following import following_of
from zoom_sync.entrypoints.purging import PURGE_SECONDS, purge_past
from zoom_sync.entrypoints.watch import Watch, noting
from zoom_sync.entrypoints.web import make_app
from zoom_sync.entrypoints.web.connections import bounded
from zoom_sync.entrypoints.webhooks import NO_WEBHOOKS
from zoom_sync.errors import ConfigurationError, StoreUnavailable, ZoomSyncError
from zoom_sync.observability import bind, new_request, request_id, unbind
from zoom_sync.service_layer import schedule, work
from zoom_sync.service_layer.apply import Listings
from zoom_sync.service_layer.following import follow_due
from zoom_sync.service_layer.telling import tell_due
from zoom_sync.settings import check_config

LATEST_RUNS = 8
# How long the open requests of the web have when the process is told to stop.
WEB_SECONDS = 5
# How long calls to Zoom that are under way have when the process is told to stop.
CALLS_SECONDS = 8

log = structlog.stdlib.get_logger(__name__)


class Worker:
    """Does what the store holds to be done, in as many threads as calls may be made at the same time."""

    def __init__(self, parts: Parts) -> None:
        self._runs = parts.runs
        self._clock = parts.clock
        self._resend = timedelta(seconds=parts.settings.resend_seconds)
        self._tick = parts.settings.tick_seconds
        self._threads = parts.settings.threads
        self._working = parts.working()
        self._lock = threading.Lock()
        self._in_hand: set[int] = set()
        self._listings: dict[int, Listings] = {}
        self._requests: dict[int, str | None] = {}
        self._look = threading.Event()
        self._stopping = False
        self._dispatcher = threading.Thread(target=self._dispatch, name="worker")

    def take(self, run: int) -> None:
        """Do a run that is in the store: it is handed out from there. Raises StoreError."""
        with self._lock:
            self._requests[run] = request_id()
            while len(self._requests) > LATEST_RUNS:
                del self._requests[min(self._requests)]
        self._runs.give_back(run)
        self._look.set()

    def start(self) -> None:
        """Begin, with what an earlier process had begun. Raises StoreError."""
        self._runs.give_back(None)
        self._look.set()
        self._dispatcher.start()

    def stop(self) -> None:
        """Finish what has begun; the rest stays in the store."""
        self._stopping = True
        self._look.set()
        self._dispatcher.join()

    def _dispatch(self) -> None:
        with ThreadPoolExecutor(self._threads, thread_name_prefix="item") as pool:
            while not self._stopping:
                self._look.wait(self._tick)
                self._look.clear()
                with _not_fatal("hand_out"):
                    while not self._stopping and self._hand_out(pool):
                        pass

    def _hand_out(self, pool: ThreadPoolExecutor) -> bool:
        """Give items to the threads that are free; answers whether more could be had."""
        with self._lock:
            free = self._threads - len(self._in_hand)
        if free <= 0:
            return False
        now = self._clock.now()
        handed = self._runs.hand_out(now, now - self._resend, free)
        for run, item in handed:
            with self._lock:
                if item in self._in_hand:  # it takes longer than others do, and it is here
                    continue
                self._in_hand.add(item)
            pool.submit(self._do, run, item)
        return len(handed) == free

    def _do(self, run: int, item: int) -> None:
        new_request(self._requests.get(run))
        bind(run=run, item=item)
        try:
            with _not_fatal("item"):
                work.do_item(self._working, self._listings_of(run), item)
        finally:
            unbind()
            with self._lock:
                self._in_hand.discard(item)
            self._look.set()

    def _listings_of(self, run: int) -> Listings:
        """The host lists of a run; those of the oldest run are dropped."""
        with self._lock:
            if run not in self._listings:
                while len(self._listings) >= LATEST_RUNS:
                    del self._listings[min(self._listings)]
                self._listings[run] = Listings(self._working.applying)
            return self._listings[run]


class Timetable:
    """Asks the store what is due, at every tick, and hands the runs to the worker."""

    def __init__(self, parts: Parts, take: Callable[[int], None]) -> None:
        self._parts = parts
        self._scheduling = parts.scheduling()
        self._seconds = parts.settings.tick_seconds
        self._take = take
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule")

    def start(self) -> None:
        """Begin. Claims of an earlier process are ended: nobody else is on this store. Raises StoreError."""
        self._scheduling.schedule.release()
        self._thread.start()

    def stop(self) -> None:
        """Finish the tick that is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        purge_at = time.monotonic()
        while True:
            new_request()
            if time.monotonic() >= purge_at:
                purge_at += PURGE_SECONDS
                with _not_fatal("purge"):
                    purge_past(self._parts)
            for due in (schedule.sync_due, schedule.collect_due):
                with _not_fatal("schedule"):
                    for run in noting(self._parts, partial(due, self._scheduling)):
                        self._take(run)
            if self._stop.wait(self._seconds):
                return


class Teller:
    """Tells people, at every tick, in a thread of its own: a mail server that is slow holds up nothing else."""

    def __init__(self, parts: Parts) -> None:
        """Raises ConfigurationError."""
        self._telling = parts.telling()
        self._seconds = parts.settings.tick_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)

    def start(self) -> None:
        """Begin. Where nobody is to be told, what waits for a person is looked for and recorded all the same."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what is just sent has a moment to be committed."""
        self._stop.set()
        self._thread.join(WEB_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            with _not_fatal("notify"):
                tell_due(self._telling)


class Follower:
    """Reads the sources that events follow, at every tick, in a thread of its own: a slow one holds up nothing else."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._seconds = parts.settings.tick_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follow", daemon=True)

    def start(self) -> None:
        """Begin. Claims of an earlier process are ended: nobody else is on this store. Raises StoreError."""
        self._parts.bindings.release()
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; a source that is just read has a moment."""
        self._stop.set()
        self._thread.join(WEB_SECONDS)

    def _run(self) -> None:
        following = following_of(self._parts)
        while True:
            new_request()
            with _not_fatal("follow"):
                follow_due(following)
            if self._stop.wait(self._seconds):
                return


@contextlib.contextmanager
def _not_fatal(what: str) -> Iterator[None]:
    """What goes wrong now is tried again later: by the next tick, or when the item is handed out again."""
    try:
        yield
    except ZoomSyncError as error:
        log.warning("later", what=what, reason=str(error))
    except Exception:
        logging.getLogger(__name__).exception("later", extra={"what": what})  # with the exception, for Sentry


def run_serve(parts: Parts, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, and then finish what has begun.

    Raises:
        ConfigurationError: credentials are missing, or the address cannot be listened on.
        StoreConflict: another one serves on the same store.
        SchemaNewer: a newer program has brought the store on, be it while this one serves.
    """
    check_config(parts.settings)
    with alone(parts.database), contextlib.closing(listen(host, port)) as listening:
        stop = _stop_on_signals()
        worker = Worker(parts)
        timetable = Timetable(parts, worker.take)
        teller = Teller(parts)
        watch = Watch(parts, Part.SERVE)
        follower = Follower(parts)
        web = uvicorn.Server(
            uvicorn.Config(
                make_app(parts, hand_out=worker.take), **bounded(lifespan="on", timeout_graceful_shutdown=WEB_SECONDS)
            )
        )  # fmt: skip
        serving = threading.Thread(target=web.run, args=([listening],), name="web")
        worker.start()
        timetable.start()
        teller.start()
        follower.start()
        serving.start()
        watch.start()
        _say(parts, host, listening.getsockname()[1])
        try:
            _wait(stop, parts)
        finally:
            _tell("stopping: what has begun is finished; once more to leave it")
            web.should_exit = True
            # Calls that Zoom does not answer are given up, and taken up by the next process like after a crash.
            cutting = threading.Timer(CALLS_SECONDS, parts.exchange.cut_short)
            cutting.start()
            timetable.stop()
            worker.stop()
            cutting.cancel()
            teller.stop()
            follower.stop()
            serving.join()
            watch.stop()
    _tell("stopped")


def _wait(stop: threading.Event, parts: Parts) -> None:
    """Until told to stop. Raises SchemaNewer."""
    while not stop.wait(parts.settings.tick_seconds):
        with contextlib.suppress(StoreUnavailable):
            parts.database.check_schema()


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises ConfigurationError where the address cannot be listened on."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        raise ConfigurationError(f"cannot listen on {host}:{port}: {error}") from None


def _stop_on_signals() -> threading.Event:
    """Set by the first signal; the second one ends the process at once, which the store bears as it bears SIGKILL."""
    stop = threading.Event()

    def heard(number: int, _frame: Any) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
    return stop


def _say(parts: Parts, host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    store = parts.database.engine.url.render_as_string(hide_password=True)
    _tell(f"serving on http://{shown}:{port} (web, schedule, worker), store {store}; SIGTERM finishes what has begun")
    if not parts.settings.zoom_webhook_secret.get_secret_value():
        _tell(NO_WEBHOOKS)


def _tell(text: str) -> None:
    sys.stderr.write(f"zoom-sync: {text}\n")
    sys.stderr.flush()
