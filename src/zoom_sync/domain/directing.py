"""What is done while an event runs: who gets in as the host, sessions that begin later. Pure; standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from zoom_sync.domain.adjusting import TIME, with_said
from zoom_sync.domain.programme import Programme, Session

LATEST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class DialIn:
    """A telephone number that leads into a meeting."""

    country: str
    number: str


@dataclass(frozen=True, slots=True)
class StartLink:
    """What opens a meeting as its host, for two hours: it is a login, and is never kept. `phone`: the passcode to dial.

    https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}
    """

    address: str = field(repr=False)
    numbers: tuple[DialIn, ...] = ()
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Move:
    """A session that begins and ends later than it did."""

    before: Session
    after: Session


def later(programme: Programme, key: str, by: timedelta, *, following: bool, now: datetime) -> tuple[Move, ...]:
    """A session moved by `by`, with those that follow it in its room on that day, where they are wanted.

    Those that have no room follow by nothing. What has ended is not moved, nor what is cancelled. Raises KeyError.
    """
    first = next(session for session in programme.sessions if session.key == key)
    moved = [first]
    if following and first.room:
        moved += [session for session in programme.sessions if _follows(session, first)]
    moved.sort(key=lambda session: session.start.astimezone(UTC))
    return tuple(Move(session, _moved(session, by)) for session in moved if session.end > now)


def crossing(programme: Programme, moves: Sequence[Move]) -> tuple[Session, ...]:
    """The sessions of the same rooms that the moved ones would run into."""
    moved = {move.before.key for move in moves}
    return tuple(
        session
        for session in programme.sessions
        if session.key not in moved and not session.cancelled and session.room
        and any(
            session.room == move.after.room
            and session.start < move.after.end
            and move.after.start < session.end
            and not (session.start < move.before.end and move.before.start < session.end)
            for move in moves
        )
    )  # fmt: skip


def _follows(session: Session, first: Session) -> bool:
    zone = ZoneInfo(first.timezone)
    same_day = session.start.astimezone(zone).date() == first.start.astimezone(zone).date()
    return (
        session.key != first.key and session.room == first.room and same_day and session.start >= first.start
        and not session.cancelled
    )  # fmt: skip


def _moved(session: Session, by: timedelta) -> Session:
    """By instants: a change of the clocks may lie in between."""
    return with_said(session, TIME, [(each.astimezone(UTC) + by).isoformat() for each in (session.start, session.end)])
