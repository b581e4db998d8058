"""The Celery application: thin tasks that are handed ids, and what starts workers and the schedule.

The store is the truth and the queue a hint: a message that is lost is sent again by the sweep, one that comes twice
finds its item done. So nothing but numbers is ever in a message, and what has to wait waits in the store, not in a
worker's memory.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NoReturn

import structlog
from billiard import current_process
from celery import Celery
from celery.exceptions import Reject, SecurityWarning
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_ready
from kombu.entity import Queue
from kombu.exceptions import OperationalError

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.health import Part
from zoom_sync.entrypoints.broker import OurTask, refuse, use_our_broker
from zoom_sync.entrypoints.following import following_of
from zoom_sync.entrypoints.purging import PURGE_SECONDS, purge_past
from zoom_sync.entrypoints.watch import Watch, noting
from zoom_sync.errors import ConfigurationError, SchemaNewer, StoreUnavailable, Unavailable, ZoomSyncError
from zoom_sync.observability import bind, configure_logging, hide, new_request, request_id, unbind
from zoom_sync.service_layer import schedule, work
from zoom_sync.service_layer.apply import Listings
from zoom_sync.service_layer.following import follow_due
from zoom_sync.service_layer.telling import tell_due
from zoom_sync.settings import Settings, check_config, load_settings, secrets_of

# An item is a few calls, each with its timeout; what takes longer than this hangs.
SOFT_LIMIT_SECONDS = 540
HARD_LIMIT_SECONDS = 600
# A message that nobody acknowledged for so long goes to another worker: above the longest task.
VISIBILITY_SECONDS = 900
# How long a task waits for the store, in steps. Every other one needs it too, so waiting holds up nobody.
STORE_PAUSES = (0.5, 1, 2, 4, 8, 15, 30)
AT_ONCE = 5000
# Items of one message: a handful where there are many, so that all workers have their share of few.
MOST_IN_HAND = 8
MESSAGES = 64
HANDFUL_SECONDS = 60.0
# Of the messages, not of the program: it rises when an earlier worker would misread them. It is in the name of each
# task and queue, so a worker meets only what it can read; what is left in a queue that nobody serves is sent again.
VERSION = "v1"
ITEMS = f"zoom_sync.{VERSION}"
# The schedule has a queue of its own: thousands of items before it would make it late.
SCHEDULE = f"{ITEMS}.schedule"
# The header of a message that says which request it came from.
REQUEST = "zoom_sync_request"

celery = Celery("zoom_sync", task_cls=OurTask)
log = structlog.stdlib.get_logger(__name__)


def configure(settings: Settings) -> Celery:
    """The application with its broker. Raises ConfigurationError without REDIS_URL."""
    if settings.redis_url is None:
        raise ConfigurationError("workers need REDIS_URL; without it, `zoom-sync apply` does the work by itself")
    use_our_broker()
    celery.conf.update(
        worker_consumer="zoom_sync.entrypoints.broker:Consumer",
        broker_url=settings.redis_url.get_secret_value(),
        broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS, "socket_keepalive": True},
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_queues=[Queue(name) for name in (ITEMS, SCHEDULE)],  # type: ignore[no-untyped-call]  # kombu has no types
        task_default_queue=ITEMS,
        task_routes={task.name: {"queue": SCHEDULE} for task in (sync, collect, sweep, purge, notify, follow)},
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_soft_time_limit=SOFT_LIMIT_SECONDS,
        task_time_limit=HARD_LIMIT_SECONDS,
        task_publish_retry_policy={"max_retries": 3, "interval_start": 0.2, "interval_step": 0.5, "interval_max": 2},
        worker_prefetch_multiplier=1,
        worker_concurrency=settings.worker_processes,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_redirect_stdouts=False,
        # Whoever may write to the broker could stop workers by it, so it is off where nobody wants it.
        worker_enable_remote_control=settings.celery_control,
        worker_send_task_events=settings.celery_control,
        task_send_sent_event=settings.celery_control,
        beat_schedule={
            "sync": _every(settings.tick_seconds, sync),
            "collect": _every(settings.tick_seconds, collect),
            "sweep": _every(settings.sweep_seconds, sweep),
            "purge": _every(PURGE_SECONDS, purge),
            "follow": _every(settings.tick_seconds, follow),
            "notify": _every(settings.tick_seconds, notify),
        },
    )
    return celery


def _every(seconds: float, task: Any) -> dict[str, Any]:
    """At once after beat's start and then at this distance; what nobody took until the next one is dropped."""
    never = datetime.fromtimestamp(0, UTC)
    return {"task": task.name, "schedule": seconds, "last_run_at": never, "options": {"expires": seconds}}


@cache
def _parts() -> Parts:
    return Parts(load_settings(), is_service=True)


def _current() -> Parts:
    """The parts, while the store is of this version. Raises SchemaNewer, StoreUnavailable."""
    parts = _parts()
    parts.database.check_schema()
    return parts


@cache
def _working() -> work.Working:
    return _parts().working()


_listings: dict[int, Listings] = {}


