"""The merge: stays of any number of instances and devices to one line per person. Pure; standard library only.

Rows are held as columns of machine integers while they are gathered (`columns`), who is one person is found there, and
datetimes are made only for the finished lines.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from zoom_sync.domain.attendance.attendee import Attendance, Attendee, Certainty, LinkOf, Note, Role, Roster
from zoom_sync.domain.attendance.columns import (
    BREAKOUT,
    FLAWS,
    INTERNAL,
    NO_TIME,
    ROOM,
    WAITING,
    Columns,
    Persons,
    guest_key,
    persons_of,
)
from zoom_sync.domain.attendance.deciding import Given, RowsOfLine, decide, rows_of_lines
from zoom_sync.domain.attendance.decisions import Decision
from zoom_sync.domain.attendance.identity import EMAIL, NAME, ORDER, PARTICIPANT, REGISTRANT, People
from zoom_sync.domain.attendance.intervals import Interval, length, most_at_once, overlap, union
from zoom_sync.domain.attendance.stay import FLAW_WORDS, Flaw, Stay, Unreadable
from zoom_sync.domain.attendance.times import to_datetime, to_seconds
from zoom_sync.domain.names import are_two, words_of

# A row once it is gathered under its person; sorted as it is, rows of one stay lie side by side.
Record = tuple[int, ...]
PERSON, START, STAY, MARKS, END, NAMED, MAIL, NODE, ACCOUNT, PLACE = range(10)

# So many names of one person are compared one with another, however odd a report is.
MOST_NAMES = 16

# The share of a session that counts as having attended, unless told otherwise.
LEAST_SHARE = 0.5

# Dial-in callers have their number, often masked, as their name, or "Call-In User_1".
_PHONE = re.compile(r"\+?[\d*][\d\s().*\-]{5,}|call-in user[\s_]*\d*", re.IGNORECASE)

_CERTAINTY_WORDS = {
    Certainty.NAME: "known by name only: may be several people, or somebody who also has a line with an e-mail",
    Certainty.UNKNOWN: "Zoom gave neither name nor e-mail nor id: each stay is a line of its own",
}
_BY_NAME = "some rows have nothing but the name, and were given to the one person of that name"
_SHARED = "somebody else came by the same link or account at the same time, and has a line of their own"
_ONE_AFTER_ANOTHER = (
    "another name or e-mail address came by the same link or account at another time, taken as the same person"
)
_DECIDED = "staff decided who this is"


def merge(
    stays: Iterable[Stay | Unreadable],
    *,
    window: tuple[datetime, datetime] | None = None,
    hosts: frozenset[str] = frozenset(),
    roster: Roster | None = None,
    least_share: float = LEAST_SHARE,
    decisions: Sequence[Decision] = (),
) -> Attendance:
    """One line per person, in an order that does not depend on that of the rows. Nobody is dropped.

    `window` is the session's own (start, end), aware; `hosts` the e-mails or user ids of host and co-hosts, besides
    those of the `roster`. Who was there for `least_share` of the window has attended. A stay that comes twice, as when
    an instance was collected twice, counts once. `decisions` are staff's. Raises ValueError for a naive or reversed
    window.
    """
    bounds = _bounds(window)
    lines, unreadable = _gathered(stays, bounds, roster, hosts, least_share, decisions)
    attendees = sorted(lines.all(), key=_place_in_order)
    return Attendance(tuple(attendees), tuple(sorted(unreadable)), lines.notes(), window)


def rows_by_line(
    stays: Iterable[Stay | Unreadable],
    *,
    roster: Roster | None = None,
    decisions: Sequence[Decision] = (),
    exact: bool = False,
) -> dict[str, list[RowsOfLine]]:
    """What the rows of each line say, by the line's key; each row by itself where `exact`. As `merge` with the same."""
    lines, _ = _gathered(stays, None, roster, frozenset(), LEAST_SHARE, decisions)
    keys = {person: line.key for person, line in lines}
    return {keys[person]: rows for person, rows in rows_of_lines(lines.columns, lines.persons, exact=exact).items()}


def _gathered(
    stays: Iterable[Stay | Unreadable],
    bounds: Interval | None,
    roster: Roster | None,
    hosts: frozenset[str],
    least_share: float,
    decisions: Sequence[Decision],
) -> tuple[_Lines, set[Unreadable]]:
    roster = roster or Roster()
    roster = replace(roster, hosts=roster.hosts | hosts)
    columns = Columns(roster.notetakers)
    unreadable: set[Unreadable] = set()
    for stay in stays:
        if isinstance(stay, Stay):
            columns.add(stay)
        elif stay not in unreadable:
            unreadable.add(stay)
            columns.add(_timeless(stay))
    persons = persons_of(columns, roster)
    columns.complete()
    given = decide(columns, persons, decisions)
    return _Lines(columns, persons, given, bounds, roster, least_share), unreadable


