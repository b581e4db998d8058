"""What goes into the simulator and what comes out of it, as values and without a socket.

`Request` is what a client sends, `Response` an answer, `Dropped` a connection that breaks off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

_JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    `path` is the raw path of the request line, percent-encoding untouched and without the query: how often a
    meeting UUID was encoded can only be told from the raw form. `query` is decoded. Header names are looked up
    without regard to case.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """The header's value, or an empty string."""
        text = self.headers.get(name)
        if text is not None:
            return text
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class Made:
    """A body that is made while it is sent: `block` over and over, from byte `start` on, up to byte `end`."""

    block: bytes
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[bytes]:
        """The body in pieces of no more than a block."""
        at = self.start
        while at < self.end:
            begin = at % len(self.block)
            piece = self.block[begin : begin + self.end - at]
            yield piece
            at += len(piece)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer. `delay` is how many seconds the server waits before it sends it; `made` stands for `body`."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    made: Made | None = None

    def json(self) -> Any:
        """The body read as JSON; raises ValueError where it is none."""
        return json.loads(self.body)

    def wire(self) -> bytes:
        """The answer as the bytes of HTTP/1.1."""
        return self.head() + (self.body if self.made is None else b"".join(self.made))

    def head(self) -> bytes:
        """All of the answer that comes before its body."""
        lines = [f"HTTP/1.1 {self.status} {reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.status != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {len(self.body if self.made is None else self.made)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A connection that is closed after the raw bytes `sent` (possibly none), `delay` seconds later."""

    sent: bytes = b""
    delay: float = 0.0


Outcome = Response | Dropped


def reason(status: int) -> str:
    """The phrase of a status line."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def json_text(value: Any) -> str:
    """`value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer whose body is `value` as JSON."""
    return raw_json_response(json_text(value), status, headers)


def raw_json_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer whose body is JSON already."""
    # A lone surrogate in a text becomes its JSON escape: it must not break the answer that quotes it.
    body = text.encode("utf-8", "backslashreplace")
    return Response(status, {"Content-Type": _JSON, **(headers or {})}, body)


def no_content() -> Response:
    """Zoom's 204: no body at all."""
    return Response(204)
