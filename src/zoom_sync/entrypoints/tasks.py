"""The Celery application: thin tasks that are handed ids, and what starts workers and the schedule.

The store is the truth and the queue a hint: a message that is lost is sent again by the sweep, one that comes twice
finds its item done. So nothing but numbers and event keys is ever in a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun
from kombu.exceptions import OperationalError

from zoom_sync.bootstrap import Parts
from zoom_sync.errors import ConfigurationError, Unavailable, ZoomSyncError
from zoom_sync.observability import bind, configure_logging, unbind
from zoom_sync.service_layer import work
from zoom_sync.service_layer.apply import Listings
from zoom_sync.settings import Settings, load_settings

# An item is a few calls, each with its timeout; what takes longer than this hangs.
SOFT_LIMIT_SECONDS = 540
HARD_LIMIT_SECONDS = 600
# A message that nobody acknowledged for so long goes to another worker: above the longest task.
VISIBILITY_SECONDS = 900
# An item that was handed out and did not end for so long is handed out again.
HANDED_AGAIN = timedelta(minutes=2)
SWEEP_SECONDS = 15.0
AT_ONCE = 5000

celery = Celery("zoom_sync")
log = structlog.stdlib.get_logger(__name__)


def configure(settings: Settings) -> Celery:
    """The application with its broker. Raises ConfigurationError without REDIS_URL."""
    if settings.redis_url is None:
        raise ConfigurationError("workers need REDIS_URL; without it, `zoom-sync apply` does the work by itself")
    celery.conf.update(
        broker_url=settings.redis_url.get_secret_value(),
        broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS},
        broker_connection_retry_on_startup=True,
        task_default_queue="zoom_sync",
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
        beat_schedule={
            "sync": {"task": sync.name, "schedule": settings.sync_minutes * 60.0},
            "collect": {"task": collect.name, "schedule": settings.collect_minutes * 60.0},
            "sweep": {"task": sweep.name, "schedule": SWEEP_SECONDS},
        },
    )
    return celery


@cache
def _parts() -> Parts:
    return Parts(load_settings())


@cache
def _working() -> work.Working:
    parts = _parts()
    return work.Working(parts.planning(), parts.applying(), parts.collecting())


_listings: dict[int, Listings] = {}


def _listings_of(run: int) -> Listings:
    """The host lists of one run; those of an earlier run are dropped."""
    if run not in _listings:
        _listings.clear()
        _listings[run] = Listings(_working().applying)
    return _listings[run]


# --- tasks: the version in the name keeps workers of two versions from misreading each other ------------------------


@celery.task(name="zoom_sync.v1.item", bind=True, max_retries=work.MOST_TRIES)  # type: ignore[untyped-decorator]  # celery has no types
def item(self: Any, run: int, item_id: int) -> None:
    """Do one item of a run."""
    bind(run=run, item=item_id)
    try:
        again = work.do_item(_working(), _listings_of(run), item_id)
    except ZoomSyncError as error:
        if not error.retryable:
            raise
        raise self.retry(countdown=5 * 2 ** min(self.request.retries, 5), exc=error) from None
    if again is not None:
        wait = (again - _parts().clock.now()).total_seconds()
        raise self.retry(countdown=max(1.0, wait))


@celery.task(name="zoom_sync.v1.sync")  # type: ignore[untyped-decorator]  # celery has no types
def sync() -> None:
    """Plan every event and hand out what is to do."""
    work.sync_due(_working())
    _send_waiting(_parts())


@celery.task(name="zoom_sync.v1.collect")  # type: ignore[untyped-decorator]  # celery has no types
def collect() -> None:
    """Hand out the collection of reports that are due."""
    work.collect_due(_working())
    _send_waiting(_parts())


@celery.task(name="zoom_sync.v1.sweep")  # type: ignore[untyped-decorator]  # celery has no types
def sweep() -> None:
    """Hand out again what was handed out and did not end: its message, or its worker, is gone."""
    _send_waiting(_parts())


# --- handing out ---------------------------------------------------------------------------------------------------


def hand_out(parts: Parts, run: int) -> None:
    """Send a run's items to the workers; the run is in the store already. Raises Unavailable, ConfigurationError."""
    configure(parts.settings)
    try:
        _send_waiting(parts)
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


def _send_waiting(parts: Parts) -> None:
    """Mark and send; an item that was marked and not sent is marked again by a later sweep."""
    while True:
        now = parts.clock.now()
        ids = parts.runs.hand_out(now, _handed_before(now), AT_ONCE)
        if not ids:
            return
        with celery.producer_pool.acquire(block=True) as producer:
            for run, item_id in ids:
                item.apply_async((run, item_id), producer=producer)


def _handed_before(now: datetime) -> datetime:
    return now - HANDED_AGAIN


# --- processes -----------------------------------------------------------------------------------------------------


def run_worker(settings: Settings, processes: int | None) -> None:
    """Work until told to stop: SIGTERM finishes what has begun and gives the rest back."""
    arguments = ["worker", "--without-gossip", "--without-mingle", "--loglevel", settings.log_level]
    arguments += ["--concurrency", str(processes)] if processes else []
    configure(settings).worker_main(arguments)


def run_beat(settings: Settings) -> None:
    """Hand out due work until told to stop. Keeps nothing: what is due is computed from the store."""
    configure(settings).Beat(scheduler_cls="celery.beat:Scheduler", loglevel=settings.log_level, quiet=True).run()


@setup_logging.connect  # type: ignore[untyped-decorator]  # celery has no types
def _logging(**_: Any) -> None:
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery has no types
def _bind(task_id: str = "", **_: Any) -> None:
    bind(task=task_id)


@task_postrun.connect  # type: ignore[untyped-decorator]  # celery has no types
def _unbind(**_: Any) -> None:
    unbind()
