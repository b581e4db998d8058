"""One session: how to join it, how complete its reports are, and how many people were there when."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import Markup

from zoom_sync.adapters.exports import qr
from zoom_sync.adapters.exports.announcement.wording import grouped
from zoom_sync.adapters.exports.cleaning import one_line, web_link
from zoom_sync.domain.access import Permission
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.plan import standing_notes
from zoom_sync.domain.report import Counts
from zoom_sync.entrypoints.web.curve import Drawing, drawn
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.entrypoints.web.views.downloads import offered
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.status import SessionStatus, status_of, still_live

router = APIRouter()


@router.get("/events/{event}/sessions/{key}", name="session", dependencies=[Depends(Needs(Permission.SEE))])
def session_page(request: Request, event: Key, key: Key) -> Response:
    visitor, told = signed_in(request), about(request, event, key)
    return render(
        request,
        "session.html.j2",
        **told,
        joining=_joining(told["one"].link) if visitor.may(Permission.JOIN) else None,
        standing=standing_notes(told["one"].link) if told["one"].link is not None else (),
        drawing=_drawing(request, event, told["one"], told["counts"]),
        offered=offered(parts_of(request), event, key) if visitor.may(Permission.PEOPLE) else (),
    )


def about(request: Request, event: str, key: str) -> dict[str, Any]:
    """What every page of a session shows. Raises NotInStore."""
    parts = parts_of(request)
    status = status_of(parts.programmes, parts.links, parts.reports, event)
    one = _of(status.sessions, event, key)
    counts = parts.report_pages.counts(event).get(key, Counts())
    warnings = parts.warnings(status, still_live(status, parts.webhooks.live(event))).get(key, ())
    return {"event": status.event, "one": one, "session": one.session, "counts": counts, "warnings": warnings}


def _of(sessions: tuple[SessionStatus, ...], event: str, key: str) -> SessionStatus:
    for one in sessions:
        if one.session.key == key:
            return one
    raise NotInStore(f"event {event!r} has no session {key!r} in the store")


def _joining(link: Link | None) -> dict[str, Any] | None:
    """ID, passcode, link and QR code of a session's meeting; None where it has none."""
    if link is None:
        return None
    address = web_link(link.join_url)
    return {
        "meeting_id": grouped(link.meeting_id),
        "passcode": one_line(link.passcode.value),
        "address": address,
        "code": code(address),
        "synced_at": link.synced_at,
    }


def code(address: str | None) -> Markup | None:
    """The QR code of a link as a picture in the page; segno draws and escapes it itself."""
    return Markup(qr.svg(address).decode()) if address else None  # noqa: S704


def _drawing(request: Request, event: str, one: SessionStatus, counts: Counts) -> Drawing | None:
    if not counts.people:
        return None
    collected = [(report.kind, report.checked_at, report.rows) for report in one.reports.values()]
    seen = (counts.people, collected)
    audience = site_of(request).audiences.of(parts_of(request).reports, event, one.session, seen)
    return drawn(audience, one.session)
