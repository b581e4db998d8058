"""Templates become answers here, with what every page shows: who is signed in, the language, the way around."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

import zoom_sync
from zoom_sync.adapters.exports.cleaning import clean, one_line
from zoom_sync.domain.access import Permission
from zoom_sync.domain.rhythm import rhythm
from zoom_sync.entrypoints.web import words
from zoom_sync.entrypoints.web.doors import keep_visit, own_token
from zoom_sync.entrypoints.web.language import LANGUAGES, Language, spreadsheet_of
from zoom_sync.entrypoints.web.phrases import told
from zoom_sync.entrypoints.web.site import site_of, visitor_of


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of a template. Its text is escaped by Jinja2, and cleaned by `shown` and `line` where it is people's."""
    language = site_of(request).languages.of(request)
    page = language.environment.get_template(template).render(**_common(request, language), **values)
    response = HTMLResponse(page, status_code=status)
    response.headers["Content-Language"] = language.code
    response.headers["Vary"] = "Accept-Language, Cookie"
    keep_visit(request, response)
    return response


def _common(request: Request, language: Language) -> dict[str, Any]:
    visitor = visitor_of(request)
    return {
        "visitor": visitor,
        "may": {one.name: visitor is not None and visitor.may(one) for one in Permission},
        "csrf": own_token(request),
        "language": language,
        "languages": LANGUAGES,
        "spreadsheet": spreadsheet_of(request),
        "here": here(request),
        "link": request.app.url_path_for,
        "version": zoom_sync.__version__,
        "words": words,
        "shown": clean,
        "line": one_line,
        "say": partial(told, language=language),
        "rhythm": rhythm,
    }


def here(request: Request) -> str:
    """The address of this page on this site."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
