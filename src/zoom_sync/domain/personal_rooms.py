"""Personal meeting rooms: they are their host's own, with everything else that is held in them. Pure.

A personal meeting ID has 10 digits; other meetings have 11, or 9 from long ago:
https://support.zoom.us/hc/en-us/articles/201362373.
"""

from __future__ import annotations

from zoom_sync.domain.phrases import Phrase

PERSONAL_DIGITS = 10
NOT_CHANGED = Phrase(
    "the meeting uses its host's personal meeting ID and is not changed; switch that off in Zoom for this meeting"
)


def is_personal_id(meeting_id: str) -> bool:
    """Whether a meeting's ID is somebody's personal one."""
    return len(meeting_id) == PERSONAL_DIGITS


def not_adopted(meeting_id: str) -> Phrase:
    """Why a room is not taken over, and what to do instead."""
    return Phrase(
        "{id} is a personal meeting room and is never taken over; schedule a meeting that has an ID of its own",
        id=meeting_id,
    )
