"""What outlives the purge of a session's people: which figures hold for it, by what the store says was purged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoom_sync.domain.kept_figures import of_session
from zoom_sync.domain.programme import Session
from zoom_sync.service_layer.ports.reports import ReportStore


def kept_of_purged(reports: ReportStore, event: str) -> Mapping[str, Mapping[str, Any]]:
    """The figures that were kept of each session whose people were purged, or are being purged, by its key.

    They hold from the moment the purge begins, so that no figure shrinks while rows go.
    """
    purged = reports.purged(event)
    return {key: kept for key, kept in reports.figures(event).items() if key in purged}


def kept_of(reports: ReportStore, event: str, session: Session) -> Mapping[str, Any] | None:
    """The figures that were kept of one session as it stands in the programme; None where its people are there."""
    kept = kept_of_purged(reports, event).get(session.key)
    return kept if kept is not None and of_session(kept, session) else None
