"""A session's permanent address: whether it leads into the meeting now, or what it says instead. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from zoom_sync.domain.programme import Session

# From so long before a session's start people are led in, and until so long after its end.
EARLY, LATE = timedelta(minutes=30), timedelta(minutes=30)


class Answer(StrEnum):
    """What a permanent address does."""

    FORWARD = "forward"
    TOO_EARLY = "too early"
    NO_MEETING = "no meeting"
    CANCELLED = "cancelled"
    OVER = "over"


def answer(session: Session, now: datetime, *, has_meeting: bool, live: bool) -> Answer:
    """What the address of a session says at `now`; `live`: its meeting runs, whatever the clock says."""
    if session.cancelled:
        return Answer.CANCELLED
    if live and has_meeting:
        return Answer.FORWARD
    if now >= closes(session):
        return Answer.OVER
    if now < session.start - EARLY:
        return Answer.TOO_EARLY
    return Answer.FORWARD if has_meeting else Answer.NO_MEETING


def closes(session: Session) -> datetime:
    """When nobody is led into the session any more, unless its meeting still runs."""
    return session.end + LATE


def of_room(sessions: list[Session], now: datetime) -> Session | None:
    """The session that a room's address stands for: the one that runs or comes next, the last where all are over."""
    held = sorted((session for session in sessions if not session.cancelled), key=lambda session: session.end)
    return next((session for session in held if session.end > now), held[-1] if held else None)
