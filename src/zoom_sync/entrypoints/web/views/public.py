"""What everybody may see of an event that is marked public: its programme, and how to join.

An event that is not is answered as if it were not there, but for who is signed in or has the secret address of a
preview; they see its programme, and not how to join. `Announcement` decides what may be shown, as for every
announcement.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Depends, Request, Response

from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.adapters.exports.announcement.wording import grouped
from zoom_sync.adapters.exports.cleaning import web_link
from zoom_sync.domain.access import Permission
from zoom_sync.domain.publication import AnnouncedSession, Announcement
from zoom_sync.entrypoints.web.doors import Everybody, look
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.entrypoints.web.views.sessions import code
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.previews import event_of_preview
from zoom_sync.service_layer.publish import announce

router = APIRouter(dependencies=[Depends(Everybody("the programme is for everybody"))])


@router.get("/e/{event}", name="public")
def public(request: Request, event: Key) -> Response:
    return _page(request, _announcement(request, event))


@router.get("/preview/{secret}", name="preview")
def preview(request: Request, secret: Key) -> Response:
    look(request)
    event = event_of_preview(parts_of(request).previewing(), secret)
    response = _page(request, announce(parts_of(request).publishing(), event, public=False), preview=True)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return response


def _page(request: Request, announcement: Announcement, *, preview: bool = False) -> Response:
    return render(
        request,
        "public.html.j2",
        event=announcement.programme.event,
        sessions=[_shown(session) for session in announcement.sessions()],
        preview=preview,
    )


def _shown(one: AnnouncedSession) -> dict[str, object]:
    address = web_link(one.join_url)
    return {
        "session": one.session,
        "meeting_id": grouped(one.meeting_id or ""),
        "passcode": one.passcode,
        "address": address,
        "code": code(address),
    }


@router.get("/e/{event}/calendar.ics", name="calendar")
def calendar(request: Request, event: Key) -> Response:
    return _calendar(event, _announcement(request, event))


@router.get("/e/{event}/{key}/calendar.ics", name="session_calendar")
def session_calendar(request: Request, event: Key, key: Key) -> Response:
    told = _announcement(request, event)
    chosen = tuple(one.session for one in told.sessions() if one.session.key == key)
    if not chosen:
        raise NotInStore(f"event {event!r} has no session {key!r} in the store")
    return _calendar(f"{event}-{key}", replace(told, programme=replace(told.programme, sessions=chosen)))


def _calendar(name: str, told: Announcement) -> Response:
    writer = ANNOUNCEMENT_WRITERS["ics"]
    headers = {"Content-Disposition": f'attachment; filename="{name}{writer.suffix}"'}
    return Response(writer.write(told), media_type=writer.media_type, headers=headers)


def _announcement(request: Request, event: str) -> Announcement:
    """Raises NotInStore also where the event is not public and nobody is signed in."""
    parts, visitor = parts_of(request), look(request)
    public = parts.programmes.programme(event).event.public
    if not public and (visitor is None or not visitor.may(Permission.SEE)):
        raise NotInStore(f"there is no public event {event!r}")
    return announce(parts.publishing(), event, public=public)
