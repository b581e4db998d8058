"""Certificates in the store. Nothing is removed: each has its number for ever, and says what became of it.

Two who release at once insert the same editions, and the database takes each once; who corrects or withdraws changes
only what still is as it was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import Guard, own_key
from zoom_sync.adapters.store.tables import certificate_corrections, certificates
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.certificates.drafts import Correction
from zoom_sync.domain.certificates.entitling import For
from zoom_sync.domain.certificates.issued import Certificate, CertificateState, Content, Place
from zoom_sync.domain.certificates.rules import Basis, CertificateLanguage
from zoom_sync.errors import NotInStore, StoreConflict

MARKS = "certificates"
AT_ONCE = 200  # rows of one statement: SQLite takes a limited number of values


class Certificates:
    """The `CertificateStore` of a database."""

    def __init__(self, database: Database, guard: Guard | None = None) -> None:
        """`guard` keeps out who was erased."""
        self._database = database
        self._guard = guard or Guard()

    def mark_key(self) -> bytes:
        with self._database.transaction() as connection:
            return own_key(connection, MARKS)

    def of(self, event: str) -> Sequence[Certificate]:
        query = select(certificates).where(certificates.c.event == event)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(certificates.c.released_at, certificates.c.number)).all()
        return tuple(map(_certificate, rows))

    def by_number(self, number: str) -> Certificate:
        with self._database.reading() as connection:
            row = connection.execute(select(certificates).where(certificates.c.number == number)).one_or_none()
        if row is None:
            raise NotInStore(f"there is no certificate with the number {number}")
        return _certificate(row)

    def release(self, event: str, made: Sequence[Certificate]) -> Sequence[str]:
        ours: set[str] = set()
        with self._database.transaction() as connection:
            for start in range(0, len(made), AT_ONCE):
                rows = self._rows(connection, event, made[start : start + AT_ONCE])
                connection.execute(insert_for(connection, certificates).values(rows).on_conflict_do_nothing())
                numbers = [row["number"] for row in rows]
                inserted = select(certificates.c.number).where(certificates.c.number.in_(numbers))
                ours.update(connection.execute(inserted).scalars())
        return [one.number for one in made if one.number in ours]

    def withdraw(self, number: str, who: str, now: datetime, reason: str) -> None:
        seen = self.by_number(number)
        if seen.state is not CertificateState.RELEASED:
            raise StoreConflict(f"certificate {number} is {seen.state} already")
        change = {"state": str(CertificateState.WITHDRAWN), "changed_by": who, "changed_at": now, "reason": reason}
        with self._database.transaction() as connection:
            _change(connection, seen, change)

    def replace(self, old: Certificate, new: Certificate, reason: str) -> None:
        change: dict[str, Any] = {"replaced_by": new.number}
        if old.state is CertificateState.RELEASED:
            change |= {"state": str(CertificateState.CORRECTED), "reason": reason}
            change |= {"changed_by": new.released_by, "changed_at": new.released_at}
        with self._database.transaction() as connection:
            _change(connection, old, change)
            connection.execute(insert(certificates), self._rows(connection, new.event, [new]))

    def corrections(self, event: str) -> Mapping[Place, Correction]:
        query = select(certificate_corrections).where(certificate_corrections.c.event == event)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(certificate_corrections.c.id)).all()
        return {one.place: one for one in map(_correction, rows)}

    def correct(self, event: str, correction: Correction) -> None:
        row = {
            "event": event,
            "basis": str(correction.place.basis),
            "unit": correction.place.unit,
            "mark": correction.place.mark,
            "entitled": correction.entitled,
            "name": correction.name,
            "email": correction.email,
            "language": correction.language and str(correction.language),
            "why": correction.why,
            "who": correction.who,
            "made_at": correction.at,
        }
        with self._database.transaction() as connection:
            cleaned = self._guard.clean(connection, certificate_corrections.name, (event, ""), [row])
            connection.execute(insert(certificate_corrections), [dict(each) for each in cleaned])

    def _rows(self, connection: Connection, event: str, made: Iterable[Certificate]) -> list[dict[str, Any]]:
        rows = [_row(one) for one in made]
        return [dict(row) for row in self._guard.clean(connection, certificates.name, (event, ""), rows)]


def _change(connection: Connection, seen: Certificate, change: Mapping[str, Any]) -> None:
    """Change a certificate that still is as it was seen: one that is valid, or was withdrawn and not replaced."""
    same = (certificates.c.number == seen.number, certificates.c.state == str(seen.state))
    changed = update(certificates).where(*same, certificates.c.replaced_by == "").values(**change)
    if not connection.execute(changed).rowcount:
        raise StoreConflict(f"somebody else changed certificate {seen.number} first")


def _row(one: Certificate) -> dict[str, Any]:
    return {
        "number": one.number,
        "event": one.event,
        "basis": str(one.place.basis),
        "unit": one.place.unit,
        "mark": one.place.mark,
        "edition": one.edition,
        "state": str(one.state),
        "name": one.name,
        "email": one.email,
        "content": content_json(one.content),
        "released_by": one.released_by,
        "released_at": one.released_at,
        "changed_by": one.changed_by,
        "changed_at": one.changed_at,
        "reason": one.reason,
        "replaced_by": one.replaced_by,
    }


def content_json(content: Content) -> dict[str, Any]:
    return {
        "for": str(content.why_for),
        "event_title": content.event_title,
        "title": content.title,
        "days": list(content.days),
        "minutes": content.minutes,
        "credits": dict(content.credits),
        "titles": list(content.titles),
        "language": str(content.language),
    }


def _certificate(row: Any) -> Certificate:
    told = row.content
    content = Content(
        For(told["for"]), told["event_title"], told["title"], (told["days"][0], told["days"][1]), told["minutes"],
        told["credits"], tuple(told["titles"]), CertificateLanguage(told["language"]),
    )  # fmt: skip
    return Certificate(
        row.number, row.event, Place(Basis(row.basis), row.unit, row.mark), row.edition, CertificateState(row.state),
        row.name, row.email, content, row.released_by, row.released_at, row.changed_by, row.changed_at, row.reason,
        row.replaced_by,
    )  # fmt: skip


def _correction(row: Any) -> Correction:
    language = CertificateLanguage(row.language) if row.language else None
    place = Place(Basis(row.basis), row.unit, row.mark)
    return Correction(place, row.who, row.made_at, row.why, row.entitled, row.name, language, row.email)
