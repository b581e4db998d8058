"""Events and their programmes in the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, or_, select, update

from zoom_sync.adapters.store import contents
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.renaming import rename_sessions
from zoom_sync.adapters.store.tables import adjustments as adjustments_table
from zoom_sync.adapters.store.tables import agenda_items, events, presenters, purges, sessions
from zoom_sync.domain.adjusting import Adjustment
from zoom_sync.domain.certificates.rules import rules_from, session_rules_from
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import (
    AgendaItem,
    Changes,
    Event,
    Kind,
    KnownMeeting,
    Passcode,
    Programme,
    RegistrationMode,
    Session,
)
from zoom_sync.domain.retention import Retention
from zoom_sync.domain.series import by_meeting
from zoom_sync.errors import NotInStore, StoreConflict


class Programmes:
    """The `ProgrammeStore` of a database."""

    def __init__(self, database: Database, guard: Guard | None = None) -> None:
        """`guard` keeps out the e-mails of who was erased."""
        self._database = database
        self._guard = guard or Guard()

    def save(
        self,
        programme: Programme,
        now: datetime,
        renames: Mapping[str, str] | None = None,
        by: str = "",
        *,
        expected: Programme | None = None,
        adjustments: Sequence[Adjustment] | None = None,
    ) -> None:
        """Put a programme in, or bring the stored one up to it by session key, in one transaction.

        All sessions of an event that is called off are cancelled, whatever the programme says; what it says of each
        holds again when the event does.
        """
        with self._database.transaction() as connection:
            if expected is not None:
                _require(connection, expected)
            event_id = _save_event(connection, programme.event, now, by)
            contents.concerns(connection, event_id)
            rename_sessions(connection, event_id, renames or {})
            stored = {
                row.key: row.id
                for row in connection.execute(
                    select(sessions.c.key, sessions.c.id).where(sessions.c.event_id == event_id)
                )
            }
            gone = [stored[key] for key in stored.keys() - {session.key for session in programme.sessions}]
            _delete_sessions(connection, gone)
            for position, session in enumerate(_as_called_off(connection, event_id, programme.sessions)):
                _save_session(connection, event_id, position, session, stored.get(session.key))
            _save_presenters(connection, self._guard, event_id, programme)
            if adjustments is not None:
                _save_adjustments(connection, event_id, adjustments)

    def states(self, keys: Collection[str]) -> Mapping[str, contents.State]:
        """Whether everybody may see these events, as far as they are there, and the version of what there is to see."""
        with self._database.reading() as connection:
            return contents.states(connection, keys)

    def events(self) -> Sequence[Event]:
        with self._database.reading() as connection:
            rows = connection.execute(select(events).order_by(events.c.id)).all()
        return tuple(_event(row) for row in rows)

    def event(self, event: str) -> Event:
        with self._database.reading() as connection:
            row = connection.execute(select(events).where(events.c.key == event)).one_or_none()
        if row is None:
            raise NotInStore(f"there is no event {event!r} in the store; `zoom-sync load` puts one in")
        return _event(row)

    def programme(self, event: str) -> Programme:
        with self._database.reading() as connection:
            stored = _programme(connection, select(events).where(events.c.key == event))
        if stored is None:
            raise NotInStore(f"there is no event {event!r} in the store; `zoom-sync load` puts one in")
        return stored

    def is_archived(self, event: str) -> bool:
        with self._database.reading() as connection:
            query = select(events.c.archived_at).where(events.c.key == event)
            return connection.execute(query).scalar_one_or_none() is not None

    def is_called_off(self, event: str) -> bool:
        with self._database.reading() as connection:
            query = select(events.c.called_off_at).where(events.c.key == event)
            return connection.execute(query).scalar_one_or_none() is not None

    def session(self, event: str, key: str) -> Session:
        with self._database.reading() as connection:
            row = connection.execute(
                select(sessions).join(events).where(events.c.key == event, sessions.c.key == key)
            ).one_or_none()
            if row is None:
                raise NotInStore(f"event {event!r} has no session {key!r} in the store")
            return _session(row, _items(connection, [row.id]).get(row.id, ()))

    def adjustments(self, event: str) -> Sequence[Adjustment]:
        with self._database.reading() as connection:
            mine = adjustments_table.c.event_id == event_id(connection, event)
            order = adjustments_table.c.key, adjustments_table.c.field
            rows = connection.execute(select(adjustments_table).where(mine).order_by(*order)).all()
        return tuple(
            Adjustment(row.key, row.field, row.said["value"], row.said["source"], row.who, row.at) for row in rows
        )

    def sharing(self, event: str, key: str) -> Sequence[Session]:
        mine = select(func.coalesce(sessions.c.meeting_of, sessions.c.key)).join(events)
        owner = mine.where(events.c.key == event, sessions.c.key == key).scalar_subquery()
        shared = or_(sessions.c.key == owner, sessions.c.meeting_of == owner)
        with self._database.reading() as connection:
            rows = connection.execute(select(sessions).join(events).where(events.c.key == event, shared)).all()
            items = _items(connection, [row.id for row in rows])
        if not rows:
            raise NotInStore(f"event {event!r} has no session {key!r} in the store")
        [group] = by_meeting(_session(row, items.get(row.id, ())) for row in rows).values()
        return group


def _programme(connection: Connection, event: Select[Any]) -> Programme | None:
    found = connection.execute(event).one_or_none()
    if found is None:
        return None
    rows = connection.execute(
        select(sessions).where(sessions.c.event_id == found.id).order_by(sessions.c.position)
    ).all()
    items = _items(connection, [row.id for row in rows])
    return Programme(_event(found), tuple(_session(row, items.get(row.id, ())) for row in rows))


def _require(connection: Connection, expected: Programme) -> None:
    """Raise StoreConflict where the stored programme is another one; its row is held until the transaction ends."""
    row = select(events).where(events.c.key == expected.event.key).with_for_update()
    if _programme(connection, row) != expected:
        raise StoreConflict(Phrase("the programme has changed since this was shown; look at it again"))


def event_id(connection: Connection, event: str) -> int:
    """The row id of an event, which the transaction is about. Raises NotInStore."""
    value = connection.execute(select(events.c.id).where(events.c.key == event)).scalar_one_or_none()
    if value is None:
        raise NotInStore(f"there is no event {event!r} in the store; `zoom-sync load` puts one in")
    contents.concerns(connection, int(value))
    return int(value)


def _as_called_off(connection: Connection, event_id: int, sessions: Sequence[Session]) -> Sequence[Session]:
    mine = events.c.id == event_id
    if connection.execute(select(events.c.called_off_at).where(mine)).scalar_one() is None:
        return sessions
    keys = "\n".join(session.key for session in sessions if session.cancelled)
    connection.execute(update(events).where(mine).values(cancelled_before=keys))
    return [replace(session, cancelled=True) for session in sessions]


def _save_event(connection: Connection, event: Event, now: datetime, by: str) -> int:
    values = {
        "title": event.title,
        "timezone": event.timezone,
        "description": event.description,
        "public": event.public,
        "loaded_at": now,
        "changes": event.changes,
        "freeze_hours": event.freeze_hours,
        "certificates": event.certificates and event.certificates.as_mapping(),
    } | ({"loaded_by": by} if by else {})  # read again by the schedule, it is still whose it was
    value = connection.execute(select(events.c.id).where(events.c.key == event.key)).scalar_one_or_none()
    if value is None:
        result = connection.execute(insert(events).values(key=event.key, **values).returning(events.c.id))
        return int(result.scalar_one())
    connection.execute(update(events).where(events.c.id == value).values(**values))
    return int(value)


def _save_session(
    connection: Connection, event_id: int, position: int, session: Session, stored_id: int | None
) -> None:
    values = _session_values(session) | {"position": position}
    if stored_id is None:
        result = connection.execute(insert(sessions).values(event_id=event_id, **values).returning(sessions.c.id))
        stored_id = int(result.scalar_one())
    else:
        connection.execute(update(sessions).where(sessions.c.id == stored_id).values(**values))
        connection.execute(delete(agenda_items).where(agenda_items.c.session_id == stored_id))
    if session.items:
        connection.execute(
            insert(agenda_items),
            [
                {
                    "session_id": stored_id,
                    "position": place,
                    "presenter": item.presenter,
                    "title": item.title,
                    "country": item.country,
                    "starts_at": item.start,
                    "ends_at": item.end,
                }
                for place, item in enumerate(session.items)
            ],
        )


def _save_adjustments(connection: Connection, event_id: int, adjustments: Sequence[Adjustment]) -> None:
    connection.execute(delete(adjustments_table).where(adjustments_table.c.event_id == event_id))
    rows = [
        {
            "event_id": event_id,
            "key": adjustment.key,
            "field": adjustment.field,
            "said": {"value": adjustment.value, "source": adjustment.source},
            "who": adjustment.by,
            "at": adjustment.at,
        }
        for adjustment in adjustments
    ]
    if rows:
        connection.execute(insert(adjustments_table), rows)


def _save_presenters(connection: Connection, guard: Guard, event_id: int, programme: Programme) -> None:
    """The e-mails of all agendas; of a session that was purged since it ended, none."""
    connection.execute(delete(presenters).where(presenters.c.event_id == event_id))
    told = [session for session in programme.sessions if any(item.emails for item in session.items)]
    if not told:
        return
    report = and_(purges.c.event_id == event_id, purges.c.what == str(Retention.REPORT))
    purged = {row.key: row.purged_at for row in connection.execute(select(purges).where(report))}
    for session in told:
        if session.key in purged and session.end < purged[session.key]:
            continue
        rows = [
            {"event_id": event_id, "key": session.key, "item": place, "position": number, "email": email}
            for place, item in enumerate(session.items)
            for number, email in enumerate(item.emails)
        ]
        clean = guard.clean(connection, presenters.name, (programme.event.key, session.key), rows)
        kept = [dict(row) for row in clean if row["email"]]
        if kept:
            connection.execute(insert(presenters), kept)


def _session_values(session: Session) -> dict[str, Any]:
    known = session.known
    return {
        "key": session.key,
        "title": session.title,
        "long_title": session.long_title,
        "description": session.description,
        "starts_at": session.start,
        "ends_at": session.end,
        "timezone": session.timezone,
        "kind": str(session.kind),
        "profile": session.profile,
        "host": session.host,
        "settings": dict(session.settings),
        "known_meeting_id": known.meeting_id if known else None,
        "known_passcode": known.passcode.value if known and known.passcode else None,
        "meeting_of": session.meeting_of,
        "registration": str(session.registration) if session.registration else None,
        "room": session.room,
        "track": session.track,
        "moderators": "\n".join(session.moderators) or None,
        "public": session.public,
        "cancelled": session.cancelled,
        "language": session.language,
        "expected": session.expected,
        "record": session.record,
        "rehearsal_of": session.rehearsal_of,
        "certificates": session.certificates and session.certificates.as_mapping(),
        "parts": "\n".join(session.parts) or None,
    }


def by_statement(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in portions: SQLite takes a limited number of values in one statement."""
    return (ids[first : first + 500] for first in range(0, len(ids), 500))


