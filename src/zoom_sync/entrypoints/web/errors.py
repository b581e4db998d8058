"""Errors as pages that say what to do; as JSON for programs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from zoom_sync.domain.access import Visitor
from zoom_sync.entrypoints.web.doors import SAFE, Forged, MayNot, NotSignedIn
from zoom_sync.entrypoints.web.guard import HEADERS
from zoom_sync.entrypoints.web.language import N_
from zoom_sync.entrypoints.web.rendering import here, render
from zoom_sync.entrypoints.web.request_ids import HEADER
from zoom_sync.errors import (
    ConfigurationError,
    NotInStore,
    StoreError,
    UserError,
    ZoomError,
    ZoomSyncError,
)
from zoom_sync.observability import request_id

log = logging.getLogger(__name__)

ADVICE = {
    400: (N_("This cannot be done"), N_("Go back, and try it another way.")),
    403: (
        N_("You may not do this"),
        N_("Your role does not include it. Ask an organiser to do it, or to give you another role."),
    ),
    404: (
        N_("There is no such page"),
        N_("It may have moved or been removed. Start from the list of events."),
    ),
    405: (N_("This page cannot be used like this"), N_("Go back, and use the buttons of the page.")),
    413: (N_("That was too much"), N_("The form holds more than this page accepts. Shorten it.")),
    419: (
        N_("This page was out of date"),
        N_("You signed in or out since it was opened, so nothing was done. Go back, reload the page, and try again."),
    ),
    500: (
        N_("Something went wrong here"),
        N_("Try again. If it happens again, tell an organiser when it was: the log knows what happened."),
    ),
    502: (
        N_("Zoom could not be reached"),
        N_("What is in the store is not affected. Try again in a minute; `zoom-sync doctor` tells what is wrong."),
    ),
    503: (
        N_("The store does not answer"),
        N_("Nothing is lost. Try again in a minute; if it stays so, an organiser has to look after the database."),
    ),
    591: (
        N_("zoom_sync is not set up for this"),
        N_("An organiser has to correct the settings; `zoom-sync doctor` tells what is missing."),
    ),
}  # fmt: skip
# Pages that differ though their status is the same.
SHOWN_AS = {419: 403, 591: 503}

KINDS: Mapping[type[Exception], int] = {
    NotInStore: 404,
    ConfigurationError: 591,
    UserError: 400,
    StoreError: 503,
    ZoomError: 502,
    Exception: 500,
}


def add_to(app: FastAPI) -> None:
    """Let every error that a view raises become its page."""
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(MayNot, lambda request, _: _refused(request, "role", 403))
    app.add_exception_handler(Forged, lambda request, _: _refused(request, "forged", 419))
    app.add_exception_handler(ZoomSyncError, _foreseen)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)


def told(request: Request, kind: int, reason: str = "", problems: tuple[str, ...] = ()) -> Response:
    """The page of an error, or its JSON. `reason` is in English."""
    status = SHOWN_AS.get(kind, kind)
    if _for_program(request):
        said = reason or HTTPStatus(status).phrase
        return JSONResponse({"error": said, "problems": list(problems)}, status_code=status)
    title, advice = ADVICE.get(kind, ADVICE[400])
    return render(request, "error.html.j2", status=status, title=title, advice=advice, reason=reason, problems=problems)


def _for_program(request: Request) -> bool:
    return request.url.path.startswith("/api/") or "authorization" in request.headers


def _not_signed_in(request: Request, _: Exception) -> Response:
    way = f"/sign-in?next={quote(here(request), safe='/')}"
    if _for_program(request):
        return JSONResponse({"error": "sign in, or send a token"}, 401, headers={"WWW-Authenticate": "Bearer"})
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    if request.method not in SAFE:
        return RedirectResponse("/sign-in", 303)
    return RedirectResponse(way, 303)


def _refused(request: Request, why: str, kind: int) -> Response:
    """Who may not, or a request that comes from no page of ours: one line, by the route and not by the address."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    route = getattr(request.scope.get("route"), "name", "")
    who = visitor.name if visitor else ""
    log.warning("refused", extra={"why": why, "who": who, "route": route, "method": request.method})
    return told(request, kind)


def _foreseen(request: Request, error: Exception) -> Response:
    problems = tuple(map(str, error.problems)) if isinstance(error, UserError) else ()
    kind = next(number for known, number in KINDS.items() if isinstance(error, known))
    if kind in (502, 503, 500):
        log.warning("page_failed", extra={"kind": type(error).__name__, "reason": str(error)})
    reason = "" if kind == 404 else str(error)  # noqa: PLR2004 - not found: what is not there is nobody's to know
    return told(request, kind, reason, problems)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return told(request, error.status_code)


def _invalid(request: Request, error: Exception) -> Response:
    """An address that is none of ours, or a form that no page of ours sends."""
    assert isinstance(error, RequestValidationError)
    in_path = any(each["loc"][0] == "path" for each in error.errors())
    return told(request, 404 if in_path else 400)


def _unforeseen(request: Request, error: Exception) -> Response:
    """Its text may hold anything, so only the log gets it, which is redacted."""
    log.error("unexpected error", exc_info=error)
    response = told(request, 500)
    response.headers.update(HEADERS)  # this answer is made outside of Guard and RequestIds
    response.headers["Cache-Control"] = "no-store"
    response.headers[HEADER] = request_id() or ""
    return response
