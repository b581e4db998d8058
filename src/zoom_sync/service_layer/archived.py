"""Events that were put away, or called off: what is not done for them."""

from __future__ import annotations

from zoom_sync.domain.phrases import Phrase
from zoom_sync.errors import UserError
from zoom_sync.service_layer.ports.events import ProgrammeStore


def refuse_archived(programmes: ProgrammeStore, event: str) -> None:
    """Raises UserError where the event was put away."""
    if programmes.is_archived(event):
        raise UserError(
            Phrase("event {event!r} is archived; `zoom-sync event restore` lets it be synced again", event=event)
        )


def refuse_resting(programmes: ProgrammeStore, event: str) -> None:
    """The same, and where it was called off: what its sessions are by themselves cannot be edited meanwhile."""
    refuse_archived(programmes, event)
    if programmes.is_called_off(event):
        raise UserError(Phrase("event {event!r} is called off; `zoom-sync event hold` takes it up again", event=event))
