"""The merge: stays of any number of instances and devices to one line per person. Pure; standard library only.

Rows are held as columns of machine integers while they are gathered, so that a million of them fit in a few hundred
megabytes; datetimes are made only for the finished lines. Work and memory grow in step with the number of rows.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from zoom_sync.domain.attendance.attendee import Attendance, Attendee, Certainty, Note, Role, Roster
from zoom_sync.domain.attendance.identity import People
from zoom_sync.domain.attendance.intervals import Interval, length, most_at_once, overlap, union
from zoom_sync.domain.attendance.stay import FLAW_WORDS, Stay, Unreadable
from zoom_sync.domain.attendance.times import to_datetime, to_seconds

# A row once it is gathered under its person; sorted as it is, rows of one stay lie side by side.
Record = tuple[int, ...]
ROOT, START, STAY, MARKS, END, NAME, MAIL = range(7)

# The marks of a row: its flaws in the low bits, its room in the highest, so that rows sort by room.
FLAWS, INTERNAL, BREAKOUT, WAITING = 63, 64, 128, 256
ROOM = WAITING | BREAKOUT

# The share of a session that counts as having attended, unless told otherwise.
LEAST_SHARE = 0.5

# Dial-in callers have their number, often masked, as their name, or "Call-In User_1".
_PHONE = re.compile(r"\+?[\d*][\d\s().*\-]{5,}|call-in user[\s_]*\d*", re.IGNORECASE)

_CERTAINTY_WORDS = {
    Certainty.NAME: "known by name only: may be several people, or somebody who also has a line with an e-mail",
    Certainty.UNKNOWN: "Zoom gave neither name nor e-mail nor id: each stay is a line of its own",
}


def merge(
    stays: Iterable[Stay | Unreadable],
    *,
    window: tuple[datetime, datetime] | None = None,
    hosts: frozenset[str] = frozenset(),
    roster: Roster | None = None,
    least_share: float = LEAST_SHARE,
) -> Attendance:
    """One line per person, in an order that does not depend on that of the rows. Nobody is dropped.

    `window` is the session's own (start, end), aware; `hosts` the e-mails or user ids of host and co-hosts, besides
    those of the `roster`. Who was there for `least_share` of the window has attended. A stay that comes twice, as when
    an instance was collected twice, counts once. Raises ValueError for a naive or reversed window.
    """
    bounds = _bounds(window)
    columns = _Columns()
    unreadable: set[Unreadable] = set()
    for stay in stays:
        if isinstance(stay, Stay):
            columns.add(stay)
        else:
            unreadable.add(stay)
    roster = roster or Roster()
    lines = _Lines(columns, bounds, replace(roster, hosts=roster.hosts | hosts), least_share)
    attendees = sorted(lines, key=_place_in_order)
    return Attendance(tuple(attendees), tuple(sorted(unreadable)), lines.notes(), window)


def _bounds(window: tuple[datetime, datetime] | None) -> Interval | None:
    if window is None:
        return None
    low, high = to_seconds(window[0]), to_seconds(window[1])
    if high <= low:
        raise ValueError("a session's window ends after it starts")
    return low, high


def _place_in_order(attendee: Attendee) -> tuple[bool, int, str, str]:
    seen = attendee.intervals
    return not seen, seen[0][0] if seen else 0, attendee.name, attendee.key


class _Columns:
    """The stays as columns. `stay` tells rows of one stay: within an instance a `user_id` is given out once."""

    def __init__(self) -> None:
        self.people = People()
        self.names: dict[str, int] = {}
        self.node, self.mail, self.name = array("i"), array("i"), array("i")
        self.start, self.end, self.stay = array("q"), array("q"), array("q")
        self.marks = array("H")

    def add(self, stay: Stay) -> None:
        node, mail = self.people.place(stay)
        self.node.append(node)
        self.mail.append(mail)
        self.name.append(self.names.setdefault(stay.name, len(self.names)))
        self.start.append(stay.start)
        self.end.append(stay.end)
        self.stay.append(hash((stay.instance_uuid, stay.user_id or stay.end)))
        self.marks.append(
            (WAITING if stay.waiting else 0)
            | (BREAKOUT if stay.breakout_id else 0)
            | (INTERNAL if stay.internal else 0)
            | stay.flaws
        )


class _Lines:
    """Goes through the people one by one and makes their lines, counting flaws on the way."""

    def __init__(self, columns: _Columns, bounds: Interval | None, roster: Roster, least_share: float) -> None:
        self._columns = columns
        self._people = columns.people
        self._names = list(columns.names)
        self._bounds = bounds
        self._flaws: Counter[int] = Counter()
        self._people.settle()
        self._least_share = least_share
        self._roles = _roles(self._people, roster)
        self._panelists = None if roster.panelists is None else self._people.roots_of(roster.panelists)

    def __iter__(self) -> Iterator[Attendee]:
        columns, root = self._columns, self._people.root
        roots = array("i", (root(node) for node in columns.node))
        order = sorted(range(len(roots)), key=roots.__getitem__)
        fields = (roots, columns.start, columns.stay, columns.marks, columns.end, columns.name, columns.mail)
        records = zip(*(map(field.__getitem__, order) for field in fields), strict=True)
        for person, rows in groupby(records, key=itemgetter(0)):
            yield self._line(person, sorted(rows))

    def _line(self, person: int, every: list[Record]) -> Attendee:
        rows = self._once(every) if len(every) > 1 else every
        seen = self._count_flaws(rows)
        main, aside, waited = _by_room(rows)
        present = union(sorted(main + aside) if aside else main)
        seconds = length(present)
        counted, share = self._within(present, seconds)
        name = self._name(rows) or self._name(every)
        certainty = self._people.certainty(person)
        return Attendee(
            self._people.key(person), name, self._email(rows) or self._email(every) or None,
            to_datetime(present[0][0]) if present else None,
            to_datetime(present[-1][1]) if present else None,
            seconds, counted, seconds - counted, length(union(waited)) if waited else 0, share,
            len(main) or min(len(present), 1),
            most_at_once(main) or min(len(present), 1),
            certainty, self._role(person, every), _PHONE.fullmatch(name) is not None,
            self._note(person, certainty, seen & FLAWS), tuple(present),
            None if share is None else share >= self._least_share, None,
            None if self._panelists is None else person in self._panelists,
            self._people.registrations(person),
        )  # fmt: skip

    def _once(self, rows: list[Record]) -> list[Record]:
        """The rows (in order), those of one stay only once: of a stay collected twice, the better record."""
        kept: list[Record] = []
        before: tuple[int, int, int] | None = None
        for row in rows:
            this = row[START], row[STAY], row[MARKS] & ROOM
            if this == before:
                kept[-1] = max(kept[-1], row, key=self._fullness)
            else:
                kept.append(row)
            before = this
        return kept

    def _fullness(self, row: Record) -> tuple[int, int, str, str]:
        """Of two records of one stay the later end, then the fewer flaws; then a choice that no order changes."""
        return row[END], -row[MARKS], self._names[row[NAME]], self._people.email(row[MAIL])

    def _count_flaws(self, rows: Sequence[Record]) -> int:
        """All marks of a person's stays together; their flaws are counted."""
        seen = _marks_of(rows)
        if seen & FLAWS:
            self._flaws.update(row[MARKS] & FLAWS for row in rows)
        return seen

    def _within(self, present: list[Interval], seconds: int) -> tuple[int, float | None]:
        """Seconds inside the window and their share of it; without a window all is inside, and there is no share."""
        if self._bounds is None:
            return seconds, None
        low, high = self._bounds
        counted = overlap(present, low, high)
        return counted, counted / (high - low)

    def _name(self, rows: Sequence[Record]) -> str:
        """The name used most, of equals the last; as Zoom gave it, which has `#` where a comma was."""
        return _most_used(NAME, rows, self._names.__getitem__)

    def _email(self, rows: Sequence[Record]) -> str:
        """The e-mail used most, of equals the last; empty where there is none."""
        return _most_used(MAIL, rows, self._people.email)

    def _role(self, person: int, rows: Sequence[Record]) -> Role:
        named = self._roles.get(person)
        return named or (Role.INTERNAL if _marks_of(rows) & INTERNAL else Role.AUDIENCE)

    def _note(self, person: int, certainty: Certainty, flaws: int) -> str:
        registrations = len(self._people.registrations(person))
        if not flaws and registrations < 2 and certainty not in _CERTAINTY_WORDS:  # noqa: PLR2004
            return ""
        told = [_CERTAINTY_WORDS.get(certainty, "")]
        if registrations > 1:
            told.append(f"{registrations} registrations that share an e-mail or account, taken as one person")
        told += [words for flaw, words in FLAW_WORDS.items() if flaws & flaw]
        return "; ".join(text for text in told if text)

    def notes(self) -> tuple[Note, ...]:
        """The flaws met, counted by stay; to be asked when all lines are made."""
        counts = {flaw: sum(many for met, many in self._flaws.items() if met & flaw) for flaw in FLAW_WORDS}
        return tuple(Note(flaw, many, FLAW_WORDS[flaw]) for flaw, many in counts.items() if many)


