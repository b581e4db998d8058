"""Putting every sealed value under the first key, and telling which are not. What is where is asked in SQL alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    update,
)

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.personal import HOLDINGS, Holding
from zoom_sync.adapters.store.sealing import ADVICE, LOOKS_SEALED, VARIABLE, SealedJson
from zoom_sync.adapters.store.walking import key_of
from zoom_sync.errors import ConfigurationError

AT_ONCE = 1000
NAME_LENGTH = 8


class Rekeying:
    """The keys of a database's values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def left(self) -> Mapping[str, int]:
        """How many rows of each table are not under the first key; empty where there is no key."""
        name = self._database.seal.first
        if name is None:
            return {}
        with self._database.reading() as connection:
            counts = {holding.table.name: _count(connection, holding, name) for holding in HOLDINGS if holding.sealed}
        return {table: count for table, count in counts.items() if count}

    def sealed_under(self) -> Mapping[str, int]:
        """How many values are sealed under each key, by its name."""
        values: dict[str, int] = {}
        with self._database.reading() as connection:
            for column in [column for holding in HOLDINGS for column in holding.sealed]:
                kept, before = _as_kept(column)
                name = func.substr(kept, len(before) + 1, NAME_LENGTH)
                under = select(name, func.count()).where(kept.like(f"{before}{'_' * NAME_LENGTH}:%")).group_by(name)
                for key, count in connection.execute(under):
                    values[key] = values.get(key, 0) + count
        return values

    def rekey(self, tell: Callable[[int], None]) -> int:
        """Seal every value under the first key, a few rows at a time; answers how many rows were not.

        Goes on where it was interrupted.

        Raises:
            ConfigurationError: there is no key, or one is missing that values are sealed under.
        """
        name = self._database.seal.first
        if name is None:
            raise ConfigurationError(f"{VARIABLE} is not set, so there is no key to encrypt with; {ADVICE}")
        done = sum(self._rekey(holding, name, tell) for holding in HOLDINGS if holding.sealed)
        if done:
            self._database.compact()
        return done

    def _rekey(self, holding: Holding, name: str, tell: Callable[[int], None]) -> int:
        table, keys = holding.table, list(holding.table.primary_key.columns)
        query = select(*keys, *holding.sealed).where(_not_under(holding, name)).order_by(*keys).limit(AT_ONCE)
        written = update(table).where(*(key == bindparam(f"at_{key.name}") for key in keys))
        written = written.values({column.name: bindparam(f"to_{column.name}") for column in holding.sealed})
        done, after = 0, None
        while True:
            more = query if after is None else query.where(key_of(table) > after)
            with self._database.transaction() as connection:
                rows = connection.execute(more.with_for_update()).all()
                if rows:
                    connection.execute(written, [_values(row, keys, holding) for row in rows])
            done += len(rows)
            tell(len(rows))
            if len(rows) < AT_ONCE:
                return done
            after = tuple(rows[-1][: len(keys)])


def _values(row: Any, keys: list[Column[Any]], holding: Holding) -> dict[str, Any]:
    at = {f"at_{key.name}": row[place] for place, key in enumerate(keys)}
    return at | {f"to_{column.name}": row[place] for place, column in enumerate(holding.sealed, len(keys))}


def _count(connection: Connection, holding: Holding, name: str) -> int:
    query = select(func.count()).select_from(holding.table).where(_not_under(holding, name))
    return int(connection.execute(query).scalar_one())


def _not_under(holding: Holding, name: str) -> ColumnElement[bool]:
    return or_(*(_column_not_under(column, name) for column in holding.sealed))


def _column_not_under(column: Column[Any], name: str) -> ColumnElement[bool]:
    kept, before = _as_kept(column)
    return and_(column.is_not(None), kept.not_like(f"{before}{name}:%"))


def _as_kept(column: Column[Any]) -> tuple[ColumnElement[str], str]:
    """A column as the text that lies in the database, and how a sealed value begins there."""
    quote = '"' if isinstance(column.type, SealedJson) else ""
    return cast(column, Text), f"{quote}{LOOKS_SEALED}"
