"""What a person is known by: e-mails, ids and names, folded so that accidents of writing do not matter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

ERASED = "erased"
# What stands for an id once its person is erased; never a mark again.
ERASED_ID = "erased-"
NO_NAMES = frozenset({"", ERASED, "anonymous attendee"})


def erased_id(token: str, event: str, session: str) -> str:
    """What stands for the ids of an erased person: the same within a session, so that one line remains one line."""
    digest = hashlib.blake2b(f"{token}\0{event}\0{session}".encode(), digest_size=8)
    return f"{ERASED_ID}{digest.hexdigest()}"


class Known(StrEnum):
    """What kind of mark it is. Ids are Zoom's of registrants and participants, which share one space."""

    EMAIL = "email"
    ID = "id"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks that one object of a row bears, folded."""

    emails: frozenset[str] = field(default=frozenset(), repr=False)
    ids: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def __or__(self, other: Marks) -> Marks:
        return Marks(self.emails | other.emails, self.ids | other.ids, self.names | other.names)

    def __iter__(self) -> Iterator[tuple[Known, str]]:
        for known, texts in ((Known.EMAIL, self.emails), (Known.ID, self.ids), (Known.NAME, self.names)):
            for text in sorted(texts):
                yield known, text

    @property
    def sure(self) -> bool:
        """Whether there is more than a name."""
        return bool(self.emails or self.ids)


def mark_of(known: Known, text: object) -> Marks:
    """The mark that a text is; none where it tells nobody."""
    folded = folded_text(known, text)
    if not folded:
        return Marks()
    one = frozenset({folded})
    if known is Known.EMAIL:
        return Marks(emails=one)
    return Marks(ids=one) if known is Known.ID else Marks(names=one)


def folded_text(known: Known, text: object) -> str:
    """The text as marks are compared; empty where it tells nobody."""
    told = str(text).strip() if isinstance(text, str) or (type(text) is int and text) else ""
    if known is Known.EMAIL:
        return told.casefold() if "@" in told else ""
    if known is Known.ID:
        return "" if told.startswith(ERASED_ID) else told
    name = " ".join(told.split()).casefold()
    return "" if name in NO_NAMES else name


class Recognise(Protocol):
    """Who an object's marks belong to, of those who are looked for: a token of that person, None for anybody else."""

    def __call__(self, marks: Marks, *, name_enough: bool) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is looked for. By a name alone only where `by_name`, since names are not unique.

    An object with an e-mail or id is recognised by these and never by its name. `token` is made up, and tells nothing.
    """

    marks: Marks
    by_name: bool = False
    token: str = ""

    def __call__(self, marks: Marks, *, name_enough: bool = False) -> str | None:
        own = self.marks
        if own.emails & marks.emails or own.ids & marks.ids:
            return self.token
        if marks.sure or not (self.by_name or name_enough):
            return None
        return self.token if own.names & marks.names else None

    def learnt(self, marks: Marks) -> Person:
        """The same person, also known by these marks."""
        return replace(self, marks=self.marks | marks)
