"""What is due now, from the store alone: a lost beat, a flushed queue or a killed process costs nothing.

Any number of processes may ask at the same time. What keeps them apart is a compare-and-set of the event's mark in the
store, not a lock of the schedule's own (such as RedBeat's in Redis): a lock that is lost would have to be harmless
anyway, and with the mark it is not needed. Whoever dies in the middle leaves a claim that ends by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from structlog.contextvars import bound_contextvars

from zoom_sync.domain.delivery import Look
from zoom_sync.domain.due import Mark, Outlook, Rhythm, deep_is_due, sync_is_due
from zoom_sync.domain.notices import Concern, Subject
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.domain.plan.values import masked_value
from zoom_sync.errors import StoreUnavailable, ZoomSyncError
from zoom_sync.service_layer.collect import Outstanding, outstanding
from zoom_sync.service_layer.collect.kinds import REPORTS_KEPT
from zoom_sync.service_layer.ports.runs import ScheduleStore, WebhookStore
from zoom_sync.service_layer.work import COLLECT, Working, start_collection, sync_event

SYNC = "sync"
# Planning is a few list calls; who has not ended by then has died.
LEASE = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)  # after a failure
# Zoom's last repeat comes 85 minutes after the first try; a hint about a session that is on waits for its end.
# https://developers.zoom.us/docs/api/webhooks/#event-notification-retry-policy
REMEMBER = timedelta(days=2)
ASKED_SELDOM = "asked for less and less often"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What the schedule needs. `first` is the shortest pause between two looks at a report.

    A report that is not complete at the `horizon` after its session says until when it is asked for.
    """

    working: Working
    schedule: ScheduleStore
    webhooks: WebhookStore
    rhythm: Rhythm
    first: timedelta
    horizon: timedelta


def sync_due(scheduling: Scheduling) -> list[int]:
    """Sync the events that are due and have no run under way; answers the runs that were committed."""
    now = scheduling.working.applying.reader.server_time()
    started = []
    for outlook in scheduling.schedule.outlooks():
        if not sync_is_due(outlook, scheduling.rhythm, now):
            continue
        if _is_busy(scheduling, outlook, "apply"):
            _tell_what_holds(scheduling, outlook.event)
        else:
            run = _with_claim(scheduling, outlook, SYNC, now, _syncing(scheduling, outlook, now))
            started += [] if run is None else [run]
    scheduling.webhooks.forget(now - REMEMBER)
    return started


def _tell_what_holds(scheduling: Scheduling, event: str) -> None:
    """Log how many items have not ended, and when they are handed out again: the event waits for them."""
    for one in scheduling.working.applying.runs.unended(event):
        again = one.handed_at + scheduling.working.resend
        values = {"event_key": event, "run": one.run, "items": one.count, "again": again.isoformat()}
        log.info("waits_for_run", extra=values)


def collect_due(scheduling: Scheduling) -> list[int]:
    """Commit a collection for each event with reports that are due and none under way; answers the runs."""
    now = scheduling.working.applying.reader.server_time()
    started = []
    for outlook in scheduling.schedule.outlooks():
        keys = _due_keys(scheduling, outlook, now)
        if keys and not _is_busy(scheduling, outlook, COLLECT):
            run = _with_claim(scheduling, outlook, COLLECT, now, _collecting(scheduling, outlook, keys, now))
            started += [] if run is None else [run]
    return started


def _is_busy(scheduling: Scheduling, outlook: Outlook, kind: str) -> bool:
    return scheduling.working.applying.runs.under_way(outlook.event, kind)


