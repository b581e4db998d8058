"""A session edited in a form: what is edited is kept, holds over its source, and can be dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from zoom_sync.adapters.sources import Reading
from zoom_sync.domain.access import Permission
from zoom_sync.domain.adjusting import TIME, said
from zoom_sync.domain.consent import waits
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Event, Programme, Session
from zoom_sync.entrypoints.fitting import fitted
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of, site_of
from zoom_sync.errors import Problem, ProgrammeError, StoreConflict
from zoom_sync.service_layer.adjusting import Edit, Edited, drop, edit, preview
from zoom_sync.settings import read_profiles

router = APIRouter(dependencies=[Depends(Needs(Permission.EDIT))])
EDIT = "/events/{event}/sessions/{key}/edit"
LOCAL = "%Y-%m-%dT%H:%M"

Text = Annotated[str, Form(max_length=500)]
Moment = Annotated[str, Form(max_length=25)]
Yes = Annotated[bool, Form()]


@router.get(EDIT, name="edit_session")
def edit_page(request: Request, event: Key, key: Key) -> Response:
    parts = parts_of(request)
    session = parts.programmes.session(event, key)
    return _form(request, event, session, _fields(parts.programmes.event(event), session))


@router.post(EDIT)
def edit_session(
    request: Request,
    event: Key,
    key: Key,
    title: Text = "",
    start: Moment = "",
    end: Moment = "",
    room: Text = "",
    host: Text = "",
    profile: Text = "",
    cancelled: Yes = False,
    public: Yes = False,
    mark: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Show what the edits do; with the mark of that, do it."""
    parts = parts_of(request)
    about, session = parts.programmes.event(event), parts.programmes.session(event, key)
    form = {
        "title": " ".join(title.split()), "start": start, "end": end, "room": room.strip(), "host": host.strip(),
        "profile": profile.strip(), "cancelled": cancelled, "public": public,
    }  # fmt: skip
    adjusting = parts.adjusting(signed_in(request).name)
    try:
        edits = _edits(about, session, form)
        seen = preview(adjusting, event, edits)
        _require_known(request, seen, key)
        if mark and seen.changes:
            edit(adjusting, event, edits, mark)
            return RedirectResponse(site_of(request).addresses("plan", event=event), 303)
    except ProgrammeError as error:
        return _form(request, event, session, form, problems=error.problems)
    except StoreConflict as conflict:
        return _form(request, event, session, form, seen=preview(adjusting, event, edits), changed=str(conflict))
    return _form(request, event, session, form, seen=seen)


@router.post("/events/{event}/adjustments/drop", name="drop_adjustments")
def drop_adjustments(request: Request, event: Key, name: Annotated[list[str] | None, Form()] = None) -> Response:
    """Let the source be right again, as it was read last."""
    drop(parts_of(request).adjusting(signed_in(request).name), event, frozenset(name or ()))
    return RedirectResponse(site_of(request).addresses("programme", event=event), 303)


def _form(
    request: Request,
    event: str,
    session: Session,
    form: dict[str, Any],
    *,
    seen: Edited | None = None,
    problems: tuple[Problem, ...] = (),
    changed: str = "",
) -> Response:
    parts = parts_of(request)
    about = parts.programmes.event(event)
    planning = parts.planning()
    return render(
        request,
        "edit.html.j2",
        status=409 if changed else 422 if problems else 200,
        event=about,
        session=session,
        form=form,
        seen=seen,
        problems=problems,
        changed=changed,
        sources=[binding for binding in parts.bindings.all() if binding.event == event],
        adjustments=[adjustment for adjustment in parts.programmes.adjustments(event) if adjustment.key == session.key],
        profiles=sorted(read_profiles(parts.settings.config)),
        default_profile=parts.settings.default_profile,
        hosts=parts.links.hosts(datetime.min.replace(tzinfo=UTC)) or (),
        waits=waits(planning.changes_of(about), planning.consent(event)),
    )


def _fields(event: Event, session: Session) -> dict[str, Any]:
    zone = ZoneInfo(event.timezone)
    return {
        "title": session.title,
        "start": session.start.astimezone(zone).strftime(LOCAL),
        "end": session.end.astimezone(zone).strftime(LOCAL),
        "room": session.room or "",
        "host": session.host or "",
        "profile": session.profile or "",
        "cancelled": session.cancelled,
        "public": session.public,
    }


def _edits(event: Event, session: Session, form: dict[str, Any]) -> list[Edit]:
    """What of the form differs from what it was filled with. Raises ProgrammeError for what is no time."""
    before = _fields(event, session)
    edits: list[Edit] = [
        (session.key, field, form[field] if field in ("title", "cancelled", "public") else form[field] or None)
        for field in ("title", "room", "host", "profile", "cancelled", "public")
        if form[field] != before[field]
    ]
    if (form["start"], form["end"]) != (before["start"], before["end"]):
        old = dict(zip(("start", "end"), said(session, TIME), strict=True))
        moments = [old[name] if form[name] == before[name] else _instant(form[name], event) for name in old]
        edits.append((session.key, TIME, moments))
    return edits


def _instant(text: str, event: Event) -> str:
    """A time on the clock of the event's zone, in UTC. Raises ProgrammeError."""
    zone = ZoneInfo(event.timezone)
    try:
        told = datetime.strptime(text[:16], LOCAL).replace(tzinfo=zone)
        instant = told.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_time(Phrase("{text!r} is no date with a time, such as 2030-03-04T14:30", text=text)) from None
    if instant.astimezone(zone).replace(tzinfo=None) != told.replace(tzinfo=None):
        raise _no_time(
            Phrase("there is no {moment} in {zone}: the clocks skip it", moment=text[:16], zone=event.timezone)
        )
    return instant.isoformat()


def _no_time(why: Phrase) -> ProgrammeError:
    return ProgrammeError(why, [Problem(why)])


def _require_known(request: Request, seen: Edited, key: str) -> None:
    """Raise ProgrammeError where an edit names a profile or a host that is not there, as `load` would say it."""
    fields = {field for _, field, *_ in seen.changes}
    if not fields & {"host", "profile"}:
        return
    parts = parts_of(request)
    after = tuple(session for session in seen.adjusted.programme.sessions if session.key == key)
    users = parts.links.hosts(datetime.min.replace(tzinfo=UTC)) or ()
    reading = fitted(Reading(Programme(seen.stored.event, after)), "", parts.settings, users)
    if reading.problems:
        raise ProgrammeError(Phrase("this cannot be; nothing was changed"), reading.problems)
