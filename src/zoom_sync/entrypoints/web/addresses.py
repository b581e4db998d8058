"""The addresses of pages by their names: `link("session", event="urban-2023", key="seminar-1")` in every template."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from fastapi.routing import APIRoute

# What may stand in one segment of a path as it is: RFC 3986 section 3.3.
AS_IT_IS = "!$&'()*+,;=:@-._~"


class Addresses:
    """Known once the application has its routes. A page of 1,000 sessions asks for thousands of them."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._patterns: dict[str, str] = {}
        for route in routes:  # of two routes of one name the first is meant, as in Starlette: a page, not the programs'
            self._patterns.setdefault(route.name, route.path_format)

    def __call__(self, name: str, /, **values: object) -> str:
        """The path of a page; each value is one segment of it. Raises KeyError for an unknown name."""
        return self._patterns[name].format_map({key: quote(str(value), safe=AS_IT_IS) for key, value in values.items()})
