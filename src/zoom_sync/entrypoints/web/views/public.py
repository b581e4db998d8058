"""What everybody may see of an event that is marked public: its programme, and how to join.

An event that is not is answered as if it were not there, but for who is signed in or has the secret address of a
preview; they see its programme, and not how to join. `Announcement` decides what may be shown, as for every
announcement. What strangers see is the same for all of them and made once per change; what who is signed in sees is
his, and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from zoom_sync.adapters.exports import qr
from zoom_sync.adapters.exports.announcement import ANNOUNCEMENT_WRITERS
from zoom_sync.adapters.exports.announcement.wording import grouped
from zoom_sync.adapters.exports.cleaning import web_link
from zoom_sync.domain.access import Permission
from zoom_sync.domain.forwarding import closes
from zoom_sync.domain.publication import AnnouncedSession, Announcement
from zoom_sync.entrypoints.public.editions import Make
from zoom_sync.entrypoints.public.kept import Body, body
from zoom_sync.entrypoints.web.addresses import Addresses
from zoom_sync.entrypoints.web.doors import SESSION, Everybody, cookie, look
from zoom_sync.entrypoints.web.language import Language
from zoom_sync.entrypoints.web.rendering import VARY, page_for_everybody, render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.previews import event_of_preview
from zoom_sync.service_layer.publish import announce

READING = ["GET", "HEAD"]
PAGE = "public.html.j2"
TEMPLATES = (PAGE, "base.html.j2", "parts.html.j2")  # what the page is made of
router = APIRouter(dependencies=[Depends(Everybody("the programme is for everybody"))])


@router.api_route("/e/{event}", methods=READING, name="public")
async def public(request: Request, event: Key) -> Response:
    language = site_of(request).languages.of(request)
    now = await run_in_threadpool(parts_of(request).page_time)
    make = partial(_page, site_of(request).addresses, language, now)
    return await _answer(request, event, ("page", language.code), make, _page_inside, now)


@router.api_route("/e/{event}/calendar.ics", methods=READING, name="calendar")
async def calendar(request: Request, event: Key) -> Response:
    return await _answer(request, event, ("calendar",), _calendar)


@router.api_route("/e/{event}/{key}/calendar.ics", methods=READING, name="session_calendar")
async def session_calendar(request: Request, event: Key, key: Key) -> Response:
    return await _answer(request, event, ("calendar", key), partial(_session_calendar, key))


@router.api_route("/e/{event}/{key}/code.svg", methods=READING, name="session_code")
async def session_code(request: Request, event: Key, key: Key) -> Response:
    """The QR code of a session's link."""
    return await _answer(request, event, ("code", key), partial(_code, key))


@router.get("/preview/{secret}", name="preview")
def preview(request: Request, secret: Key) -> Response:
    look(request)
    event = event_of_preview(parts_of(request).previewing(), secret)
    draft = announce(parts_of(request).publishing(), event, public=False)
    response = render(request, PAGE, **_shown(draft, parts_of(request).page_time()), preview=True)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return response


Inside = Callable[[Request, Announcement], Response]


async def _answer(
    request: Request,
    event: str,
    what: tuple[str, ...],
    make: Make,
    inside: Inside | None = None,
    now: datetime | None = None,
) -> Response:
    """What everybody is told; who is signed in sees an event that is not public as well, and `inside` instead."""
    if cookie(request, SESSION):
        announcement = await run_in_threadpool(_inside, request, event)
        if announcement is not None:
            return await run_in_threadpool(inside or _made_inside(make), request, announcement)
    return await site_of(request).editions.answer(request, event, what, make, now)


def _inside(request: Request, event: str) -> Announcement | None:
    """The announcement for who is signed in; None where nobody is. Raises NotInStore."""
    parts, visitor = parts_of(request), look(request)
    if visitor is None or not visitor.may(Permission.SEE):
        return None
    return announce(parts.publishing(), event, public=parts.programmes.programme(event).event.public)


def _made_inside(make: Make) -> Inside:
    def made(_: Request, announcement: Announcement) -> Response:
        content = make(announcement)
        return Response(content.plain, media_type=content.media_type, headers=dict(content.headers))

    return made


# --- what is made of an announcement --------------------------------------------------------------------------------


def _page(link: Addresses, language: Language, now: datetime, announcement: Announcement) -> Body:
    path = link("public", event=announcement.programme.event.key)
    text = page_for_everybody(link, language, PAGE, path, **_shown(announcement, now), preview=False)
    return body(text.encode(), "text/html; charset=utf-8", {"Content-Language": language.code, "Vary": VARY})


def _page_inside(request: Request, announcement: Announcement) -> Response:
    return render(request, PAGE, **_shown(announcement, parts_of(request).page_time()), preview=False)


def _shown(announcement: Announcement, now: datetime) -> dict[str, Any]:
    return {
        "event": announcement.programme.event,
        "sessions": [_session(session, now) for session in announcement.sessions()],
    }


def _session(announced_session: AnnouncedSession, now: datetime) -> dict[str, object]:
    """Nobody is sent to what is over: its own address does not lead in either."""
    over = now >= closes(announced_session.session)
    return {
        "session": announced_session.session,
        "over": over and not announced_session.session.cancelled,
        "meeting_id": grouped(announced_session.meeting_id or ""),
        "passcode": announced_session.passcode,
        "address": None if over else web_link(announced_session.join_url),
    }


def _calendar(announcement: Announcement, name: str = "") -> Body:
    writer = ANNOUNCEMENT_WRITERS["ics"]
    name = name or announcement.programme.event.key
    headers = {"Content-Disposition": f'attachment; filename="{name}{writer.suffix}"'}
    return body(writer.write(announcement), writer.media_type, headers)


def _session_calendar(key: str, announcement: Announcement) -> Body:
    announced_session, programme = _announced(announcement, key), announcement.programme
    only = replace(announcement, programme=replace(programme, sessions=(announced_session.session,)))
    return _calendar(only, f"{programme.event.key}-{key}")


def _code(key: str, announcement: Announcement) -> Body:
    address = web_link(_announced(announcement, key).join_url)
    if not address:
        raise NotInStore(f"session {key!r} has no link to show")
    return body(qr.svg(address), "image/svg+xml")


def _announced(announcement: Announcement, key: str) -> AnnouncedSession:
    for announced_session in announcement.sessions():
        if announced_session.session.key == key:
            return announced_session
    raise NotInStore(f"event {announcement.programme.event.key!r} has no session {key!r} in the store")
