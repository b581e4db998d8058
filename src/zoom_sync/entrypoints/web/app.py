"""The application over the parts of this process. Nothing in it needs Zoom to answer before a page does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from anyio import to_thread
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.staticfiles import StaticFiles

import zoom_sync
from zoom_sync.bootstrap import Parts
from zoom_sync.entrypoints import publication_api, webhooks
from zoom_sync.entrypoints.observing import trace_pages
from zoom_sync.entrypoints.public.editions import Editions
from zoom_sync.entrypoints.web import errors
from zoom_sync.entrypoints.web.addresses import Addresses
from zoom_sync.entrypoints.web.doors import Everybody, door_of
from zoom_sync.entrypoints.web.guard import Guard, KnownHosts
from zoom_sync.entrypoints.web.request_ids import RequestIds
from zoom_sync.entrypoints.web.site import HandOut, Site
from zoom_sync.entrypoints.web.views import (
    accounts,
    audit,
    certificates,
    day,
    deciding,
    downloads,
    editing,
    entry,
    events,
    forwarding,
    health,
    loading,
    people,
    plans,
    programs,
    public,
    runs,
    sessions,
    today,
    watching,
)

STATIC = Path(str(files("zoom_sync.entrypoints.web").joinpath("static")))
ROUTERS = (
    health, watching, entry, public, forwarding, today, events, day, sessions, people, deciding, certificates,
    downloads, plans, loading, editing, runs, audit, accounts, programs,
)  # fmt: skip


def make_app(parts: Parts, hand_out: HandOut | None = None) -> FastAPI:
    """The application.

    `hand_out` gives a committed run to whoever carries it out. Without one, and without a REDIS_URL whose workers would
    do it, the pages show plans and cannot apply them. Raises ConfigurationError where sign-in is not set up correctly.
    """
    _ = parts.openid  # said at start, and not when the first person wants to sign in
    app = FastAPI(
        title="zoom_sync",
        version=zoom_sync.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_bounded_threads(parts.settings.threads),
        max_body_size=parts.settings.webhook_bytes,  # forms are small; nothing larger than a webhook comes
    )
    app.state.site = Site(parts, hand_out or _workers(parts), Editions(parts))
    app.include_router(webhooks.router(parts))
    doors = [Depends(Everybody("it serves public events only"))]
    app.include_router(publication_api.router(app.state.site.editions, doors))
    for views in ROUTERS:
        app.include_router(views.router)
    app.include_router(downloads.announcements)
    app.state.site = replace(app.state.site, addresses=Addresses(views_of(app)))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    errors.add_to(app)
    app.add_middleware(KnownHosts, address=parts.settings.web_url, others=parts.settings.further_hosts)
    app.add_middleware(Guard, plain_http=parts.settings.plain_http)
    app.add_middleware(RequestIds)
    trace_pages(app, parts.settings)
    require_doors(app)
    return app


def _bounded_threads(count: int) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """So many pages are made at the same time, and no more.

    Each takes a connection to the database, of which the webhooks need one, and turns at the processor from the loop
    that answers them.
    """

    @asynccontextmanager
    async def bounded(app: FastAPI) -> AsyncIterator[None]:
        app.state.site.languages.prepare(public.TEMPLATES)
        to_thread.current_default_thread_limiter().total_tokens = count
        yield

    return bounded


def _workers(parts: Parts) -> Callable[[int], None] | None:
    if parts.settings.redis_url is None:
        return None

    def hand_out(run: int) -> None:
        from zoom_sync.entrypoints import tasks  # noqa: PLC0415 - Celery is needed here only

        tasks.hand_out(parts, run)

    return hand_out


def views_of(app: FastAPI) -> Iterator[APIRoute]:
    """Every route that leads to a view."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def require_doors(app: FastAPI) -> None:
    """Raise where a route does not say who may enter: it would be open to everybody because somebody forgot."""
    open_by_mistake = [route.path for route in views_of(app) if door_of(route) is None]
    if open_by_mistake:
        raise RuntimeError(f"these routes do not say who may enter: {', '.join(open_by_mistake)}")
