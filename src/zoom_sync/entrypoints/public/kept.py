"""What is the same for everybody, made once per change and kept in this process.

Whoever asks is answered from what is kept, while the store says that its version is still the one that it was made of.
That question is one for all who ask at the same time: who comes while it is under way waits for the next one, so nobody
is answered by what was true before he asked. Making is done one after the other in a thread of its own, so that however
many ask at once, the loop that answers webhooks and supervisors shares its processor with one.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

# Of bodies, plain and compressed, in one process.
MOST_BYTES = 64 * 1024 * 1024
# What is shorter is sent as it is: a packet is a packet.
SHORTEST_PACKED = 512


class State(Protocol):
    """What the store says of an event."""

    @property
    def public(self) -> bool: ...

    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Body:
    """An answer for everybody. `tag` is of its content alone: every process, and the next one, makes the same."""

    plain: bytes
    packed: bytes | None
    tag: str
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed or b"")


def body(content: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Body:
    """A body with what is told of it, compressed where that makes it shorter."""
    packed = gzip.compress(content, 6, mtime=0) if len(content) >= SHORTEST_PACKED else content
    tag = hashlib.sha256(content).hexdigest()[:32]
    return Body(content, packed if len(packed) < len(content) else None, tag, media_type, headers or {})


def answer(request: Request, kept: Body, seconds: int) -> Response:
    """The body for who asked, or 304 where he has it. Caches may keep it so many seconds before they ask again."""
    packed = kept.packed if _takes_gzip(request.headers.get("accept-encoding", "")) else None
    tag = f'"{kept.tag}-gzip"' if packed else f'"{kept.tag}"'
    headers = {
        "Vary": "Accept-Encoding",
        **kept.headers,
        "ETag": tag,
        # no-cache: kept, and asked about each time. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4
        "Cache-Control": f"public, max-age={seconds}" if seconds else "public, no-cache",
    }
    if _has(request.headers.get("if-none-match", ""), kept.tag):
        return Response(status_code=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(packed or kept.plain, media_type=kept.media_type, headers=headers)


def _has(sent: str, tag: str) -> bool:
    """Whether a list of tags names this content in any form, by the weak comparison: RFC 9110 section 13.1.2."""
    tags = {each.strip().removeprefix("W/").strip('"') for each in sent.split(",")}
    return not tags.isdisjoint({tag, f"{tag}-gzip", "*"})


def _takes_gzip(sent: str) -> bool:
    """RFC 9110 section 12.5.3; a weight of zero refuses."""
    parts = (part.partition(";") for part in sent.lower().split(","))
    weights = {name.strip(): weight.strip() for name, _, weight in parts}
    weight = weights.get("gzip", weights.get("*"))
    return weight is not None and not re.fullmatch(r"q=0(\.0*)?", weight)


class Kept:
    """The states of events as they are asked for, and the bodies that were made of them."""

    def __init__(self, ask: Callable[[Collection[str]], Mapping[str, State]], most_bytes: int = MOST_BYTES) -> None:
        """`ask` answers the state of each event that there is; it may raise, and then so does each who asked."""
        self._ask = ask
        self._most = most_bytes
        self._lock = Lock()
        self._waiting: dict[str, Future[State | None]] = {}
        self._bodies: OrderedDict[tuple[str, ...], tuple[str, Future[Body]]] = OrderedDict()
        self._size = 0
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="public-state")
        self._making = ThreadPoolExecutor(1, thread_name_prefix="public-page")

    def state(self, event: str) -> Future[State | None]:
        """The state of an event as it is after this moment; None where there is no such event."""
        with self._lock:
            if event in self._waiting:
                return self._waiting[event]
            first = not self._waiting
            future = self._waiting[event] = _shared()
        if first:
            self._looking.submit(self._look)
        return future

    def _look(self) -> None:
        with self._lock:
            asked, self._waiting = self._waiting, {}
        try:
            states = self._ask(asked.keys())
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            for future in asked.values():
                future.set_exception(error)
            return
        for event, future in asked.items():
            future.set_result(states.get(event))

    def made(self, key: tuple[str, ...], version: str, make: Callable[[], Body]) -> Future[Body]:
        """The body of a key at a version; whoever asks first has it made, and the others wait for that."""
        with self._lock:
            held = self._bodies.get(key)
            if held is not None and held[0] == version:
                self._bodies.move_to_end(key)
                return held[1]
            self._forget(key)
            future: Future[Body] = _shared()
            self._bodies[key] = (version, future)
        self._making.submit(self._make, key, future, make)
        return future

    def _make(self, key: tuple[str, ...], future: Future[Body], make: Callable[[], Body]) -> None:
        try:
            made = make()
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and the next one tries again
            with self._lock:
                if self._is_held(key, future):
                    del self._bodies[key]
            future.set_exception(error)
            return
        with self._lock:
            if self._is_held(key, future):
                self._size += made.size
            future.set_result(made)
            oldest = [each for each, (_, body) in self._bodies.items() if body.done() and each != key]
            for each in oldest:
                if self._size <= self._most:
                    break
                self._forget(each)

    def _is_held(self, key: tuple[str, ...], future: Future[Body]) -> bool:
        return key in self._bodies and self._bodies[key][1] is future

    def _forget(self, key: tuple[str, ...]) -> None:
        held = self._bodies.pop(key, None)
        if held is not None and held[1].done():
            self._size -= held[1].result().size

    def close(self) -> None:
        """End the threads, once what is under way is done."""
        self._looking.shutdown()
        self._making.shutdown()


def _shared() -> Future[Any]:
    """A future that many wait for: one of them who goes away does not cancel it."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future
