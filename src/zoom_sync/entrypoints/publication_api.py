"""What anybody may read of a public event: JSON and CSV for websites, and a calendar to subscribe to.

Read only, no sign-in, nothing about people. An event that is not public is not there: the answer does not tell whether
it exists. Answers carry an ETag, so that who asks every hour is sent nothing while nothing has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.params import Depends

from zoom_sync.adapters.exports.announcement import announcement_writer_of
from zoom_sync.bootstrap import Parts
from zoom_sync.domain.programme import Event
from zoom_sync.domain.publication import Announcement
from zoom_sync.service_layer.publish import announce

FRESH_SECONDS = 300


def router(parts: Parts, is_public: Callable[[Event], bool], doors: Sequence[Depends] = ()) -> APIRouter:
    """The routes over the parts of this process. `is_public` alone decides which events are served, links included."""
    api = APIRouter(prefix="/api/events", tags=["public"], dependencies=doors)

    def serve(key: str, form: str, request: Request) -> Response:
        event = next((event for event in parts.programmes.events() if event.key == key), None)
        if event is None or not is_public(event):
            raise HTTPException(404, "there is no such public event")
        told = _settled(announce(parts.publishing(), key, public=True))
        writer = announcement_writer_of(form)
        return _answer(writer.write(told), writer.media_type, f"{key}{writer.suffix}", request)

    # One route for each, so that the paths are as people write them and a key may hold a dot.
    @api.api_route("/{key}.json", methods=["GET", "HEAD"])
    def event_json(key: str, request: Request) -> Response:
        """The programme with its meetings as JSON."""
        return serve(key, "json", request)

    @api.api_route("/{key}.csv", methods=["GET", "HEAD"])
    def event_csv(key: str, request: Request) -> Response:
        """The programme with its meetings as CSV."""
        return serve(key, "csv", request)

    @api.api_route("/{key}.ics", methods=["GET", "HEAD"])
    def event_calendar(key: str, request: Request) -> Response:
        """The programme as a calendar to subscribe to."""
        return serve(key, "ics", request)

    return api


def _settled(told: Announcement) -> Announcement:
    """Published when it last changed and not when it is asked for: then the same is told in the same bytes."""
    changes = [revision.changed_at for revision in told.revisions.values()]
    return replace(told, published_at=max(changes, default=datetime.fromtimestamp(0, UTC)))


def _answer(body: bytes, media_type: str, name: str, request: Request) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={FRESH_SECONDS}",
        "Access-Control-Allow-Origin": "*",  # other websites read it in the browser; no cookie counts here
        "Content-Disposition": f'inline; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _has(told: str, tag: str) -> bool:
    """Whether a list of tags names this one, by the weak comparison: RFC 9110 section 13.1.2."""
    tags = [one.strip().removeprefix("W/") for one in told.split(",")]
    return tag in tags or "*" in tags
