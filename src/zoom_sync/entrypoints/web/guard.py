"""Headers that every answer carries, so that a slip in a page stays one: nothing from elsewhere runs or is loaded."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # an address holds an event's key; no other site is told it
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TLS_ONLY = "max-age=31536000"  # https://www.rfc-editor.org/rfc/rfc6797; ignored where it comes without TLS
STATIC = "public, max-age=86400"


class Guard:
    """Puts the headers on every answer. What is not static may be somebody's: no cache keeps it."""

    def __init__(self, app: ASGIApp, *, plain_http: bool = False) -> None:
        self._app = app
        self._headers = dict(HEADERS) if plain_http else {**HEADERS, "Strict-Transport-Security": TLS_ONLY}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kept = STATIC if scope["path"].startswith("/static/") else "no-store"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", kept)
            await send(message)

        await self._app(scope, receive, send_guarded)
