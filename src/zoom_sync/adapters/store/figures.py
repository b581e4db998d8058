"""Figures of the store for whoever watches it: how much work waits, how complete reports are, how long they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import (
    collections,
    drifts,
    events,
    host_days,
    links,
    purges,
    run_items,
    runs,
    sessions,
)
from zoom_sync.domain.hosts import utc_day
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.run import ItemState

# What failed within this time failed lately.
LATELY = timedelta(hours=1)
SETTLED = tuple(map(str, (ReportState.COMPLETE, ReportState.NONE, ReportState.EXPIRED)))


@dataclass(frozen=True, slots=True)
class Figures:
    """Each is rows of labels with a number last.

    `waiting`: kind of run; `ended`: kind, state; `latest`: event, action of the latest apply; `reports`: event, kind,
    state; `writes`: host id; `delays`: kind, how many, seconds from the session's end to the complete report in all;
    `drifts`: event, treatment; `failed`: kind of run, how many of its items failed within the last hour; `overdue`:
    event, how many of its sessions lack a report that is late.
    """

    waiting: Sequence[tuple[str, int]]
    ended: Sequence[tuple[str, str, int]]
    latest: Sequence[tuple[str, str, int]]
    reports: Sequence[tuple[str, str, str, int]]
    writes: Sequence[tuple[str, int]]
    delays: Sequence[tuple[str, int, float]]
    drifts: Sequence[tuple[str, str, int]]
    failed: Sequence[tuple[str, int]]
    overdue: Sequence[tuple[str, int]]


def read_figures(database: Database, now: datetime, late_after: timedelta, kept_for: timedelta) -> Figures:
    """All figures at one moment. `now` is UTC; its day is the one whose writes are told.

    A report is overdue where it lacks `late_after` its session's end, as long as Zoom keeps it: for `kept_for`.
    Raises StoreUnavailable.
    """
    with database.snapshot() as connection:

        def told(query: Select[Any]) -> list[Any]:
            return [tuple(row) for row in connection.execute(query).all()]

        items = told(_items_by_state())
        return Figures(
            waiting=[(kind, count) for kind, state, count in items if state == ItemState.WAITING],
            ended=[(kind, state, count) for kind, state, count in items if state != ItemState.WAITING],
            latest=told(_latest_plans()),
            reports=told(_report_states()),
            writes=told(_writes(utc_day(now))),
            delays=_delays(told(_report_times())),
            drifts=told(_drifts()),
            failed=told(_failed_since(now - LATELY)),
            overdue=told(_overdue(now - kept_for, now - late_after)),
        )


def _items_by_state() -> Select[Any]:
    query = select(runs.c.kind, run_items.c.state, func.count()).join(runs, runs.c.id == run_items.c.run_id)
    return query.group_by(runs.c.kind, run_items.c.state)


def _failed_since(since: datetime) -> Select[Any]:
    """A row for each kind of run that there is, so that the first failure ever is a rise from 0."""
    failed = and_(run_items.c.state == str(ItemState.FAILED), run_items.c.settled_at > since)
    query = select(runs.c.kind, func.count(run_items.c.id)).select_from(runs)
    return query.outerjoin(run_items, and_(run_items.c.run_id == runs.c.id, failed)).group_by(runs.c.kind)


def _overdue(ended_after: datetime, ended_before: datetime) -> Select[Any]:
    """The sessions with a meeting whose attendance is not settled, or of which a report is not settled."""
    held_in = func.coalesce(sessions.c.meeting_of, sessions.c.key)
    linked = exists().where(links.c.event_id == sessions.c.event_id, links.c.key == held_in, links.c.state == "linked")
    of_it = and_(purges.c.event_id == sessions.c.event_id, purges.c.key.in_((sessions.c.key, held_in)))
    purged = exists().where(of_it, purges.c.purged_at > sessions.c.ends_at)
    report = and_(collections.c.event_id == sessions.c.event_id, collections.c.key == sessions.c.key)
    attended = exists().where(report, collections.c.kind == "participants", collections.c.state.in_(SETTLED))
    open_yet = exists().where(report, collections.c.state.not_in(SETTLED), collections.c.lasting.is_(False))
    counted = and_(
        sessions.c.cancelled.is_(False),
        sessions.c.rehearsal_of.is_(None),
        sessions.c.ends_at > ended_after,
        sessions.c.ends_at <= ended_before,
    )
    query = select(events.c.key, func.count()).select_from(sessions).join(events)
    return query.where(counted, linked, ~purged, or_(~attended, open_yet)).group_by(events.c.key)


def _latest_plans() -> Select[Any]:
    latest = select(func.max(runs.c.id)).where(runs.c.kind == "apply").group_by(runs.c.event_id)
    query = select(events.c.key, run_items.c.action, func.count()).select_from(run_items).join(runs).join(events)
    return query.where(runs.c.id.in_(latest)).group_by(events.c.key, run_items.c.action)


def _report_states() -> Select[Any]:
    query = select(events.c.key, collections.c.kind, collections.c.state, func.count()).select_from(collections)
    return query.join(events).group_by(events.c.key, collections.c.kind, collections.c.state)


def _writes(day: str) -> Select[Any]:
    return select(host_days.c.host_id, host_days.c.writes).where(host_days.c.day == day)


def _drifts() -> Select[Any]:
    query = select(events.c.key, drifts.c.treatment, func.count()).select_from(drifts).join(events)
    return query.group_by(events.c.key, drifts.c.treatment)


def _report_times() -> Select[Any]:
    query = select(collections.c.kind, collections.c.checked_at, sessions.c.ends_at).join(
        sessions, (sessions.c.event_id == collections.c.event_id) & (sessions.c.key == collections.c.key)
    )
    return query.where(collections.c.state == str(ReportState.COMPLETE), collections.c.checked_at.is_not(None))


def _delays(times: Sequence[tuple[str, datetime, datetime]]) -> list[tuple[str, int, float]]:
    sums: dict[str, tuple[int, float]] = {}
    for kind, checked_at, ends_at in times:
        count, seconds = sums.get(kind, (0, 0.0))
        sums[kind] = count + 1, seconds + (checked_at - ends_at).total_seconds()
    return [(kind, count, seconds) for kind, (count, seconds) in sorted(sums.items())]
