"""Certificates of attendance: who is entitled, released by one act, corrected and withdrawn; numbers answered.

Before the release staff see who is entitled and why, and correct it with a reason. What is released is what was seen:
a digest of it may be given, and where something changed since, nothing is released. The audit log names no attendee.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from zoom_sync.domain.access import AuditEntry
from zoom_sync.domain.attendance import Turnout
from zoom_sync.domain.certificates.drafts import Correction, Draft, Standing, digest_of, make_drafts
from zoom_sync.domain.certificates.entitling import entitlements
from zoom_sync.domain.certificates.issued import (
    ALPHABET,
    NUMBER_LENGTH,
    Certificate,
    CertificateState,
    Verdict,
    grouped_number,
    read_number,
    verdict,
)
from zoom_sync.domain.certificates.rules import CertificateLanguage
from zoom_sync.domain.privacy.marks import ERASED
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import ReportState
from zoom_sync.errors import NotInStore, PlanChanged, UserError
from zoom_sync.service_layer.collect import PARTICIPANTS
from zoom_sync.service_layer.ports.access import AuditStore
from zoom_sync.service_layer.ports.certificates import CertificateStore, Faces
from zoom_sync.service_layer.ports.events import ProgrammeStore
from zoom_sync.service_layer.ports.reports import ReportStore

RELEASED, CORRECTED, WITHDRAWN = "certificates released", "certificate corrected", "certificate withdrawn"
NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class Certifying:
    """What certificates need. `now` is the time that sessions are over by; `who` is the account or the user.

    `faces` is None where nothing that draws is installed: then all can be seen, and nothing released.
    """

    programmes: ProgrammeStore
    reports: ReportStore
    certificates: CertificateStore
    audit: AuditStore
    faces: Faces | None
    default_share: float
    now: Callable[[], datetime]
    who: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """The certificates of an event before everybody's eyes; `digest` is of what a release would print."""

    drafts: Sequence[Draft]
    digest: str
    has_rules: bool

    def of(self, standing: Standing) -> list[Draft]:
        return [draft for draft in self.drafts if draft.standing is standing]


def drafts_of(certifying: Certifying, event: str) -> Drafts:
    """Who is entitled to what, and what is released already. Raises NotInStore."""
    programme, reports = certifying.programmes.programme(event), certifying.reports
    lines = {session.key: tuple(reports.attendance(event, session.key)) for session in programme.sessions}
    registered = {
        session.key: [
            line.registration
            for line in reports.registrations(event, session.key)
            if line.turnout is not Turnout.UNREGISTERED
        ]
        for session in programme.sessions
    }
    entitled = entitlements(
        programme, lines, registered, _complete(certifying, event, programme.sessions), certifying.default_share
    )
    key = certifying.certificates.mark_key()
    drafts = make_drafts(
        programme,
        entitled,
        certifying.certificates.corrections(event),
        certifying.certificates.of(event),
        lambda text: _mark(key, event, text),
        certifying.faces.lacking if certifying.faces else lambda _: "",
    )
    return Drafts(drafts, digest_of(drafts), programme.event.certificates is not None)


def _complete(certifying: Certifying, event: str, sessions: Sequence[Session]) -> frozenset[str]:
    """The sessions that are over and whose attendance Zoom has told whole, be it that nobody came."""
    now = certifying.now()
    over = {session.key for session in sessions if session.end <= now}
    states = certifying.reports.states(event)
    done = {ReportState.COMPLETE, ReportState.NONE}
    return frozenset(one.key for one in states if one.kind == PARTICIPANTS and one.state in done and one.key in over)


def _mark(key: bytes, event: str, text: str) -> str:
    return hmac.new(key, f"{event}\0{text}".encode(errors="replace"), hashlib.sha256).hexdigest()[:16]


def new_number() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


def release(
    certifying: Certifying, event: str, *, ids: Collection[str] = (), digest: str | None = None
) -> Sequence[str]:
    """Release all that are ready, or of them those that are named; answers the new numbers.

    Whoever else releases at the same time releases none of them twice.

    Raises:
        UserError: nothing that draws is installed, or one that is named is not ready.
        PlanChanged: what would be printed is not what was seen under `digest`.
        NotInStore: there is no such event or draft.
    """
    if certifying.faces is None:
        raise UserError(NOT_INSTALLED)
    seen = drafts_of(certifying, event)
    if digest is not None and digest != seen.digest:
        raise PlanChanged("what the certificates would say has changed since it was looked at; look again")
    ready = seen.of(Standing.READY)
    if ids:
        chosen = [_draft(seen, event, id_) for id_ in dict.fromkeys(ids)]
        waiting = [draft for draft in chosen if draft.standing is not Standing.READY]
        if waiting:
            told = "; ".join(f"{draft.place.id} is {draft.standing}: {draft.held or draft.why}" for draft in waiting)
            raise UserError(f"not every one of them can be released: {told}")
        ready = chosen
    made = [_first_edition(certifying, event, draft) for draft in ready]
    numbers = certifying.certificates.release(event, made) if made else []
    if numbers:
        _note(certifying, event, RELEASED, len(numbers))
    return numbers


