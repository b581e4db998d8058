"""Templates become answers here, with what every page shows: who is signed in, the language, the way around."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

import zoom_sync
from zoom_sync.adapters.exports.cleaning import clean, one_line
from zoom_sync.domain.access import Permission, Visitor
from zoom_sync.domain.publication import SpreadsheetLanguage
from zoom_sync.domain.rhythm import rhythm
from zoom_sync.entrypoints.web import words
from zoom_sync.entrypoints.web.addresses import Addresses
from zoom_sync.entrypoints.web.doors import keep_visit, own_token
from zoom_sync.entrypoints.web.language import DEFAULT, LANGUAGES, Language, spreadsheet_of
from zoom_sync.entrypoints.web.phrases import told
from zoom_sync.entrypoints.web.site import site_of, visitor_of

# A page is in the language that was chosen, or is preferred, and another one for who is signed in.
VARY = "Accept-Encoding, Accept-Language, Cookie"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of a template. Its text is escaped by Jinja2, and cleaned by `shown` and `line` where it is people's."""
    language = site_of(request).languages.of(request)
    around = {
        **_around(language, visitor_of(request), here(request)),
        "csrf": own_token(request),
        "spreadsheet": spreadsheet_of(request),
        "link": site_of(request).addresses,
    }
    page = language.environment.get_template(template).render(**around, **values)
    response = HTMLResponse(page, status_code=status)
    response.headers["Content-Language"] = language.code
    response.headers["Vary"] = VARY
    keep_visit(request, response)
    return response


def page_for_everybody(link: Addresses, language: Language, template: str, path: str, **values: Any) -> str:
    """The page of a template as it is for whoever is not signed in: it has no form, and nothing of one visitor.

    `link` makes an address of a route's name and its parameters, `path` is the page's own.
    """
    around = {**_around(language, None, path), "csrf": "", "spreadsheet": SpreadsheetLanguage(DEFAULT), "link": link}
    return language.environment.get_template(template).render(**around, **values)


def _around(language: Language, visitor: Visitor | None, path: str) -> dict[str, Any]:
    return {
        "visitor": visitor,
        "may": {permission.name: visitor is not None and visitor.may(permission) for permission in Permission},
        "language": language,
        "languages": LANGUAGES,
        "here": path,
        "version": zoom_sync.version(),
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
