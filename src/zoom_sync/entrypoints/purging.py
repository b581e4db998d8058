"""Removing what is past its time, for whoever has a schedule: beat's workers, and `serve`."""

from __future__ import annotations

from functools import partial

import structlog

from zoom_sync.bootstrap import Parts
from zoom_sync.service_layer.privacy import purge_due
from zoom_sync.service_layer.summary import keep_figures

# What is kept is counted in days.
PURGE_SECONDS = 86_400.0

log = structlog.stdlib.get_logger(__name__)


def purge_past(parts: Parts) -> None:
    """Remove what is past its time. Raises StoreError."""
    keep = partial(keep_figures, parts.programmes, parts.reports)
    days, now = parts.settings.keep_days, parts.retention_time()
    for gone in purge_due(parts.purging, days, now, before_each=keep):
        log.info("purged", kind=str(gone.kind), event_key=gone.event, session=gone.session, rows=gone.rows)
