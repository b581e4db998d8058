"""What is written back into the place where a programme lives, from what the store knows."""

from __future__ import annotations

from collections.abc import Mapping

from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.returning import Returned
from zoom_sync.service_layer.status import EventStatus, SessionStatus


def returned_of(status: EventStatus) -> dict[str, Returned]:
    """The values of every session, by their keys."""
    return {session_status.session.key: _returned(session_status) for session_status in status.sessions}


def _returned(session_status: SessionStatus) -> Returned:
    link = session_status.link
    # The ID of a meeting that several sessions share stands at the one that owns it, so that it is read as one meeting.
    owner = session_status.session.meeting_of is None
    return Returned(
        session_status.session.key,
        link.meeting_id if link and owner else "",
        link.join_url if link else "",
        link.passcode.value if link and owner else "",
        session_status.host_name,
        session_status.state,
        participants=_rows(session_status.reports, "participants"),
        registrations=_rows(session_status.reports, "registrants"),
        questions=_rows(session_status.reports, "questions"),
        polls=_rows(session_status.reports, "polls"),
    )


def _rows(reports: Mapping[str, Collected], kind: str) -> int | None:
    collected = reports.get(kind)
    return collected.rows if collected is not None and collected.state is ReportState.COMPLETE else None
