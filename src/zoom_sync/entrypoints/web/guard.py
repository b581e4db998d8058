"""Headers that every answer carries, so that a slip in a page stays one: nothing from elsewhere runs or is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zoom_sync.entrypoints.webhooks import WEBHOOKS

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
# Asked by machines, by whatever name or number their network gives this process: they tell nothing of anybody, hold no
# link that is made of the name, and what Zoom sends is signed.
BY_MACHINES = frozenset({"/healthz", "/readyz", "/readyz/deep", "/metrics", WEBHOOKS})
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
TLS_ONLY = "max-age=31536000"  # https://www.rfc-editor.org/rfc/rfc6797; ignored where it comes without TLS
STATIC = "public, max-age=86400"


class KnownHosts:
    """Refuses requests for another site: a page of ours that another name leads to is somebody's attack, or a slip.

    Known are the host of the configured address, further ones that are set, and this machine's own names, so that a
    browser on it comes in by http://localhost; a name on the internet that was pointed here (DNS rebinding) does not.
    """

    def __init__(self, app: ASGIApp, *, address: str, others: Sequence[str] = ()) -> None:
        self._app = app
        self._known = {(urlsplit(address).hostname or "").casefold(), *map(str.casefold, others), *LOCAL}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in BY_MACHINES or _host_of(scope) in self._known:
            await self._app(scope, receive, send)
            return
        # https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20
        advice = "This server does not answer for that host name. See ZOOM_SYNC_WEB_URL and ZOOM_SYNC_WEB_HOSTS.\n"
        await PlainTextResponse(advice, status_code=421)(scope, receive, send)


def _host_of(scope: Scope) -> str:
    """The name in the Host header, without its port; empty where there is none, or more than one."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return ""
    try:
        return (urlsplit(f"//{hosts[0].decode('latin-1')}").hostname or "").casefold().rstrip(".")
    except ValueError:
        return ""


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
                    headers.setdefault(name, value)  # a page may be stricter, as that of a secret address is
                headers.setdefault("Cache-Control", kept)
            await send(message)

        await self._app(scope, receive, send_guarded)
