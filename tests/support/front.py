"""Answers served in front of the simulator: what Zoom has been seen to say, and the simulator does not.

front = Front(desk.zoom)
front.serve("/report/meetings/.+/participants", 404, {"code": 3001, "message": "…"})
front.change("/past_meetings/.+/instances", lambda body: {**body, "meetings": []})
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from zoom_sync.simulator import Dropped, Request, Response


class Front:
    """Stands between the client and its simulator. The rule that was made last comes first."""

    def __init__(self, zoom: Any) -> None:
        self._simulator = zoom.wire.simulator
        self._rules: list[tuple[re.Pattern[str], Callable[[Request], Response | Dropped | None]]] = []
        zoom.wire.simulator = self

    def serve(
        self,
        path: str,
        status: int,
        body: Any,
        *,
        times: int | None = None,
        later_pages: bool = False,
        method: str = "",
    ) -> None:
        """Answer this at paths below /v2 that match, `times` times or always; `body` is JSON, or bytes as they are.

        `later_pages`: not to who asks for a first page. `method`: to requests with this method alone.
        """
        left = [times]

        def answer(request: Request) -> Response | None:
            if (
                left[0] == 0
                or method not in ("", request.method)
                or (later_pages and "next_page_token" not in request.query)
            ):
                return None
            left[0] = None if left[0] is None else left[0] - 1
            return _response(status, body)

        self._add(path, answer)

    def answer(self, path: str, made: Callable[[Request], Any]) -> None:
        """Answer 200 with the JSON that `made` makes of the request."""
        self._add(path, lambda request: _response(200, made(request)))

    def change(self, path: str, change: Callable[[Any], Any]) -> None:
        """Let the simulator answer, and change its JSON where it is a good answer."""

        def answer(request: Request) -> Response | Dropped:
            told = self._simulator.handle(request)
            return _response(200, change(told.json())) if isinstance(told, Response) and told.status == 200 else told

        self._add(path, answer)

    def open(self) -> None:
        """Let everything through again."""
        self._rules.clear()

    def _add(self, path: str, answer: Callable[[Request], Response | Dropped | None]) -> None:
        self._rules.insert(0, (re.compile(f"/v2{path}"), answer))

    def handle(self, request: Request) -> Response | Dropped:
        for path, answer in self._rules:
            if path.fullmatch(unquote(request.path)):
                told = answer(request)
                if told is not None:
                    return told
        return self._simulator.handle(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._simulator, name)


def _response(status: int, body: Any) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "text/html" if content.startswith(b"<") else "application/json"
    return Response(status, {"Content-Type": kind}, content)