def _first_edition(certifying: Certifying, event: str, draft: Draft) -> Certificate:
    return Certificate(
        new_number(), event, draft.place, 1, CertificateState.RELEASED, draft.name, draft.entitlement.email,
        draft.content, certifying.who, certifying.now(),
    )  # fmt: skip


def withdraw(certifying: Certifying, text: str, reason: str, event: str | None = None) -> Certificate:
    """Withdraw a certificate by its number, and with `event` one of that event only.

    Raises UserError without a reason, NotInStore, and StoreConflict where it is not valid any more.
    """
    number, why = _number(text), _reason(reason)
    certificate = certifying.certificates.by_number(number)
    if event not in (None, certificate.event):
        raise NotInStore(f"event {event!r} has no certificate with the number {number}")
    if certificate.state is not CertificateState.RELEASED:
        raise UserError(f"certificate {grouped_number(number)} is {certificate.state} already")
    certifying.certificates.withdraw(number, certifying.who, certifying.now(), why)
    _note(certifying, certificate.event, WITHDRAWN)
    return certificate


def correct(
    certifying: Certifying,
    event: str,
    text: str,
    reason: str,
    *,
    entitled: bool | None = None,
    name: str | None = None,
    language: CertificateLanguage | None = None,
) -> str:
    """Correct a draft by its id, or a released certificate by its id or number, with a reason.

    Of a draft: who is entitled after all, or is not; the name; the language. A released one is printed anew as things
    are now and with what is said here, under a new number, which is answered; the old number answers "corrected". Of a
    draft the answer is empty.

    Raises:
        UserError: there is no reason, the name cannot be printed, or a released one shall not be entitled.
        NotInStore: there is no such event, draft or number.
        StoreConflict: somebody else corrected it first.
    """
    seen = drafts_of(certifying, event)
    draft = _draft(seen, event, text)
    why, shown = _reason(reason), _name(certifying, name)
    old = draft.certificate
    shown = None if shown == draft.name else shown  # a form sends what it was filled with
    language = None if language == draft.content.language and old is None else language
    if old is None:
        if entitled is None and shown is None and language is None:
            raise UserError("say what to correct: whether there is one, the name, or the language")
        said = Correction(
            draft.place, certifying.who, certifying.now(), why, entitled, shown, language, draft.entitlement.email
        )
        correction = said.over(draft.correction)
        certifying.certificates.correct(event, correction)
        _note(certifying, event, CORRECTED)
        return ""
    if entitled is False:
        raise UserError("it is released: withdraw it by its number")
    if certifying.faces is None:
        raise UserError(NOT_INSTALLED)
    content = replace(draft.content, language=language or old.content.language)
    new = replace(
        old, number=new_number(), edition=old.edition + 1, state=CertificateState.RELEASED, name=shown or old.name,
        content=content, released_by=certifying.who, released_at=certifying.now(), changed_by="", changed_at=None,
        reason="", replaced_by="",
    )  # fmt: skip
    certifying.certificates.replace(old, new, why)
    _note(certifying, event, CORRECTED)
    return new.number


def valid_certificates(certifying: Certifying, event: str, numbers: Collection[str] = ()) -> list[Certificate]:
    """The valid certificates of an event, or those of them that are named; without those whose person was erased.

    Raises NotInStore for an event without a certificate of a named number, or for an unknown event.
    """
    certifying.programmes.programme(event)
    wished = {_number(number) for number in numbers}
    every = [one for one in certifying.certificates.of(event) if one.state is CertificateState.RELEASED]
    missing = wished - {one.number for one in every}
    if missing:
        raise NotInStore(f"event {event!r} has no valid certificate {', '.join(sorted(missing))}")
    return [one for one in every if one.name != ERASED and (not wished or one.number in wished)]


def verify(certificates: CertificateStore, text: str) -> Verdict | None:
    """What everybody is told of a number; None where no certificate has it."""
    number = read_number(text)
    if number is None:
        return None
    try:
        return verdict(certificates.by_number(number))
    except NotInStore:
        return None


NOT_INSTALLED = (
    "what draws certificates is not installed: run `pip install 'zoom-sync[certificates]'`, "
    "or in a checkout `pip install --require-hashes -r requirements/certificates.txt`"
)


def _draft(seen: Drafts, event: str, text: str) -> Draft:
    """By its id, or by the number of its latest edition."""
    number = read_number(text)
    for draft in seen.drafts:
        if draft.place.id == text or (draft.certificate and draft.certificate.number == number):
            return draft
    raise NotInStore(f"event {event!r} has no certificate {text!r}; `zoom-sync certificates list` shows them")


def _number(text: str) -> str:
    number = read_number(text)
    if number is None:
        raise NotInStore(f"{text!r} is no number of a certificate")
    return number


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise UserError("say why: the reason is kept with it")
    return reason


def _name(certifying: Certifying, name: str | None) -> str | None:
    shown = " ".join((name or "").split())[:NAME_MAX]
    lacking = certifying.faces.lacking(shown) if certifying.faces and shown else ""
    if lacking:
        raise UserError(f"no font has these characters of the name: {lacking}")
    return shown or None


def _note(certifying: Certifying, event: str, what: str, rows: int | None = None) -> None:
    certifying.audit.write(AuditEntry(certifying.now(), certifying.who, what, event, rows=rows))
