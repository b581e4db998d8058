"""Registering people on Zoom, over the same exchange of requests as everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zoom_sync.adapters.zoom import parsing, protocol
from zoom_sync.adapters.zoom.client import Exchange
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.registering import Guest, Registrant


class ZoomRegistration:
    """The `ZoomRegistration` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def add(self, meeting_id: str, kind: Kind, person: Guest, *, approved: bool) -> Mapping[str, Any]:
        body = _named(person) | ({"org": person.organisation} if person.organisation else {})
        answer = self._exchange.call(protocol.add_registrant(meeting_id, kind, body, approved=approved))
        return parsing.row(answer)

    def add_many(
        self, meeting_id: str, kind: Kind, people: Sequence[Guest], *, approved: bool
    ) -> Sequence[Mapping[str, Any]]:
        # A batch takes no organisation; nobody is sent alone for it, at thirty times the calls.
        call = protocol.add_registrants(meeting_id, kind, [_named(person) for person in people], approved=approved)
        return parsing.rows(self._exchange.call(call), "registrants")

    def set_status(self, meeting_id: str, kind: Kind, action: str, people: Sequence[Registrant]) -> None:
        rows = [
            {"email": registrant.person.email, **({"id": registrant.registrant_id} if registrant.registrant_id else {})}
            for registrant in people
        ]
        self._exchange.call(protocol.set_registrants(meeting_id, kind, action, rows))


def _named(person: Guest) -> dict[str, Any]:
    """What Zoom takes in every way of registering: https://developers.zoom.us/docs/api/meetings/."""
    last = {"last_name": person.last_name} if person.last_name else {}
    return {"email": person.email, "first_name": person.first_name, **last}
