"""What a programme says of certificates: for what there are any, how long is long enough, what they are worth.

Values; standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CREDITS_MAX = 1000
SECONDS_PER_QUARTER = 900


class Basis(StrEnum):
    """What a certificate is of: one session, all sessions of a day in the event's zone, or all of the event."""

    SESSION = "session"
    DAY = "day"
    EVENT = "event"


class CertificateLanguage(StrEnum):
    """A language that certificates are written in."""

    ENGLISH = "en"
    CHINESE = "zh"
    ARABIC = "ar"


@dataclass(frozen=True, slots=True)
class Credits:
    """What a session is worth: so many `hours` of a kind, such as CPD; None: its length, in whole quarters of an hour.

    A session takes from the event what it does not say itself; without a kind nothing is credited.
    """

    kind: str | None = None
    hours: float | None = None

    def over(self, other: Credits | None) -> Credits:
        """These, and what they leave out as another has it."""
        if other is None:
            return self
        return Credits(self.kind or other.kind, other.hours if self.hours is None else self.hours)

    def of(self, seconds: int) -> Mapping[str, float]:
        """What a session that lasts so many seconds is worth, by kind."""
        hours = seconds // SECONDS_PER_QUARTER / 4 if self.hours is None else self.hours
        return {self.kind: hours} if self.kind and hours else {}

    def as_mapping(self) -> dict[str, Any]:
        """As it is written in a programme."""
        return {name: value for name, value in (("kind", self.kind), ("hours", self.hours)) if value is not None}


@dataclass(frozen=True, slots=True)
class Enough:
    """How long somebody has to have been there: a `share` in percent, a number of `minutes`; of two, both.

    Neither: as the settings say of attendance.
    """

    share: int | None = None
    minutes: int | None = None

    def __bool__(self) -> bool:
        return self.share is not None or self.minutes is not None

    def seconds_of(self, whole: int, default: float) -> int:
        """How many seconds of `whole` are enough; `default` is the share (0 to 1) where nothing is said."""
        share = self.share / 100 if self.share is not None else 0.0 if self.minutes is not None else default
        return max(-int(-whole * share // 1), (self.minutes or 0) * 60, 1)


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """The certificates of an event. `presenters`: those who present or moderate get one of their own."""

    basis: Basis = Basis.EVENT
    enough: Enough = Enough()
    credits: Credits | None = None
    language: CertificateLanguage = CertificateLanguage.ENGLISH
    presenters: bool = True

    def as_mapping(self) -> dict[str, Any]:
        """As it is written in a programme; what is default is left out, but never all of it."""
        told: dict[str, Any] = {"of": str(self.basis), "share": self.enough.share, "minutes": self.enough.minutes}
        told["credits"] = self.credits.as_mapping() if self.credits else None
        told["language"] = str(self.language) if self.language is not CertificateLanguage.ENGLISH else None
        told["presenters"] = None if self.presenters else False
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SessionCertificate:
    """What a session has otherwise than its event. One that does not count adds no time and gives no certificate.

    `enough` is what its own certificate needs; of a day or an event, what its credits need.
    """

    counts: bool = True
    enough: Enough = Enough()
    credits: Credits | None = None

    def as_mapping(self) -> dict[str, Any]:
        """As it is written in a programme."""
        told: dict[str, Any] = {"counts": None if self.counts else False}
        told |= {"share": self.enough.share, "minutes": self.enough.minutes}
        told["credits"] = self.credits.as_mapping() if self.credits else None
        return {name: value for name, value in told.items() if value is not None}


def rules_from(told: Mapping[str, Any]) -> CertificateRules:
    """The rules that `as_mapping` wrote, or that were read in its form."""
    return CertificateRules(
        Basis(told.get("of", Basis.EVENT)),
        _enough(told),
        _credits(told),
        CertificateLanguage(told.get("language", CertificateLanguage.ENGLISH)),
        told.get("presenters", True),
    )


def session_rules_from(told: Mapping[str, Any]) -> SessionCertificate:
    """As `rules_from`, of a session."""
    return SessionCertificate(told.get("counts", True), _enough(told), _credits(told))


def _enough(told: Mapping[str, Any]) -> Enough:
    return Enough(told.get("share"), told.get("minutes"))


def _credits(told: Mapping[str, Any]) -> Credits | None:
    credits_told = told.get("credits")
    return None if credits_told is None else Credits(credits_told.get("kind"), credits_told.get("hours"))
