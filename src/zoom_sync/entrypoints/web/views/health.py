"""What a supervisor asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

import zoom_sync
from zoom_sync.entrypoints.web.doors import Everybody
from zoom_sync.entrypoints.web.site import parts_of
from zoom_sync.errors import ZoomSyncError

router = APIRouter(dependencies=[Depends(Everybody("a supervisor has no account"))])


@router.get("/healthz")
def healthz() -> dict[str, Any]:
    """The process lives."""
    return {"status": "ok", "version": zoom_sync.__version__}


@router.get("/readyz")
def readyz(request: Request, response: Response) -> dict[str, Any]:
    """What this process needs answers; 503 names what does not."""
    parts = parts_of(request)
    checks = {"store": _answers(lambda: f"{parts.database.check()}")}
    if parts.settings.redis_url is not None:
        checks["broker"] = _answers(parts.governor.check)
    failing = [name for name, told in checks.items() if told is not None]
    response.status_code = 503 if failing else 200
    return {"status": "failing" if failing else "ok", "failing": failing}


def _answers(check: Callable[[], Any]) -> str | None:
    try:
        check()
    except ZoomSyncError as error:
        return str(error)
    return None
