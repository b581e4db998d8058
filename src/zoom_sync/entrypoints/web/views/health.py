"""What a supervisor asks. It is answered at once, or by threads of its own: it never waits for a page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request, Response

import zoom_sync
from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints.watch import STARTED
from zoom_sync.entrypoints.web.doors import Everybody
from zoom_sync.entrypoints.web.site import parts_of
from zoom_sync.errors import ZoomSyncError
from zoom_sync.service_layer.watching import findings

log = logging.getLogger(__name__)
_threads = CapacityLimiter(2)
router = APIRouter(dependencies=[Depends(Everybody("a supervisor has no account"))])


@router.get("/healthz")
async def healthz() -> dict[str, Any]:
    """The process lives."""
    return {"status": "ok", "version": zoom_sync.version()}


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, Any]:
    """What this process needs answers; 503 names what does not, and the log says why."""
    return _told(response, await to_thread.run_sync(_not_answering, parts_of(request), limiter=_threads))


def _not_answering(parts: Parts) -> list[str]:
    # The part itself looks for its database, so it is named inside.
    checks = {"store": _answers("store", lambda: parts.database.check())}  # noqa: PLW0108
    if parts.settings.redis_url is not None:
        checks["broker"] = _answers("broker", parts.governor.check)
    return [name for name, answers in checks.items() if not answers]


@router.get("/readyz/deep")
async def deep(request: Request, response: Response) -> dict[str, Any]:
    """The work happens; 503 names what stands still. Since when and why is in `doctor`, `status` and the metrics."""
    return _told(response, await to_thread.run_sync(_standing_still, parts_of(request), limiter=_threads))


def _standing_still(parts: Parts) -> list[str]:
    try:
        return sorted({str(finding.ailment) for finding in findings(parts.watching(STARTED), datetime.now(UTC))})
    except ZoomSyncError as error:
        log.warning("not_ready", extra={"what": "store", "reason": str(error)})
        return ["store"]


def _told(response: Response, failing: list[str]) -> dict[str, Any]:
    response.status_code = 503 if failing else 200
    return {"status": "failing" if failing else "ok", "failing": failing}


def _answers(name: str, check: Callable[[], str]) -> bool:
    try:
        check()
    except ZoomSyncError as error:
        log.warning("not_ready", extra={"what": name, "reason": str(error)})
        return False
    return True
