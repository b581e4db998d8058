"""The hosts' calendars in the store: what all events hold with each, what others made, and a version for each host.

Whoever is about to give a host something to hold reads his calendar, judges it, and then raises its version in the
very transaction in which that is committed. Of two runs that read the same version only one can; the other reads again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select, update

from zoom_sync.adapters.store.contents import NOT_SHOWN
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.kept_fields import fields_from_json
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import (
    events,
    host_calendars,
    host_licences,
    hosts,
    intents,
    links,
    sessions,
)
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.hosts import Held, Host, HostCalendar, Span
from zoom_sync.domain.hosts.checking import Licence
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import in_the_making, session_name
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import CalendarChanged

# An update that was about to be sent counts for so long where nobody learned whether it arrived.
MOVING_COUNTS = timedelta(hours=1)
# A meeting of a session that ended so long ago, and that nothing was written of since, takes nobody's time.
LONG = timedelta(days=7)
Shared = Mapping[tuple[int, str], tuple[Span, ...]]


class HostCalendars:
    """What every host holds, by all events of a database."""

    _database: Database

    def calendar(self, host_id: str, now: datetime) -> HostCalendar:
        with self._database.reading() as connection:
            kept = select(host_calendars).where(host_calendars.c.host_id == host_id)
            row = connection.execute(kept).one_or_none()
            name = connection.execute(select(hosts.c.name).where(hosts.c.id == host_id)).scalar_one_or_none()
            seen = {value["id"]: value for value in ((row.seen if row is not None else None) or {}).get("held", ())}
            which = or_(links.c.host_id == host_id, links.c.meeting_id.in_(sorted(seen)))
            look = _Look(now, host_id, {key: spans_from_json(value["spans"]) for key, value in seen.items()},
                         None if row is None else row.seen_at)  # fmt: skip
            ours = list(_held(connection, which, intents.c.host_id == host_id, look))
        told = (row.seen if row is not None else None) or {}
        others = [_other(host_id, value) for value in seen.values() if not value["ours"]]
        linked = {one.id for one in ours}
        held = (*ours, *(other for other in others if other.id not in linked))
        version = 0 if row is None else row.version
        return HostCalendar(_host(host_id, str(name or host_id), told), held, version, "capacity" in told)

    def elsewhere(self, event: str, now: datetime) -> tuple[Held, ...]:
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            return tuple(_held(connection, links.c.event_id != owner, intents.c.event_id != owner, _Look(now)))

    def see_calendars(self, seen: Iterable[tuple[Host, Sequence[Held]]], now: datetime) -> None:
        with self._database.reading() as connection:
            ours = frozenset(connection.execute(select(links.c.meeting_id)).scalars())
        rows = [
            {"host_id": host.id, "version": 1, "seen": _seen_json(host, held, ours), "seen_at": now}
            for host, held in sorted(seen, key=lambda one: one[0].id)
        ]
        if not rows:
            return
        with self._database.transaction() as connection:
            for row in rows:
                upsert = insert_for(connection, host_calendars).values(**row)
                kept = {name: row[name] for name in ("seen", "seen_at")}
                connection.execute(upsert.on_conflict_do_update(index_elements=["host_id"], set_=kept))

    def licences(self, not_before: datetime) -> Mapping[str, Licence]:
        with self._database.reading() as connection:
            rows = connection.execute(select(host_licences).where(host_licences.c.read_at >= not_before)).all()
        names = Licence.__dataclass_fields__.keys()
        return {
            row.host_id: Licence(**{name: value for name, value in row.licence.items() if name in names})
            for row in rows
        }

    def set_licence(self, host_id: str, licence: Licence, now: datetime) -> None:
        values = {"host_id": host_id, "licence": asdict(licence), "read_at": now}
        with self._database.transaction() as connection:
            upsert = insert_for(connection, host_licences).values(**values)
            connection.execute(upsert.on_conflict_do_update(index_elements=["host_id"], set_=values))

    def follow(self, meeting_id: str, host_id: str) -> None:
        with self._database.transaction() as connection:
            moved = update(links).where(links.c.meeting_id == meeting_id, links.c.host_id != host_id)
            raised = moved.values(host_id=host_id, version=links.c.version + 1)
            connection.execute(raised.execution_options(**NOT_SHOWN))

    def stays(self, meeting_id: str) -> None:
        with self._database.transaction() as connection:
            rests = update(links).where(links.c.meeting_id == meeting_id)
            connection.execute(rests.values(moving=None, moving_at=None).execution_options(**NOT_SHOWN))


def claim(connection: Connection, host_id: str, version: int) -> None:
    """Raise the version of a host's calendar. Raises CalendarChanged where it is another one by now."""
    if version == 0:
        first = insert_for(connection, host_calendars).values(host_id=host_id, version=1)
        raised = connection.execute(first.on_conflict_do_nothing().returning(host_calendars.c.version))
    else:
        same = (host_calendars.c.host_id == host_id, host_calendars.c.version == version)
        grown = update(host_calendars).where(*same).values(version=version + 1)
        raised = connection.execute(grown.returning(host_calendars.c.version))
    if raised.one_or_none() is None:
        raise CalendarChanged(Phrase("another run took the host's time at the same moment; plan again"))