def _delete_sessions(connection: Connection, ids: Sequence[int]) -> None:
    for some in by_statement(ids):
        connection.execute(delete(sessions).where(sessions.c.id.in_(some)))


def _items(connection: Connection, session_ids: Sequence[int]) -> dict[int, tuple[AgendaItem, ...]]:
    agenda_itemses: dict[int, list[AgendaItem]] = {}
    for some in by_statement(session_ids):
        emails = _emails(connection, some)
        query = (
            select(agenda_items)
            .where(agenda_items.c.session_id.in_(some))
            .order_by(agenda_items.c.session_id, agenda_items.c.position)
        )
        for row in connection.execute(query):
            texts = tuple(emails.get((row.session_id, row.position), ()))
            item = AgendaItem(row.presenter, row.title, row.country, start=row.starts_at, end=row.ends_at, emails=texts)
            agenda_itemses.setdefault(row.session_id, []).append(item)
    return {session_id: tuple(items) for session_id, items in agenda_itemses.items()}


def _emails(connection: Connection, session_ids: Sequence[int]) -> dict[tuple[int, int], list[str]]:
    """The presenters' e-mails by session and place of the item; of who was erased, an empty row is left."""
    same = and_(sessions.c.event_id == presenters.c.event_id, sessions.c.key == presenters.c.key)
    query = (
        select(sessions.c.id, presenters.c.item, presenters.c.email)
        .join(presenters, same)
        .where(sessions.c.id.in_(session_ids))
        .order_by(sessions.c.id, presenters.c.item, presenters.c.position)
    )
    textses: dict[tuple[int, int], list[str]] = {}
    for session_id, item, email in connection.execute(query):
        if email:
            textses.setdefault((session_id, item), []).append(email)
    return textses


