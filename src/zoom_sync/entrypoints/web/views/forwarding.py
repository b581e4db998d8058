"""Permanent addresses, for printed codes, mails and calendars: they lead to what lets people in now, or say when."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.adapters.exports.cleaning import web_link
from zoom_sync.domain.access import Permission
from zoom_sync.domain.forwarding import EARLY, Answer, answer, of_room
from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import Event, Session
from zoom_sync.entrypoints.web.doors import Everybody, look
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.errors import NotInStore

router = APIRouter(dependencies=[Depends(Everybody("printed codes and mails lead here"))])


@router.get("/j/{event}/{key}", name="forward")
def forward(request: Request, event: Key, key: Key) -> Response:
    """One session. What is not for the public is answered as if it were not there, but for who may join it."""
    parts = parts_of(request)
    about = parts.programmes.event(event)
    try:
        session = parts.programmes.session(event, key)
    except NotInStore:
        gone = parts.publishing().publications.revisions(event).get(key)
        if gone is None or not gone.called_off or not about.public:
            raise
        return render(request, "forward.html.j2", event=about, session=None, title=gone.title, answer="called off")
    return _answer(request, about, session)


@router.get("/j/{event}/rooms/{room}", name="forward_room")
def forward_room(request: Request, event: Key, room: Key) -> Response:
    """A room: the session that is held there now, or comes next."""
    parts = parts_of(request)
    programme = parts.programmes.programme(event)
    held = [session for session in programme.sessions if session.room == room and session.announced]
    session = of_room(held, parts.page_time())
    if session is None:
        raise NotInStore(f"event {event!r} has no room {room!r} in the store")
    return _answer(request, programme.event, session)


def _answer(request: Request, event: Event, session: Session) -> Response:
    visitor = look(request)
    inside = visitor is not None and visitor.may(Permission.JOIN)
    if not inside and not (event.public and session.announced):
        raise NotInStore(f"event {event.key!r} has no public session {session.key!r}")
    parts = parts_of(request)
    link = parts.links.link(event.key, session.meeting_key)
    now, live = parts.page_time(), session.meeting_key in parts.webhooks.live(event.key)
    said = answer(session, now, has_meeting=link is not None, live=live)
    address = _address(link) if said is Answer.FORWARD else None
    if address is not None:
        response: Response = RedirectResponse(address, 302)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    opens = session.start - EARLY
    wait = int((opens - now).total_seconds()) if said is Answer.TOO_EARLY else 0
    return render(
        request, "forward.html.j2", event=event, session=session, title=session.title, answer=str(said), now=now,
        opens=opens, reload=max(5, wait) if 0 < wait <= 6 * 3600 else 60 if said is Answer.NO_MEETING else 0,
    )  # fmt: skip


def _address(link: Link | None) -> str | None:
    return None if link is None else web_link(link.join_url)
