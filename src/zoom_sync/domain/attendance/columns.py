"""The rows of a session as columns of machine integers, and which of them are one person's. Standard library only.

So a million rows fit in a few hundred megabytes. Work and memory grow in step with the number of rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from zoom_sync.domain.attendance.attendee import Roster
from zoom_sync.domain.attendance.decisions import RowMark
from zoom_sync.domain.attendance.identity import NAME, REGISTRANT, UNKNOWN, People, digest, stay_mark
from zoom_sync.domain.attendance.splitting import Entry, parties
from zoom_sync.domain.attendance.stay import SOUND, Flaw, Stay
from zoom_sync.domain.names import Notetakers, folded_name

# The marks of a row: its flaws in the low bits, its room in the highest of the first ten, so that rows sort by room.
FLAWS, INTERNAL, BREAKOUT, WAITING, DEVICE = 127, 128, 256, 512, 1024
ROOM = WAITING | BREAKOUT
NO_TIME = int(Flaw.NO_TIME)


class Columns:
    """The rows: for each what it says of who it is of (`said`), its times, and its marks.

    Most rows of a person say the same, so that is kept once: by its number, `node`, `mail`, `account` and `name` tell
    it as numbers. `stay` tells rows of one stay: within an instance a `user_id` is given out once.
    """

    def __init__(self, notetakers: Iterable[str] = ()) -> None:
        self.people = People()
        self.notetakers = Notetakers(notetakers)
        self.names: dict[str, int] = {}
        self.folded: list[str] = []  # by number of a name
        self.node, self.mail, self.account, self.name = array("i"), array("i"), array("i"), array("i")
        self.said, self.start, self.end, self.stay = array("i"), array("q"), array("q"), array("q")
        self.marks = array("H")
        self._known: dict[tuple[str, str, str, str], int] = {}
        self._first_of: dict[int, int] = {}  # by node: the first number of what a row of it says

    def add(self, row: Stay) -> None:
        """A row with its times; where it has none (`Flaw.NO_TIME`), it counts for nothing and its line says so."""
        (
            instance, start, end, name, email, registrant, account, device, waiting, breakout, _, internal, flaws,
        ) = row  # fmt: skip
        says = registrant, email, account, name
        said = self._known.get(says)
        if said is None:
            said = self._say(row)
        self.said.append(said)
        self.start.append(start)
        self.end.append(end)
        self.stay.append(hash((instance, device or end)))
        marks = DEVICE if device else 0
        if waiting:
            marks |= WAITING
        if breakout:
            marks |= BREAKOUT
        if internal:
            marks |= INTERNAL
        self.marks.append(marks if flaws is SOUND else marks | flaws.value)

    def _say(self, row: Stay) -> int:
        """The number of what a row says of who it is of, which was not met in these very words."""
        number = self.names.get(row.name)
        if number is None:
            number = self.names[row.name] = len(self.folded)
            self.folded.append(folded_name(row.name))
        node, mail, account = self.people.place(row.registrant_id, row.email, row.participant_id)
        says: tuple[str, str, str, str] | None = row.registrant_id, row.email, row.participant_id, row.name
        if node < 0:
            folded = self.folded[number]
            if folded:
                node = self.people.named(folded)
            else:
                # What tells nothing is told apart by the row.
                node, says = self.people.unnamed(stay_mark(row)), None
        said = self._numbered(node, mail, account, number)
        if says is not None:
            self._known[says] = said
        return said

    def _numbered(self, node: int, mail: int, account: int, name: int) -> int:
        """The number of these four; that of before where only the writing of an e-mail differs."""
        first = self._first_of.get(node)
        if (
            first is not None
            and self.name[first] == name
            and self.mail[first] == mail
            and self.account[first] == account
        ):
            return first
        self.node.append(node)
        self.mail.append(mail)
        self.account.append(account)
        self.name.append(name)
        number = len(self.node) - 1
        if first is None:
            self._first_of[node] = number
        return number

    def complete(self) -> None:
        """All rows are there: what was only needed to take them is let go."""
        self._known, self._first_of = {}, {}

    def text_mark(self, row: int) -> RowMark:
        """What a row says of who it is of, as text: the same when the row is collected again."""
        said, people = self.said[row], self.people
        node, mail, account = self.node[said], self.mail[said], self.account[said]
        rank, named = people.rank(node), node not in (mail, account)
        return RowMark(
            people.text(account),
            people.text(node) if named and rank < NAME else "",
            people.text(mail),
            self.folded[self.name[said]],
            people.text(node) if rank == UNKNOWN else "",
        )


@dataclass(slots=True)
class Persons:
    """Which rows are one person's: `of` has a number for each row; and what was found where several shared a link.

    `owner` tells whose a node is that several persons bear, `guests` whose link or account (by a link: True) a person
    used, `by_name` who has rows that only their name gave to the person. `decided` are persons that staff decided on.
    """

    of: array[int]
    owner: dict[int, int] = field(default_factory=dict)
    guests: dict[int, tuple[int, bool]] = field(default_factory=dict)
    by_name: set[int] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)
    free: int = 0

    def fresh(self) -> int:
        """A number that no person has yet."""
        self.free += 1
        return self.free - 1


def persons_of(columns: Columns, roster: Roster) -> Persons:
    """The people: by what links rows, unless it contradicts, and by a name where there is exactly one of that name."""
    people = columns.people
    roots = array("i", map(people.root, columns.node))
    persons = Persons(array("i", map(roots.__getitem__, columns.said)), free=len(people))
    _split(columns, persons, roster)
    _join_names(columns, persons)
    return persons


def _split(columns: Columns, persons: Persons, roster: Roster) -> None:
    """Part those who share a link or an account and cannot be one."""
    doubtful = _doubtful(columns)
    if not doubtful:
        return
    rows: dict[int, list[int]] = {}
    for row, person in enumerate(persons.of):
        if person in doubtful:
            rows.setdefault(person, []).append(row)
    people, registered = columns.people, _registered(columns.people, roster.registered)
    hosts = people.nodes_of(roster.hosts)
    for its in rows.values():
        found = parties(
            _entries(columns, its),
            lambda node, entry: registered.get(node, -2) == entry.mail or (node in hosts and entry.mail in hosts),
            lambda node: people.rank(node) == REGISTRANT,
        )
        if len(found) > 1:
            numbers = [persons.fresh() for _ in found]
            for number, party in zip(numbers, found, strict=True):
                for row in party.rows:
                    persons.of[row] = number
                persons.owner.update(dict.fromkeys(party.owns, number))
                if party.guest_of is not None:
                    persons.guests[number] = numbers[party.guest_of], party.by_link


def _registered(people: People, registered: Mapping[str, str]) -> dict[int, int]:
    """The node of each registrant id with the node of the e-mail it was registered with."""
    values = {}
    for registrant, email in registered.items():
        ids, mails = people.nodes_of([registrant]), people.nodes_of([email])
        if ids and mails:
            values[min(ids)] = min(mails)
    return values


def _doubtful(columns: Columns) -> set[int]:
    """The persons whose rows bear two e-mails or two names."""
    numbers: dict[str, int] = {"": -1}
    told = [numbers.setdefault(each, len(numbers)) for each in columns.folded]
    size, root = len(columns.people), columns.people.root
    name_of, mail_of = array("i", [-1]) * size, array("i", [-1]) * size
    doubtful: set[int] = set()
    for node, name, mail in zip(columns.node, columns.name, columns.mail, strict=True):
        person = root(node)
        if mail >= 0 and mail_of[person] != mail:
            if mail_of[person] < 0:
                mail_of[person] = mail
            else:
                doubtful.add(person)
        number = told[name]
        if number >= 0 and name_of[person] != number:
            if name_of[person] < 0:
                name_of[person] = number
            else:
                doubtful.add(person)
    return doubtful


def _entries(columns: Columns, rows: Sequence[int]) -> list[Entry]:
    """The rows of one person as entries, each of the rows that say the same."""
    people, entries = columns.people, dict[tuple[int, int, int, str], Entry]()
    for row in rows:
        said = columns.said[row]
        node, mail, account = columns.node[said], columns.mail[said], columns.account[said]
        name = columns.folded[columns.name[said]]
        entry = entries.get((node, mail, account, name))
        if entry is None:
            ids = tuple(dict.fromkeys(each for each in (node, account) if each not in (mail, -1)))
            text = (people.text(node), people.text(mail), people.text(account), name)
            bot = columns.notetakers.named(name) or (mail >= 0 and columns.notetakers.addressed(text[1]))
            entry = entries[node, mail, account, name] = Entry(ids, mail, name, bot, text)
        # Without a `user_id` nothing tells that two records are of one device.
        stay = columns.stay[row] if columns.marks[row] & DEVICE else ~row
        entry.stays.append((columns.start[row], columns.end[row], stay, row))
    for entry in entries.values():
        entry.stays.sort()
    return list(entries.values())


def _join_names(columns: Columns, persons: Persons) -> None:
    """Give rows that have nothing but a name to the one person of that very name, if none of their stays overlap.

    Zoom leaves out ids and e-mails of people outside the account, and does so for single rows of somebody, too.
    """
    rank, folded = columns.people.rank, columns.folded
    by_name = bytearray(rank(node) == NAME for node in columns.node)
    nameless: dict[str, list[int]] = {}
    for row, said in enumerate(columns.said if any(by_name) else ()):
        if by_name[said]:
            nameless.setdefault(folded[columns.name[said]], []).append(row)
    single = _only_bearers(columns, persons, nameless) if nameless else {}
    stays = _stays_of(columns, persons, set(single.values()))
    for name, person in sorted(single.items()):
        own = [(columns.start[row], columns.end[row]) for row in nameless[name] if not columns.marks[row] & NO_TIME]
        if not _overlap(stays.get(person, []), own):
            for row in nameless[name]:
                persons.of[row] = person
            persons.by_name.add(person)
            stays.setdefault(person, []).extend(own)


def _only_bearers(columns: Columns, persons: Persons, names: Mapping[str, object]) -> dict[str, int]:
    """Each of the names that exactly one person bears in rows that tell more than it, with that person."""
    sought = [each in names for each in columns.folded]
    bearers: dict[str, set[int]] = {}
    bears = bytearray(
        sought[name] and columns.people.rank(node) < NAME for name, node in zip(columns.name, columns.node, strict=True)
    )
    for person, said in zip(persons.of, columns.said, strict=True):
        if bears[said]:
            name = columns.name[said]
            bearers.setdefault(columns.folded[name], set()).add(person)
    return {name: next(iter(bearer)) for name, bearer in bearers.items() if len(bearer) == 1}


def _stays_of(columns: Columns, persons: Persons, several: set[int]) -> dict[int, list[tuple[int, int]]]:
    stays: dict[int, list[tuple[int, int]]] = {}
    if several:
        for row, person in enumerate(persons.of):
            if person in several and not columns.marks[row] & NO_TIME:
                stays.setdefault(person, []).append((columns.start[row], columns.end[row]))
    return stays


def _overlap(some: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> bool:
    """Whether any of some stays runs at the same time as any of the others."""
    until = {False: -1, True: -1}
    for start, end, mine in sorted([(*each, False) for each in some] + [(*each, True) for each in others]):
        if start < until[not mine]:
            return True
        until[mine] = max(until[mine], end)
    return False


def guest_key(columns: Columns, rows: Sequence[int]) -> str:
    """The key of somebody who bears nothing that is not somebody else's: the name, and letters that tell it apart."""
    marks = sorted({columns.text_mark(row) for row in rows})
    named = next((mark.name for mark in marks if mark.name), "")
    return f"name:{named}~{digest(*('|'.join(mark) for mark in marks))}"
