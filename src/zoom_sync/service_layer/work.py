"""One item of a run, whichever kind it is: what a worker does with the id it was handed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zoom_sync.domain.consent import parted, waiting_sentence, waits
from zoom_sync.domain.notices import Concern, Subject
from zoom_sync.domain.phrases import NOTHING, Phrase, joined
from zoom_sync.domain.plan import Change, Policy
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.run import ItemState, RunItem, Step
from zoom_sync.errors import NotInStore, ZoomSyncError
from zoom_sync.service_layer.apply import Applying, Listings, Outcome, apply_item, settle_item, start_run
from zoom_sync.service_layer.apply.items import about
from zoom_sync.service_layer.archived import refuse_archived
from zoom_sync.service_layer.collect import Collecting, collect_sessions, due_sessions, in_one_meeting
from zoom_sync.service_layer.noticing import APPROVAL, held_back
from zoom_sync.service_layer.ports.runs import RunStore
from zoom_sync.service_layer.ports.telling import NoticeStore
from zoom_sync.service_layer.sync import Planning, plan_event

log = logging.getLogger(__name__)

COLLECT = "collect"
# What a step of a collection bears that was asked for by name: everything of the session is asked for again.
AGAIN = "again"
# Before the keys of further sessions that are held in the same meeting: its reports are asked for once.
WITH = "with "
# An item that was begun this often and never ended kills whoever does it; it is given up, so that others go on.
MOST_TRIES = 8
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Working:
    """What a worker needs. An item that was handed out and did not end for `resend` is handed out again."""

    planning: Planning
    applying: Applying
    collecting: Collecting
    resend: timedelta
    notices: NoticeStore | None = None  # None: what waits for a person is kept nowhere


def do_item(working: Working, listings: Listings, item_id: int) -> None:
    """Do one item and commit how it ended, or when it is handed out again. Raises StoreUnavailable, NotInStore."""
    runs = working.applying.runs
    item = runs.take_up(item_id)
    if item.state is not ItemState.WAITING:
        return  # the message came twice
    with about(item):
        _do_and_settle(working, listings, item)


def _do_and_settle(working: Working, listings: Listings, item: RunItem) -> None:
    runs = working.applying.runs
    outcome = _do(working, listings, item)
    again = outcome.retry_at or (_after_a_pause(working, item) if outcome.may_help else None)
    if again is not None and item.tries < MOST_TRIES:
        runs.set_handed(item.id, again - working.resend)
        log.info("item_put_off", extra={"action": item.action, "until": again.isoformat(), "tries": item.tries})
        return
    settle_item(working.applying, item, replace(outcome, retry_at=None))


def _after_a_pause(working: Working, item: RunItem) -> datetime:
    """Twice as long each time, and a little different for each item, so that they do not come back all at once."""
    spread = 0.75 + (item.id * 37 % 100) / 200
    pause = min(LONGEST_PAUSE, max(timedelta(seconds=1), working.applying.settle) * (1 << item.tries - 1))
    return working.applying.clock.now() + pause * spread


def _do(working: Working, listings: Listings, item: RunItem) -> Outcome:
    if item.tries > MOST_TRIES:
        why = Phrase("given up: begun {count} times and never ended", count=item.tries - 1)
        return Outcome(ItemState.FAILED, why)
    try:
        working.applying.reader.server_time()  # what is in doubt, or past, is told by Zoom's clock: know it first
    except ZoomSyncError as error:
        return Outcome(ItemState.FAILED, str(error), may_help=error.retryable)
    if item.action == COLLECT:
        return _collect(working, item)
    return apply_item(working.applying, listings, item)


def _collect(working: Working, item: RunItem) -> Outcome:
    if working.collecting.programmes.is_archived(item.event):
        return Outcome(ItemState.SKIPPED, Phrase("the event is archived"))
    keys = [item.key, *(field.removeprefix(WITH) for field in item.fields if field.startswith(WITH))]
    try:
        states = collect_sessions(working.collecting, item.event, keys, again=AGAIN in item.fields)
    except ZoomSyncError as error:
        return Outcome(ItemState.FAILED, str(error), may_help=error.retryable)
    failed = any(state.state is ReportState.FAILED for state in states)
    phrase = joined(map(_told, states)) if states else NOTHING
    return Outcome(ItemState.FAILED if failed else ItemState.DONE, phrase)


def _told(state: Collected) -> Phrase:
    if not state.reason:
        return Phrase("{report} {state}", report=state.kind, state=state.state)
    return Phrase("{report} {state} ({why})", report=state.kind, state=state.state, why=state.reason)


def _need_meetings(collecting: Collecting, event: str, keys: Sequence[str]) -> None:
    """Raises NotInStore where one of the sessions is unknown or has no meeting."""
    for key in keys:
        if collecting.links.link(event, collecting.programmes.session(event, key).meeting_key) is None:
            raise NotInStore(f"session {key!r} has no meeting to collect from")


def start_collection(
    runs: RunStore, collecting: Collecting, event: str, keys: Sequence[str], again: Collection[str] | None = None
) -> int | None:
    """Commit a run that collects the named sessions, or all that are due; None where nothing is.

    Of the sessions in `again` (None: all that are named) everything is asked for, of the others what is due. Raises
    UserError where the event is archived.
    """
    refuse_archived(collecting.programmes, event)
    now = collecting.reader.server_time()
    texts = list(keys) or due_sessions(collecting, event, now)
    _need_meetings(collecting, event, keys)
    if not texts:
        return None
    anew = set(keys if again is None else again)
    steps = [
        Step(COLLECT, key, fields=(*((AGAIN,) if anew & {key, *others} else ()), *(WITH + other for other in others)))
        for key, *others in in_one_meeting(collecting, event, texts)
    ]
    run = runs.start(event, COLLECT, "", steps, now)
    log.info("run_started", extra={"run": run, "event_key": event, "items": len(steps)})
    return run


def sync_event(working: Working, event: str, *, deep: bool = False) -> int | None:
    """Plan an event, and commit a run where something is to do. Raises as `plan_event`.

    Nothing is replaced or deleted without a person: that is held back and shown by `plan`. Of an event whose changes
    wait for approval, exactly what was approved is done, and what waits is told.
    """
    planning = working.planning
    plan = plan_event(planning, event, Policy(), deep=deep).plan
    planning.forget_lapsed(plan)
    consent = planning.consent(event)
    waiting: Sequence[Change] = ()
    if waits(planning.changes_of(planning.programmes.event(event)), consent):
        plan, waiting = parted(plan, consent.marks)
    if working.notices is not None:
        concerns = [Concern("", APPROVAL, str(waiting_sentence(waiting)))] if waiting else []
        working.notices.found(event, Subject.HELD_BACK, [*concerns, *held_back(plan)])
    return start_run(working.applying, plan) if plan.changes else None
