"""What Prometheus asks, with a token of an account that may see."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from zoom_sync.domain.access import Permission
from zoom_sync.entrypoints.metrics import metrics_text
from zoom_sync.entrypoints.web.doors import Needs
from zoom_sync.entrypoints.web.site import parts_of

router = APIRouter()


@router.get("/metrics", dependencies=[Depends(Needs(Permission.SEE, tokens=True))])
def metrics(request: Request) -> Response:
    return Response(metrics_text(parts_of(request)), media_type="text/plain; version=0.0.4; charset=utf-8")
