"""What was done on Zoom, item by item, while it is being done and afterwards."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Permission
from zoom_sync.domain.run import Run
from zoom_sync.entrypoints.web.doors import Needs
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import Key, parts_of
from zoom_sync.errors import NotInStore

router = APIRouter()
LATEST = 50
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/events/{event}/runs", name="runs", dependencies=[Depends(Needs(Permission.RUNS))])
def runs(request: Request, event: Key) -> Response:
    parts = parts_of(request)
    programme = parts.programmes.programme(event)
    return render(request, "runs.html.j2", event=programme.event, runs=parts.runs.recent(event, LATEST))


@router.get("/events/{event}/runs/{number}", name="run", dependencies=[Depends(Needs(Permission.RUNS))])
def run_page(request: Request, event: Key, number: Number, broker: str = "") -> Response:
    """One run; the page asks again by itself until it is over."""
    parts = parts_of(request)
    found = run_of(parts, event, number)
    programme = parts.programmes.programme(event)
    titles = {session.key: session.title for session in programme.sessions}
    items = parts.runs.items(number)
    total = sum(found.counts.values())
    return render(
        request,
        "run.html.j2",
        event=programme.event,
        run=found,
        items=items,
        titles=titles,
        total=total,
        settled=total - found.counts.get("waiting", 0),
        broker_away=broker == "away" and found.finished is None,
    )


def run_of(parts: Parts, event: str, number: int) -> Run:
    """A run of this event. Raises NotInStore for another event's, too."""
    found = parts.runs.run(number)
    if found.event != event:
        raise NotInStore(f"event {event!r} has no run {number}")
    return found
