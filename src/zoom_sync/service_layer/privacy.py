"""What is past its time, and one person's data: shown, exported, erased, or hidden behind a pseudonym."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from zoom_sync.domain.privacy import Known, Marks, Person, Pseudonyms, Recognise, mark_of
from zoom_sync.domain.privacy.found import Found
from zoom_sync.domain.programme import Session
from zoom_sync.domain.retention import Due, Retention, cutoffs
from zoom_sync.errors import UserError
from zoom_sync.service_layer.ports.reports import PeopleStore, RetentionStore

Line = TypeVar("Line")

NOT_REACHED = (
    "files that were downloaded or published already, and backups of the store, are not reached",
    "Zoom keeps its own reports: ask for them to be deleted there",
)


def due_for_purge(store: RetentionStore, days: Mapping[Retention, int], now: datetime) -> Sequence[Due]:
    """What is past its time."""
    return store.due(cutoffs(days, now))


def purge_due(
    store: RetentionStore,
    days: Mapping[Retention, int],
    now: datetime,
    tell: Callable[[int], None] = lambda _: None,
    before_each: Callable[[Due], None] = lambda _: None,
) -> list[Due]:
    """Remove what is past its time; answers what was removed. `tell` hears of each handful of rows.

    `before_each` is called before anything of it is removed: what has to outlive the rows is kept by it.

    May be interrupted at any moment and run again. Nothing that was removed is fetched again.
    """
    before = cutoffs(days, now)
    gone = []
    for due in store.due(before):
        before_each(due)
        gone.append(replace(due, rows=store.purge(due, before[due.kind], now, tell)))
    if gone:
        store.compact()
    return gone


@dataclass(frozen=True, slots=True)
class Sought:
    """A person who was asked for: what was said, as what it was taken, and what was found."""

    told: str
    known: Known
    found: Found

    @property
    def unsure(self) -> bool:
        """Whether it may be several people: a name, or an id that several people used."""
        return self.known is Known.NAME or (self.known is Known.ID and not self.found.person.marks.sure)


def seek(
    people: PeopleStore, text: str, known: Known | None = None, *, name_too: bool = False, likely_too: bool = False
) -> Sought:
    """Find a person by e-mail, by registrant or participant id, or by exact name.

    `known` None: what has an @ is an e-mail, what is an id in the store is one, the rest is a name. `name_too`: what
    bears one of the person's names, and neither e-mail nor id, is taken to be the person's as well. `likely_too`: that,
    and what bears no e-mail and an id that others used as well. What bears another e-mail never is.
    Raises UserError for what can be nobody, and for an id that people with different e-mails used.
    """
    if known is None and "@" in text:
        known = Known.EMAIL
    if known is None:
        by_id = _seek(people, text, Known.ID, name_too=name_too, likely_too=likely_too)
        if by_id is not None and (by_id.found.rows or by_id.found.likely):
            return by_id
        known = Known.NAME
    sought = _seek(people, text, known, name_too=name_too, likely_too=likely_too)
    if sought is None:
        raise UserError(f"{text!r} can be nobody's {known}")
    return sought


def _seek(people: PeopleStore, text: str, known: Known, *, name_too: bool, likely_too: bool) -> Sought | None:
    marks = mark_of(known, text)
    if not any(marks):
        return None
    found = people.look(Person(marks, by_name=known is Known.NAME))
    if known is Known.ID and not found.person.marks.emails and len(found.others) > 1:
        raise UserError(
            f"{text!r} was used by people with {len(found.others)} different e-mail addresses: name the person by one "
            f"of them ({', '.join(sorted(found.others))})"
        )
    if (name_too and not found.person.by_name) or likely_too:
        found = people.look(replace(found.person, by_name=True, likely_too=likely_too))
    return Sought(text, known, found)


def export_person(people: PeopleStore, sought: Sought, now: datetime) -> dict[str, Any]:
    """Everything that is stored of a person, as JSON; what is only likely the person's apart, and only if asked for."""
    person = sought.found.person
    sure = replace(person, by_name=person.by_name and sought.known is Known.NAME, likely_too=False)

    def likely(marks: Marks, *, name_enough: bool) -> str | None:
        """Recognises what the person does and is not surely the person's."""
        surely = sure(marks, name_enough=name_enough) is not None
        return None if surely else person(marks, name_enough=name_enough)

    marks = person.marks
    return {
        "person": sought.told,
        "known_by": str(sought.known),
        "sure": not sought.unsure,
        "emails": sorted(marks.emails),
        "ids": sorted(marks.ids),
        "names": sorted(marks.names),
        "exported_at": now.isoformat(),
        "tables": _tables(people, sure),
        "likely": {
            "sure": False,
            "left_out": dict(sought.found.likely),
            "tables": {} if person == sure else _tables(people, likely),
        },
        "namesakes": sought.found.namesakes,
        "notes": list(NOT_REACHED),
    }


def _tables(people: PeopleStore, who: Recognise) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for one in people.told(who):
        place = {"event": one.event, "session": one.session} if one.event else {}
        tables.setdefault(one.table, []).append(place | dict(one.values))
    return tables


def erase_person(
    people: PeopleStore, sought: Sought, now: datetime, tell: Callable[[str], None] = lambda _: None
) -> Mapping[str, int]:
    """Erase a person everywhere and for good; answers the rows changed per table. Again: nothing is left.

    The lines stay, as those of somebody "erased", so that every total remains what it was; texts are removed.
    """
    if sought.unsure and not sought.found.rows:
        return {}  # nobody of that name is here, and a name alone is too little to keep everybody out who bears it
    return people.erase(sought.found.person, now, tell)


def pseudonymised(
    people: PeopleStore, event: str, lines: Iterable[tuple[Session, Line]]
) -> Iterator[tuple[Session, Line]]:
    """The lines of a report with pseudonyms in place of names and e-mails, the same over all sessions of the event."""
    hidden = Pseudonyms(people.pseudonym_key(), event)
    for session, line in lines:
        yield session, hidden.line(line)
