"""Certificates that were released, and what staff decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.certificates.drafts import Correction
from zoom_sync.domain.certificates.issued import Certificate, Place


class CertificateStore(Protocol):
    """Keeps each certificate for ever."""

    def mark_key(self) -> bytes:
        """A secret of the store's own, to make marks with."""
        ...

    def of(self, event: str) -> Sequence[Certificate]:
        """Every edition of every certificate of an event, by when it was released."""
        ...

    def by_number(self, number: str) -> Certificate:
        """The certificate of a number, without hyphens. Raises NotInStore."""
        ...

    def release(self, event: str, made: Sequence[Certificate]) -> Sequence[str]:
        """Store those whose edition is not there yet, in one transaction; answers their numbers."""
        ...

    def withdraw(self, number: str, who: str, now: datetime, reason: str) -> None:
        """Say that a valid certificate holds no more. Raises NotInStore, and StoreConflict where it is not valid."""
        ...

    def replace(self, old: Certificate, new: Certificate, reason: str) -> None:
        """Store the next edition, and say so of the old one. Raises StoreConflict where somebody else was first."""
        ...

    def corrections(self, event: str) -> Mapping[Place, Correction]:
        """What staff decided on drafts; the latest of each."""
        ...

    def correct(self, event: str, correction: Correction) -> None:
        """Keep a decision on a draft."""
        ...


class Faces(Protocol):
    """What names can be printed with."""

    def lacking(self, text: str) -> str:
        """The characters of a text that no font can draw, each once; empty where all can be."""
        ...