def _roles(people: People, roster: Roster) -> dict[int, Role]:
    """The people of the roster, each with the first of his roles."""
    domains = frozenset(name for name in roster.staff if "@" not in name)
    by_role = (
        (Role.INTERNAL, people.roots_of(roster.internal)),
        (Role.STAFF, people.roots_of(roster.staff - domains) | people.roots_in(domains)),
        (Role.PANELIST, people.roots_of(roster.panelists or frozenset())),
        (Role.HOST, people.roots_of(roster.hosts)),
    )
    return {person: role for role, found in by_role for person in found}


def _marks_of(rows: Sequence[Record]) -> int:
    seen = 0
    for row in rows:
        seen |= row[MARKS]
    return seen


def _by_room(rows: Sequence[Record]) -> tuple[list[Interval], list[Interval], list[Interval]]:
    """The stays in the main room, in breakout rooms and in the waiting room, each by start."""
    rooms: tuple[list[Interval], list[Interval], list[Interval]] = ([], [], [])
    for row in rows:
        marks = row[MARKS]
        rooms[2 if marks & WAITING else 1 if marks & BREAKOUT else 0].append((row[START], row[END]))
    return rooms


def _most_used(field: int, rows: Sequence[Record], text: Callable[[int], str]) -> str:
    if len({row[field] for row in rows}) == 1:
        return text(rows[0][field])
    used = Counter(row[field] for row in rows if text(row[field]))
    last = {row[field]: row[START] for row in rows}
    return max((used[value], last[value], text(value)) for value in used)[2]
