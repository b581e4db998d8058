"""Links, creations that were begun, replaced meetings, and each host's writes of a day.

Here stands the store's half of "one meeting per session": every step that decides who may create is one transaction
that compares before it sets, so that two runs at once, or one that died, leave a single answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, insert, select, update

from zoom_sync.adapters.store.attempts import Attempts, forget_looked_at, remember
from zoom_sync.adapters.store.calendars import HostCalendars, claim, spans_from_json, spans_json
from zoom_sync.adapters.store.contents import NOT_SHOWN
from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.kept_fields import fields_from_json, fields_json
from zoom_sync.adapters.store.learning import learned_from_json, learned_json
from zoom_sync.adapters.store.programmes import by_statement, event_id
from zoom_sync.adapters.store.tables import events, host_days, hosts, intents, links, panelists, sessions
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.hosts import Host, Span
from zoom_sync.domain.meeting import Intent, Link, Origin
from zoom_sync.domain.panelists import Standing
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Known
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.published_meeting import PublishedMeeting
from zoom_sync.errors import RateLimited, StoreConflict

LINKED = "linked"
RETIRED = "retired"
LEFT = "left"  # retired, too: its session was moved to another meeting


class Links(HostCalendars, Attempts):
    """The `LinkStore` of a database."""

    def __init__(self, database: Database, guard: Guard | None = None) -> None:
        """`guard` keeps out the e-mails of who was erased."""
        super().__init__(database)
        self._guard = guard or Guard()

    def known(self, event: str, day: str) -> Known:
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            rows = connection.execute(select(links).where(links.c.event_id == owner).order_by(links.c.id)).all()
            begun = connection.execute(select(intents).where(intents.c.event_id == owner).order_by(intents.c.id)).all()
            days = connection.execute(select(host_days).where(host_days.c.day == day)).all()
            found = _links(connection, rows)
        return Known(
            links={row.key: link for row, link in zip(rows, found, strict=True) if row.state == LINKED},
            intents={row.key: _intent(row) for row in begun},
            retired=tuple(link for row, link in zip(rows, found, strict=True) if row.state in (RETIRED, LEFT)),
            writes_today={row.host_id: row.writes for row in days},
            given_up=tuple(self.given_up(event)),
            left=frozenset(row.meeting_id for row in rows if row.state == LEFT),
        )

    def published(self, event: str) -> Mapping[str, PublishedMeeting]:
        with self._database.reading() as connection:
            owner = event_id(connection, event)
            query = select(links.c.key, links.c.meeting_id, links.c.passcode, links.c.join_url).order_by(links.c.id)
            rows = connection.execute(query.where(links.c.event_id == owner, links.c.state == LINKED))
            return {row.key: PublishedMeeting(row.meeting_id, Passcode(row.passcode), row.join_url) for row in rows}

    def link(self, event: str, key: str) -> Link | None:
        query = select(links).join(events).where(events.c.key == event, links.c.key == key, links.c.state == LINKED)
        with self._database.reading() as connection:
            return next(iter(_links(connection, connection.execute(query).all())), None)

    def of_meeting(self, event: str, meeting_id: str) -> Link | None:
        query = select(links).join(events).where(events.c.key == event, links.c.meeting_id == meeting_id)
        with self._database.reading() as connection:
            return next(iter(_links(connection, connection.execute(query).all())), None)

    def linked_ids(self) -> frozenset[str]:
        with self._database.reading() as connection:
            return frozenset(connection.execute(select(links.c.meeting_id)).scalars())

    def intent(self, event: str, key: str) -> Intent | None:
        query = select(intents).join(events).where(events.c.key == event, intents.c.key == key)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _intent(row)

    def begin(
        self,
        event: str,
        wanted: Intent,
        now: datetime,
        day: str,
        daily_writes: int | None,
        version: int | None = None,
    ) -> Intent:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            _refuse_if_gone(connection, owner, wanted)
            if version is not None:
                claim(connection, wanted.host_id, version)
            if wanted.attempts == 0:
                row = _first(connection, owner, wanted, now)
            else:
                row = _next(connection, owner, wanted, now, given_up=daily_writes is not None)
            if row is None:
                phrase = Phrase("another run is creating the meeting of session {session!r}", session=wanted.key)
                raise StoreConflict(phrase)
            # Only now: whoever linked the session has closed its intent before, so this sees the link.
            _refuse_if_linked(connection, owner, wanted)
            if daily_writes is not None:
                _count_write(connection, row.host_id, day, daily_writes)
            return _intent(row)

    def close(self, event: str, intent: Intent) -> None:
        with self._database.transaction() as connection:
            connection.execute(delete(intents).where(_this_attempt(event_id(connection, event), intent)))

    def attempted_now(self, event: str, intent: Intent, now: datetime) -> None:
        with self._database.transaction() as connection:
            same = _this_attempt(event_id(connection, event), intent)
            connection.execute(update(intents).where(same, intents.c.attempted_at > now).values(attempted_at=now))

    def finish(self, event: str, link: Link, intent: Intent | None, now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            if intent is not None:
                # Where another run took over, its attempt may have made a second meeting: that stays to be looked for.
                connection.execute(delete(intents).where(_this_attempt(owner, intent)))
            if intent is not None and intent.replaces is not None:
                connection.execute(
                    update(links)
                    .where(links.c.event_id == owner, links.c.meeting_id == intent.replaces)
                    .values(state=RETIRED, version=links.c.version + 1)
                )
            values = _link_values(link) | {"created_at": now, "synced_at": now}
            connection.execute(insert(links).values(event_id=owner, state=LINKED, version=1, **values))
            forget_looked_at(connection, link.meeting_id)

    def move(self, event: str, before: Link, link: Link, now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            taken = select(links).where(links.c.meeting_id == link.meeting_id, links.c.meeting_id != before.meeting_id)
            there = connection.execute(taken).one_or_none()
            if there is not None and (there.event_id, there.key, there.state) != (owner, link.key, LEFT):
                phrase = Phrase("meeting {id} is another session's by now", id=link.meeting_id)
                raise StoreConflict(phrase)
            if there is not None:  # it goes back to one that it had before
                connection.execute(delete(links).where(links.c.id == there.id))
            same = and_(
                links.c.event_id == owner,
                links.c.meeting_id == before.meeting_id,
                links.c.version == before.version,
                links.c.state == LINKED,
            )
            changed = update(links).where(same).values(state=LEFT, version=before.version + 1).returning(links.c.id)
            if connection.execute(changed).scalar_one_or_none() is None:
                raise StoreConflict(
                    Phrase("another run changed the link of session {session!r} first", session=link.key)
                )
            values = _link_values(link) | {"created_at": now, "synced_at": now}
            connection.execute(insert(links).values(event_id=owner, state=LINKED, version=1, **values))

    def applied(self, event: str, link: Link, now: datetime) -> None:
        with self._database.transaction() as connection:
            same = and_(
                links.c.event_id == event_id(connection, event),
                links.c.meeting_id == link.meeting_id,
                links.c.version == link.version,
            )
            values = _link_values(link) | {"version": link.version + 1, "synced_at": now}
            values |= {"moving": None, "moving_at": None}
            changed = update(links).where(same).values(**values).returning(links.c.id)
            link_id = connection.execute(changed).scalar_one_or_none()
            if link_id is None:
                phrase = Phrase("another run changed the link of session {session!r} first", session=link.key)
                raise StoreConflict(phrase)
            if link.kind is Kind.WEBINAR:
                self._set_panelists(connection, event, link, link_id)

    def learn(self, event: str, links_now: Iterable[Link]) -> None:
        rows = sorted(links_now, key=lambda link: link.meeting_id)  # two processes wait for each other, in one order
        if not rows:
            return
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            for link in rows:
                same = and_(
                    links.c.event_id == owner,
                    links.c.meeting_id == link.meeting_id,
                    links.c.version == link.version,
                )
                values = {name: _link_values(link)[name] for name in ("passcode", "join_url", "learned")}
                connection.execute(update(links).where(same).values(**values))

    def count_registrants(self, event: str, counts: Mapping[str, int]) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            for meeting_id, count in sorted(counts.items()):
                same = and_(links.c.event_id == owner, links.c.meeting_id == meeting_id)
                connection.execute(update(links).where(same).values(registrants=count))

    def drop(self, event: str, meeting_id: str, now: datetime) -> None:  # noqa: ARG002 - the port tells when
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            connection.execute(delete(links).where(links.c.event_id == owner, links.c.meeting_id == meeting_id))
            forget_looked_at(connection, meeting_id)

    def _set_panelists(self, connection: Connection, event: str, link: Link, link_id: int) -> None:
        connection.execute(delete(panelists).where(panelists.c.link_id == link_id))
        rows = [
            {"link_id": link_id, "position": place, "email": email, "standing": str(standing)}
            for place, (email, standing) in enumerate(link.panelists.items())
        ]
        clean = self._guard.clean(connection, panelists.name, (event, link.key), rows) if rows else ()
        kept = [dict(row) for row in clean if row["email"]]
        if kept:
            connection.execute(insert(panelists), kept)

    def count_write(self, host_id: str, day: str, daily_writes: int) -> None:
        with self._database.transaction() as connection:
            _count_write(connection, host_id, day, daily_writes)

    def take_time(
        self, link: Link, spans: Sequence[Span], now: datetime, day: str, daily_writes: int, version: int
    ) -> None:
        with self._database.transaction() as connection:
            claim(connection, link.host_id, version)
            going = update(links).where(links.c.meeting_id == link.meeting_id)
            taken = going.values(moving=spans_json(spans), moving_at=now)
            connection.execute(taken.execution_options(**NOT_SHOWN))
            _count_write(connection, link.host_id, day, daily_writes)

    def day_used(self, host_id: str, day: str, daily_writes: int) -> None:
        with self._database.transaction() as connection:
            upsert = insert_for(connection, host_days).values(host_id=host_id, day=day, writes=daily_writes)
            connection.execute(
                upsert.on_conflict_do_update(index_elements=["host_id", "day"], set_={"writes": daily_writes})
            )

    def set_hosts(self, hosts_now: Iterable[Host], now: datetime) -> None:
        rows = [
            {
                "id": host.id,
                "name": host.name,
                "email": host.email,
                "licensed": host.licensed,
                "capacity": host.capacity,
                "daily_writes": host.daily_writes,
                "seen_at": now,
            }
            for host in hosts_now
        ]
        rows.sort(key=lambda row: str(row["id"]))  # two processes that do this at once wait for each other, in order
        with self._database.transaction() as connection:
            for row in rows:
                upsert = insert_for(connection, hosts).values(**row)
                connection.execute(upsert.on_conflict_do_update(index_elements=["id"], set_=row))
            connection.execute(delete(hosts).where(hosts.c.seen_at < now))

    def hosts(self, not_before: datetime) -> Sequence[Host] | None:
        with self._database.reading() as connection:
            rows = sorted(connection.execute(select(hosts)).all(), key=lambda row: str(row.email))
        if not rows or any(row.seen_at < not_before for row in rows):
            return None
        return tuple(Host(r.id, r.name, r.email, r.licensed, r.capacity, r.daily_writes) for r in rows)


def _refuse_if_gone(connection: Connection, owner: int, intent: Intent) -> None:
    """A session that has left the programme, or has another key by now, gets no meeting under this one.

    The lock keeps its key as it is until the intent is committed; who gives it another one looks for intents.
    """
    there = select(sessions.c.id).where(sessions.c.event_id == owner, sessions.c.key == intent.key)
    if connection.execute(there.with_for_update(read=True)).one_or_none() is None:
        raise StoreConflict(Phrase("session {session!r} is in the programme no longer", session=intent.key))


def _refuse_if_linked(connection: Connection, owner: int, intent: Intent) -> None:
    """A session that has a meeting by now gets no other one, unless it is that very meeting that is replaced."""
    taken = and_(links.c.event_id == owner, links.c.key == intent.key, links.c.state == LINKED)
    if intent.replaces is not None:
        taken = and_(taken, links.c.meeting_id != intent.replaces)
    if connection.execute(select(exists().where(taken))).scalar_one():
        raise StoreConflict(Phrase("session {session!r} got a meeting from another run", session=intent.key))


def _first(connection: Connection, owner: int, intent: Intent, now: datetime) -> Row[Any] | None:
    """Put the intent in; no row comes back where another run's is there."""
    values = _intent_values(intent, now) | {"event_id": owner, "key": intent.key, "created_at": now}
    statement = insert_for(connection, intents).values(**values).on_conflict_do_nothing().returning(intents)
    return connection.execute(statement).one_or_none()


