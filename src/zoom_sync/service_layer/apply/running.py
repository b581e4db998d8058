"""Running through the items of a plan: one ends badly, the others go on; what is in doubt is waited for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from zoom_sync.domain.hosts import WRITES_PER_DAY, next_utc_day, utc_and_local, utc_day
from zoom_sync.domain.meeting import DesiredMeeting
from zoom_sync.domain.panelists import PANELISTS
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.domain.plan import Action, Plan
from zoom_sync.domain.plan.effects import accepted
from zoom_sync.domain.run import ItemState, RunItem, Step
from zoom_sync.errors import RateLimited, StoreConflict, StoreUnavailable, ZoomError, ZoomSyncError
from zoom_sync.service_layer.apply.arriving import has_arrived, link_arrived, remove_arrived
from zoom_sync.service_layer.apply.changing import adopt, delete, move, update
from zoom_sync.service_layer.apply.creating import create, look_for
from zoom_sync.service_layer.apply.inviting import invite
from zoom_sync.service_layer.apply.items import Applying, Listings, Outcome, about, failed, skipped
from zoom_sync.service_layer.apply.seeing import WANTS_ANOTHER, as_seen, has_own_meeting
from zoom_sync.service_layer.apply.waiting import wait_for
from zoom_sync.service_layer.hosts_now import refused_for_licence
from zoom_sync.service_layer.looking import in_parallel

ROUNDS = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after each item: how many of how many are settled, and how this one ended."""

    settled: int
    total: int
    item: RunItem
    outcome: Outcome


def start_run(applying: Applying, plan: Plan) -> int:
    """Commit what is to be done, before any of it is. Answers the run's number."""
    steps = [
        Step(
            str(change.action),
            change.key,
            change.host_id,
            change.meeting_id,
            tuple(field.name for field in change.fields),
            accepted(change),
            change.overload,
            plan.wanted.get(change.key),
        )
        for change in plan.changes
    ]
    run = applying.runs.start(plan.event, "apply", plan.digest, steps, applying.clock.now())
    log.info("run_started", extra={"run": run, "event_key": plan.event, "items": len(steps)})
    return run


def carry_out(
    applying: Applying, run: int, tell: Callable[[Progress], None], waits: Callable[[datetime, int], None]
) -> None:
    """Do every item of a run that is not settled, in this process; waits for those that are in doubt, in rounds.

    What is still not settled after the last round is failed with its reason; the next plan takes it up. `waits` is
    told until when, and for how many items, before each wait.
    """
    listings = Listings(applying)
    items = [item for item in applying.runs.items(run) if item.state is ItemState.WAITING]
    total, settled = len(items), 0
    lock = threading.Lock()

    def do(item: RunItem) -> tuple[RunItem, Outcome]:
        with about(item):
            return do_one(item)

    def do_one(item: RunItem) -> tuple[RunItem, Outcome]:
        nonlocal settled
        outcome = apply_item(applying, listings, item)
        if outcome.retry_at is None:
            settle_item(applying, item, outcome)
            with lock:
                settled += 1
                tell(Progress(settled, total, item, outcome))
        return item, outcome

    for last in (*(False,) * (ROUNDS - 1), True):
        ended = in_parallel(do, items, applying.threads)
        later = [(item, outcome) for item, outcome in ended if outcome.retry_at is not None]
        if not later:
            return
        if last:
            for item, outcome in later:
                settle_item(applying, item, replace(outcome, state=ItemState.FAILED, retry_at=None))
            return
        wait_for(applying, later, waits)
        items = [item for item, _ in later]


def settle_item(applying: Applying, item: RunItem, outcome: Outcome) -> None:
    """Commit how an item ended."""
    log.info("item_settled", extra={"action": item.action, "state": str(outcome.state)})
    applying.runs.settle(item.id, outcome.state, outcome.reason, applying.clock.now())


