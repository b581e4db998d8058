"""One item of a run, whichever kind it is: what a worker does with the id it was handed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zoom_sync.domain.plan import Policy
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.run import ItemState, RunItem, Step
from zoom_sync.errors import NotInStore, ZoomSyncError
from zoom_sync.service_layer.apply import Applying, Listings, Outcome, apply_item, settle_item, start_run
from zoom_sync.service_layer.collect import Collecting, collect_session, due_sessions
from zoom_sync.service_layer.ports import RunStore
from zoom_sync.service_layer.sync import Planning, plan_event

COLLECT = "collect"
# An item that was begun this often and never ended kills whoever does it; it is given up, so that others go on.
MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class Working:
    """What a worker needs."""

    planning: Planning
    applying: Applying
    collecting: Collecting


def do_item(working: Working, listings: Listings, item_id: int) -> datetime | None:
    """Do one item and commit how it ended; answers when it must be done again, None where it has ended."""
    item = working.applying.runs.take_up(item_id)
    if item.state is not ItemState.WAITING:
        return None  # the message came twice
    outcome = _do(working, listings, item)
    if outcome.retry_at is not None and item.tries < MOST_TRIES:
        return outcome.retry_at
    settle_item(working.applying, item, replace(outcome, retry_at=None))
    return None


def _do(working: Working, listings: Listings, item: RunItem) -> Outcome:
    if item.tries > MOST_TRIES:
        return Outcome(ItemState.FAILED, f"given up: begun {item.tries - 1} times and never ended")
    if item.action == COLLECT:
        return _collect(working, item)
    return apply_item(working.applying, listings, item)


def _collect(working: Working, item: RunItem) -> Outcome:
    try:
        states = collect_session(working.collecting, item.event, item.key)
    except ZoomSyncError as error:
        return Outcome(ItemState.FAILED, str(error))
    failed = any(state.state is ReportState.FAILED for state in states)
    return Outcome(ItemState.FAILED if failed else ItemState.DONE, "; ".join(map(_told, states)))


def _told(state: Collected) -> str:
    return f"{state.kind} {state.state}" + (f" ({state.reason})" if state.reason else "")


def start_collection(runs: RunStore, collecting: Collecting, event: str, keys: Sequence[str]) -> int | None:
    """Commit a run that collects the named sessions, or all that are due; None where nothing is."""
    now = collecting.reader.server_time()
    wanted = list(keys) or due_sessions(collecting, event, now)
    for key in wanted:
        if collecting.links.link(event, collecting.programmes.session(event, key).key) is None:
            raise NotInStore(f"session {key!r} has no meeting to collect from")
    if not wanted:
        return None
    return runs.start(event, COLLECT, "", [Step(COLLECT, key) for key in wanted], now)


def sync_due(working: Working) -> list[int]:
    """Plan every event that has no run under way, and commit a run where something is to do. Answers the runs.

    Nothing is replaced or deleted without a person: that is held back and shown by `plan`.
    """
    started = []
    for event in working.planning.programmes.events():
        if working.applying.runs.under_way(event.key, "apply"):
            continue
        planned = plan_event(working.planning, event.key, Policy())
        if planned.plan.changes:
            started.append(start_run(working.applying, planned.plan))
    return started


def collect_due(working: Working) -> list[int]:
    """Commit a run for each event with reports that are due and none under way. Answers the runs."""
    runs = working.applying.runs
    events = [event.key for event in working.planning.programmes.events() if not runs.under_way(event.key, COLLECT)]
    started = [start_collection(runs, working.collecting, event, ()) for event in events]
    return [run for run in started if run is not None]
