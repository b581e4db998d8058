"""POST /webhooks/zoom: what Zoom tells, taken in within its three seconds or refused so that Zoom sends it again.

https://developers.zoom.us/docs/api/webhooks/
"""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from zoom_sync.adapters.zoom import webhook
from zoom_sync.adapters.zoom.webhook import Refused, Signed
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.delivery import Delivery, Reception
from zoom_sync.errors import ZoomSyncError
from zoom_sync.service_layer.inbox import Inbox

WEBHOOKS = "/webhooks/zoom"
NO_WEBHOOKS = "ZOOM_WEBHOOK_SECRET is not set: webhooks are refused, everything is done by the clock"
# Zoom waits three seconds for its answer. Reading and asking what time it is have their part of them, and storing has
# what they leave, which is nearly all: a machine that is busy for two seconds still takes everything in.
ANSWER_SECONDS = 2.7
READ_SECONDS = 1.0
CLOCK_SECONDS = 0.8
# How often Zoom is asked its time, at most. Whoever sends old copies must not cost us calls; nobody but Zoom can have
# anything signed that looks as if it came from the future.
ASK_SECONDS = 10.0
ASK_AHEAD_SECONDS = 0.2
STATUS = {
    Refused.OVERSIZED: 413, Refused.UNSIGNED: 401, Refused.FORGED: 401, Refused.STALE: 401, Refused.MALFORMED: 400,
}  # fmt: skip
REPLAYED = 409
AWAY = 503

log = structlog.stdlib.get_logger(__name__)


def router(parts: Parts) -> APIRouter:
    """The route that Zoom's app sends its events to: a bare one, for there is nothing to be read out of the request."""
    routes = APIRouter()
    routes.add_route(WEBHOOKS, Door(parts).answer, methods=["POST"])
    return routes


class Door:
    """Who may come in. It acts on nothing: what is let in is a line in the store."""

    def __init__(self, parts: Parts) -> None:
        self._secret = parts.settings.zoom_webhook_secret.get_secret_value()
        self._most = parts.settings.webhook_bytes
        self._inbox = Inbox(lambda: parts.webhooks, parts.clock.now)
        self._clocks = Clocks(parts, timedelta(seconds=parts.settings.webhook_window_seconds))

    async def answer(self, request: Request) -> Response:
        """The answer to one request; never an error of ours but 503, and that in time."""
        until = asyncio.get_running_loop().time() + ANSWER_SECONDS
        try:
            body = await asyncio.wait_for(_read(request, self._most), READ_SECONDS)
        except (TimeoutError, ClientDisconnect):
            return self._refuse(Refused.MALFORMED)  # who sends so slowly is not Zoom
        if body is None:
            return self._refuse(Refused.OVERSIZED)
        signed = webhook.signed(request.headers)
        if signed is None:
            return self._refuse(Refused.UNSIGNED)
        if not webhook.is_genuine(self._secret, signed, body):
            return self._refuse(Refused.FORGED)
        timely = await self._clocks.agree(signed)
        if timely is None:
            return self._later("no_time")
        if not timely:
            return self._refuse(Refused.STALE)
        values = webhook.parse(body)
        if values is None:
            return self._refuse(Refused.MALFORMED)
        plain = webhook.validation_answer(self._secret, values)
        if plain is not None:
            self._inbox.count("validation")
            return JSONResponse(dict(plain))
        return await self._store(webhook.delivery(values, signed), until)

    def _refuse(self, reason: Refused) -> Response:
        self._inbox.count(str(reason))
        return Response(status_code=STATUS[reason])

    def _later(self, why: str) -> Response:
        """Zoom sends again what is answered so."""
        self._inbox.count(why)
        return Response(status_code=AWAY, headers={"Retry-After": "60"})

    async def _store(self, delivery: Delivery, until: float) -> Response:
        """Wait until it is stored, but not for longer than Zoom waits: Zoom repeats what is answered with 503.

        `until` is by the loop's clock.
        """
        try:
            stored = asyncio.wrap_future(self._inbox.put(delivery))
            async with asyncio.timeout_at(until):
                outcome = await stored
        except (TimeoutError, ZoomSyncError) as error:
            log.warning("webhook_not_stored", reason=type(error).__name__)
            return self._later("not_stored")
        return Response(status_code=REPLAYED if outcome is Reception.REPLAYED else 204)


async def _read(request: Request, most: int) -> bytes | None:
    """The raw body; None, and nothing more is read, once it is larger than allowed."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 12 or int(length) > most):  # noqa: PLR2004 - a terabyte is too much
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


class Clocks:
    """What time it is: by this machine, and by Zoom as far as its answers told.

    A request that fits neither has a signature that is Zoom's all the same. So before it is refused as old, Zoom is
    asked what time it is: our clock may be wrong, and so may have been what we last heard.
    """

    def __init__(self, parts: Parts, window: timedelta) -> None:
        self._parts = parts
        self._window = window
        self._asking = asyncio.Lock()
        self._asked = -ASK_SECONDS

    async def agree(self, signed: Signed) -> bool | None:
        """Whether it was sent about now; None where it looks as if it came from the future and nobody knows better."""
        if self._fits(signed):
            return True
        ahead = all(signed.at > clock for clock in self._now())
        if not ahead and time.monotonic() < self._asked + ASK_SECONDS:
            return False
        try:
            async with asyncio.timeout(CLOCK_SECONDS), self._asking:
                await self._ask_unless_known(signed)
        except (TimeoutError, ZoomSyncError) as error:
            log.info("time_not_known", reason=type(error).__name__)
            return None if ahead else False
        return self._fits(signed)

    async def _ask_unless_known(self, signed: Signed) -> None:
        """Ask Zoom, unless another request has just done so. Raises ZoomSyncError."""
        if not self._fits(signed):
            await asyncio.sleep(max(0.0, self._asked + ASK_AHEAD_SECONDS - time.monotonic()))
            self._asked = time.monotonic()
            await asyncio.to_thread(lambda: self._parts.reader.server_time(anew=True))

    def _fits(self, signed: Signed) -> bool:
        return webhook.is_timely(signed, self._now(), self._window)

    def _now(self) -> tuple[datetime, datetime]:
        return self._parts.clock.local(), self._parts.clock.now()