def _listings_of(run: int) -> Listings:
    """The host lists of one run; those of an earlier run are dropped."""
    listings = _listings.get(run)
    if listings is None:
        _listings.clear()
        listings = _listings[run] = Listings(_working().applying)
    return listings


# --- tasks ---------------------------------------------------------------------------------------------------------


@celery.task(name=f"zoom_sync.{VERSION}.items")  # type: ignore[untyped-decorator]  # celery has no types
def items(run: int, ids: Sequence[int]) -> None:
    """Do some items of a run, one after the other; those for which the time is too short are sent on."""
    if not (isinstance(run, int) and isinstance(ids, list) and all(isinstance(item, int) for item in ids)):
        refuse("arguments")
        return
    until = time.monotonic() + HANDFUL_SECONDS
    for place, item in enumerate(ids):
        if place and time.monotonic() > until:
            _send([(run, rest) for rest in ids[place:]])
            return
        bind(run=run, item=item)
        if not _patiently(partial(_do_item, run, item)):
            # Whoever is free once the store is back takes them up, and not only a sweep after `resend_seconds`.
            _send([(run, rest) for rest in ids[place:]])
            return


def _do_item(run: int, item: int) -> None:
    _current()
    try:
        work.do_item(_working(), _listings_of(run), item)
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        log.warning("item_not_done", reason=str(error))


@celery.task(name=f"zoom_sync.{VERSION}.sync")  # type: ignore[untyped-decorator]  # celery has no types
def sync() -> None:
    """Plan the events that are due and hand out what is to do."""
    _patiently(lambda: _send_runs(_due(schedule.sync_due)))


@celery.task(name=f"zoom_sync.{VERSION}.collect")  # type: ignore[untyped-decorator]  # celery has no types
def collect() -> None:
    """Hand out the collection of reports that are due."""
    _patiently(lambda: _send_runs(_due(schedule.collect_due)))


def _due(ask: Callable[[schedule.Scheduling], list[int]]) -> list[int]:
    """The runs that were committed. Of several who ask at once, the store lets one: see `service_layer.schedule`."""
    parts = _current()
    try:
        return noting(parts, lambda: ask(parts.scheduling()))
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        log.warning("nothing_asked", reason=str(error))
        return []


@celery.task(name=f"zoom_sync.{VERSION}.sweep")  # type: ignore[untyped-decorator]  # celery has no types
def sweep() -> None:
    """Hand out again what was handed out and did not end: its message, or its worker, is gone."""
    _patiently(lambda: _send_due(_current()))


@celery.task(name=f"zoom_sync.{VERSION}.purge")  # type: ignore[untyped-decorator]  # celery has no types
def purge() -> None:
    """Remove what is past its time; a time limit leaves the rest to the next one, and two at once do no harm."""
    _patiently(_purge)


def _purge() -> None:
    parts = _current()
    try:
        purge_past(parts)
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        log.warning("nothing_purged", reason=str(error))


@celery.task(name=f"zoom_sync.{VERSION}.notify")  # type: ignore[untyped-decorator]  # celery has no types
def notify() -> None:
    """Find out what waits for a person, and tell who is to be told; of several who ask at once, the store lets one."""
    _patiently(_tell)


@celery.task(name=f"zoom_sync.{VERSION}.follow")  # type: ignore[untyped-decorator]  # celery has no types
def follow() -> None:
    """Read the sources that events follow, as far as they are due; of several who do at once, the store lets one."""
    _patiently(_follow)


def _follow() -> None:
    parts = _current()
    try:
        follow_due(following_of(parts))
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        log.warning("nothing_followed", reason=str(error))


def _tell() -> None:
    parts = _current()
    try:
        tell_due(parts.telling())
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        log.warning("nobody_told", reason=str(error))


def _patiently(do: Callable[[], None]) -> bool:
    """Do it once the store answers. False where it does not for long: whoever asks says what becomes of the work."""
    for pause in STORE_PAUSES:
        try:
            do()
        except SchemaNewer as error:
            _leave(error)
        except StoreUnavailable as error:
            log.warning("store_away", reason=str(error), pause=pause)
            time.sleep(pause)
        else:
            return True
    log.error("given_back", reason="the store does not answer")
    return False


def _leave(error: SchemaNewer) -> NoReturn:
    """Give the message back for a newer worker, and let this one end as if it was told to: `run_worker` says why."""
    log.error("stopping", reason=str(error))
    logging.getLogger("celery.app.trace").setLevel(logging.ERROR)  # it would tell the same, with a traceback
    in_pool = current_process().name != "MainProcess"
    os.kill(os.getppid() if in_pool else os.getpid(), signal.SIGTERM)  # the worker whose process, or thread, this is
    raise Reject(str(error), requeue=True) from None


# --- handing out ---------------------------------------------------------------------------------------------------


def hand_out(parts: Parts, run: int) -> None:
    """Send a run's items to the workers; the run is in the store already. Raises Unavailable, ConfigurationError."""
    configure(parts.settings)
    try:
        _send([(run, item.id) for item in parts.runs.items(run)])
    except OperationalError:
        raise Unavailable(
            f"the broker does not answer; run {run} is stored, and workers take it up once the broker is back"
        ) from None