def apply_item(applying: Applying, listings: Listings, item: RunItem) -> Outcome:
    """Do one item. Every error that belongs to the item becomes its outcome, so that the others go on."""
    try:
        return _apply(applying, listings, item)
    except StoreConflict as error:
        return Outcome(ItemState.SKIPPED, str(error))
    except RateLimited as error:
        return _limited(applying, item, error)
    except StoreUnavailable as error:
        return Outcome(ItemState.FAILED, str(error), applying.clock.now() + applying.settle)
    except ZoomSyncError as error:
        if isinstance(error, ZoomError) and item.action in (Action.CREATE, Action.REPLACE):
            _remember_refusal(applying, item, error)
        return Outcome(ItemState.FAILED, str(error), may_help=error.retryable)
    except Exception as error:
        # Unforeseen, and still this item's own: the others go on. Its text may hold anything, so only its kind is told.
        log.exception("item_failed")
        what = type(error).__name__
        return failed(Phrase("unexpected {error}; see the log for item {number}", error=what, number=item.id))


def _apply(applying: Applying, listings: Listings, item: RunItem) -> Outcome:
    if applying.programmes.is_archived(item.event):
        return skipped(Phrase("the event is archived"))
    action = Action(item.action)
    arrival = applying.links.looked_at().get(item.meeting_id or "")
    if action is Action.DELETE and arrival is not None:
        return remove_arrived(applying, item, arrival.kind)
    if action is Action.DELETE:
        return _deleted(applying, item)
    if action is Action.ADOPT and item.meeting_id is None:
        return look_for(applying, listings, item)
    want = as_seen(applying, item)
    if want is None:
        return skipped(WANTS_ANOTHER)
    outcome = _written(applying, listings, item, want)
    if PANELISTS in item.fields and outcome.state is ItemState.DONE:
        return invite(applying, item, want, outcome)
    return outcome


def _deleted(applying: Applying, item: RunItem) -> Outcome:
    """Delete the meeting, unless its session is back in the programme and has it still, or another one has it."""
    link = applying.links.link(item.event, item.key)
    if link is not None and link.meeting_id == item.meeting_id and has_own_meeting(applying, item):
        return skipped(Phrase("the programme has its session again: plan again"))
    holder = applying.links.of_meeting(item.event, str(item.meeting_id))
    if holder is not None and holder.key != item.key:
        return skipped(Phrase("the meeting is session {session!r}'s by now: plan again", session=holder.key))
    return delete(applying, item.event, str(item.meeting_id), item.accepted)


def _remember_refusal(applying: Applying, item: RunItem, error: ZoomError) -> None:
    """A host whose licence does not cover a creation gets none of the kind for a day: it is not tried in vain again."""
    sessions = applying.programmes.sharing(item.event, item.key)
    licence = refused_for_licence(error, sessions[0].kind)
    if licence is not None:
        applying.links.set_licence(item.host_id, licence, applying.clock.now())


def _written(applying: Applying, listings: Listings, item: RunItem, want: DesiredMeeting) -> Outcome:
    action = Action(item.action)
    if action is Action.UPDATE:
        return update(applying, item, want)
    if action is Action.ADOPT:
        return (link_arrived if has_arrived(applying, item) else adopt)(applying, item, want)
    if action is Action.MOVE:
        return move(applying, item, want)
    return create(applying, listings, item, want)


def _limited(applying: Applying, item: RunItem, error: RateLimited) -> Outcome:
    """The host's day is used up: carried over. Any other limit ends the item with its reason."""
    if error.limit != "host":
        return Outcome(ItemState.FAILED, str(error), may_help=error.limit != "daily")
    now = applying.clock.now()
    applying.links.day_used(item.host_id, utc_day(now), WRITES_PER_DAY)
    zone = ZoneInfo(applying.programmes.event(item.event).timezone)
    until = Phrase("goes on after {moment}", moment=utc_and_local(next_utc_day(now), zone))
    return skipped(then(error.message, until))
