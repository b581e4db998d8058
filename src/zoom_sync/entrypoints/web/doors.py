"""Who may enter: each route has a door, which is `Needs` a permission, or `Everybody` with the reason why.

A door also asks every unsafe request for its token against forgery (CSRF): it is made from the browser's own cookie,
which no other site can read, and so is bound to the session and ends with it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from zoom_sync.domain.access import Permission, Visitor
from zoom_sync.entrypoints.web.site import parts_of
from zoom_sync.service_layer.access import visitor_of_session, visitor_of_token

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION = "zoom_sync_session"
VISIT = "zoom_sync_visit"  # before sign-in: binds the sign-in form, and an OpenID sign-in, to this browser
BROWSER = "zoom_sync_browser"  # lasts: who has signed in from here is not locked out by wrong tries from elsewhere
FIELD, HEADER = "csrf", "x-csrf-token"


class NotSignedIn(Exception):
    """Nobody is signed in, or the token is no token."""


class MayNot(Exception):
    """Somebody is signed in, and may not do this."""


class Forged(Exception):
    """The request does not show that it comes from a page of this browser's session."""


@dataclass(frozen=True)
class Needs:
    """Only for who has the permission. With `tokens` a script's bearer token will do as well."""

    permission: Permission
    tokens: bool = False

    async def __call__(self, request: Request) -> None:
        visitor = await run_in_threadpool(_who, request, tokens=self.tokens)
        if visitor is None:
            raise NotSignedIn
        request.state.visitor = visitor
        if not visitor.may(self.permission):
            raise MayNot
        if _bearer(request) is None:  # a browser never sends a bearer token by itself
            await require_own(request)


@dataclass(frozen=True)
class Everybody:
    """For everybody, and why. Without `own`, an unsafe request proves by itself where it comes from."""

    why: str
    own: bool = True

    async def __call__(self, request: Request) -> None:
        if self.own:
            await require_own(request)


def door_of(route: APIRoute) -> Needs | Everybody | None:
    """The door of a route; None where there is none."""
    doors = [each.call for each in route.dependant.dependencies if isinstance(each.call, (Needs, Everybody))]
    return doors[0] if len(doors) == 1 else None


def signed_in(request: Request) -> Visitor:
    """Who is signed in, behind a door that needs somebody."""
    visitor: Visitor = request.state.visitor
    return visitor


def look(request: Request) -> Visitor | None:
    """Who is signed in, on a page that is for everybody."""
    visitor = _who(request, tokens=False)
    request.state.visitor = visitor
    return visitor


def _who(request: Request, *, tokens: bool) -> Visitor | None:
    bearer = _bearer(request)
    if bearer is not None:
        return visitor_of_token(parts_of(request).access(), bearer) if tokens else None
    secret = cookie(request, SESSION)
    return visitor_of_session(parts_of(request).access(), secret) if secret else None


def _bearer(request: Request) -> str | None:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else None


# --- forged requests ------------------------------------------------------------------------------------------------


def own_token(request: Request) -> str:
    """What a form of this page sends back; empty where this browser has no cookie of ours yet."""
    secret = cookie(request, SESSION) or visit(request)
    return derived(secret, "csrf") if secret else ""


def derived(secret: str, purpose: str) -> str:
    """A value that only who knows the secret can make, one for each purpose."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


async def require_own(request: Request) -> None:
    """Raise Forged for an unsafe request without this browser's token."""
    if request.method in SAFE:
        return
    text = request.headers.get(HEADER)
    if text is None:
        text = (await request.form()).get(FIELD)  # type: ignore[assignment]  # a file is refused just below
    wanted = own_token(request)
    if not wanted or not isinstance(text, str) or not hmac.compare_digest(text.encode(), wanted.encode()):
        await request.close()  # files that came with it
        raise Forged


# --- cookies --------------------------------------------------------------------------------------------------------


def cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(_full_name(request, name))


def set_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """A cookie that no script can read and no other site's form sends; without `seconds` it ends with the browser."""
    response.set_cookie(
        _full_name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=not parts_of(request).settings.plain_http,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    secure = not parts_of(request).settings.plain_http
    response.delete_cookie(_full_name(request, name), path="/", secure=secure, httponly=True, samesite="lax")


def visit(request: Request) -> str | None:
    """The secret of a browser that is not signed in: its cookie's, or the one that its cookie is about to hold."""
    fresh: str | None = getattr(request.state, "visit", None)
    return fresh or cookie(request, VISIT)


def begin_visit(request: Request) -> str:
    """A secret for this browser, to be put into its cookie by `keep_visit`."""
    request.state.visit = secrets.token_urlsafe(32)
    return str(request.state.visit)


def keep_visit(request: Request, response: Response) -> None:
    fresh = getattr(request.state, "visit", None)
    if fresh:
        set_cookie(request, response, VISIT, fresh, seconds=3600)


def _full_name(request: Request, name: str) -> str:
    """`__Host-`: browsers take it from this very host and over TLS only, so no neighbour can put one in its place.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
    """
    return name if parts_of(request).settings.plain_http else f"__Host-{name}"
