"""Who was erased, as keyed hashes, and the guard that keeps them out of whatever is written later.

Only hashes are kept: with the store's own key one can ask whether somebody was erased, but not who was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from zoom_sync.adapters.store.locks import Lock
from zoom_sync.adapters.store.personal import HOLDING_OF
from zoom_sync.adapters.store.tables import erasures, own_keys
from zoom_sync.adapters.store.upserting import insert_for
from zoom_sync.domain.privacy import (
    NOT_STORED,
    Known,
    Marks,
    Person,
    Recognise,
    Role,
    Shape,
    erased,
    erased_id,
    without,
)

ERASURES = "erasures"
PSEUDONYMS = "pseudonyms"


class Guard:
    """Takes out of rows that are about to be written who was erased, and what is not to be stored at all."""

    def __init__(self, not_stored: Iterable[str] = ()) -> None:
        """`not_stored`: of `domain.privacy.NOT_STORED`, for raw rows."""
        self._roles: frozenset[Role] = frozenset().union(*(NOT_STORED[name] for name in not_stored))

    def clean(
        self,
        connection: Connection,
        table: str,
        place: tuple[str, str],
        rows: Iterable[Mapping[str, Any]],
        kind: str = "",
    ) -> Iterator[Mapping[str, Any]]:
        """The rows, by column, as `table` may hold them. `place` is event and session, `kind` that of a raw report.

        To be called in the transaction that writes them: nobody is erased before it ends.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({Lock.ERASURES:d})"))
        shape = HOLDING_OF[table].shape_of(kind)
        who = graves(connection)
        for row in rows:
            kept = row if who is None else erased_row(HOLDING_OF[table].table, row, shape, who, place)
            yield without(kept, shape, self._roles) if self._roles and kind else kept


def erased_row(
    table: Table, row: Mapping[str, Any], shape: Shape, who: Recognise, place: tuple[str, str]
) -> Mapping[str, Any]:
    """A row without those who are recognised: `row` itself where nobody is. An emptied column that may be NULL is."""
    made = erased(row, shape, who, lambda token: erased_id(token, *place))
    if made is row:
        return row
    return {name: None if value == "" and table.c[name].nullable else value for name, value in made.items()}


def graves(connection: Connection) -> Recognise | None:
    """Recognises who was erased; None where nobody was."""
    kept = {row.mark: row.token for row in connection.execute(select(erasures.c.mark, erasures.c.token))}
    return _Graves(own_key(connection, ERASURES), kept) if kept else None


class _Graves:
    """`Recognise` over hashes."""

    def __init__(self, key: bytes, kept: Mapping[str, str]) -> None:
        self._key = key
        self._kept = kept

    def __call__(self, marks: Marks, *, name_enough: bool) -> str | None:  # noqa: ARG002 - a buried name is enough
        for known, folded in marks:
            # By an id only where there is no e-mail of somebody else, and by a name only where there is nothing else.
            if (known is Known.ID and marks.emails) or (known is Known.NAME and marks.sure):
                return None
            token = self._kept.get(hash_of(self._key, known, folded))
            if token is not None:
                return token
        return None


def hash_of(key: bytes, known: Known, folded: str) -> str:
    return hmac.new(key, f"{known}:{folded}".encode(errors="replace"), hashlib.sha256).hexdigest()


def bury(connection: Connection, person: Person, now: datetime) -> str:
    """Note that a person is erased, by e-mails and ids, and by names if that is how it is known; answers its token.

    Waits for whoever writes rows at the moment, so that what they wrote is seen by the erasing that follows.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({Lock.ERASURES:d})"))
    key = own_key(connection, ERASURES)
    borne = person.marks | Marks(ids=person.shared) if person.likely_too else person.marks
    marks = [hash_of(key, known, folded) for known, folded in borne if known is not Known.NAME or person.by_name]
    kept = {row.mark: row.token for row in connection.execute(select(erasures.c.mark, erasures.c.token))}
    token = next((kept[mark] for mark in marks if mark in kept), secrets.token_hex(8))
    fresh = [{"mark": mark, "token": token, "erased_at": now} for mark in marks if mark not in kept]
    if fresh:
        connection.execute(insert(erasures), fresh)
    return token


def own_key(connection: Connection, name: str) -> bytes:
    """A key of the store's own, made when it is first asked for; the transaction must be one that writes."""
    found = connection.execute(select(own_keys.c.value).where(own_keys.c.name == name)).scalar_one_or_none()
    if found is None:
        made = insert_for(connection, own_keys).values(name=name, value=secrets.token_hex(32)).on_conflict_do_nothing()
        connection.execute(made)
        found = connection.execute(select(own_keys.c.value).where(own_keys.c.name == name)).scalar_one()
    return bytes.fromhex(found)
