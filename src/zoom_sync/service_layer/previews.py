"""Secret addresses of drafts: who has one sees an event's programme before it is public, until it is withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.access import Preview, display_name
from zoom_sync.errors import NotInStore, UserError
from zoom_sync.service_layer.access import hashed
from zoom_sync.service_layer.ports.access import PreviewStore


@dataclass(frozen=True, slots=True)
class Previewing:
    """What previews need. `now` is this machine's clock."""

    previews: PreviewStore
    now: Callable[[], datetime]


def make_preview(previewing: Previewing, event: str, label: str) -> str:
    """A new secret, which is told once: the store keeps its hash. `label` says whom it is for.

    Raises:
        NotInStore: there is no such event. UserError: the label is empty.
    """
    shown = display_name(label)
    if not shown:
        raise UserError("say who the preview is for, so that it can be withdrawn later")
    secret = secrets.token_urlsafe(24)
    previewing.previews.add(hashed(secret), event, shown, previewing.now())
    return secret


def previews_of(previewing: Previewing, event: str) -> Sequence[Preview]:
    """The previews of an event that are not withdrawn. Raises NotInStore."""
    return previewing.previews.of_event(event)


def withdraw_preview(previewing: Previewing, event: str, preview: int) -> None:
    """The address shows nothing any more. Raises NotInStore where the event has no such preview."""
    previewing.previews.remove(event, preview)


def event_of_preview(previewing: Previewing, secret: str) -> str:
    """The event that a secret address shows. Raises NotInStore."""
    event = previewing.previews.event_of(hashed(secret))
    if event is None:
        raise NotInStore("there is no such preview")
    return event
