"""The web application: health now; staff and public pages are to come here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Response

import zoom_sync
from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints import webhooks
from zoom_sync.errors import ZoomSyncError


def make_app(parts: Parts, hand_out: Callable[[int], None] | None = None) -> FastAPI:
    """The application over the parts of this process. Nothing in it needs Zoom to answer.

    `hand_out` takes a run that is in the store to whoever does it; kept for the pages as `app.state.hand_out`.
    """
    app = FastAPI(title="zoom_sync", version=zoom_sync.__version__, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        """The process lives."""
        return {"status": "ok", "version": zoom_sync.__version__}

    @app.get("/readyz")
    def readyz(response: Response) -> dict[str, Any]:
        """What this process needs answers; 503 names what does not."""
        checks = {"store": _answers(lambda: f"{parts.database.check()}")}
        if parts.settings.redis_url is not None:
            checks["broker"] = _answers(parts.governor.check)
        failing = [name for name, told in checks.items() if told is not None]
        response.status_code = 503 if failing else 200
        return {"status": "failing" if failing else "ok", "failing": failing}

    app.state.hand_out = hand_out
    app.include_router(webhooks.router(parts))
    return app


def _answers(check: Any) -> str | None:
    try:
        check()
    except ZoomSyncError as error:
        return str(error)
    return None
