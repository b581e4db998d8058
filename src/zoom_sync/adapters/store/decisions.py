"""What staff decided on who is one person, in the store. Nothing is removed: what was withdrawn says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard
from zoom_sync.adapters.store.programmes import event_id
from zoom_sync.adapters.store.tables import decisions, events
from zoom_sync.domain.attendance import Decision, RowMark, Side, Verb
from zoom_sync.errors import NotInStore


class Decisions:
    """The `DecisionStore` of a database."""

    def __init__(self, database: Database, guard: Guard | None = None) -> None:
        """`guard` keeps out who was erased."""
        self._database = database
        self._guard = guard or Guard()

    def add(self, event: str, key: str, decision: Decision) -> int:
        sides = {
            "these": {**_side_json(decision.these), **_given(decision), "why": decision.why},
            "those": _side_json(decision.those),
        }
        with self._database.transaction() as connection:
            (clean,) = self._guard.clean(connection, decisions.name, (event, key), [sides])
            values = {
                "event_id": event_id(connection, event),
                "key": key,
                "verb": str(decision.verb),
                "who": decision.who,
                "made_at": decision.at,
                "withdrawn_by": "",
                **clean,
            }
            return int(connection.execute(insert(decisions).values(**values).returning(decisions.c.id)).scalar_one())

    def of(self, event: str, key: str) -> Sequence[Decision]:
        query = select(decisions).join(events).where(events.c.key == event, decisions.c.key == key)
        with self._database.reading() as connection:
            return tuple(_decision(row) for row in connection.execute(query.order_by(decisions.c.id)))

    def withdraw(self, event: str, key: str, number: int, who: str, now: datetime) -> Decision:
        with self._database.transaction() as connection:
            its = (
                decisions.c.event_id == event_id(connection, event),
                decisions.c.key == key,
                decisions.c.id == number,
            )
            fresh = (*its, decisions.c.withdrawn_at.is_(None))
            connection.execute(update(decisions).where(*fresh).values(withdrawn_by=who, withdrawn_at=now))
            row = connection.execute(select(decisions).where(*its)).one_or_none()
            if row is None:
                raise NotInStore(f"session {key!r} has no decision {number}")
            return _decision(row)


def _side_json(side: Side) -> dict[str, Any]:
    return {"name": side.name, "marks": [mark._asdict() for mark in side.marks]}


def _given(decision: Decision) -> dict[str, str]:
    """The name or the role that was given: a name is the person's, and goes when the person is erased."""
    return {"given" if decision.verb is Verb.NAME else "role": decision.value}


def _decision(row: Any) -> Decision:
    value = row.these.get("given") or row.these.get("role") or ""
    return Decision(
        Verb(row.verb), _side(row.these), _side(row.those), value, row.who, row.made_at, row.these.get("why", ""),
        row.id, row.withdrawn_by, row.withdrawn_at,
    )  # fmt: skip


def _side(values: dict[str, Any]) -> Side:
    marks = (RowMark(**{name: mark.get(name) or "" for name in RowMark._fields}) for mark in values.get("marks", ()))
    return Side(tuple(marks), values.get("name", ""))