def _event(row: Row[Any]) -> Event:
    changes = Changes(row.changes) if row.changes else None
    return Event(
        row.key, row.title, row.timezone, row.description, row.public, changes, row.freeze_hours,
        None if row.certificates is None else rules_from(row.certificates),
    )  # fmt: skip


def _session(row: Row[Any], items: Iterable[AgendaItem]) -> Session:
    zone = ZoneInfo(row.timezone)
    passcode = Passcode(row.known_passcode) if row.known_passcode else None
    return Session(
        key=row.key,
        title=row.title,
        start=row.starts_at.astimezone(zone),
        end=row.ends_at.astimezone(zone),
        timezone=row.timezone,
        kind=Kind(row.kind),
        long_title=row.long_title,
        description=row.description,
        profile=row.profile,
        host=row.host,
        settings=row.settings,
        items=tuple(_in_zone(item, zone) for item in items),
        known=KnownMeeting(row.known_meeting_id, passcode) if row.known_meeting_id else None,
        meeting_of=row.meeting_of,
        registration=RegistrationMode(row.registration) if row.registration else None,
        room=row.room,
        track=row.track,
        moderators=tuple((row.moderators or "").split("\n")) if row.moderators else (),
        public=row.public,
        cancelled=row.cancelled,
        language=row.language,
        expected=row.expected,
        record=row.record,
        rehearsal_of=row.rehearsal_of,
        certificates=None if row.certificates is None else session_rules_from(row.certificates),
        parts=tuple((row.parts or "").split("\n")) if row.parts else (),
    )


def _in_zone(item: AgendaItem, zone: ZoneInfo) -> AgendaItem:
    if item.start is None:
        return item
    return replace(item, start=item.start.astimezone(zone), end=item.end.astimezone(zone) if item.end else None)
