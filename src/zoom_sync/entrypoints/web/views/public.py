"""What everybody may see of an event: its programme, and how to join where the event is marked public.

`Announcement` decides what may be shown, as for every announcement.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Depends, Request, Response

from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.adapters.exports.announcement.wording import grouped
from zoom_sync.adapters.exports.cleaning import web_link
from zoom_sync.domain.publication import AnnouncedSession, Announcement
from zoom_sync.entrypoints.web.doors import Everybody, look
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.entrypoints.web.views.sessions import code
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.publish import announce

router = APIRouter(dependencies=[Depends(Everybody("the programme is for everybody"))])


@router.get("/e/{event}", name="public")
def public(request: Request, event: Key) -> Response:
    look(request)
    told = _announcement(request, event)
    return render(
        request, "public.html.j2", event=told.programme.event, sessions=[_shown(one) for one in told.sessions()]
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
    chosen = tuple(session for session in told.programme.sessions if session.key == key)
    if not chosen:
        raise NotInStore(f"event {event!r} has no session {key!r} in the store")
    return _calendar(f"{event}-{key}", replace(told, programme=replace(told.programme, sessions=chosen)))


def _calendar(name: str, told: Announcement) -> Response:
    writer = ANNOUNCEMENT_WRITERS["ics"]
    headers = {"Content-Disposition": f'attachment; filename="{name}{writer.suffix}"'}
    return Response(writer.write(told), media_type=writer.media_type, headers=headers)


def _announcement(request: Request, event: str) -> Announcement:
    parts = parts_of(request)
    return announce(parts.publishing(), event, public=parts.programmes.programme(event).event.public)
