"""Certificates: who is entitled and why, corrected with a reason, released, withdrawn, downloaded; and verified.

Everybody may ask about a number, and is told what `Verdict` holds and nothing else.
"""

from __future__ import annotations

from math import ceil
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.domain.access import AuditEntry, Permission
from zoom_sync.domain.certificates.drafts import Standing
from zoom_sync.domain.certificates.issued import NUMBER_LONGEST, Verdict, grouped_number, read_number
from zoom_sync.domain.certificates.rules import CertificateLanguage
from zoom_sync.entrypoints.web.doors import Everybody, Needs, look, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.entrypoints.web.views.downloads import sent
from zoom_sync.entrypoints.web.views.people import PAGE, Page
from zoom_sync.service_layer import certificates as use

EVENT = "/events/{event}/certificates"
router = APIRouter()
STAFF = [Depends(Needs(Permission.PEOPLE))]
PUBLIC = [Depends(Everybody("whoever is shown a certificate may ask whether it is valid"))]

Id = Annotated[str, Form(max_length=300)]
Why = Annotated[str, Form(max_length=500)]
Name = Annotated[str, Form(max_length=200)]


@router.get(EVENT, name="certificates", dependencies=STAFF)
def certificates(
    request: Request, event: Key, standing: Annotated[Standing | None, Query()] = None, page: Page = 1
) -> Response:
    """Who is entitled to which certificate and why, a page at a time; and what every number is."""
    parts = parts_of(request)
    seen = use.drafts_of(_certifying(request), event)
    drafts = seen.drafts if standing is None else seen.of(standing)
    return render(
        request,
        "certificates.html.j2",
        event=parts.programmes.programme(event).event,
        seen=seen,
        drafts=drafts[(page - 1) * PAGE : page * PAGE],
        counts={each: len(seen.of(each)) for each in Standing},
        standing=standing,
        page=page,
        pages=max(1, ceil(len(drafts) / PAGE)),
        grouped=grouped_number,
        can_draw=parts.fonts is not None,
    )


@router.post(EVENT + "/release", name="release_certificates", dependencies=STAFF)
def release(request: Request, event: Key, digest: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Release what was seen: where it would say something else by now, nothing is."""
    use.release(_certifying(request), event, digest=digest)
    return _back(request, event)


@router.post(EVENT + "/correct", name="correct_certificate", dependencies=STAFF)
def correct(
    request: Request,
    event: Key,
    certificate: Id = "",
    why: Why = "",
    name: Name = "",
    entitled: Annotated[bool | None, Form()] = None,
    language: Annotated[CertificateLanguage | None, Form()] = None,
) -> Response:
    use.correct(_certifying(request), event, certificate, why, entitled=entitled, name=name or None, language=language)
    return _back(request, event)


@router.post(EVENT + "/withdraw", name="withdraw_certificate", dependencies=STAFF)
def withdraw(request: Request, event: Key, certificate: Id = "", why: Why = "") -> Response:
    use.withdraw(_certifying(request), certificate, why, event)
    return _back(request, event)


@router.get(EVENT + "/download", name="download_certificates", dependencies=STAFF)
def download(request: Request, event: Key) -> Response:
    """All valid ones in one archive, whole before its first byte leaves."""
    from zoom_sync.adapters.exports.certificates.drawing import write_archive  # noqa: PLC0415 - an extra

    parts, certifying = parts_of(request), _certifying(request)
    drawing = parts.drawing()
    valid = use.valid_certificates(certifying, event)
    zone = parts.programmes.programme(event).event.timezone
    entry = AuditEntry(parts.access().now(), signed_in(request).name, "download", event, "", "certificates zip")
    name = f"{event}-certificates.zip"
    return sent(request, entry, name, "application/zip", lambda out: write_archive(drawing, valid, zone, out))


@router.get("/verify", name="verify_form", dependencies=PUBLIC)
def verify_form(request: Request, number: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Where a number can be typed; a typed one leads to its own page."""
    if not number.strip():
        return _verdict(request, "", None)
    typed = read_number(number)
    if typed is None:
        return _verdict(request, number[:NUMBER_LONGEST], None)
    return RedirectResponse(site_of(request).addresses("verify", number=grouped_number(typed)), 303)


@router.get("/verify/{number}", name="verify", dependencies=PUBLIC)
def verify(request: Request, number: str) -> Response:
    """What everybody is told of a number."""
    return _verdict(request, number[:NUMBER_LONGEST], use.verify(parts_of(request).certificates, number))


def _verdict(request: Request, number: str, verdict: Verdict | None) -> Response:
    look(request)
    status = 404 if number and verdict is None else 200
    response = render(request, "verify.html.j2", status=status, number=number, verdict=verdict)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"  # it may be withdrawn the next moment
    return response


def _certifying(request: Request) -> use.Certifying:
    return parts_of(request).certifying(signed_in(request).name)


def _back(request: Request, event: str) -> Response:
    return RedirectResponse(site_of(request).addresses("certificates", event=event), 303)