def _with_claim(
    scheduling: Scheduling, outlook: Outlook, task: str, now: datetime, do: Callable[[datetime], int | None]
) -> int | None:
    """Do it unless another one does; what fails for one event does not stop the others. Raises StoreUnavailable."""
    until, mark = now + LEASE, outlook.sync if task == SYNC else outlook.collect
    if not mark.is_free(now) or not scheduling.schedule.claim(outlook.event, task, mark, until):
        return None
    try:
        with bound_contextvars(event_key=outlook.event):
            return do(until)
    except StoreUnavailable:
        raise
    except ZoomSyncError as error:
        log.warning("not_done", extra={"event_key": outlook.event, "task": task, "reason": str(error)})
        scheduling.schedule.put_off(outlook.event, task, until, now + PAUSE)
        if task == SYNC and not error.retryable:  # what passes by itself is nobody's business
            _note_sync(scheduling, outlook.event, [Concern("", SYNC, str(masked_value(str(error))))])
        return None


def _note_sync(scheduling: Scheduling, event: str, failed: Sequence[Concern]) -> None:
    """Note that an event could not be synced, or could be."""
    notices = scheduling.working.notices
    if notices is not None:
        notices.found(event, Subject.FAILED, failed)


def _syncing(scheduling: Scheduling, outlook: Outlook, now: datetime) -> Callable[[datetime], int | None]:
    def sync(until: datetime) -> int | None:
        deep = deep_is_due(outlook, now)
        run = sync_event(scheduling.working, outlook.event, deep=deep)
        _note_sync(scheduling, outlook.event, [])
        # A new event is seen in full as it is made: its first deep check is the next one in its turn.
        deep_at = now if deep else outlook.sync.deep_at or now
        mark = Mark(now, deep_at, outlook.loaded_at)
        hints = [one.hint for one in outlook.told if one.hint.look in (Look.SYNC, Look.DEEP)]
        scheduling.schedule.done(outlook.event, SYNC, until, mark, hints)
        return run

    return sync


def _collecting(
    scheduling: Scheduling, outlook: Outlook, keys: Sequence[str], now: datetime
) -> Callable[[datetime], int | None]:
    def collect(until: datetime) -> int | None:
        told = [one for one in outlook.told if one.hint.look is Look.COLLECT and one.key in keys]
        working, again = scheduling.working, {one.key for one in told}
        run = start_collection(working.applying.runs, working.collecting, outlook.event, keys, again)
        hints = [one.hint for one in told]
        scheduling.schedule.done(outlook.event, COLLECT, until, replace(outlook.collect, done_at=now), hints)
        return run

    return collect


def _due_keys(scheduling: Scheduling, outlook: Outlook, now: datetime) -> list[str]:
    """The sessions whose reports are to be asked for: by the clock, or for a webhook said so."""
    over = {span.key: span for span in outlook.spans if span.end <= now}
    texts = {one.key for one in outlook.told if one.hint.look is Look.COLLECT} & over.keys()
    if over:
        collecting = scheduling.working.collecting
        if texts:  # a meeting that was opened although its session is cancelled is told of, too
            texts &= {
                session.key for session in collecting.programmes.programme(outlook.event).sessions if session.counted
            }
        open_yet = outstanding(collecting, outlook.event, now, scheduling.first)
        texts |= over.keys() & {outstanding.key for outstanding in open_yet if outstanding.due}
        _note_the_late(scheduling, outlook.event, open_yet, now)
    return [span.key for span in outlook.spans if span.key in texts]


def _note_the_late(scheduling: Scheduling, event: str, open_yet: Iterable[Outstanding], now: datetime) -> None:
    """Say in the state of reports that are unfinished after the horizon until when they are asked for; once a look."""
    for session in open_yet:
        if now < session.end + scheduling.horizon:
            continue
        until = until_when(session.end)
        for collected in session.unfinished:
            if collected.checked_at is not None and ASKED_SELDOM not in collected.reason:
                reason = then(collected.reason, until) if collected.reason else until
                scheduling.working.collecting.reports.note(event, replace(collected, reason=reason))


def until_when(end: datetime) -> Phrase:
    """What is said of a report that is late."""
    return Phrase("asked for less and less often, until Zoom deletes it on {day}", day=f"{end + REPORTS_KEPT:%Y-%m-%d}")
