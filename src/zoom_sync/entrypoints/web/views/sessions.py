"""One session: how to join it, how complete its reports are, and how many people were there when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from markupsafe import Markup
from starlette.responses import RedirectResponse

from zoom_sync.adapters.exports import qr
from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.adapters.exports.announcement.wording import grouped
from zoom_sync.adapters.exports.cleaning import one_line, web_link
from zoom_sync.domain.access import AuditEntry, Permission
from zoom_sync.domain.agenda import timed_items
from zoom_sync.domain.delivery import Live
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.overview import Line, Phase, Presence
from zoom_sync.domain.plan import standing_notes
from zoom_sync.domain.programme import Event, Session
from zoom_sync.domain.publication import Language
from zoom_sync.domain.report import Counts
from zoom_sync.entrypoints.web.curve import Drawing, drawn
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.entrypoints.web.views.downloads import offered
from zoom_sync.entrypoints.web.views.today import watched
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.instances import CHOICES, say_what_it_is
from zoom_sync.service_layer.publish import invitation_of
from zoom_sync.service_layer.status import SessionStatus, status_of_session, still_live

router = APIRouter()


@router.get("/events/{event}/sessions/{key}", name="session", dependencies=[Depends(Needs(Permission.SEE))])
def session_page(request: Request, event: Key, key: Key) -> Response:
    visitor, values = signed_in(request), about(request, event, key)
    parts = parts_of(request)
    now = parts.page_time()
    joining = _joining(values["one"].link) if visitor.may(Permission.JOIN) else None
    return render(
        request,
        "session.html.j2",
        **values,
        now=now,
        phase=phase_of(values["one"], values["live"], now, watched=watched(parts, now)),
        timed=timed_items(values["session"]),
        joining=joining,
        permanent=_permanent(request, values["event"], values["session"]),
        invitation=_invitation(request, event, key) if joining is not None else "",
        standing=standing_notes(values["one"].link) if values["one"].link is not None else (),
        drawing=_drawing(request, event, values["one"], values["counts"]),
        offered=offered(parts_of(request), event, key) if visitor.may(Permission.PEOPLE) else (),
        held=parts_of(request).reports.instances(event, key),
        places=[str(place) for place in CHOICES],
    )


@router.post(
    "/events/{event}/sessions/{key}/instances", name="instances", dependencies=[Depends(Needs(Permission.PEOPLE))]
)
def set_instance(
    request: Request,
    event: Key,
    key: Key,
    uuid: Annotated[str, Form(max_length=64)] = "",
    place: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Say what a time that the meeting was held is to the session; empty: what is computed. It is made anew at once."""
    parts, who = parts_of(request), signed_in(request).name
    chosen = next((one for one in CHOICES if str(one) == place), None)
    say_what_it_is(parts.collecting(), event, key, uuid, chosen, who)
    access = parts.access()
    access.audit.write(AuditEntry(access.now(), who, "instance", event, key, f"{chosen or 'computed'} {uuid[:12]}"))
    return RedirectResponse(site_of(request).addresses("session", event=event, key=key), 303)


def about(request: Request, event: str, key: str) -> dict[str, Any]:
    """What every page of a session shows. Raises NotInStore."""
    parts = parts_of(request)
    status = status_of_session(parts.programmes, parts.links, parts.reports, event, key)
    session_status = _of(status.sessions, event, key)
    counts = parts.report_pages.counts(event).get(key, Counts())
    live = still_live(status, parts.webhooks.live(event))
    warnings = parts.warnings(status, live).get(key, ())
    return {
        "event": status.event,
        "one": session_status,
        "session": session_status.session,
        "counts": counts,
        "warnings": warnings,
        "live": live.get(key),
    }


def _of(sessions: tuple[SessionStatus, ...], event: str, key: str) -> SessionStatus:
    for session_status in sessions:
        if session_status.session.key == key:
            return session_status
    raise NotInStore(f"event {event!r} has no session {key!r} in the store")


def phase_of(session_status: SessionStatus, live: Live | None, now: datetime, *, watched: bool) -> Phase:
    """Where a session is now, as lists of sessions say it."""
    session = session_status.session
    line = Line(
        "", "", session.timezone, session.key, session.title, session.start, session.end,
        cancelled=session.cancelled, reports={kind: each.state for kind, each in session_status.reports.items()},
        presence=Presence(live.since, live.present) if live is not None else None,
    )  # fmt: skip
    return line.phase(now, watched=watched)


def _permanent(request: Request, event: Event, session: Session) -> str:
    """The address for printed codes and mails, which outlives a replaced meeting; empty where it is not for all."""
    if not (event.public and session.announced):
        return ""
    path = request.app.url_path_for("forward", event=event.key, key=session.key)
    return f"{parts_of(request).settings.web_url.rstrip('/')}{path}"


def _invitation(request: Request, event: str, key: str) -> str:
    """What is sent to people who shall come: the session's announcement as text, with how to join."""
    language = Language(site_of(request).languages.of(request).code)
    announcement = invitation_of(parts_of(request).publishing(), event, key, language=language)
    return ANNOUNCEMENT_WRITERS["text"].write(announcement).decode()


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


def _drawing(request: Request, event: str, session_status: SessionStatus, counts: Counts) -> Drawing | None:
    if not counts.people:
        return None
    collected = [(report.kind, report.checked_at, report.rows) for report in session_status.reports.values()]
    seen = (counts.people, collected)
    audience = site_of(request).audiences.of(parts_of(request).reports, event, session_status.session, seen)
    return drawn(audience, session_status.session)
