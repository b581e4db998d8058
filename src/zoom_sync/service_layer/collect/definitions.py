"""How the questions of polls and surveys are answered, learnt from their definitions beside the answers.

The reports alone do not say whether a ";" joins two choices or is part of what somebody wrote. It costs one light call
for a meeting with answers to polls, one for a meeting with answers to a survey, and none for others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from zoom_sync.domain.meeting import Link
from zoom_sync.domain.polls import Definitions, definitions_of
from zoom_sync.domain.report import Instance, RawReport, Report
from zoom_sync.errors import ZoomError
from zoom_sync.service_layer.collect.kinds import POLLS, SURVEYS
from zoom_sync.service_layer.ports.reports import ReportStore
from zoom_sync.service_layer.ports.zoom import ZoomReader

log = logging.getLogger(__name__)

POLL_TYPES, SURVEY_TYPES = "poll-types", "survey-types"

_LEARNT: Mapping[str, tuple[str, Callable[[ZoomReader, Link], Report]]] = {
    POLLS: (POLL_TYPES, lambda reader, link: reader.poll_definitions(link.meeting_id, link.kind)),
    SURVEYS: (SURVEY_TYPES, lambda reader, link: reader.survey_definition(link.meeting_id, link.kind)),
}


def definitions_for(kind: str, reader: ZoomReader, link: Link, instance: Instance) -> RawReport | None:
    """What defines the answers of this kind of report, as it is to be kept; None where there is none to be had.

    Definitions go with the meeting and need a scope of their own: without them answers are counted as they were before.
    """
    if kind not in _LEARNT:
        return None
    name, fetch = _LEARNT[kind]
    try:
        rows = fetch(reader, link).rows
    except ZoomError as error:
        log.info("definitions_not_read", extra={"kind": kind, "meeting_id": link.meeting_id, "reason": str(error)})
        return None
    return RawReport(name, Instance(f"meeting {link.meeting_id}", instance.start), rows) if rows else None


def kept_definitions(reports: ReportStore, event: str, kept_by: str) -> Definitions:
    """What was kept of it."""

    def rows(kind: str) -> list[Mapping[str, Any]]:
        return [row for report in reports.raw(event, kept_by, kind) for row in report.rows]

    return definitions_of(rows(POLL_TYPES), rows(SURVEY_TYPES))
