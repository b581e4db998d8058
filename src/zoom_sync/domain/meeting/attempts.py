"""Creations that were given up: Zoom may carry one out later than anybody waits, and its meeting is still ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zoom_sync.domain.programme import Kind, Passcode


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One request to create a meeting that was looked for in vain. The passcode is its mark on Zoom."""

    event: str
    key: str
    host_id: str
    kind: Kind
    topic: str
    passcode: Passcode
    given_up_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """A meeting that nothing is linked to and that bears the passcode of one of our creations of a session."""

    event: str
    key: str
    meeting_id: str
    kind: Kind
    host_id: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A passcode by which a meeting is known to be of a session's creation, in doubt or given up."""

    event: str
    key: str
    passcode: Passcode