def _next(connection: Connection, owner: int, intent: Intent, now: datetime, *, given_up: bool) -> Row[Any] | None:
    """Count one more attempt; no row comes back where another run has counted it or closed the intent.

    Nothing came of the attempts before: this one may be with another host, or of another kind. `given_up`: the one
    before was looked for in vain, and Zoom may carry it out yet; else Zoom is known to have refused it.
    """
    same = _this_attempt(owner, intent)
    # The passcode may be sealed, so SQL cannot compare it; the lock holds until the attempt is counted.
    kept = connection.execute(select(intents).where(same).with_for_update()).one_or_none()
    if kept is None or kept.passcode != intent.passcode.value:
        return None
    if given_up:
        remember(connection, kept, now)
    counted = update(intents).where(same).values(**_intent_values(intent, now)).returning(intents)
    return connection.execute(counted).one_or_none()


def _intent_values(intent: Intent, now: datetime) -> dict[str, Any]:
    return {
        "host_id": intent.host_id,
        "kind": str(intent.kind),
        "topic": intent.topic,
        "passcode": intent.passcode.value,
        "replaces": intent.replaces,
        "attempts": intent.attempts + 1,
        "attempted_at": now,
        "spans": spans_json(intent.spans) or None,
    }


def _count_write(connection: Connection, host_id: str, day: str, daily_writes: int) -> None:
    statement = insert_for(connection, host_days).values(host_id=host_id, day=day, writes=1)
    counted = connection.execute(
        statement.on_conflict_do_update(
            index_elements=["host_id", "day"],
            set_={"writes": host_days.c.writes + 1},
            where=host_days.c.writes < daily_writes,
        ).returning(host_days.c.writes)
    ).one_or_none()
    if counted is None:
        phrase = Phrase(
            "the host's {count} creates and updates of {day} (UTC) are used up", count=daily_writes, day=day
        )
        raise RateLimited(phrase, limit="host")


