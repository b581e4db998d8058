"""Each request to the pages has an id: in its log lines, in its answer, and in those of the work that it hands out."""

from __future__ import annotations

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zoom_sync.observability import new_request

HEADER = "X-Request-ID"

log = structlog.stdlib.get_logger(__name__)


class RequestIds:
    """Takes the id that a proxy has given, or makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # It stays bound when this ends: what nobody foresaw is logged further out. The next request begins anew.
        number = new_request(Headers(scope=scope).get(HEADER))

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = number
                log.info("answered", method=scope["method"], route=_route(scope), status=message["status"])
            await send(message)

        await self._app(scope, receive, send_named)


def _route(scope: Scope) -> str:
    """The pattern of the address: the address itself may name somebody."""
    return getattr(scope.get("route"), "path", "")
