"""A large event put into a store at once: its sessions, meetings and hosts, and who is in which meeting now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from zoom_sync.adapters.store import tables
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.programme import Event, Programme, Session

KEY, ZONE = "congress", "Europe/Berlin"
ROOMS, A_DAY = 20, 100


def congress(count: int, first: datetime, *, public: bool = False) -> Programme:
    """`count` sessions, a hundred a day, twenty at once, an hour each and half an hour apart."""
    sessions = []
    for number in range(count):
        day, place = divmod(number, A_DAY)
        turn, room = divmod(place, ROOMS)
        start = first + timedelta(days=day, minutes=90 * turn)
        sessions.append(
            Session(
                f"s{number:04}", f"Session {number}", start, start + timedelta(hours=1), ZONE,
                room=f"Room {room + 1}", track=("Health", "Data")[number % 2], moderators=(f"Moderator {room % 5}",),
            )
        )  # fmt: skip
    return Programme(Event(KEY, "World Congress", ZONE, public=public), tuple(sessions))


def put_in(parts: Parts, programme: Programme, now: datetime) -> None:
    """The programme with a meeting and a host for each of its sessions."""
    parts.programmes.save(programme, now)
    with parts.database.transaction() as connection:
        event = connection.execute(tables.events.select().where(tables.events.c.key == programme.event.key)).one().id
        connection.execute(insert(tables.hosts), [_host(number, now) for number in range(ROOMS)])
        rows = [_link(event, number, each, now) for number, each in enumerate(programme.sessions)]
        connection.execute(insert(tables.links), rows)


def open_meetings(parts: Parts, keys: Iterable[str], now: datetime, people: int = 12, since: int = 10) -> None:
    """Webhooks told that these sessions' meetings began `since` minutes ago, and that so many people are there."""
    with parts.database.transaction() as connection:
        for key in keys:
            link = connection.execute(tables.links.select().where(tables.links.c.key == key)).one()
            values = {"uuid": f"uuid-{key}", "meeting_id": link.meeting_id, "heard_at": now}
            connection.execute(
                insert(tables.live_instances).values(started_at=now - timedelta(minutes=since), ended_at=None, **values)
            )
            stays = [{"uuid": f"uuid-{key}", "person": f"p{n}", "gone": False} for n in range(people)]
            connection.execute(insert(tables.live_stays), stays)


def hear(parts: Parts, now: datetime) -> None:
    """A webhook came just now."""
    with parts.database.transaction() as connection:
        connection.execute(insert(tables.webhook_counts).values(outcome="new", count=1, latest_at=now))


def _host(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": f"h{number}", "name": f"Host {number}", "email": f"host{number}@example.org", "licensed": True,
        "capacity": 1, "daily_writes": 100, "seen_at": now,
    }  # fmt: skip


def _link(event: int, number: int, session: Session, now: datetime) -> dict[str, object]:
    meeting = str(81_000_000_000 + number)
    applied = {
        "topic": session.title, "agenda": "", "start": session.start.astimezone(UTC).isoformat(),
        "duration": session.minutes, "timezone": session.timezone, "settings": {},
    }  # fmt: skip
    return {
        "event_id": event, "key": session.key, "state": "linked", "meeting_id": meeting, "kind": "meeting",
        "host_id": f"h{number % ROOMS}", "passcode": "24681357", "join_url": f"https://zoom.example/j/{meeting}?pwd=x",
        "origin": "created", "applied": applied, "learned": None, "version": 1, "created_at": now, "synced_at": now,
    }  # fmt: skip