def hand_out_collection(parts: Parts, event: str, keys: Sequence[str]) -> int | None:
    """Start a collection and send it to the workers; None where nothing is due. Raises as `hand_out`."""
    configure(parts.settings)
    run = work.start_collection(parts.runs, parts.collecting(), event, keys)
    if run is not None:
        hand_out(parts, run)
    return run


def _send_runs(started: Sequence[int]) -> None:
    for run in started:
        _send([(run, item.id) for item in _parts().runs.items(run)])


def _send_due(parts: Parts) -> None:
    """Mark and send; an item that was marked and not sent is marked again by a later sweep."""
    resend = timedelta(seconds=parts.settings.resend_seconds)
    while True:
        now = parts.clock.now()
        ids = parts.runs.hand_out(now, now - resend, AT_ONCE)
        if not ids:
            return
        log.info("handed_out_again", items=len(ids), runs=sorted({run for run, _ in ids}))
        _send(ids)


def _send(ids: Sequence[tuple[int, int]]) -> None:
    with celery.producer_pool.acquire(block=True) as producer:
        for run, some in _handfuls(ids):
            items.apply_async((run, some), producer=producer)


def _handfuls(ids: Sequence[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """The items as messages. Of many, some go together: a message costs about as much work as its item does."""
    size = min(MOST_IN_HAND, max(1, len(ids) // MESSAGES))
    for run, group in groupby(ids, key=itemgetter(0)):
        of_run = [item for _, item in group]
        for first in range(0, len(of_run), size):
            yield run, of_run[first : first + size]


# --- processes -----------------------------------------------------------------------------------------------------


def run_worker(settings: Settings, processes: int | None, options: Mapping[str, Any] | None = None) -> None:
    """Work until told to stop: SIGTERM finishes what has begun and gives the rest back.

    `options` are those of Celery's worker, as `worker_options` makes them.

    Raises SchemaNewer where a newer program has brought the store on, be it while this one works.
    """
    application = configure(settings)
    check_config(settings)
    count = processes or settings.worker_processes
    _say(f"worker of {count} processes on {_shown(application)}; SIGTERM finishes what has begun")
    _bring_store_up_to_date(settings)
    # Its reason is pickle, which is not accepted here; in a container there may be no other user.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = application.Worker(
        concurrency=count, loglevel=settings.log_level, quiet=True, optimization="fair",
        without_gossip=True, without_mingle=True, without_heartbeat=not settings.celery_control,
        **(options or {}),
    )  # fmt: skip
    watch = Watch(Parts(settings), Part.WORKER)
    # Not before its processes were forked: they are to have nothing of the watcher's connections.
    worker_ready.connect(lambda **_: watch.start(), weak=False)
    worker.start()
    watch.stop()
    _bring_store_up_to_date(settings)  # says so where it is ahead of us: that may be why the worker has ended
    sys.exit(worker.exitcode)


def run_beat(settings: Settings) -> None:
    """Hand out due work until told to stop. Keeps nothing: what is due is computed from the store."""
    application = configure(settings)
    check_config(settings, needs_zoom=False)
    watch = Watch(Parts(settings), Part.BEAT)
    unbind()  # what beat sends is no part of the command that started it
    _say(
        f"beat on {_shown(application)}: looks every {settings.tick_seconds:g} s for events to sync and reports to "
        "collect"
    )
    watch.start()
    try:
        application.Beat(scheduler_cls="celery.beat:Scheduler", loglevel=settings.log_level, quiet=True).run()
    finally:
        watch.stop()


def _bring_store_up_to_date(settings: Settings) -> None:
    """Once, before there are processes that would all do it; they share what is imported for it, too."""
    parts = Parts(settings)
    try:
        parts.database.close()
    except StoreUnavailable as error:
        log.warning("store_away", reason=str(error))


def _shown(application: Celery) -> str:
    with application.connection_for_read() as connection:
        return str(connection.as_uri())


def _say(text: str) -> None:
    sys.stderr.write(f"zoom-sync: {text}\n")
    sys.stderr.flush()


@worker_ready.connect  # type: ignore[untyped-decorator]  # celery has no types
def _ready(**_: Any) -> None:
    _say("worker is ready")


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def _logging(**_: Any) -> None:
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    hide(*secrets_of(settings))


@before_task_publish.connect  # type: ignore[untyped-decorator]  # celery has no types
def _send_request_id(headers: dict[str, Any], **_: Any) -> None:
    headers[REQUEST] = request_id()


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery has no types
def _bind(task_id: str, task: Any, **_: Any) -> None:
    """Whoever handed a task out is found in its lines: a command, a page, or the task of the schedule it comes from."""
    new_request(getattr(task.request, REQUEST, None) or task.request.root_id)
    bind(task=task_id)


@task_postrun.connect  # type: ignore[untyped-decorator]  # celery has no types
def _unbind(**_: Any) -> None:
    unbind()
