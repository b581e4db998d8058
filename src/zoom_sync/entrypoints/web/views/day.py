"""The day of an event as a control room sees it, and what staff do there. Each act shows what it will do first."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.adapters.exports.cleaning import web_link
from zoom_sync.domain.access import Permission
from zoom_sync.domain.consent import waits
from zoom_sync.domain.overview import Line, next_on_host, on_screen, standing
from zoom_sync.domain.phrases import Phrase
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.errors import told
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.entrypoints.web.views.today import watched
from zoom_sync.errors import StoreConflict, Unavailable
from zoom_sync.service_layer import directing as use
from zoom_sync.service_layer.running_now import with_looks

router = APIRouter()
SESSION = "/events/{event}/sessions/{key}"
LATELY, MOST_HAPPENINGS = timedelta(hours=3), 10
Minutes = Annotated[int, Query(ge=1, le=360)]


@router.get("/events/{event}/day", name="day", dependencies=[Depends(Needs(Permission.JOIN))])
def day(request: Request, event: Key) -> Response:
    """What runs and what comes within two hours. The page asks again by itself; only then Zoom is looked at."""
    parts = parts_of(request)
    about, now = parts.programmes.event(event), parts.page_time()
    lines = parts.overview.of_event(event)
    heard, again = watched(parts, now), "hx-request" in request.headers
    seen = None if heard else site_of(request).looks.at(parts.reader, event, lines, now, look=again)
    lines = with_looks(lines, seen)
    knows = heard or (seen is not None and not seen.failed)
    return render(
        request,
        "day.html.j2",
        event=about,
        now=now,
        watched=knows,
        heard=heard,
        seen=seen,
        first=not (heard or again),
        rows=on_screen(lines, now, watched=knows),
        following=next_on_host(lines),
        standing=standing(lines, now, watched=knows),
        coming=next((line for line in lines if line.start > now and not line.cancelled), None),
        happenings=parts.overview.happenings(event, now - LATELY, MOST_HAPPENINGS),
        spark=spark,
    )


def spark(line: Line) -> str:
    """The points of a line of the last minutes, in a box of 100 by 24; empty where there are not two."""
    counts = [count for _, count in line.presence.lately] if line.presence is not None else []
    if len(counts) < 2:  # noqa: PLR2004
        return ""
    top = max(*counts, 1)
    return " ".join(
        f"{place * 100 / (len(counts) - 1):.1f},{23 - count / top * 22:.1f}" for place, count in enumerate(counts)
    )


# --- what is done by hand ---------------------------------------------------------------------------------------------


def _directing(request: Request) -> use.Directing:
    return parts_of(request).directing(signed_in(request).name)


def _about(request: Request, event: str, key: str) -> dict[str, Any]:
    programmes = parts_of(request).programmes
    return {"event": programmes.event(event), "session": programmes.session(event, key)}


@router.post(SESSION + "/start", name="start_link", dependencies=[Depends(Needs(Permission.DIRECT))])
def start(request: Request, event: Key, key: Key) -> Response:
    """The host's start link: shown this once, kept nowhere."""
    link = use.start_link(_directing(request), event, key)
    response = render(
        request, "start.html.j2", **_about(request, event, key), start=link, address=web_link(link.address)
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@router.get(SESSION + "/end", name="end_session", dependencies=[Depends(Needs(Permission.DIRECT))])
def end_page(request: Request, event: Key, key: Key) -> Response:
    live = parts_of(request).webhooks.live(event).get(key)
    return render(request, "end.html.j2", **_about(request, event, key), live=live)


@router.post(SESSION + "/end", dependencies=[Depends(Needs(Permission.DIRECT))])
def end(request: Request, event: Key, key: Key) -> Response:
    use.end_session(_directing(request), event, key)
    return RedirectResponse(request.app.url_path_for("day", event=event), 303)


@router.get(SESSION + "/later", name="later", dependencies=[Depends(Needs(Permission.APPLY))])
def later_page(
    request: Request, event: Key, key: Key, minutes: Minutes = 15, following: bool = False, changed: bool = False
) -> Response:
    """What a delay would do; nothing is done yet."""
    seen = use.lateness(_directing(request), event, key, minutes, following=following)
    return render(
        request,
        "later.html.j2",
        status=409 if changed else 200,
        **_about(request, event, key),
        seen=seen,
        minutes=minutes,
        following=following,
        changed=changed,
        can_apply=site_of(request).hand_out is not None,
        waits=_waits(request, event),
    )


def _waits(request: Request, event: str) -> bool:
    planning = parts_of(request).planning()
    return waits(planning.changes_of(planning.programmes.event(event)), planning.consent(event))


@router.post(SESSION + "/later", dependencies=[Depends(Needs(Permission.APPLY))])
def move_later(
    request: Request,
    event: Key,
    key: Key,
    minutes: Annotated[int, Form(ge=1, le=360)] = 15,
    mark: Annotated[str, Form(max_length=64)] = "",
    following: Annotated[bool, Form()] = False,
) -> Response:
    _about(request, event, key)
    if site_of(request).hand_out is None:
        return told(request, 400, Phrase("no worker is running to carry out a plan"))
    try:
        run = use.move_later(_directing(request), event, key, minutes, mark, following=following)
    except StoreConflict:
        return later_page(request, event, key, minutes, following, changed=True)
    return _handed_out(request, event, run)


@router.get(SESSION + "/hosting", name="hosting", dependencies=[Depends(Needs(Permission.APPLY))])
def hosting_page(request: Request, event: Key, key: Key) -> Response:
    """Who else could start it."""
    parts = parts_of(request)
    link = parts.links.link(event, parts.programmes.session(event, key).meeting_key)
    users = [user for user in parts.reader.users() if user.licensed and (link is None or user.id != link.host_id)]
    users.sort(key=lambda user: user.name.casefold())
    return render(request, "hosting.html.j2", **_about(request, event, key), users=users, link_of=link)


@router.post(SESSION + "/hosting", dependencies=[Depends(Needs(Permission.APPLY))])
def share_hosting(request: Request, event: Key, key: Key, email: Annotated[str, Form(max_length=320)] = "") -> Response:
    _about(request, event, key)
    if site_of(request).hand_out is None:
        return told(request, 400, Phrase("no worker is running to carry out a plan"))
    return _handed_out(request, event, use.share_hosting(_directing(request), event, key, email))


@router.get(SESSION + "/open", name="open_room", dependencies=[Depends(Needs(Permission.APPLY))])
def open_page(request: Request, event: Key, key: Key) -> Response:
    return render(request, "open.html.j2", **_about(request, event, key))


@router.post(SESSION + "/open", dependencies=[Depends(Needs(Permission.APPLY))])
def open_room(request: Request, event: Key, key: Key) -> Response:
    if site_of(request).hand_out is None:
        return told(request, 400, Phrase("no worker is running to carry out a plan"))
    return _handed_out(request, event, use.open_room(_directing(request), event, key))


def _handed_out(request: Request, event: str, run: int | None) -> Response:
    """To the run, while it is done; to the plan, which says why, where nothing could be sent."""
    hand_out = site_of(request).hand_out
    if run is None or hand_out is None:
        return RedirectResponse(request.app.url_path_for("plan", event=event), 303)
    where = request.app.url_path_for("run", event=event, number=run)
    try:
        hand_out(run)
    except Unavailable:
        return RedirectResponse(f"{where}?broker=away", 303)
    return RedirectResponse(where, 303)


# --- on paper ---------------------------------------------------------------------------------------------------------


@router.get("/events/{event}/run-sheet", name="run_sheet", dependencies=[Depends(Needs(Permission.JOIN))])
def run_sheet(
    request: Request, event: Key, by: Annotated[str, Query(max_length=10)] = "room",
    who: Annotated[str, Query(max_length=200)] = "",
) -> Response:  # fmt: skip
    """Everything that somebody needs beside the screen, by room or by moderator, to print."""
    parts = parts_of(request)
    return render(
        request, "sheet.html.j2", event=parts.programmes.event(event), by=by, who=who, **sheets(parts, event, by, who)
    )


def sheets(parts: Any, event: str, by: str, who: str) -> dict[str, Any]:
    """The sheets, one for each room or moderator, each with its sessions and how to get in."""
    programme = parts.programmes.programme(event)
    known = parts.links.known(event, "").links
    hosts = {line.key: line.host for line in parts.overview.of_event(event)}
    rows: dict[str, list[Any]] = {}
    for session in sorted(programme.sessions, key=lambda each: each.start):
        if session.cancelled:
            continue
        for name in (session.moderators or ("",)) if by == "moderator" else (session.room or "",):
            rows.setdefault(name, []).append(session)
    names = sorted(rows)
    chosen = [name for name in names if not who or name == who]
    return {"names": names, "sheets": [(name, rows[name]) for name in chosen], "known": known, "hosts": hosts}