def _this_attempt(owner: int, intent: Intent) -> Any:
    return and_(intents.c.event_id == owner, intents.c.key == intent.key, intents.c.attempts == intent.attempts)


def _link_values(link: Link) -> dict[str, Any]:
    return {
        "key": link.key,
        "meeting_id": link.meeting_id,
        "kind": str(link.kind),
        "host_id": link.host_id,
        "passcode": link.passcode.value,
        "join_url": link.join_url,
        "origin": str(link.origin),
        "applied": fields_json(link.applied),
        "learned": None if link.learned is None else learned_json(link.learned),
    }


def _links(connection: Connection, rows: Sequence[Row[Any]]) -> list[Link]:
    """The links of rows; those of webinars with their panelists. Of who was erased, an empty row is left."""
    webinars = [row.id for row in rows if row.kind == Kind.WEBINAR]
    standingses: dict[int, dict[str, Standing]] = {}
    for some in by_statement(webinars):
        query = select(panelists).where(panelists.c.link_id.in_(some))
        for one in connection.execute(query.order_by(panelists.c.link_id, panelists.c.position)):
            if one.email:
                standingses.setdefault(one.link_id, {})[one.email] = Standing(one.standing)
    return [_link(row, standingses.get(row.id, {})) for row in rows]


def _link(row: Row[Any], known: Mapping[str, Standing]) -> Link:
    return Link(
        key=row.key,
        meeting_id=row.meeting_id,
        kind=Kind(row.kind),
        host_id=row.host_id,
        passcode=Passcode(row.passcode),
        join_url=row.join_url,
        origin=Origin(row.origin),
        applied=fields_from_json(row.applied),
        learned=learned_from_json(row.learned),
        version=row.version,
        synced_at=row.synced_at,
        panelists=known,
    )


def _intent(row: Row[Any]) -> Intent:
    return Intent(
        key=row.key,
        host_id=row.host_id,
        kind=Kind(row.kind),
        topic=row.topic,
        passcode=Passcode(row.passcode),
        created_at=row.created_at,
        attempts=row.attempts,
        attempted_at=row.attempted_at,
        replaces=row.replaces,
        spans=spans_from_json(row.spans),
    )
