"""What anybody may read of a public event: JSON and CSV for websites, and a calendar to subscribe to.

Read only, no sign-in, nothing about people. An event that is not public is not there: the answer does not tell whether
it exists. Answers carry an ETag, so that who asks again is sent nothing while nothing has changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.params import Depends

from zoom_sync.adapters.exports.announcement import announcement_writer_of
from zoom_sync.domain.publication import Announcement
from zoom_sync.entrypoints.public.editions import Editions
from zoom_sync.entrypoints.public.kept import Body, body
from zoom_sync.errors import NotInStore

READING = ["GET", "HEAD"]


def router(editions: Editions, doors: Sequence[Depends] = ()) -> APIRouter:
    """The routes over what is told to everybody."""
    api = APIRouter(prefix="/api/events", tags=["public"], dependencies=doors)

    async def serve(key: str, form: str, request: Request) -> Response:
        try:
            return await editions.answer(request, key, ("api", form), lambda announcement: written(announcement, form))
        except NotInStore:
            raise HTTPException(404, "there is no such public event") from None

    # One route for each, so that the paths are as people write them and a key may hold a dot.
    @api.api_route("/{key}.json", methods=READING)
    async def event_json(key: str, request: Request) -> Response:
        """The programme with its meetings as JSON."""
        return await serve(key, "json", request)

    @api.api_route("/{key}.csv", methods=READING)
    async def event_csv(key: str, request: Request) -> Response:
        """The programme with its meetings as CSV."""
        return await serve(key, "csv", request)

    @api.api_route("/{key}.ics", methods=READING)
    async def event_calendar(key: str, request: Request) -> Response:
        """The programme as a calendar to subscribe to."""
        return await serve(key, "ics", request)

    return api


def written(announcement: Announcement, form: str) -> Body:
    """The announcement in a format, to be read by other websites in the browser; no cookie counts here."""
    writer = announcement_writer_of(form)
    name = f"{announcement.programme.event.key}{writer.suffix}"
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f'inline; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return body(writer.write(announcement), writer.media_type, headers)
