"""What a row says of who it was, as nodes, and which of them are linked: a union-find. Standard library only."""

from __future__ import annotations

from array import array
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
        # Ids are of registrants and of accounts alike; e-mails stand as they were written, and folded.
        self._ids: dict[str, int] = {}
        self._mails: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._stays: dict[str, int] = {}
        self._texts: list[str] = []
        self._parent = array("i")
        self._rank = bytearray()
        self._shown: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def place(self, registrant: str, email: str, account: str) -> tuple[int, int, int]:
        """The node of what a row is known by best, and those of its e-mail and participant id; -1 where it has none."""
        node = mail = participant = -1
        if registrant:
            node = self._node(self._ids, registrant, REGISTRANT)
        if "@" in email:
            known = self._mails.get(email)
            mail = self._mail(email) if known is None else known
            if node < 0:
                node = mail
            else:
                self.link(node, mail)
        if account:
            participant = self._node(self._ids, account, PARTICIPANT)
            if node < 0:
                node = participant
            else:
                self.link(node, participant)
        return node, mail, participant

    def named(self, name: str) -> int:
        """The node of a row that has nothing but a folded name."""
        return self._node(self._names, name, NAME)

    def unnamed(self, mark: str) -> int:
        """The node of a row that has not even a name; `mark` tells the row from all others."""
        return self._node(self._stays, mark, UNKNOWN)

    def _mail(self, email: str) -> int:
        """E-mails differ in case only by accident (Zoom returns either); the one shown is in lower case."""
        folded, lower = email.casefold(), email.lower()
        node = self._mails[email] = self._node(self._mails, folded, EMAIL)
        if folded != lower:
            self._shown[node] = min(lower, self._shown.get(node, lower))
        return node

    def _node(self, known: dict[str, int], text: str, rank: int) -> int:
        node = known.get(text)
        if node is None:
            node = known[text] = len(self._texts)
            self._texts.append(text)
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
        return "" if node < 0 else self._texts[node]

    def email(self, node: int) -> str:
        """The e-mail of its node, for showing; empty for -1."""
        return "" if node < 0 else self._shown.get(node) or self._texts[node]

    def order(self, node: int) -> tuple[int, str]:
        """Of the nodes of one person the least of these is what it is known by."""
        return self._rank[node], self._texts[node]

    def key(self, node: int) -> str:
        """The key of a person that is known by this node: how it is known, and the text it is known by."""
        return f"{ORDER[self._rank[node]]}:{self._texts[node]}"

    def certainty(self, node: int) -> Certainty:
        """How sure it is that who is known by this node is one person."""
        return ORDER[self._rank[node]]

    def nodes_of(self, names: Iterable[str]) -> frozenset[int]:
        """The nodes of e-mails and ids."""
        sought = [name.strip() for name in names]
        found = [self._ids.get(name) for name in sought] + [self._mails.get(name.casefold()) for name in sought]
        return frozenset(node for node in found if node is not None)

    def nodes_in(self, domains: frozenset[str]) -> frozenset[int]:
        """The nodes of e-mails in one of the domains, or below one."""
        if not domains:
            return frozenset()
        endings = tuple(f"{sign}{domain.strip().casefold()}" for domain in domains for sign in "@.")
        return frozenset(
            node for email, node in self._mails.items() if email[email.rindex("@") :].casefold().endswith(endings)
        )


def stay_mark(row: Stay) -> str:
    """What tells a row from all others of its session, where nothing tells who it was."""
    return f"{row.instance_uuid} {row.user_id or f'{row.start}-{row.end}'}"


def digest(*texts: str) -> str:
    """A few letters that stand for texts and do not tell them."""
    return blake2b("\0".join(texts).encode(errors="replace"), digest_size=4).hexdigest()
