"""Contradiction: rows that share a registrant's link or an account, and cannot all be one person's.

Two e-mails, or two names that have nothing in common, present at the same time are two people. This is checked against
everything that is taken to be one person already, not pair by pair, and the strongest evidence is linked first, so that
nobody is chained to a stranger. Pure; standard library only. Nothing here depends on the order of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from zoom_sync.domain.names import are_two, words_of

# More people at one time on one link, or more different entries of one person, are not compared one with another: they
# are taken to contradict. Keeps the work in step with the rows, however odd a report is.
MOST_AT_ONCE, MOST_COMPARED, MOST_TRIED = 64, 4096, 16

Mark = tuple[str, str, str, str]  # registrant id or what is best known, e-mail, participant id, folded name


@dataclass(slots=True)
class Entry:
    """All rows that say the same of who they are of.

    `ids` are the registrant's before the account's, `stays` are (start, end, stay, row) in order.
    """

    ids: tuple[int, ...]
    mail: int
    name: str
    bot: bool
    mark: Mark = field(repr=False)
    stays: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def seconds(self) -> int:
        return sum(end - start for start, end, *_ in self.stays)


@dataclass(slots=True)
class Party:
    """One person of several on a link or account. `owns` are the shared nodes that are this person's own.

    `guest_of` is the place of the person whose link or account it was, `by_link` whether it was a registrant's link.
    """

    rows: list[int]
    owns: set[int]
    guest_of: int | None = None
    by_link: bool = False


Owner = Callable[[int, Entry], bool]


def parties(entries: Sequence[Entry], owner: Owner, is_link: Callable[[int], bool]) -> list[Party]:
    """The people that the entries are of; one where nothing contradicts.

    `owner` tells whether a node (an id) is known to be an entry's own, as by its registration; where nobody is, it is
    that of who used it longest. `is_link` tells a registrant's id from an account's.
    """
    ordered = sorted(entries, key=lambda each: _place(each, owner))
    if not _any_contradiction(ordered):
        return [Party([row for each in ordered for *_, row in each.stays], set())]
    clusters = _Clusters(ordered)
    for keys in (_devices, _mails, _ids_and_names, _ids_and_words, _ids):
        clusters.link(keys)
    return _parties(clusters.groups(), owner, is_link)


def _place(entry: Entry, owner: Owner) -> tuple[bool, bool, bool, int, Mark]:
    """What tells most of somebody comes first: the owner, an e-mail, a name of a person; then the longest present."""
    owned = any(owner(node, entry) for node in entry.ids)
    return not owned, entry.mail < 0, not words_of(entry.name), -entry.seconds, entry.mark


def contradict(entry: Entry, other: Entry) -> bool:
    """Whether two entries are not of one person, if they are present at the same time."""
    if entry.bot or other.bot:
        return entry.bot != other.bot
    if entry.mail >= 0 and other.mail >= 0 and entry.mail != other.mail:
        return True
    return are_two(entry.name, other.name, same_email=entry.mail >= 0 and entry.mail == other.mail)


def _at_once(entry: Entry, other: Entry) -> bool:
    """Whether two entries are present at the same time; two records of one device's stay are not."""
    first, second = 0, 0
    while first < len(entry.stays) and second < len(other.stays):
        begun, ended, stay, _ = entry.stays[first]
        start, end, its, _ = other.stays[second]
        if begun < end and start < ended and not (stay == its and _one_device(entry, other)):
            return True
        if ended <= end:
            first += 1
        else:
            second += 1
    return False


def _one_device(entry: Entry, other: Entry) -> bool:
    """Whether two records with one `user_id` can be of one device: not with two e-mails, whatever the id says."""
    return entry.mail < 0 or other.mail < 0 or entry.mail == other.mail


def _any_contradiction(entries: Sequence[Entry]) -> bool:
    if any(each.bot for each in entries) and not all(each.bot for each in entries):
        return True
    stays = sorted((*stay, place) for place, each in enumerate(entries) for stay in each.stays)
    known: dict[tuple[int, int], bool] = {}
    present: list[tuple[int, int, int, int]] = []
    for start, end, stay, _, place in stays:
        present = [each for each in present if each[1] > start]
        if len(present) > MOST_AT_ONCE:
            return True
        for begun, _, its, there in present:
            if there == place or begun >= end or (its == stay and _one_device(entries[there], entries[place])):
                continue
            pair = (min(there, place), max(there, place))
            if pair not in known:
                known[pair] = contradict(entries[there], entries[place])
            if known[pair]:
                return True
        present.append((start, end, stay, place))
    return False


