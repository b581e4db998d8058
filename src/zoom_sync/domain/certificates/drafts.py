"""Certificates before their release: who is entitled, what staff decided on it, and what is released already. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from zoneinfo import ZoneInfo

from zoom_sync.domain.certificates.entitling import Entitlement, For
from zoom_sync.domain.certificates.issued import Certificate, Content, Place
from zoom_sync.domain.certificates.rules import Basis, CertificateLanguage, CertificateRules
from zoom_sync.domain.names import folded_name
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Programme


@dataclass(frozen=True, slots=True)
class Correction:
    """What staff decided on a draft. None: as it is without them. The latest of a place holds."""

    place: Place
    who: str
    at: datetime
    why: str = field(repr=False)
    entitled: bool | None = None
    name: str | None = field(default=None, repr=False)
    language: CertificateLanguage | None = None
    email: str | None = field(default=None, repr=False)  # of the person, so that it goes when the person is erased

    def over(self, before: Correction | None) -> Correction:
        """What it says, and what it leaves open as the one before said it."""
        if before is None:
            return self
        entitled = before.entitled if self.entitled is None else self.entitled
        return replace(
            self, entitled=entitled, name=self.name or before.name, language=self.language or before.language
        )


class Standing(StrEnum):
    """Where a certificate stands before everybody's eyes: READY is what the next release takes."""

    READY = "ready"
    HELD = "held back"
    NOT_ENTITLED = "not entitled"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Draft:
    """One certificate in question. `certificate` is the latest edition, where there is one."""

    place: Place
    entitlement: Entitlement
    content: Content
    correction: Correction | None = None
    certificate: Certificate | None = None
    unprintable: str = ""

    @property
    def name(self) -> str:
        if self.certificate is not None:
            return self.certificate.name
        return (self.correction and self.correction.name) or self.entitlement.name

    @property
    def entitled(self) -> bool:
        said = self.correction.entitled if self.correction else None
        return self.entitlement.entitled if said is None else said

    @property
    def why(self) -> Phrase:
        """Why somebody is entitled, or is not; what staff said comes first."""
        corrected = self.correction
        if corrected is None or corrected.entitled is None:
            return self.entitlement.why
        return Phrase("{who} says so: {reason}", who=corrected.who, reason=corrected.why or "-")

    @property
    def held(self) -> Phrase:
        """Why it cannot be released yet; empty where it can."""
        if self.unprintable:
            return Phrase("no font has these characters of the name: {characters}", characters=self.unprintable)
        return self.entitlement.held if self.name else Phrase("there is no name to write on it")

    @property
    def standing(self) -> Standing:
        if self.certificate is not None:
            withdrawn = self.certificate.state.value == Standing.WITHDRAWN.value
            return Standing.WITHDRAWN if withdrawn else Standing.RELEASED
        if not self.entitled:
            return Standing.NOT_ENTITLED
        return Standing.HELD if self.held else Standing.READY


def make_drafts(
    programme: Programme,
    entitled: Iterable[Entitlement],
    corrections: Mapping[Place, Correction],
    certificates: Sequence[Certificate],
    mark_of: Callable[[str], str],
    lacking: Callable[[str], str],
) -> list[Draft]:
    """The drafts, in the order of the entitlements.

    `mark_of` makes of a text what tells nothing of it, always the same; `lacking` answers the characters of a name that
    cannot be printed.
    """
    rules = programme.event.certificates or CertificateRules()
    placed = [(Place(one.unit.basis, one.unit.name, mark_of(f"{one.why_for}\0{one.person}")), one) for one in entitled]
    latest = _Latest(certificates, {place for place, _ in placed})
    found = []
    for own, one in placed:
        place, certificate = latest.of(one, own)
        said = corrections.get(place)
        language = (said and said.language) or rules.language
        draft = Draft(place, one, _content(programme, one, language), said, certificate)
        found.append(replace(draft, unprintable="" if draft.certificate else lacking(draft.name)))
    return found


class _Latest:
    """The latest edition of each place.

    A person's key changes where an e-mail becomes known later, or staff merge two lines. A certificate whose mark is
    nobody's any more is the one of who has its e-mail, or its name where it has no e-mail: so nobody gets a second one.
    """

    def __init__(self, certificates: Sequence[Certificate], places: Collection[Place]) -> None:
        self._at: dict[Place, Certificate] = {}
        for one in certificates:
            had = self._at.get(one.place)
            if had is None or had.edition < one.edition:
                self._at[one.place] = one
        others = [one for one in self._at.values() if one.place not in places]
        self._by_email = {(_what(one), one.email.casefold()): one for one in others if one.email}
        self._by_name = {(_what(one), folded_name(one.name)): one for one in others if not one.email and one.name}

    def of(self, one: Entitlement, place: Place) -> tuple[Place, Certificate | None]:
        what = one.why_for, place.basis, place.unit
        known = self._at.get(place)
        if known is None and one.email:
            known = self._by_email.pop((what, one.email.casefold()), None)
        if known is None and one.name:
            known = self._by_name.pop((what, folded_name(one.name)), None)
        return (known.place, known) if known else (place, None)


def _what(one: Certificate) -> tuple[For, Basis, str]:
    return one.content.why_for, one.place.basis, one.place.unit


def _content(programme: Programme, one: Entitlement, language: CertificateLanguage) -> Content:
    event, zone = programme.event, ZoneInfo(programme.event.timezone)
    days = (f"{one.unit.start.astimezone(zone):%Y-%m-%d}", f"{one.unit.end.astimezone(zone):%Y-%m-%d}")
    first = one.unit.sessions[0]
    title = (first.long_title or first.title) if one.unit.basis is Basis.SESSION else ""
    minutes = one.seconds // 60 if one.why_for is For.ATTENDING else 0
    return Content(
        one.why_for, event.title, title, days, minutes, dict(one.credits), one.titles,
        language,
    )  # fmt: skip


def digest_of(drafts: Iterable[Draft]) -> str:
    """What a release is held to: everything that the next one would print."""
    made = blake2b(digest_size=8)
    for draft in drafts:
        if draft.standing is Standing.READY:
            made.update(f"{draft.place.id}\0{draft.name}\0{draft.content!r}\0".encode(errors="replace"))
    return made.hexdigest()
