"""Who shall be registered for a session, in the store.

One row per session and e-mail. The e-mail is sealed, so SQL knows it by a keyed hash, as it knows the erased: two runs
that write the same person write the same row, and what the later one knows stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard, hash_of, own_key
from zoom_sync.adapters.store.links import LINKED
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.purging import is_purged
from zoom_sync.adapters.store.tables import events, links, registrants
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.privacy import Known
from zoom_sync.domain.registering import Guest, Registrant, State

MARKS = "registrants"
ROWS_AT_ONCE = 500
CHANGED = (
    "email", "first_name", "last_name", "organisation", "state", "reason", "registrant_id", "join_url", "meeting_id",
    "changed_at",
)  # fmt: skip


class Registrants:
    """The `RegistrantStore` of a database."""

    def __init__(self, database: Database, guard: Guard | None = None) -> None:
        """`guard` keeps those out who were erased."""
        self._database = database
        self._guard = guard or Guard()

    def registrants(self, event: str, key: str) -> Sequence[Registrant]:
        query = (
            select(registrants)
            .join(events)
            .where(events.c.key == event, registrants.c.key == key)
            .order_by(registrants.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(_registrant(row) for row in rows if row.email)

    def counts(self, event: str) -> Mapping[str, int]:
        """How many people are registered or shall be, by session; not who was denied, cancelled or refused.

        Who registered on Zoom's own page is among them, from the first time that Zoom was asked how many there are.
        """
        out = (State.DENIED, State.CANCELLED, State.REFUSED)
        unsent = case((registrants.c.state == str(State.WAITING), 1), else_=0)
        ours = (
            select(registrants.c.key, func.count().label("people"), func.sum(unsent).label("unsent"))
            .join(events)
            .where(events.c.key == event, registrants.c.state.not_in([str(state) for state in out]))
            .group_by(registrants.c.key)
        )
        on_zoom = (
            select(links.c.key, links.c.registrants)
            .join(events)
            .where(events.c.key == event, links.c.state == LINKED, links.c.registrants.is_not(None))
        )
        with self._database.reading() as connection:
            known = {row.key: (row.people, row.unsent) for row in connection.execute(ours)}
            counted = {row.key: row.registrants for row in connection.execute(on_zoom)}
        values = {key: people for key, (people, _) in known.items()}
        for key, count in counted.items():
            people, unsent_people = known.get(key, (0, 0))
            values[key] = max(people, count + unsent_people)
        return values

    def save(self, event: str, key: str, people: Iterable[Registrant], now: datetime) -> None:
        with self._database.transaction() as connection:
            owner = event_id(connection, event)
            if is_purged(connection, owner, key):
                return
            hashed = own_key(connection, MARKS)
            rows = (
                _values(person, hashed) | {"event_id": owner, "key": key, "changed_at": now}
                for person in sorted(
                    people, key=lambda registrant: registrant.key
                )  # two runs that do this at once wait in one order
            )
            clean = self._guard.clean(connection, registrants.name, (event, key), rows)
            # The erased are not taken in again, and the row that they left stays as it is.
            kept = (row for row in clean if row["email"])
            while part := list(islice(kept, ROWS_AT_ONCE)):
                _put(connection, part)


def _put(connection: Connection, rows: Sequence[Any]) -> None:
    put = insert_for(connection, registrants)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["event_id", "key", "mark"], set_={name: put.excluded[name] for name in CHANGED}
        ),
        rows,
    )


def _values(registrant: Registrant, hashed: bytes) -> dict[str, Any]:
    return {
        "mark": hash_of(hashed, Known.EMAIL, registrant.key),
        "email": registrant.person.email,
        "first_name": registrant.person.first_name,
        "last_name": registrant.person.last_name,
        "organisation": registrant.person.organisation,
        "state": str(registrant.state),
        "reason": registrant.reason,
        "registrant_id": registrant.registrant_id,
        "join_url": registrant.join_url,
        "meeting_id": registrant.meeting_id,
    }


def _registrant(row: Row[Any]) -> Registrant:
    person = Guest(row.email, row.first_name, row.last_name, row.organisation)
    return Registrant(person, State(row.state), row.reason, row.registrant_id, row.join_url, row.meeting_id)
