"""Public events as everybody sees them: page, calendars, codes, JSON and CSV, each made once per change of the event.

An event that is not marked public is answered as if it were not there, from the moment on that the mark is gone: what
was kept of it is not looked at before the store was asked.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.forwarding import closes
from zoom_sync.domain.publication import Announcement
from zoom_sync.entrypoints.public.kept import Body, Kept, answer, body
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.publish import announce

# Events whose announcement is held to make further bodies of it: a code, the calendar of one session.
MOST_ANNOUNCEMENTS = 8
Make = Callable[[Announcement], Body]


class Editions:
    """What is told to everybody, by the parts of this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._seconds = parts.settings.public_cache_seconds
        # The parts look for their database at first use, so it is named inside.
        self._kept = Kept(lambda keys: parts.programmes.states(keys))  # noqa: PLW0108
        self._announcements: OrderedDict[str, tuple[str, Announcement]] = OrderedDict()

    async def answer(
        self, request: Request, event: str, what: tuple[str, ...], make: Make, now: datetime | None = None
    ) -> Response:
        """What is made of the event's announcement as it stands now; `what` names it, with everything it differs by.

        Where it tells what is over, `now` (aware) is the moment that `make` knows: it is made anew once for each
        session that closes, and not once for each moment at which somebody asks.

        Raises NotInStore where there is no public event of that key, and StoreError.
        """
        state = await asyncio.wrap_future(self._kept.state(event))
        if state is None or not state.public:
            raise NotInStore(f"there is no public event {event!r}")
        version = state.version
        edition = version if now is None else f"{version} {await self._closed(event, version, now)}"
        made = self._kept.made((event, *what), edition, lambda: make(self._announcement(event, version)))
        return answer(request, await asyncio.wrap_future(made), self._seconds)

    async def _closed(self, event: str, version: str, now: datetime) -> int:
        """How many sessions are over by now. When they close is kept as bodies are, and told to nobody."""
        kept = self._kept.made((event, "closing"), version, lambda: _closing(self._announcement(event, version)))
        moments = (await asyncio.wrap_future(kept)).plain.decode().split()
        return sum(datetime.fromisoformat(moment) <= now for moment in moments)

    def _announcement(self, event: str, version: str) -> Announcement:
        """At that version or a later one. Called by one thread only."""
        held = self._announcements.pop(event, None)
        if held is None or held[0] != version:
            held = version, public_announcement(self._parts, event)
        self._announcements[event] = held
        while len(self._announcements) > MOST_ANNOUNCEMENTS:
            self._announcements.popitem(last=False)
        return held[1]


def _closing(announcement: Announcement) -> Body:
    moments = sorted(closes(announced_session.session).astimezone(UTC) for announced_session in announcement.sessions())
    return body("\n".join(moment.isoformat() for moment in moments).encode(), "text/plain")


def public_announcement(parts: Parts, event: str) -> Announcement:
    """What everybody is told, published when it last changed and not when it is asked for: the same in the same bytes.

    Raises NotInStore where the event is not public.
    """
    state = parts.programmes.states([event]).get(event)
    if state is None or not state.public:
        raise NotInStore(f"there is no public event {event!r}")
    announcement = announce(parts.publishing(), event, public=True)
    changes = [revision.changed_at for revision in announcement.revisions.values()]
    return replace(announcement, published_at=max(changes, default=datetime.fromtimestamp(0, UTC)))
