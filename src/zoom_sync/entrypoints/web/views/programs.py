"""The same for programs, as JSON: with a script's token, or in a browser that is signed in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request

from zoom_sync.domain.access import Permission
from zoom_sync.entrypoints.web.doors import Needs
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.entrypoints.web.views.runs import Number, run_of
from zoom_sync.service_layer.status import run_json, status_json, status_of, still_live, with_webhooks
from zoom_sync.service_layer.warning import with_warnings

router = APIRouter(prefix="/api")


@router.get("/events", dependencies=[Depends(Needs(Permission.SEE, tokens=True))])
def events(request: Request) -> list[dict[str, Any]]:
    """Every event."""
    found = parts_of(request).programmes.events()
    return [
        {"key": event.key, "title": event.title, "timezone": event.timezone, "public": event.public} for event in found
    ]


@router.get("/events/{event}", dependencies=[Depends(Needs(Permission.JOIN, tokens=True))])
def event_status(request: Request, event: Key) -> dict[str, Any]:
    """What `zoom-sync status --format json` says."""
    parts = parts_of(request)
    jumps, held = parts.late_clock_jumps(), parts.held_up(event)
    told = status_of(parts.programmes, parts.links, parts.reports, event, parts.drifts, jumps, parts.bindings, held)
    live = still_live(told, parts.webhooks.live(event))
    return with_warnings(with_webhooks(status_json(told), live, parts.webhooks.heard()), parts.warnings(told, live))


@router.get("/events/{event}/runs/{number}", dependencies=[Depends(Needs(Permission.RUNS, tokens=True))])
def run(request: Request, event: Key, number: Number) -> dict[str, Any]:
    """What `zoom-sync runs NUMBER --format json` says."""
    parts = parts_of(request)
    return run_json(run_of(parts, event, number), parts.runs.items(number))