@dataclass(frozen=True, slots=True)
class _Look:
    """When the store is asked, and what a plan saw of one host before, by meeting id."""

    now: datetime
    host_id: str = ""
    seen: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    seen_at: datetime | None = None

    def spans(self, row: Row[Any], shared: Shared) -> tuple[Span, ...]:
        """When a link's meeting is held: as we wrote it since the plan looked, or else as the plan saw it.

        Empty where it is not this host's.
        """
        written = self.seen_at is None or row.synced_at >= self.seen_at
        if not written:
            found = self.seen.get(row.meeting_id, ())
        else:
            found = _of_link(row, shared) if self.host_id in ("", row.host_id) else ()
        if row.moving and row.moving_at is not None and row.moving_at >= self.now - MOVING_COUNTS:
            found = tuple(sorted({*found, *spans_from_json(row.moving)}))
        return found


def _held(
    connection: Connection, of_links: ColumnElement[bool], of_intents: ColumnElement[bool], look: _Look
) -> Iterator[Held]:
    """What these links and intents take of their hosts' time, with updates that are on their way."""
    shared = _shared(connection)
    query = select(links, events.c.key.label("event")).join(events).where(of_links, ~_long_over(look.now))
    for row in connection.execute(query.order_by(links.c.id)):
        host_id, spans = look.host_id or row.host_id, look.spans(row, shared)
        yield Held(row.meeting_id, host_id, Kind(row.kind), spans, session_name(row.key, row.event))
    begun = select(intents, events.c.key.label("event"), sessions.c.starts_at, sessions.c.ends_at)
    begun = begun.join(events, events.c.id == intents.c.event_id)
    same = (sessions.c.event_id == intents.c.event_id) & (sessions.c.key == intents.c.key)
    for row in connection.execute(begun.outerjoin(sessions, same).where(of_intents).order_by(intents.c.id)):
        spans = spans_from_json(row.spans) if row.spans else ((row.starts_at, row.ends_at),) if row.starts_at else ()
        name = session_name(row.key, row.event)
        yield Held(in_the_making(row.key, row.event), row.host_id, Kind(row.kind), spans, name, row.topic)


def _long_over(now: datetime) -> ColumnElement[bool]:
    """Meetings that need not be looked at any more: years of them would be read for nothing."""
    same = (sessions.c.event_id == links.c.event_id, sessions.c.key == links.c.key)
    return (links.c.synced_at < now - LONG) & exists().where(*same, sessions.c.ends_at < now - LONG)


def _of_link(row: Row[Any], shared: Shared) -> tuple[Span, ...]:
    fields = fields_from_json(row.applied)
    times = shared.get((row.event_id, row.key), ())
    if times and fields.recurrence is None and fields.spans == ((times[0][0], max(end for _, end in times)),):
        return times  # between two sessions of a day its host is free
    return fields.spans


def _shared(connection: Connection) -> Shared:
    """The times of the sessions that share a meeting, by the event and the session that it belongs to."""
    owners = select(sessions.c.event_id, sessions.c.meeting_of).where(sessions.c.meeting_of.is_not(None)).distinct()
    values: dict[tuple[int, str], list[Span]] = {
        (row.event_id, row.meeting_of): [] for row in connection.execute(owners)
    }
    if not values:
        return {}
    keys = sorted({key for _, key in values})
    query = select(sessions.c.event_id, sessions.c.key, sessions.c.meeting_of, sessions.c.starts_at, sessions.c.ends_at)
    for row in connection.execute(query.where(or_(sessions.c.meeting_of.is_not(None), sessions.c.key.in_(keys)))):
        times = values.get((row.event_id, row.meeting_of or row.key))
        if times is not None:
            times.append((row.starts_at, row.ends_at))
    return {owner: tuple(sorted(times)) for owner, times in values.items()}


def spans_json(spans: Iterable[Span]) -> list[list[str]]:
    """Times as they are kept."""
    return [[start.isoformat(), end.isoformat()] for start, end in spans]


def spans_from_json(kept: Any) -> tuple[Span, ...]:
    """The reverse of `spans_json`."""
    return tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in kept or ())


def _seen_json(host: Host, held: Sequence[Held], ours: frozenset[str]) -> dict[str, Any]:
    return {
        "capacity": host.capacity,
        "before": host.buffer_before.total_seconds(),
        "after": host.buffer_after.total_seconds(),
        "held": [
            {"id": one.id, "kind": str(one.kind), "spans": spans_json(one.spans), "ours": one.id in ours}
            for one in held
        ],
    }


def _host(host_id: str, name: str, seen: Mapping[str, Any]) -> Host:
    before, after = (timedelta(seconds=float(seen.get(part, 0))) for part in ("before", "after"))
    return Host(host_id, name, "", capacity=int(seen.get("capacity", 1)), buffer_before=before, buffer_after=after)


def _other(host_id: str, values: Mapping[str, Any]) -> Held:
    name = Phrase("meeting {id}, which others made", id=values["id"])
    return Held(values["id"], host_id, Kind(values["kind"]), spans_from_json(values["spans"]), name)
