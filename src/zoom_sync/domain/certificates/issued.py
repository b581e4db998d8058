"""A certificate that was released: its number, its state, and what is told of it to whom. Pure; standard library only.

Released certificates are kept for ever. One that was corrected or withdrawn stays known: its number answers so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from zoom_sync.domain.certificates.entitling import For
from zoom_sync.domain.certificates.rules import Basis, CertificateLanguage
from zoom_sync.domain.privacy.marks import ERASED

# Crockford's: no letter in it is read as another or as a digit. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 16  # 80 random bits: nobody finds one by trying
NUMBER_LONGEST = 64  # of a text that may be a number, with whatever was typed between
_READ_AS = str.maketrans("OIL", "011")


class CertificateState(StrEnum):
    """RELEASED is valid. CORRECTED: another certificate stands in its place. WITHDRAWN: nothing does."""

    RELEASED = "released"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Content:
    """What is printed beside the name. `days` are ISO dates, first and last; `minutes` is 0 where no time is told."""

    why_for: For
    event_title: str
    title: str
    days: tuple[str, str]
    minutes: int = 0
    credits: Mapping[str, float] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    language: CertificateLanguage = CertificateLanguage.ENGLISH


@dataclass(frozen=True, slots=True)
class Place:
    """Which certificate of an event it is: of what (`unit` as `Unit.name`), whose and for what (`mark`).

    The mark tells nobody who it is.
    """

    basis: Basis
    unit: str
    mark: str

    @property
    def id(self) -> str:
        """For addresses, forms and commands."""
        return f"{self.mark}.{self.unit}" if self.unit else self.mark


@dataclass(frozen=True, slots=True)
class Certificate:
    """A released certificate. `edition` counts what was released of one place, from 1.

    `number` is without hyphens. `changed_by`, `changed_at`
    and `reason` are of the correction or the withdrawal; `replaced_by` is the number of the next edition.
    """

    number: str
    event: str
    place: Place
    edition: int
    state: CertificateState
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    content: Content
    released_by: str
    released_at: datetime
    changed_by: str = ""
    changed_at: datetime | None = None
    reason: str = field(default="", repr=False)
    replaced_by: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What everybody who has a number is told of it, and nothing else.

    The state, since when, and of which event it is. The initials, because else a number could be copied from one paper
    to another with somebody else's name; not the name, because a number that is overheard should not tell whose it is.
    No session, time, reason or address: they stand on the paper, or are nobody's business.
    """

    number: str
    state: CertificateState
    at: datetime
    event_title: str
    initials: str


def verdict(certificate: Certificate) -> Verdict:
    """What is told of a certificate to everybody."""
    since = certificate.changed_at or certificate.released_at
    name = "" if certificate.name == ERASED else certificate.name
    return Verdict(
        grouped_number(certificate.number), certificate.state, since, certificate.content.event_title,
        initials(name),
    )  # fmt: skip


def initials(name: str) -> str:
    """The first letter of each part of a name: `Ann Mary Lee` is `A. M. L.`; empty where there is none."""
    letters = (_first_letter(part) for part in re.split(r"[\s\-\u2010.,]+", unicodedata.normalize("NFC", name)))
    return " ".join(f"{letter}." for letter in letters if letter)


def _first_letter(part: str) -> str:
    """With the marks that belong to it."""
    for place, character in enumerate(part):
        if character.isalnum():
            rest = part[place + 1 :]
            marks = re.match(r"[\u0300-\u036f]*", rest)
            vowels = next((n for n, one in enumerate(rest) if not unicodedata.category(one).startswith("M")), len(rest))
            return character + rest[: max(vowels, marks.end() if marks else 0)]
    return ""


def grouped_number(number: str) -> str:
    """As it is printed: in groups of four."""
    return "-".join(number[start : start + 4] for start in range(0, len(number), 4))


def read_number(text: str) -> str | None:
    """A number as somebody typed it, without blanks and hyphens; None where it cannot be one."""
    bare = re.sub(r"[\s\-\u2010-\u2015]", "", text[:NUMBER_LONGEST]).upper().translate(_READ_AS)
    return bare if len(bare) == NUMBER_LENGTH and set(bare) <= set(ALPHABET) else None
