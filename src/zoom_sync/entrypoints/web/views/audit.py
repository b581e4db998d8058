"""The audit log, for organisers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from zoom_sync.domain.access import Permission
from zoom_sync.entrypoints.web.doors import Needs
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import parts_of

router = APIRouter()
PAGE = 100


@router.get("/audit", name="audit", dependencies=[Depends(Needs(Permission.AUDIT))])
def audit(request: Request, before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> Response:
    entries = parts_of(request).audit.entries(PAGE + 1, before)
    older = entries[PAGE - 1].id if len(entries) > PAGE else None
    return render(request, "audit.html.j2", entries=entries[:PAGE], older=older, before=before)
