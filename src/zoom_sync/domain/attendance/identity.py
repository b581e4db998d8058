"""Which stays belong to one person: a union-find over what a row says of who it was. Standard library only."""

from __future__ import annotations

from zoom_sync.domain.attendance.attendee import Certainty
from zoom_sync.domain.attendance.stay import Stay

ORDER = tuple(Certainty)
REGISTRANT, EMAIL, PARTICIPANT, NAME, UNKNOWN = range(len(ORDER))


class People:
    """Nodes are what people are known by; two that stand in one row belong to one person, and so on from row to row.

    The rules: registrant id, e-mail and participant id link. With registration the participant id is the registrant's
    (https://devforum.zoom.us/t/daily-usage-report/27152), so the two share one space. A name groups only rows that
    have nothing else, and links to nobody who has more. `user_id` is new on every rejoin and links nothing.
    """

    def __init__(self) -> None:
        self._nodes: dict[str, int] = {}
        self._parent: list[int] = []
        self._rank = bytearray()
        self._shown: dict[int, str] = {}

    def place(self, stay: Stay) -> tuple[int, int]:
        """The node a stay belongs to, and the node of its e-mail (-1 where it has none)."""
        node = mail = -1
        if stay.registrant_id:
            node = self._node("i" + stay.registrant_id, REGISTRANT)
        if "@" in stay.email:
            mail = self._mail(stay.email)
            node = mail if node < 0 else self._link(node, mail)
        if stay.participant_id:
            participant = self._node("i" + stay.participant_id, PARTICIPANT)
            node = participant if node < 0 else self._link(node, participant)
        return (node if node >= 0 else self._nameless_or_named(stay)), mail

    def _nameless_or_named(self, stay: Stay) -> int:
        name = " ".join(stay.name.split()).casefold()
        if name:
            return self._node("n" + name, NAME)
        own = stay.user_id or f"{stay.start}-{stay.end}"
        return self._node(f"s{stay.instance_uuid} {own}", UNKNOWN)

    def _mail(self, email: str) -> int:
        """E-mails differ in case only by accident (Zoom returns either); the one shown is in lower case."""
        folded, lower = email.casefold(), email.lower()
        node = self._node("e" + folded, EMAIL)
        if folded != lower:
            self._shown[node] = min(lower, self._shown.get(node, lower))
        return node

    def _node(self, key: str, rank: int) -> int:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = len(self._parent)
            self._parent.append(node)
            self._rank.append(rank)
        elif rank < self._rank[node]:
            self._rank[node] = rank
        return node

    def root(self, node: int) -> int:
        """The node that stands for the whole person."""
        parent = self._parent
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    def _link(self, one: int, other: int) -> int:
        one, other = self.root(one), self.root(other)
        if one < other:
            self._parent[other] = one
            return one
        self._parent[one] = other
        return other

    def email(self, node: int) -> str:
        """The e-mail of its node, for showing; empty for -1."""
        return "" if node < 0 else self._shown.get(node) or self._keys[node][1:]

    def settle(self) -> None:
        """Work out what each person is known by, once every stay is placed."""
        self._keys = list(self._nodes)
        self._best: dict[int, int] = {}
        self._registrations: dict[int, list[str]] = {}
        for node in range(len(self._keys)):
            root = self.root(node)
            best = self._best.get(root)
            if best is None or self._order(node) < self._order(best):
                self._best[root] = node
            if self._rank[node] == REGISTRANT:
                self._registrations.setdefault(root, []).append(self._keys[node][1:])

    def _order(self, node: int) -> tuple[int, str]:
        return self._rank[node], self._keys[node]

    def key(self, root: int) -> str:
        """The person's key: how it is known and the text it is known by, the same in whatever order rows came."""
        best = self._best[root]
        return f"{ORDER[self._rank[best]]}:{self._keys[best][1:]}"

    def certainty(self, root: int) -> Certainty:
        """How sure the person is one person."""
        return ORDER[self._rank[self._best[root]]]

    def registrations(self, root: int) -> tuple[str, ...]:
        """The registrant ids that the person has, in order."""
        return tuple(sorted(self._registrations.get(root, ())))

    def roots_of(self, names: frozenset[str]) -> frozenset[int]:
        """The people that e-mails or ids name."""
        wanted = [key for name in names for key in ("i" + name.strip(), "e" + name.strip().casefold())]
        return frozenset(self.root(self._nodes[key]) for key in wanted if key in self._nodes)

    def roots_in(self, domains: frozenset[str]) -> frozenset[int]:
        """The people with an e-mail in one of the domains, or below one."""
        if not domains:
            return frozenset()
        endings = tuple(f"{sign}{domain.strip().casefold()}" for domain in domains for sign in "@.")
        mails = (key for key in self._keys if key[0] == "e")
        return frozenset(self.root(self._nodes[key]) for key in mails if key[key.rindex("@") :].endswith(endings))
