"""What a person is known by: e-mails, ids and names, folded so that accidents of writing do not matter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from zoom_sync.domain.names import are_two, folded_name

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
    texts = frozenset({folded})
    if known is Known.EMAIL:
        return Marks(emails=texts)
    return Marks(ids=texts) if known is Known.ID else Marks(names=texts)


def folded_text(known: Known, text: object) -> str:
    """The text as marks are compared; empty where it tells nobody."""
    told = str(text).strip() if isinstance(text, str) or (type(text) is int and text) else ""
    if known is Known.EMAIL:
        return told.casefold() if "@" in told else ""
    if known is Known.ID:
        return "" if told.startswith(ERASED_ID) else told
    name = folded_name(told)
    return "" if name in NO_NAMES else name


class Recognise(Protocol):
    """Who an object's marks belong to, of those who are looked for: a token of that person, None for anybody else."""

    def __call__(self, marks: Marks, *, name_enough: bool) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is looked for. By a name alone only where `by_name`, since names are not unique.

    An object with an e-mail or id is recognised by these and never by its name; one with an e-mail that is another's
    never. `shared` are ids that the person bore and that are not surely the person's, as that of a forwarded link: what
    bears one of them and no e-mail is recognised only where `likely_too`. `token` is made up, and tells nothing.
    """

    marks: Marks
    by_name: bool = False
    token: str = ""
    shared: frozenset[str] = field(default=frozenset(), repr=False)
    likely_too: bool = False

    def __call__(self, marks: Marks, *, name_enough: bool = False) -> str | None:
        if self.is_sure(marks) or (self.likely_too and self.is_likely(marks)):
            return self.token
        if marks.sure or not (self.by_name or name_enough):
            return None
        return self.token if self.marks.names & marks.names else None

    def is_sure(self, marks: Marks) -> bool:
        """Whether an object with these marks is the person's by its e-mail, or without one by an id of its own."""
        own = self.marks
        if marks.emails:
            return not own.emails.isdisjoint(marks.emails)
        return not own.ids.isdisjoint(marks.ids) and self.shared.isdisjoint(marks.ids - own.ids)

    def is_likely(self, marks: Marks) -> bool:
        """Whether an object may be the person's: it bears a shared id and no e-mail, or a name and nothing else."""
        if self.is_sure(marks) or marks.emails:
            return False
        if marks.ids:
            return not (self.shared | self.marks.ids).isdisjoint(marks.ids)
        return not self.marks.names.isdisjoint(marks.names)

    def learnt(self, marks: Marks) -> Person:
        """The same person, also known by these marks."""
        return replace(self, marks=self.marks | marks)


class Bearers:
    """Whose ids are: gathered from every object there is, to tell an id of one person from one that several used."""

    def __init__(self, ids: frozenset[str]) -> None:
        """`ids` are those that are asked about."""
        self._marks: dict[str, list[Marks]] = {text: [] for text in ids}

    def add(self, marks: Marks) -> None:
        """An object's marks."""
        for text in marks.ids:
            if text in self._marks and marks not in self._marks[text]:
                self._marks[text].append(marks)

    def emails(self) -> frozenset[str]:
        """Every e-mail that stands with one of the ids."""
        return frozenset(mail for every in self._marks.values() for marks in every for mail in marks.emails)

    def owned(self, emails: frozenset[str]) -> frozenset[str]:
        """The ids that nobody but the bearer of these e-mails used.

        No other e-mail stands with them, and no name that has nothing in common with the other names there.
        """
        return frozenset(text for text, every in self._marks.items() if self._is_ones(every, emails))

    @staticmethod
    def _is_ones(every: list[Marks], emails: frozenset[str]) -> bool:
        if any(marks.emails and emails.isdisjoint(marks.emails) for marks in every):
            return False
        names = sorted({name for marks in every for name in marks.names})
        return not any(
            are_two(name, other, same_email=True) for place, name in enumerate(names) for other in names[place + 1 :]
        )
