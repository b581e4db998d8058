"""The first page after signing in: what needs somebody, what runs, what comes, what ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter, Depends, Request, Response

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Permission
from zoom_sync.entrypoints.web.doors import Needs, signed_in
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import parts_of
from zoom_sync.entrypoints.web.standing import standing_still
from zoom_sync.service_layer.today import today

router = APIRouter()
# Webhooks that came within this time are taken to come still.
HEARD_WITHIN = timedelta(days=1)


@router.get("/today", name="today", dependencies=[Depends(Needs(Permission.SEE))])
def today_page(request: Request) -> Response:
    parts = parts_of(request)
    now = parts.page_time()
    shown = today(parts.overview, now, watched=watched(parts, now), expected_basic=parts.expected_basic())
    zones = [line.zone for line, _ in shown.running] + [line.zone for line in shown.coming]
    zone = next(iter(zones), shown.events[0].zone if shown.events else "UTC")
    waiting = shown.waiting if signed_in(request).may(Permission.RUNS) else ()
    standing = standing_still(request)
    return render(request, "today.html.j2", today=shown, waiting=waiting, now=now, zone=zone, standing=standing)


def watched(parts: Parts, now: datetime) -> bool:
    """Whether it would be known if a meeting had begun: webhooks come."""
    latest = parts.webhooks.heard().latest
    return latest is not None and now - latest < HEARD_WITHIN
