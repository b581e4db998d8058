"""Coming in and going out: sign-in with a local account or through an identity provider, sign-out, the language."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from zoom_sync.adapters.identity.openid import Begun
from zoom_sync.bootstrap import OPENID_BACK
from zoom_sync.domain.access import NAME_LIMIT, PASSWORD_MAX, Permission, Visitor, read_role_map
from zoom_sync.domain.publication import SpreadsheetLanguage
from zoom_sync.entrypoints.web.doors import (
    BROWSER,
    SESSION,
    VISIT,
    Everybody,
    Needs,
    begin_visit,
    cookie,
    derived,
    drop_cookie,
    keep_visit,
    look,
    set_cookie,
    signed_in,
    visit,
)
from zoom_sync.entrypoints.web.language import COOKIE, LANGUAGES, SPREADSHEET_COOKIE, YEAR
from zoom_sync.entrypoints.web.rendering import render
from zoom_sync.entrypoints.web.site import parts_of
from zoom_sync.errors import SignInRefused, TooManyTries
from zoom_sync.service_layer.access import close_session, open_session, sign_in, visitor_of_claims

router = APIRouter()
HOME = "/today"

entrance = Depends(Everybody("nobody is signed in before signing in"))


@router.get("/", dependencies=[Depends(Everybody("it only points to the first page"))])
def home() -> Response:
    return RedirectResponse(HOME, 303)


@router.get("/sign-in", dependencies=[entrance])
def sign_in_page(request: Request, next: str = HOME) -> Response:  # noqa: A002 - the name in the address
    if look(request) is not None:
        return RedirectResponse(inside(next), 303)
    if not cookie(request, VISIT):
        begin_visit(request)
    return _page(request, next)


def _page(request: Request, way: str, *, status: int = 200, refused: str = "", name: str = "") -> Response:
    provider = parts_of(request).openid is not None
    return render(
        request, "sign_in.html.j2", status=status, next=inside(way), refused=refused, name=name, provider=provider
    )


@router.post("/sign-in", dependencies=[entrance])
def sign_in_form(
    request: Request,
    name: Annotated[str, Form(max_length=NAME_LIMIT)] = "",
    password: Annotated[str, Form(max_length=PASSWORD_MAX)] = "",
    next: Annotated[str, Form()] = HOME,  # noqa: A002 - the name in the form
) -> Response:
    address = request.client.host if request.client else ""
    browser = cookie(request, BROWSER) or secrets.token_urlsafe(32)
    try:
        visitor = sign_in(parts_of(request).access(), name, password, address, browser)
    except TooManyTries as error:
        response = _page(request, next, status=429, refused="often", name=name)
        wait = int((error.retry_at - parts_of(request).access().now()).total_seconds())
        response.headers["Retry-After"] = str(max(1, wait))
        return response
    except SignInRefused:
        return _page(request, next, status=401, refused="wrong", name=name)
    response = _let_in(request, visitor, next)
    set_cookie(request, response, BROWSER, browser, seconds=YEAR)
    return response


def _let_in(request: Request, visitor: Visitor, way: str) -> Response:
    """A new session for a new sign-in: the browser's old secrets are worth nothing any more."""
    secret = open_session(parts_of(request).access(), visitor, instead_of=cookie(request, SESSION))
    response = RedirectResponse(inside(way), 303)
    set_cookie(request, response, SESSION, secret)
    drop_cookie(request, response, VISIT)
    return response


@router.post("/sign-out", dependencies=[Depends(Needs(Permission.SEE))])
def sign_out(request: Request) -> Response:
    close_session(parts_of(request).access(), cookie(request, SESSION) or "", signed_in(request))
    response = RedirectResponse("/sign-in", 303)
    drop_cookie(request, response, SESSION)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


# --- through an identity provider ------------------------------------------------------------------------------------


@router.get("/sign-in/openid", dependencies=[entrance])
def openid(request: Request, next: str = HOME) -> Response:  # noqa: A002 - the name in the address
    """Send the browser to the identity provider. All secrets of this sign-in come from one that its cookie holds."""
    provider = parts_of(request).openid
    if provider is None:
        raise HTTPException(404)
    secret = begin_visit(request)
    way = urlsafe_b64encode(inside(next).encode()).decode()
    try:
        response = RedirectResponse(provider.address(_begun(secret, way)), 303)
    except SignInRefused as error:
        return _page(request, next, status=503, refused=str(error))
    keep_visit(request, response)
    return response


def _begun(secret: str, way: str) -> Begun:
    """The state also holds where to go afterwards, and cannot be made for another place."""
    state = f"{derived(secret, f'state {way}')}.{way}"
    return Begun(state, derived(secret, "nonce"), derived(secret, "verifier"))


@router.get(OPENID_BACK, dependencies=[entrance])
def openid_back(request: Request, state: str = "", code: str = "") -> Response:
    """The browser comes back with a code, or with an error. Without the cookie it left with, it is not the same one."""
    provider, secret = parts_of(request).openid, visit(request)
    if provider is None:
        raise HTTPException(404)
    way = state.rpartition(".")[2]
    begun = _begun(secret or "", way)
    if secret is None or not hmac.compare_digest(begun.state.encode(), state.encode()):
        return _again(request, "this sign-in was not begun in this browser, or too long ago")
    if not code:
        return _again(request, "the identity provider did not let you in")
    told = parts_of(request).settings
    try:
        claims = provider.claims(code, begun)
        visitor = visitor_of_claims(claims, told.oidc_role_claim, read_role_map(told.oidc_roles))
    except SignInRefused as error:
        return _again(request, str(error))
    return _let_in(request, visitor, _place(way))


def _again(request: Request, why: str) -> Response:
    begin_visit(request)
    return _page(request, HOME, status=403, refused=why)


def _place(way: str) -> str:
    try:
        return urlsafe_b64decode(way).decode()
    except ValueError:
        return HOME


def inside(way: str) -> str:
    """`way` where it leads to a page of this site, else the first page: an address may come from anybody."""
    plain = way.isascii() and way.isprintable() and "\\" not in way
    return way if plain and way.startswith("/") and not way.startswith("//") else HOME


# --- the language ----------------------------------------------------------------------------------------------------


@router.get("/language/{code}", dependencies=[Depends(Everybody("the public pages have languages too"))])
def language(request: Request, code: str, next: str = HOME) -> Response:  # noqa: A002 - the name in the address
    """Keep the language in a cookie of the browser; nothing else changes, so a link may do it."""
    if code not in LANGUAGES:
        raise HTTPException(404)
    return _keep(request, COOKIE, code, next)


@router.get("/spreadsheet-language", dependencies=[Depends(Needs(Permission.PEOPLE))])
def spreadsheet_language(request: Request, code: str = "", next: str = HOME) -> Response:  # noqa: A002 - the name in the address
    """Keep in a cookie which spreadsheets the browser's files are for, in the same way."""
    if code not in set(SpreadsheetLanguage):
        raise HTTPException(404)
    return _keep(request, SPREADSHEET_COOKIE, code, next)


def _keep(request: Request, name: str, value: str, way: str) -> Response:
    response = RedirectResponse(inside(way), 303)
    secure = not parts_of(request).settings.plain_http
    response.set_cookie(name, value, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="lax")
    return response
