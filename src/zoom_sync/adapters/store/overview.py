"""Lists of sessions for pages: of one event or of all, each by one query whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, and_, case, func, or_, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.links import LINKED
from zoom_sync.adapters.store.tables import (
    audit_log,
    collections,
    concerns,
    events,
    host_licences,
    hosts,
    intents,
    links,
    live_counts,
    live_instances,
    live_stays,
    run_items,
    runs,
    session_counts,
    sessions,
)
from zoom_sync.domain.overview import ACTS, SUMMED, EventLine, Happening, Line, Presence, Summed, Wait, Waiting
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.report import ReportState
from zoom_sync.domain.run import ItemState

LATELY = 30  # figures of the last minutes
SHORT = [str(state) for state, summed in SUMMED.items() if summed in (Summed.FAILED, Summed.SHORT)]
# What was put away waits for nobody.
NOT_ARCHIVED = events.c.archived_at.is_(None)


class Overview:
    """The `OverviewStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_event(self, event: str) -> Sequence[Line]:
        return self._lines(events.c.key == event, order=(sessions.c.starts_at, sessions.c.position))

    def around(self, now: datetime, after: datetime, before: datetime, most: int) -> Sequence[Line]:
        held = and_(sessions.c.cancelled.is_(False), NOT_ARCHIVED)
        kept = and_(sessions.c.ends_at > after, sessions.c.starts_at <= now, held)
        begun = self._lines(kept, order=(sessions.c.starts_at.desc(), events.c.id), most=most)
        coming = and_(sessions.c.starts_at > now, sessions.c.starts_at < before, held)
        return (*begun, *self._lines(coming, order=(sessions.c.starts_at, events.c.id), most=most))

    def _lines(self, chosen: ColumnElement[bool], order: Sequence[Any], most: int | None = None) -> Sequence[Line]:
        with self._database.reading() as connection:
            rows = connection.execute(_sessions().where(chosen).order_by(*order).limit(most)).all()
            ids = {row.event_id for row in rows}
            keys = None if most is None else {row.key for row in rows}
            there = _presences(connection, ids) if any(row.meeting_id for row in rows) else {}
            reports = _reports(connection, ids, keys)
            counts = _people(connection, ids, keys)
        return tuple(_line(row, there, reports, counts) for row in rows)

    def events(self, now: datetime) -> Sequence[EventLine]:
        with self._database.reading() as connection:
            rows = connection.execute(_events(now)).all()
            reported = {row.event_id: row.reported for row in connection.execute(_reported())}
        return tuple(
            EventLine(
                row.key, row.title, row.timezone, row.public, row.first, row.last,
                row.held or 0, row.linked or 0, row.over or 0, reported.get(row.id, 0),
                row.called_off_at is not None, row.archived_at is not None,
            )
            for row in rows
        )  # fmt: skip

    def happenings(self, event: str, since: datetime, most: int) -> Sequence[Happening]:
        with self._database.reading() as connection:
            rows = connection.execute(_instances(event, since)).all()
            acts = connection.execute(_acts(event, since, most)).all()
        found = [Happening(row.started_at, "started", row.key, row.title) for row in rows if row.started_at]
        found += [Happening(row.ended_at, "ended", row.key, row.title) for row in rows if row.ended_at]
        found += [Happening(row.at, row.what, row.session, row.title or "", row.who) for row in acts]
        recent = [happening for happening in found if happening.at >= since]
        return sorted(recent, key=lambda one: one.at, reverse=True)[:most]

    def waiting(self, now: datetime, soon: datetime, event: str | None = None) -> Sequence[Waiting]:
        with self._database.reading() as connection:

            def rows(query: Select[Any]) -> Sequence[Any]:
                return connection.execute(query if event is None else query.where(events.c.key == event)).all()

            waitings = [_waiting(Wait(row.subject), row, row.what, row.why) for row in rows(_concerns(now))]
            waitings += [_waiting(Wait.FAILED, row, row.action, row.reason) for row in rows(_failed(now))]
            known = {(each.event, each.key) for each in waitings}
            waitings += [
                _waiting(Wait.NO_MEETING, row, "no_meeting" if row.doubt is None else "in_doubt")
                for row in rows(_without(now, soon))
                if (row.event, row.key) not in known
            ]
            waitings += [
                Waiting(Wait.REPORT, row.event, row.event_title, count=int(row.short)) for row in rows(_short(now))
            ]
        return waitings


def _sessions() -> Select[Any]:
    owner = func.coalesce(sessions.c.meeting_of, sessions.c.key)
    linked = and_(links.c.event_id == sessions.c.event_id, links.c.key == owner, links.c.state == LINKED)
    begun = and_(intents.c.event_id == sessions.c.event_id, intents.c.key == owner)
    return (
        select(
            events.c.id.label("event_id"), events.c.key.label("event"), events.c.title.label("event_title"),
            events.c.timezone.label("zone"), sessions.c.key, sessions.c.title, sessions.c.starts_at,
            sessions.c.ends_at, sessions.c.kind, sessions.c.room, sessions.c.track, sessions.c.moderators,
            sessions.c.host.label("named"), sessions.c.public, sessions.c.cancelled, sessions.c.rehearsal_of,
            sessions.c.position, links.c.meeting_id, links.c.host_id, hosts.c.name.label("host"), hosts.c.licensed,
            host_licences.c.licence,
            intents.c.id.label("intent"), owner.label("owner"),
        )
        .select_from(sessions)
        .join(events, events.c.id == sessions.c.event_id)
        .join(links, linked, isouter=True)
        .join(intents, begun, isouter=True)
        .join(hosts, hosts.c.id == links.c.host_id, isouter=True)
        .join(host_licences, host_licences.c.host_id == links.c.host_id, isouter=True)
    )  # fmt: skip


def _presences(connection: Connection, ids: Iterable[int]) -> Mapping[str, Presence]:
    """Who is in the events' meetings, by meeting."""
    there = func.coalesce(func.sum(case((live_stays.c.gone.is_(False), 1), else_=0)), 0)
    query = (
        select(live_instances.c.meeting_id, live_instances.c.started_at, there.label("present"))
        .join(links, links.c.meeting_id == live_instances.c.meeting_id)
        .join(live_stays, live_stays.c.uuid == live_instances.c.uuid, isouter=True)
        .where(links.c.event_id.in_(ids), live_instances.c.ended_at.is_(None))
        .group_by(live_instances.c.meeting_id, live_instances.c.uuid, live_instances.c.started_at)
        .order_by(live_instances.c.started_at)
    )
    rows = connection.execute(query.add_columns(live_instances.c.uuid)).all()
    lately: dict[str, list[tuple[datetime, int]]] = {}
    kept = select(live_counts).where(live_counts.c.uuid.in_([row.uuid for row in rows])).order_by(live_counts.c.at)
    for row in connection.execute(kept) if rows else ():
        lately.setdefault(row.uuid, []).append((row.at, row.present))
    return {row.meeting_id: _presence(row, lately.get(row.uuid, [])) for row in rows}


def _presence(row: Any, lately: Sequence[tuple[datetime, int]]) -> Presence:
    most = max([int(row.present), *(present for _, present in lately)])
    return Presence(row.started_at, int(row.present), most, lately=tuple(lately[-LATELY:]))


def _of(table: Table, ids: Iterable[int], keys: Iterable[str] | None) -> ColumnElement[bool]:
    """The rows of these events; where only a few sessions are shown, of those keys."""
    ours = table.c.event_id.in_(ids)
    return ours if keys is None else and_(ours, table.c.key.in_(keys))


def _reports(
    connection: Connection, ids: Iterable[int], keys: Iterable[str] | None
) -> Mapping[tuple[int, str], Mapping[str, ReportState]]:
    query = select(collections.c.event_id, collections.c.key, collections.c.kind, collections.c.state)
    report_stateses: dict[tuple[int, str], dict[str, ReportState]] = {}
    for row in connection.execute(query.where(_of(collections, ids, keys))):
        report_stateses.setdefault((row.event_id, row.key), {})[row.kind] = ReportState(row.state)
    return report_stateses


def _people(connection: Connection, ids: Iterable[int], keys: Iterable[str] | None) -> Mapping[tuple[int, str], int]:
    query = select(session_counts.c.event_id, session_counts.c.key, session_counts.c.counts)
    rows = connection.execute(query.where(_of(session_counts, ids, keys)))
    return {(row.event_id, row.key): row.counts.get("people", 0) for row in rows}


def _line(
    row: Any,
    there: Mapping[str, Presence],
    reports: Mapping[tuple[int, str], Mapping[str, ReportState]],
    people: Mapping[tuple[int, str], int],
) -> Line:
    known = reports.get((row.event_id, row.key), {})
    # Where the reports are in, the webhook that told of the end was lost.
    over = ReportState.COMPLETE in known.values()
    return Line(
        event=row.event,
        event_title=row.event_title,
        zone=row.zone,
        key=row.key,
        title=row.title,
        start=row.starts_at,
        end=row.ends_at,
        kind=Kind(row.kind),
        room=row.room or "",
        track=row.track or "",
        moderators=tuple(row.moderators.split("\n")) if row.moderators else (),
        host_id=row.host_id or "",
        host=row.host or row.named or "",
        licensed=row.licensed,
        capacity=_seats(row),
        meeting_id=row.meeting_id or "",
        in_doubt=row.intent is not None,
        cancelled=row.cancelled,
        announced=row.public and row.rehearsal_of is None,
        rehearsal_of=row.rehearsal_of or "",
        presence=None if over else there.get(row.meeting_id),
        reports=known,
        people=people.get((row.event_id, row.key)),
        position=row.position,
    )


def _seats(row: Any) -> int | None:
    """How many people the host's licence lets in, as Zoom told last; None where nobody asked it."""
    name = "webinar_capacity" if Kind(row.kind) is Kind.WEBINAR else "meeting_capacity"
    seats: int = (row.licence or {}).get(name, 0)
    return seats or None


def _instances(event: str, since: datetime) -> Select[Any]:
    """The event's meetings that ran since, each with the session that owns it."""
    same = and_(sessions.c.event_id == links.c.event_id, sessions.c.key == links.c.key)
    return (
        select(live_instances.c.started_at, live_instances.c.ended_at, sessions.c.key, sessions.c.title)
        .select_from(live_instances)
        .join(links, links.c.meeting_id == live_instances.c.meeting_id)
        .join(events, events.c.id == links.c.event_id)
        .join(sessions, same)
        .where(events.c.key == event, or_(live_instances.c.started_at >= since, live_instances.c.ended_at >= since))
    )


def _acts(event: str, since: datetime, most: int) -> Select[Any]:
    """What was done by hand on these pages."""
    ours = select(sessions.c.key, sessions.c.title).join(events).where(events.c.key == event).subquery()
    return (
        select(audit_log.c.at, audit_log.c.who, audit_log.c.what, audit_log.c.session, ours.c.title)
        .select_from(audit_log)
        .join(ours, ours.c.key == audit_log.c.session, isouter=True)
        .where(audit_log.c.event == event, audit_log.c.at >= since, audit_log.c.what.in_(ACTS))
        .order_by(audit_log.c.id.desc())
        .limit(most)
    )


def _events(now: datetime) -> Select[Any]:
    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        held = and_(sessions.c.id.is_not(None), sessions.c.cancelled.is_(False), *conditions)
        return func.sum(case((held, 1), else_=0)).cast(Integer)

    owner = func.coalesce(sessions.c.meeting_of, sessions.c.key)
    linked = and_(links.c.event_id == sessions.c.event_id, links.c.key == owner, links.c.state == LINKED)
    settled = or_(links.c.id.is_not(None), sessions.c.ends_at <= now)
    return (
        select(
            events.c.id, events.c.key, events.c.title, events.c.timezone, events.c.public,
            events.c.called_off_at, events.c.archived_at,
            func.min(sessions.c.starts_at).label("first"), func.max(sessions.c.ends_at).label("last"),
            count().label("held"), count(settled).label("linked"), count(sessions.c.ends_at <= now).label("over"),
        )
        .select_from(events)
        .join(sessions, sessions.c.event_id == events.c.id, isouter=True)
        .join(links, linked, isouter=True)
        .group_by(events.c.id)
        .order_by(events.c.id)
    )  # fmt: skip


def _reported() -> Select[Any]:
    """How many sessions of each event have all the reports that were begun."""
    open_ = [str(state) for state, summed in SUMMED.items() if summed is not Summed.COMPLETE]
    ready = (
        select(collections.c.event_id, collections.c.key)
        .group_by(collections.c.event_id, collections.c.key)
        .having(func.sum(case((collections.c.state.in_(open_), 1), else_=0)) == 0)
        .subquery()
    )
    return select(ready.c.event_id, func.count().label("reported")).group_by(ready.c.event_id)


def _about(*columns: Any) -> Select[Any]:
    query = select(events.c.key.label("event"), events.c.title.label("event_title"), sessions.c.title, *columns)
    return query.select_from(events).where(NOT_ARCHIVED)


def _to_come(now: datetime) -> ColumnElement[bool]:
    """What is past waits for nobody; what left the programme does."""
    return or_(sessions.c.id.is_(None), sessions.c.ends_at > now)


def _concerns(now: datetime) -> Select[Any]:
    same = and_(sessions.c.event_id == concerns.c.event_id, sessions.c.key == concerns.c.key)
    return (
        _about(concerns.c.key, concerns.c.subject, concerns.c.what, concerns.c.why)
        .join(concerns, concerns.c.event_id == events.c.id)
        .join(sessions, same, isouter=True)
        .where(_to_come(now), concerns.c.subject.in_([str(kind) for kind in Wait]))
        .order_by(events.c.id, concerns.c.subject, concerns.c.position)
    )


def _failed(now: datetime) -> Select[Any]:
    """What the latest try of each change came to, where it failed."""
    settled = [str(ItemState.DONE), str(ItemState.FAILED)]
    latest = (
        select(func.max(run_items.c.id).label("id"))
        .join(runs, runs.c.id == run_items.c.run_id)
        .where(runs.c.kind == "apply", run_items.c.state.in_(settled))
        .group_by(runs.c.event_id, run_items.c.key, run_items.c.action)
        .subquery()
    )
    same = and_(sessions.c.event_id == events.c.id, sessions.c.key == run_items.c.key)
    return (
        _about(run_items.c.key, run_items.c.action, run_items.c.reason)
        .join(runs, runs.c.event_id == events.c.id)
        .join(run_items, run_items.c.run_id == runs.c.id)
        .join(latest, latest.c.id == run_items.c.id)
        .join(sessions, same)
        .where(run_items.c.state == str(ItemState.FAILED), sessions.c.ends_at > now)
        .order_by(events.c.id, sessions.c.starts_at)
    )


def _without(now: datetime, soon: datetime) -> Select[Any]:
    """What begins soon and has no meeting."""
    owner = func.coalesce(sessions.c.meeting_of, sessions.c.key)
    linked = and_(links.c.event_id == sessions.c.event_id, links.c.key == owner, links.c.state == LINKED)
    begun = and_(intents.c.event_id == sessions.c.event_id, intents.c.key == owner)
    return (
        _about(sessions.c.key, intents.c.id.label("doubt"))
        .join(sessions, sessions.c.event_id == events.c.id)
        .join(links, linked, isouter=True)
        .join(intents, begun, isouter=True)
        .where(links.c.id.is_(None), sessions.c.cancelled.is_(False))
        .where(sessions.c.ends_at > now, sessions.c.starts_at < soon)
        .order_by(sessions.c.starts_at, events.c.id)
    )


def _short(now: datetime) -> Select[Any]:
    """How many sessions of each event have a report that is short or could not be had."""
    same = and_(sessions.c.event_id == collections.c.event_id, sessions.c.key == collections.c.key)
    return (
        select(events.c.key.label("event"), events.c.title.label("event_title"),
               func.count(sessions.c.id.distinct()).label("short"))
        .select_from(events)
        .join(collections, collections.c.event_id == events.c.id)
        .join(sessions, same)
        .where(NOT_ARCHIVED, collections.c.state.in_(SHORT), sessions.c.ends_at <= now, sessions.c.cancelled.is_(False))
        .group_by(events.c.id, events.c.key, events.c.title)
        .order_by(events.c.id)
    )  # fmt: skip


def _waiting(kind: Wait, row: Any, what: str = "", why: str = "") -> Waiting:
    return Waiting(kind, row.event, row.event_title, row.key, row.title or "", what, why)


def _short_reports(row: Any) -> Waiting:
    return Waiting(Wait.REPORT, row.event, row.event_title, count=int(row.short))
