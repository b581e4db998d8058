"""Applying what staff decided to the people that were found, and telling which rows a line is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from zoom_sync.domain.attendance.attendee import Role
from zoom_sync.domain.attendance.columns import Columns, Persons
from zoom_sync.domain.attendance.decisions import Decision, RowMark, Side, Verb, in_force


@dataclass(frozen=True, slots=True)
class Given:
    """The names and roles that staff gave, by person."""

    names: dict[int, str] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)


def decide(columns: Columns, persons: Persons, decisions: Sequence[Decision]) -> Given:
    """Change the people as was decided, one decision after the other."""
    given, every = Given(), in_force(decisions)
    if not every:
        return given
    named = _rows_by_mark(columns, (mark for each in every for side in (each.these, each.those) for mark in side.marks))
    for each in every:
        these, those = _rows(named, each.these), _rows(named, each.those)
        if each.verb is Verb.MERGE:
            _merge(persons, {persons.of[row] for row in (*these, *those)})
        elif each.verb is Verb.SPLIT:
            _split(columns, persons, these, those)
    # Names and roles go last, to whoever the rows then belong to; of several the latest holds.
    for each in every:
        for person in {persons.of[row] for row in _rows(named, each.these)}:
            if each.verb is Verb.NAME:
                given.names[person] = each.value
            elif each.verb is Verb.ROLE and each.value in set(Role):
                given.roles[person] = Role(each.value)
            persons.decided.add(person)
    return given


def _rows_by_mark(columns: Columns, marks: Iterable[RowMark]) -> dict[RowMark, list[int]]:
    numberses: dict[RowMark, list[int]] = {mark: [] for mark in marks}
    for row in range(len(columns.said)):
        mark = columns.text_mark(row)
        for each in (mark, exact_mark(columns, row, mark)):
            if each in numberses:
                numberses[each].append(row)
    return numberses


def _rows(named: dict[RowMark, list[int]], side: Side) -> list[int]:
    return sorted({row for mark in side.marks for row in named[mark]})


def _merge(persons: Persons, several: set[int]) -> None:
    if len(several) < 2:  # noqa: PLR2004 - one is one already
        return
    into = min(several)
    for row, person in enumerate(persons.of):
        if person in several:
            persons.of[row] = into
    # What one of them owned all own now, and nobody is a guest of himself.
    persons.owner = {node: into if person in several else person for node, person in persons.owner.items()}
    guests = {}
    for person, (owner, by_link) in persons.guests.items():
        guest, host = (into if each in several else each for each in (person, owner))
        if guest != host:
            guests[guest] = host, by_link
    persons.guests = guests


def _split(columns: Columns, persons: Persons, these: Sequence[int], those: Sequence[int]) -> None:
    """Take `these` out of the people that `those` belong to; they become one of their own."""
    stay = {persons.of[row] for row in those}
    remaining = set(those)
    leaving = [row for row in these if persons.of[row] in stay and row not in remaining]
    if not leaving:
        return
    number = persons.fresh()
    gone = set(leaving)
    # What both bear stays with those who stay.
    shared = {node for row in leaving for node in _nodes(columns, row)}
    for row, person in enumerate(persons.of):
        if person in stay and row not in gone:
            persons.owner.update((node, person) for node in _nodes(columns, row) if node in shared)
    for row in leaving:
        persons.of[row] = number


def _nodes(columns: Columns, row: int) -> set[int]:
    said = columns.said[row]
    return {columns.node[said], columns.mail[said], columns.account[said]} - {-1}


def exact_mark(columns: Columns, row: int, mark: RowMark) -> RowMark:
    """The mark of this very row, and of no other that says the same at another time."""
    return mark if mark.stay else mark._replace(stay=f"@{columns.start[row]}-{columns.end[row]}")


@dataclass(frozen=True, slots=True)
class RowsOfLine:
    """Rows of a line that say the same: what they say, as people wrote it, how many, and how long, in seconds."""

    mark: RowMark = field(repr=False)
    name: str = field(repr=False)
    rows: int
    seconds: int
    first: int


def rows_of_lines(columns: Columns, persons: Persons, *, exact: bool = False) -> dict[int, list[RowsOfLine]]:
    """The rows of each person, those that say the same together; one by one where `exact`. By first join."""
    rows_of_lineses: dict[int, dict[RowMark, RowsOfLine]] = {}
    names = list(columns.names)
    for row, person in enumerate(persons.of):
        mark = columns.text_mark(row)
        mark = exact_mark(columns, row, mark) if exact else mark
        start, seconds = columns.start[row], columns.end[row] - columns.start[row]
        had = rows_of_lineses.setdefault(person, {}).get(mark)
        name = had.name if had else names[columns.name[columns.said[row]]]
        rows, whole, first = (had.rows, had.seconds, had.first) if had else (0, 0, start)
        rows_of_lineses[person][mark] = RowsOfLine(mark, name, rows + 1, whole + seconds, min(first, start))
    return {
        person: sorted(each.values(), key=lambda rows_of_line: (rows_of_line.first, rows_of_line.mark))
        for person, each in rows_of_lineses.items()
    }