class _Clusters:
    """The entries in clusters, joined where nothing in one contradicts anything in the other."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._of = list(range(len(entries)))
        self._members: dict[int, list[int]] = {place: [place] for place in self._of}

    def link(self, keys: Callable[[Entry], Iterable[object]]) -> None:
        """Join the entries that have a key in common, those that come first in order before others."""
        buckets: dict[object, list[int]] = {}
        for place, each in enumerate(self._entries):
            for key in keys(each):
                buckets.setdefault(key, []).append(place)
        for places in buckets.values():
            heads: list[int] = []
            for place in places:
                self._join_first(place, heads)

    def _join_first(self, place: int, heads: list[int]) -> None:
        """Join an entry's cluster with the first of the clusters of `heads` that it does not contradict."""
        mine = self._of[place]
        for head in dict.fromkeys(self._of[each] for each in heads):
            if head == mine or not self._contradict(head, mine):
                self._join(head, mine)
                return
        if len(heads) < MOST_TRIED:
            heads.append(place)

    def _contradict(self, number: int, other: int) -> bool:
        mine, others = self._members[number], self._members[other]
        if len(mine) * len(others) > MOST_COMPARED:
            return True
        pairs = ((self._entries[a], self._entries[b]) for a, b in product(mine, others))
        return any(contradict(a, b) and (a.bot or b.bot or _at_once(a, b)) for a, b in pairs)

    def _join(self, head: int, other: int) -> None:
        if head != other:
            for place in self._members[other]:
                self._of[place] = head
            self._members[head] += self._members.pop(other)

    def groups(self) -> list[list[Entry]]:
        """The clusters, in the order of their first entries."""
        return [[self._entries[place] for place in sorted(places)] for _, places in sorted(self._members.items())]


def _devices(entry: Entry) -> Iterable[object]:
    return [("stay", stay) for _, _, stay, _ in entry.stays]


def _mails(entry: Entry) -> Iterable[object]:
    return [("mail", entry.mail)] if entry.mail >= 0 else []


def _ids_and_names(entry: Entry) -> Iterable[object]:
    return [(node, entry.name) for node in entry.ids] if entry.name else []


def _ids_and_words(entry: Entry) -> Iterable[object]:
    return [(node, word) for node in entry.ids for word in sorted(words_of(entry.name))]


def _ids(entry: Entry) -> Iterable[object]:
    return entry.ids


def _parties(groups: Sequence[Sequence[Entry]], owner: Owner, is_link: Callable[[int], bool]) -> list[Party]:
    parties = [Party([row for each in group for *_, row in each.stays], set()) for group in groups]
    owners = _owners(groups, owner)
    for place, group in enumerate(groups):
        shared = {node for each in group for node in (*each.ids, each.mail) if node in owners}
        parties[place].owns = {node for node in shared if owners[node] == place}
        others = sorted(shared - parties[place].owns, key=lambda node: (not is_link(node), owners[node]))
        if others:
            parties[place].guest_of, parties[place].by_link = owners[others[0]], is_link(others[0])
    return parties


def _owners(groups: Sequence[Sequence[Entry]], owner: Owner) -> Mapping[int, int]:
    """Whose each node is that several groups bear: by registration, or of who was present with it longest."""
    claims: dict[int, dict[int, tuple[bool, int]]] = {}
    for place, group in enumerate(groups):
        for each in group:
            for node in {*each.ids, each.mail} - {-1}:
                sure, seconds = claims.setdefault(node, {}).get(place, (False, 0))
                claims[node][place] = sure or owner(node, each), seconds + each.seconds
    shared = {node: claim for node, claim in claims.items() if len(claim) > 1}
    # Groups come in the order of what is known of them, so of equals the first has the better claim.
    return {node: max(values, key=lambda place: (*values[place], -place)) for node, values in shared.items()}
