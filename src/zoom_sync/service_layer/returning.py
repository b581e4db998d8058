"""What is written back into the place where a programme lives, from what the store knows."""

from __future__ import annotations

from collections.abc import Mapping

from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.returning import Returned
from zoom_sync.service_layer.status import EventStatus, SessionStatus


def returned_of(status: EventStatus) -> dict[str, Returned]:
    """The values of every session, by their keys."""
    return {one.session.key: _returned(one) for one in status.sessions}


def _returned(one: SessionStatus) -> Returned:
    link = one.link
    # The ID of a meeting that several sessions share stands at the one that owns it, so that it is read as one meeting.
    owner = one.session.meeting_of is None
    return Returned(
        one.session.key,
        link.meeting_id if link and owner else "",
        link.join_url if link else "",
        link.passcode.value if link and owner else "",
        one.host_name,
        one.state,
        participants=_rows(one.reports, "participants"),
        registrations=_rows(one.reports, "registrants"),
        questions=_rows(one.reports, "questions"),
        polls=_rows(one.reports, "polls"),
    )


def _rows(reports: Mapping[str, Collected], kind: str) -> int | None:
    told = reports.get(kind)
    return told.rows if told is not None and told.state is ReportState.COMPLETE else None