def _timeless(row: Unreadable) -> Stay:
    """What a row without a time tells of who was there."""
    return Stay(
        row.instance_uuid, 0, 0, row.name, row.email, row.registrant_id, row.participant_id, row.user_id,
        flaws=Flaw.NO_TIME,
    )  # fmt: skip


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


class _Lines:
    """Goes through the people one by one and makes their lines, counting flaws on the way."""

    def __init__(
        self,
        columns: Columns,
        persons: Persons,
        given: Given,
        bounds: Interval | None,
        roster: Roster,
        least_share: float,
    ) -> None:
        self.columns, self.persons = columns, persons
        self._given = given
        self._people = columns.people
        self._names = list(columns.names)
        self._bounds = bounds
        self._flaws: Counter[int] = Counter()
        self._least_share = least_share
        self._roles = _roles(self._people, roster)
        self._panelists = None if roster.panelists is None else self._people.nodes_of(roster.panelists)
        self._hosts_of_guests = {owner for owner, _ in persons.guests.values()}
        self._bot_mails = self._people.nodes_in(columns.notetakers.domains)
        self._bots = columns.notetakers.among(columns.folded)
        self._odd = self._hosts_of_guests.union(
            persons.owner.values(), persons.guests, persons.by_name, persons.decided, given.names, given.roles
        )

    def all(self) -> list[Attendee]:
        """Every line; those of people who came by somebody else's link say whose."""
        lines, guests = list(self), self.persons.guests
        if not guests:
            return [line for _, line in lines]
        hosts = {person: line for person, line in lines if person in self._hosts_of_guests}
        return [self._with_link(line, hosts, guests.get(person)) for person, line in lines]

    def _with_link(self, line: Attendee, hosts: dict[int, Attendee], used: tuple[int, bool] | None) -> Attendee:
        if used is None or used[0] not in hosts:
            return line
        host = hosts[used[0]]
        return replace(line, link_of=LinkOf(host.name, host.email, host.key, used[1]))

    def __iter__(self) -> Iterator[tuple[int, Attendee]]:
        """Each person's number and line. The rows of a person are found as a chain, from the last to the first."""
        of = self.persons.of
        last, before = array("i", [-1]) * self.persons.free, array("i", of)
        for row, person in enumerate(of):
            before[row] = last[person]
            last[person] = row
        for person, row in enumerate(last):
            if row >= 0:
                rows = [row]
                while (row := before[row]) >= 0:
                    rows.append(row)
                yield person, self._plain(person, rows) or self._line(person, self._records(person, rows))

    def _records(self, person: int, rows: Iterable[int]) -> list[Record]:
        """The rows of one person, in order, with all that they say."""
        columns = self.columns
        found = []
        for row in rows:
            said = columns.said[row]
            found.append((
                person, columns.start[row], columns.stay[row], columns.marks[row], columns.end[row], columns.name[said],
                columns.mail[said], columns.node[said], columns.account[said], row,
            ))  # fmt: skip
        return sorted(found)

    def _plain(self, person: int, rows: Sequence[int]) -> Attendee | None:
        """The line of somebody whose rows all say the same and hold nothing odd, as most do; None of anybody else.

        It says what `_line` would, without asking of each row what only odd rows make doubtful.
        """
        columns, people, said_of, marks_of = self.columns, self._people, self.columns.said, self.columns.marks
        said = said_of[rows[0]]
        node, mail, account = columns.node[said], columns.mail[said], columns.account[said]
        rank = people.rank(node)
        if account not in (-1, node) and people.rank(account) != PARTICIPANT:
            return None
        if self._odd and (person in self._odd or not self.persons.owner.keys().isdisjoint((node, mail, account))):
            return None
        main: list[Interval] = []
        aside: list[Interval] = []
        waited: list[Interval] = []
        seen = 0
        for row in rows:
            marks = marks_of[row]
            if marks & FLAWS or said_of[row] != said:
                return None
            seen |= marks
            (waited if marks & WAITING else aside if marks & BREAKOUT else main).append(
                (columns.start[row], columns.end[row])
            )
        if len(rows) > 1 and len({columns.start[row] for row in rows}) < len(rows):
            return None
        main.sort()
        present = _present(main, aside)
        seconds = length(present)
        counted, share = self._within(present, seconds)
        certainty, name = ORDER[rank], self._names[columns.name[said]]
        email = people.email(mail)
        return Attendee(
            people.key(node), name, email or None,
            to_datetime(present[0][0]) if present else None,
            to_datetime(present[-1][1]) if present else None,
            seconds, counted, seconds - counted, length(union(sorted(waited))) if waited else 0, share,
            len(main) or min(len(present), 1),
            # Where nothing was joined, nothing ran at the same time.
            most_at_once(main) or 1 if aside or len(main) > len(present) else min(len(present), 1),
            certainty, self._role_of(node, mail, account, columns.name[said], seen), _is_phone(name),
            _CERTAINTY_WORDS.get(certainty, "") if rank >= NAME else "",
            tuple(present),
            self._attended(share), None,
            None if self._panelists is None else not self._panelists.isdisjoint((node, mail, account)),
            (people.text(node),) if rank == REGISTRANT else (),
            (email,) if email else (),
            (people.text(account),) if account >= 0 and people.rank(account) == PARTICIPANT else (),
        )  # fmt: skip

    def _role_of(self, node: int, mail: int, account: int, name: int, marks: int) -> Role:
        """As `_role`, of somebody whose rows all say the same."""
        if name in self._bots or (mail >= 0 and mail in self._bot_mails):
            return Role.BOT
        if self._roles:
            named = [self._roles[each] for each in (node, mail, account) if each in self._roles]
            if named:
                return min(named, key=_ROLES.index)
        return Role.INTERNAL if marks & INTERNAL else Role.AUDIENCE

    def _line(self, person: int, every: list[Record]) -> Attendee:
        rows = self._once(every) if len(every) > 1 else every
        seen = self._count_flaws(rows)
        main, aside, waited = _by_room(rows)
        present = _present(main, aside)
        seconds = length(present)
        counted, share = self._within(present, seconds)
        nodes = self._nodes(person, every)
        best = min(nodes, key=self._people.order, default=-1)
        name = self._given.names.get(person) or self._name(rows) or self._name(every)
        certainty = Certainty.NAME if best < 0 else self._people.certainty(best)
        registrations, emails, accounts = self._known_by(nodes)
        return Attendee(
            guest_key(self.columns, [row[PLACE] for row in every]) if best < 0 else self._people.key(best),
            name, self._email(rows) or self._email(every) or None,
            to_datetime(present[0][0]) if present else None,
            to_datetime(present[-1][1]) if present else None,
            seconds, counted, seconds - counted, length(union(waited)) if waited else 0, share,
            len(main) or min(len(present), 1),
            most_at_once(main) or min(len(present), 1),
            certainty, self._role(person, nodes, every), _is_phone(name),
            self._note(person, certainty, seen & FLAWS, len(registrations), self._may_be_two(every, emails)),
            tuple(present),
            self._attended(share), None,
            None if self._panelists is None else not self._panelists.isdisjoint(nodes),
            registrations, emails, accounts, None, person in self.persons.decided,
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
        return row[END], -row[MARKS], self._names[row[NAMED]], self._people.email(row[MAIL])

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

    def _attended(self, share: float | None) -> bool | None:
        return None if share is None else share >= self._least_share

    def _nodes(self, person: int, rows: Sequence[Record]) -> set[int]:
        """What the rows say, without what is known to be somebody else's."""
        nodes = {row[NODE] for row in rows}
        for row in rows:
            nodes.add(row[MAIL])
            nodes.add(row[ACCOUNT])
        nodes.discard(-1)
        owner = self.persons.owner
        if owner:
            nodes = {node for node in nodes if owner.get(node, person) == person}
        return nodes

    def _known_by(self, nodes: set[int]) -> list[tuple[str, ...]]:
        """The registrant ids, e-mails and participant ids among nodes."""
        people = self._people
        by_rank: tuple[list[str], ...] = ([], [], [])
        for node in nodes:
            rank = people.rank(node)
            if rank < NAME:
                by_rank[rank].append(people.email(node) if rank == EMAIL else people.text(node))
        return [tuple(sorted(each)) if len(each) > 1 else tuple(each) for each in by_rank]

    def _name(self, rows: Sequence[Record]) -> str:
        """The name most time was spent under, of equals the last; as Zoom gave it, which has `#` where a comma was.

        Ways of writing a name are one name; of equals, one that tells of a person comes before a device's.
        """
        if len(rows) == 1 or len({row[NAMED] for row in rows}) == 1:
            return self._names[rows[0][NAMED]]
        folded = self.columns.folded
        by_form: dict[str, list[Record]] = {}
        for row in rows:
            by_form.setdefault(folded[row[NAMED]], []).append(row)
        by_form.pop("", None)
        form = max(by_form, key=lambda each: (*_use(by_form[each], bool(words_of(each))), each), default="")
        return _most_used(NAMED, by_form.get(form, ()), self._names.__getitem__)

    def _email(self, rows: Sequence[Record]) -> str:
        """The e-mail most time was spent under, of equals the last; empty where there is none."""
        return _most_used(MAIL, rows, self._people.email)

    def _role(self, person: int, nodes: set[int], rows: Sequence[Record]) -> Role:
        given = self._given.roles.get(person)
        if given is not None:
            return given
        if self._is_bot(nodes, rows):
            return Role.BOT
        named = [self._roles[node] for node in nodes if node in self._roles] if self._roles else []
        if named:
            return min(named, key=_ROLES.index)
        return Role.INTERNAL if _marks_of(rows) & INTERNAL else Role.AUDIENCE

    def _is_bot(self, nodes: set[int], rows: Sequence[Record]) -> bool:
        if self._bots and any(row[NAMED] in self._bots for row in rows):
            return True
        return not self._bot_mails.isdisjoint(nodes)

    def _may_be_two(self, rows: Sequence[Record], emails: Sequence[str]) -> bool:
        """Whether rows of one person, never at one time, bear two e-mails or two names with nothing in common."""
        if len(emails) > 1:
            return True
        if len(rows) == 1 or len({row[NAMED] for row in rows}) == 1:
            return False
        names = sorted({self.columns.folded[row[NAMED]] for row in rows})[:MOST_NAMES]
        return any(are_two(text, other, same_email=bool(emails)) for text, other in combinations(names, 2))

    def _note(self, person: int, certainty: Certainty, flaws: int, registrations: int, may_be_two: bool) -> str:
        persons = self.persons
        marked = may_be_two or person in persons.by_name or person in self._hosts_of_guests or person in persons.decided
        if not flaws and registrations < 2 and not marked and certainty not in _CERTAINTY_WORDS:  # noqa: PLR2004
            return ""
        words = [_CERTAINTY_WORDS.get(certainty, "") if person not in persons.guests else ""]
        if person in self._hosts_of_guests:
            words.append(_SHARED)
        if registrations > 1:
            words.append(f"{registrations} registrations that share an e-mail or account, taken as one person")
        elif may_be_two and person not in persons.decided:
            words.append(_ONE_AFTER_ANOTHER)
        if person in persons.by_name:
            words.append(_BY_NAME)
        if person in persons.decided:
            words.append(_DECIDED)
        words += [text for flaw, text in FLAW_WORDS.items() if flaws & flaw]
        return "; ".join(text for text in words if text)

    def notes(self) -> tuple[Note, ...]:
        """The flaws met, counted by stay; to be asked when all lines are made."""
        counts = {flaw: sum(many for met, many in self._flaws.items() if met & flaw) for flaw in FLAW_WORDS}
        return tuple(Note(flaw, many, FLAW_WORDS[flaw]) for flaw, many in counts.items() if many)


_ROLES = tuple(Role)


def _roles(people: People, roster: Roster) -> dict[int, Role]:
    """What is known of somebody's role, each node with the first of the roles."""
    domains = frozenset(name for name in roster.staff if "@" not in name)
    by_role = (
        (Role.INTERNAL, people.nodes_of(roster.internal)),
        (Role.STAFF, people.nodes_of(roster.staff - domains) | people.nodes_in(domains)),
        (Role.PANELIST, people.nodes_of(roster.panelists or frozenset())),
        (Role.HOST, people.nodes_of(roster.hosts)),
    )
    return {node: role for role, numbers in by_role for node in numbers}


def _is_phone(name: str) -> bool:
    first = name[:1]
    return not (first.isalpha() and first not in "cC") and _PHONE.fullmatch(name) is not None


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
        if not marks & NO_TIME:
            rooms[2 if marks & WAITING else 1 if marks & BREAKOUT else 0].append((row[START], row[END]))
    return rooms


def _present(main: list[Interval], aside: list[Interval]) -> list[Interval]:
    """The times in the main room and in breakout rooms together; `main` is in order."""
    return union(sorted(main + aside) if aside else main)


def _most_used(field: int, rows: Sequence[Record], text: Callable[[int], str]) -> str:
    """The text under which most time was spent in the meeting, then most rows, then the last one begun."""
    if not rows:
        return ""
    if len(rows) == 1 or len({row[field] for row in rows}) == 1:
        return text(rows[0][field])
    used: dict[int, list[Record]] = {}
    for row in rows:
        if text(row[field]):
            used.setdefault(row[field], []).append(row)
    ordered = max(used, key=lambda value: (*_use(used[value]), text(value)), default=None)
    return "" if ordered is None else text(ordered)


def _use(rows: Sequence[Record], first: bool = False) -> tuple[int, bool, int, int]:
    """How much rows were used: the time in the meeting, once for several devices; `first`; how many; the last start."""
    spans = sorted((row[START], row[END]) for row in rows if not row[MARKS] & WAITING)
    return length(union(spans)), first, len(rows), max(row[START] for row in rows)
