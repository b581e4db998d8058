"""What all views share: the parts, who carries runs out, and what is kept between requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Path, Request

from zoom_sync.bootstrap import Parts
from zoom_sync.domain.access import Visitor
from zoom_sync.entrypoints.public.editions import Editions
from zoom_sync.entrypoints.web.addresses import Addresses
from zoom_sync.entrypoints.web.language import Languages
from zoom_sync.service_layer.audience import Audiences
from zoom_sync.service_layer.running_now import Looks

HandOut = Callable[[int], None]
# A key in an address: what is no key is no page, and never reaches a database.
Key = Annotated[str, Path(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


@dataclass(frozen=True)
class Site:
    """One application. `hand_out` is None where nobody would carry out a run; `editions` is what everybody is told."""

    parts: Parts
    hand_out: HandOut | None
    editions: Editions
    languages: Languages = field(default_factory=Languages)
    audiences: Audiences = field(default_factory=Audiences)
    addresses: Addresses = field(default_factory=lambda: Addresses(()))
    looks: Looks = field(default_factory=Looks)


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def parts_of(request: Request) -> Parts:
    return site_of(request).parts


def visitor_of(request: Request) -> Visitor | None:
    """Who is signed in, as far as the door of this route has asked."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor
