"""What happens in the account, made into webhooks for whoever wants to hear of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import webhook_events as events
from .webhooks import Webhooks
from .world import Meeting, World


class News:
    """Listens to a world once somebody subscribes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.webhooks = Webhooks(world.options.seed)

    def subscribe(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A subscription, by default with the account's own secret; raises ValueError or TypeError for a wrong one."""
        self.webhooks.subscribe(body, self._world.credentials.webhook_secret, self._world.clock.now())
        self._world.listener = self._hear
        return self.webhooks.to_json()

    def unsubscribe(self) -> None:
        """Nobody hears anything any more; what was not sent is forgotten."""
        self._world.listener = None
        self.webhooks = Webhooks(self._world.options.seed)

    def _hear(self, what: str, meeting: Meeting, about: Any) -> None:
        """`about`: the fields before a change, a registrant with his link, or the instance that was held."""
        now = self._world.clock.now()
        if what == "held":
            for at, happened, payload in events.held(self._world, meeting, about):
                self.webhooks.hear(events.event_name(meeting, happened), payload, at, now)
            return
        self.webhooks.hear(events.event_name(meeting, what), self._payload(what, meeting, about), now, now)

    def _payload(self, what: str, meeting: Meeting, about: Any) -> dict[str, Any]:
        if what == "registration_created":
            registrant, link = about
            return events.registered(self._world, meeting, registrant, link)
        if what.startswith("registration_"):
            registrant, link = about
            return events.decided(self._world, meeting, what, registrant, link)
        if what in ("started", "ended"):
            return (events.started if what == "started" else events.ended)(self._world, meeting, about)
        return events.planned(self._world, meeting, what, about or {})
