"""What a row says of who it was, as nodes, and which of them are linked: a union-find. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from zoom_sync.domain.attendance.attendee import Certainty
from zoom_sync.domain.attendance.stay import Stay

ORDER = tuple(Certainty)
REGISTRANT, EMAIL, PARTICIPANT, NAME, UNKNOWN = range(len(ORDER))


class People:
    """Nodes are what people are known by; two that stand in one row may belong to one person, from row to row.

    The rules: registrant id, e-mail and participant id link. With registration the participant id is the registrant's
    (https://devforum.zoom.us/t/daily-usage-report/27152), so the two share one space. `user_id` is new on every rejoin
    and links nothing; nor does a name. What is linked here is checked for contradiction afterwards, see `splitting`.
    """

    def __init__(self) -> None:
        self._nodes: dict[str, int] = {}
        self._keys: list[str] = []
        self._parent: list[int] = []
        self._rank = bytearray()
        self._shown: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def place(self, row: Stay, name: str) -> tuple[int, int, int]:
        """The node of what a row is known by best, and those of its e-mail and participant id (-1 where it has none).

        `name` is the row's, folded.
        """
        node = mail = participant = -1
        if row.registrant_id:
            node = self._node("i" + row.registrant_id, REGISTRANT)
        if "@" in row.email:
            mail = self._mail(row.email)
            if node < 0:
                node = mail
            else:
                self.link(node, mail)
        if row.participant_id:
            participant = self._node("i" + row.participant_id, PARTICIPANT)
            if node < 0:
                node = participant
            else:
                self.link(node, participant)
        if node < 0:
            node = self._node("n" + name, NAME) if name else self._node(f"s{stay_mark(row)}", UNKNOWN)
        return node, mail, participant

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
            node = self._nodes[key] = len(self._keys)
            self._keys.append(key)
            self._parent.append(node)
            self._rank.append(rank)
        elif rank < self._rank[node]:
            self._rank[node] = rank
        return node

    def root(self, node: int) -> int:
        """The node that stands for all that are linked to it."""
        parent = self._parent
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    def link(self, node: int, other: int) -> None:
        """Link two nodes, and so all that are linked to either."""
        node, other = self.root(node), self.root(other)
        if node < other:
            self._parent[other] = node
        else:
            self._parent[node] = other

    def rank(self, node: int) -> int:
        """How well the node tells somebody, from `REGISTRANT` to `UNKNOWN`."""
        return self._rank[node]

    def text(self, node: int) -> str:
        """What the node says: an id, an e-mail, a name; empty for -1."""
        return "" if node < 0 else self._keys[node][1:]

    def email(self, node: int) -> str:
        """The e-mail of its node, for showing; empty for -1."""
        return "" if node < 0 else self._shown.get(node) or self._keys[node][1:]

    def order(self, node: int) -> tuple[int, str]:
        """Of the nodes of one person the least of these is what it is known by."""
        return self._rank[node], self._keys[node]

    def key(self, node: int) -> str:
        """The key of a person that is known by this node: how it is known, and the text it is known by."""
        return f"{ORDER[self._rank[node]]}:{self._keys[node][1:]}"

    def certainty(self, node: int) -> Certainty:
        """How sure it is that who is known by this node is one person."""
        return ORDER[self._rank[node]]

    def nodes_of(self, names: Iterable[str]) -> frozenset[int]:
        """The nodes of e-mails and ids."""
        keys = [key for name in names for key in ("i" + name.strip(), "e" + name.strip().casefold())]
        return frozenset(self._nodes[key] for key in keys if key in self._nodes)

    def nodes_in(self, domains: frozenset[str]) -> frozenset[int]:
        """The nodes of e-mails in one of the domains, or below one."""
        if not domains:
            return frozenset()
        endings = tuple(f"{sign}{domain.strip().casefold()}" for domain in domains for sign in "@.")
        mails = (key for key in self._keys if key[0] == "e")
        return frozenset(self._nodes[key] for key in mails if key[key.rindex("@") :].endswith(endings))


def stay_mark(row: Stay) -> str:
    """What tells a row from all others of its session, where nothing tells who it was."""
    return f"{row.instance_uuid} {row.user_id or f'{row.start}-{row.end}'}"


def digest(*texts: str) -> str:
    """A few letters that stand for texts and do not tell them."""
    return blake2b("\0".join(texts).encode(errors="replace"), digest_size=4).hexdigest()
