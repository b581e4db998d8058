"""One person over every table: found, told, erased. What each table holds is said in `personal`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from zoom_sync.adapters.store.database import Database
from zoom_sync.adapters.store.erasures import PSEUDONYMS, bury, erased_row, graves, own_key
from zoom_sync.adapters.store.personal import HOLDINGS, Holding
from zoom_sync.adapters.store.walking import Walked, key_of, rows_of, walk, walked
from zoom_sync.domain.privacy import Bearers, Marks, Person, Recognise, told_of, whole_marks
from zoom_sync.domain.privacy.found import Found, Told


class People:
    """The `PeopleStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, person: Person) -> Found:
        while True:
            found, learnt = self._look_once(person)
            if learnt == person:
                return found
            person = learnt

    def _look_once(self, person: Person) -> tuple[Found, Person]:
        """What is there of somebody as it is known, and the person with all that these rows tell.

        An e-mail is the person's for sure; an id is where everything that bears it can be the person's, see `Bearers`.
        """
        tally, learnt = _Tally(person), person.marks
        bearers = Bearers(person.marks.ids | person.shared)
        for holding in _about_people():
            for row in _rows(self._database, holding):
                objects = list(whole_marks(row.values, row.shape))
                for marks, _ in objects:
                    bearers.add(marks)
                for marks in tally.add(holding, objects):
                    learnt |= marks
        if not learnt.emails and len(bearers.emails()) == 1:
            learnt |= Marks(emails=bearers.emails())
        ids = learnt.ids | person.shared
        owned = bearers.owned(learnt.emails)
        known = replace(person, marks=replace(learnt, ids=owned), shared=ids - owned)
        return tally.found(bearers.emails() - learnt.emails), known

    def told(self, person: Recognise) -> Iterator[Told]:
        for holding in _about_people():
            for row in _rows(self._database, holding):
                for one in told_of(row.values, row.shape, person):
                    yield Told(holding.table.name, row.event, row.session, one)

    def erase(self, person: Person, now: datetime, tell: Callable[[str], None]) -> Mapping[str, int]:
        with self._database.transaction() as connection:
            person = replace(person, token=bury(connection, person, now))
        done: dict[str, int] = {}
        for holding in _about_people():
            if not holding.kept_because:
                tell(holding.table.name)
                count = self._erase_from(holding, person)
                done |= {holding.table.name: count} if count else {}
        self._database.compact()  # where nothing was left, too: the time before, somebody may have used the file
        return done

    def _erase_from(self, holding: Holding, person: Person) -> int:
        count = 0
        with self._database.transaction() as connection:
            who = _either(person, graves(connection))
        for rows in walk(self._database, holding):
            keys = [row.key for row in rows if _without(row, who) is not row.values]
            if keys:
                with self._database.transaction() as connection:
                    count += sum(_erase_row(connection, holding, key, who) for key in keys)
        return count

    def pseudonym_key(self) -> bytes:
        with self._database.transaction() as connection:
            return own_key(connection, PSEUDONYMS)


def _about_people() -> Sequence[Holding]:
    return [holding for holding in HOLDINGS if holding.personal]


def _rows(database: Database, holding: Holding) -> Iterator[Walked]:
    for rows in walk(database, holding):
        yield from rows


class _Tally:
    """Counts, per table, what is surely somebody's and what is likely so."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._rows: dict[str, int] = {}
        self._likely: dict[str, int] = {}
        self._kept: dict[str, str] = {}
        self._namesakes = 0

    def add(self, holding: Holding, objects: Iterable[tuple[Marks, bool]]) -> list[Marks]:
        """Count one row; answers the marks of the person's own objects in it."""
        person, mine, likely, table = self._person, [], 0, holding.table.name
        for marks, name_enough in objects:
            if person(marks, name_enough=name_enough) is not None:
                mine.append(marks)
            else:
                likely += person.is_likely(marks)
                self._namesakes += not marks.sure and not person.marks.names.isdisjoint(marks.names)
        if mine:
            self._rows[table] = self._rows.get(table, 0) + 1
            self._kept |= {table: holding.kept_because} if holding.kept_because else {}
        if likely:
            self._likely[table] = self._likely.get(table, 0) + likely
        return mine

    def found(self, others: frozenset[str]) -> Found:
        """What was counted. `others` are e-mails of others that stand with the person's ids."""
        named = self._person.by_name
        return Found(self._person, self._rows, self._kept, 0 if named else self._namesakes, self._likely, others)


def _either(person: Person, dead: Recognise | None) -> Recognise:
    """Recognises the person, and whoever was erased before: an erasing that was interrupted may have left something."""

    def recognise(marks: Marks, *, name_enough: bool) -> str | None:
        text = person(marks, name_enough=name_enough)
        return text if text is not None or dead is None else dead(marks, name_enough=name_enough)

    return recognise


def _without(row: Walked, who: Recognise) -> Mapping[str, Any]:
    return erased_row(row.table, row.values, row.shape, who, (row.event, row.session))


def _erase_row(connection: Connection, holding: Holding, key: tuple[Any, ...], who: Recognise) -> int:
    """Erase from one row as it is now; it may have been written again since it was read."""
    query = rows_of(holding).where(key_of(holding.table) == key).with_for_update(of=holding.table)
    found = connection.execute(query).one_or_none()
    if found is None:
        return 0
    row = walked(holding, found._mapping)  # noqa: SLF001 - the public name of a row's columns
    made = _without(row, who)
    changed = {name: value for name, value in made.items() if value is not row.values[name]}
    if changed:
        connection.execute(update(holding.table).where(key_of(holding.table) == key).values(**changed))
    return 1 if changed else 0
