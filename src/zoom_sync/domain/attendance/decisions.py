"""What staff decided on who is one person: kept beside the rows, which stay as they are, and applied at every merge.

A decision names rows by what they say, so it holds when they are collected again. Withdrawing one undoes it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple


class RowMark(NamedTuple):
    """What a row says of who it is of. `name` is folded; `stay` is empty where there is anything else.

    Where a line is split by stays, `stay` tells which of the rows that say the same are meant.
    """

    participant_id: str = ""
    registrant_id: str = ""
    email: str = ""
    name: str = ""
    stay: str = ""


class Verb(StrEnum):
    """What was decided: that `these` and `those` are one person or are two, or the name or the role of `these`."""

    MERGE = "merge"
    SPLIT = "split"
    NAME = "name"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Side:
    """The rows of one person, and the name that was shown for it when it was decided on."""

    marks: tuple[RowMark, ...] = field(default=(), repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `value` is the name or the role that was given. `at` is when, `who` an account, `why` in words."""

    verb: Verb
    these: Side
    those: Side
    value: str = field(repr=False)
    who: str
    at: datetime
    why: str = field(default="", repr=False)
    id: int = 0
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None


def line_id(key: str) -> str:
    """A short name for a line of a session's attendance, which tells nothing of the person: for addresses and forms."""
    return blake2b(key.encode(errors="replace"), digest_size=6).hexdigest()


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """Those that hold, in the order they were made: each acts on the people that those before it left."""
    return sorted((each for each in decisions if each.holds), key=lambda each: (each.at, each.id))
