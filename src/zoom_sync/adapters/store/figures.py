"""Figures of the store for whoever watches it: how much work waits, how complete reports are, how long they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.tables import collections, drifts, events, host_days, run_items, runs, sessions
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.run import ItemState


@dataclass(frozen=True, slots=True)
class Figures:
    """Each is rows of labels with a number last.

    `waiting`: kind of run; `ended`: kind, state; `latest`: event, action of the latest apply; `reports`: event, kind,
    state; `writes`: host id; `delays`: kind, how many, seconds from the session's end to the complete report in all;
    `drifts`: event, treatment.
    """

    waiting: Sequence[tuple[str, int]]
    ended: Sequence[tuple[str, str, int]]
    latest: Sequence[tuple[str, str, int]]
    reports: Sequence[tuple[str, str, str, int]]
    writes: Sequence[tuple[str, int]]
    delays: Sequence[tuple[str, int, float]]
    drifts: Sequence[tuple[str, str, int]]


def read_figures(database: Database, day: str) -> Figures:
    """All figures at one moment; `day` is the UTC day whose writes are told. Raises StoreUnavailable."""
    with database.snapshot() as connection:

        def told(query: Select[Any]) -> list[Any]:
            return [tuple(row) for row in connection.execute(query).all()]

        items = told(_items_by_state())
        return Figures(
            waiting=[(kind, count) for kind, state, count in items if state == ItemState.WAITING],
            ended=[(kind, state, count) for kind, state, count in items if state != ItemState.WAITING],
            latest=told(_latest_plans()),
            reports=told(_report_states()),
            writes=told(_writes(day)),
            delays=_delays(told(_report_times())),
            drifts=told(_drifts()),
        )


def _items_by_state() -> Select[Any]:
    query = select(runs.c.kind, run_items.c.state, func.count()).join(runs, runs.c.id == run_items.c.run_id)
    return query.group_by(runs.c.kind, run_items.c.state)


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
