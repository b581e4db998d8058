"""What a page says of work that stands still: to those who may start runs, in their language, as notices say it."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request

from zoom_sync.adapters.notify.wording import LANGUAGES
from zoom_sync.domain.access import Permission
from zoom_sync.domain.health import said
from zoom_sync.entrypoints.watch import STARTED
from zoom_sync.entrypoints.web.doors import signed_in
from zoom_sync.entrypoints.web.site import parts_of, site_of
from zoom_sync.service_layer.watching import findings


def standing_still(request: Request) -> list[tuple[str, str]]:
    """Every way in which work stands still, in words, each with what to do."""
    if not signed_in(request).may(Permission.RUNS):
        return []
    words = LANGUAGES[site_of(request).languages.of(request).code].health
    return [
        (said(words[finding.ailment][0], finding.since, finding.why, finding.event), words[finding.ailment][1])
        for finding in findings(parts_of(request).watching(STARTED), datetime.now(UTC))
    ]
