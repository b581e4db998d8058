"""The events, and one event with its sessions."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from zoom_sync.domain.access import Permission
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.entrypoints.web.views.downloads import offered
from zoom_sync.service_layer.status import incomplete, status_of, still_live

router = APIRouter()


@router.get("/events", name="events", dependencies=[Depends(Needs(Permission.SEE))])
def events(request: Request) -> Response:
    return render(request, "events.html.j2", events=parts_of(request).programmes.events())


@router.get("/events/{event}", name="event", dependencies=[Depends(Needs(Permission.SEE))])
def event_page(request: Request, event: Key) -> Response:
    parts = parts_of(request)
    status = status_of(parts.programmes, parts.links, parts.reports, event, jumps=parts.late_clock_jumps())
    return render(
        request,
        "event.html.j2",
        event=status.event,
        sessions=status.sessions,
        notes=status.notes if signed_in(request).may(Permission.RUNS) else (),
        warnings=parts.warnings(status, still_live(status, parts.webhooks.live(event))),
        counts=parts.report_pages.counts(event),
        unfinished=len(incomplete(parts.reports, event)),
        runs=parts.runs.recent(event, 1),
        offered=offered(parts, event) if signed_in(request).may(Permission.PEOPLE) else (),
    )
