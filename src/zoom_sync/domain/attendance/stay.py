"""One stay: a row of Zoom's participant report, read without losing it however odd it is. Standard library only.

Rows come from report/meetings/{id}/participants or past_meetings/{id}/participants
(https://developers.zoom.us/docs/api/meetings/#tag/reports): a new row with a new `user_id` for every rejoin, rows of
their own for the waiting room (`status`) and for breakout rooms (`bo_mtg_id`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import NamedTuple

from zoom_sync.domain.attendance.times import EARLIEST, LATEST, read_seconds


class Flaw(IntFlag):
    """What was wrong with a row's times. The row is kept; `Attendance.notes` counts these."""

    NONE = 0
    NAIVE_TIME = 1
    NO_JOIN = 2
    NO_LEAVE = 4
    BACKWARDS = 8
    ZERO_LENGTH = 16
    UNPROCESSED = 32
    NO_TIME = 64


SOUND = Flaw.NONE
FLAW_WORDS = {
    Flaw.NAIVE_TIME: "a time without an offset, taken as UTC",
    Flaw.NO_JOIN: "no join time, counted back from the leave time",
    Flaw.NO_LEAVE: "no leave time, counted from the duration, or as a moment where there is none",
    Flaw.BACKWARDS: "a leave time before the join time, counted from the duration, or as a moment",
    Flaw.ZERO_LENGTH: "a stay without length, kept as a moment",
    Flaw.UNPROCESSED: "a duration of 0 although the times differ: Zoom may not have finished the report",
    Flaw.NO_TIME: "a row that holds no time at all could not be read, and counts for nothing",
}


class Stay(NamedTuple):
    """One stay of one device. `start` and `end` are seconds since 1970 (UTC), `start <= end`.

    Every text is trimmed, and empty where Zoom gave none. What tells who somebody is stays out of `repr`. A named tuple
    and no dataclass, because a frozen dataclass takes six times as long to make, and these come by the million.
    """

    instance_uuid: str
    start: int
    end: int
    name: str = ""
    email: str = ""
    registrant_id: str = ""
    participant_id: str = ""
    user_id: str = ""
    waiting: bool = False
    breakout_id: str = ""
    customer_key: str = ""
    internal: bool = False
    flaws: Flaw = Flaw.NONE

    def __repr__(self) -> str:
        return f"Stay({self.instance_uuid!r}, {self.start}-{self.end}, user_id={self.user_id!r}, flaws={self.flaws!r})"


@dataclass(frozen=True, slots=True, order=True)
class Unreadable:
    """A row that holds no time at all, so no stay can be made of it; kept to be shown, never counted."""

    instance_uuid: str
    reason: str
    user_id: str = ""
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    registrant_id: str = field(default="", repr=False)
    participant_id: str = field(default="", repr=False)


_new_stay = tuple.__new__  # as `Stay` itself is made, without its call
LARGEST_ID = 2**63
NO_TIME = "neither join_time nor leave_time is a time"


def stay_from_row(row: object, instance_uuid: str) -> Stay | Unreadable:
    """The stay that a raw row (a JSON object as Zoom returned it) tells of; never raises on what the row holds.

    The participant's id is `participant_user_id`, else `id`, which is blank for people who were not signed in.
    """
    if not isinstance(row, dict):
        return Unreadable(instance_uuid, f"not a JSON object but {type(row).__name__}")
    get = row.get
    times = _times(get("join_time"), get("leave_time"), get("duration"))
    name, email, user_id = get("name"), get("user_email"), get("user_id")
    registrant, participant = get("registrant_id"), get("participant_user_id")
    breakout, customer = get("bo_mtg_id"), get("customer_key")
    # Spelled out for texts, which they nearly always are: a call for each takes a third of the time of all of this.
    name = name.strip() if isinstance(name, str) else _text(name)
    email = email.strip() if isinstance(email, str) else _text(email)
    user_id = user_id.strip() if isinstance(user_id, str) else _text(user_id)
    registrant = registrant.strip() if isinstance(registrant, str) else _text(registrant)
    participant = participant.strip() if isinstance(participant, str) else _text(participant)
    participant = participant or _text(get("id"))
    breakout = breakout.strip() if isinstance(breakout, str) else _text(breakout)
    customer = customer.strip() if isinstance(customer, str) else _text(customer)
    if times is None:
        return Unreadable(instance_uuid, NO_TIME, user_id, name, email, registrant, participant)
    start, end, flaws = times
    return _new_stay(
        Stay,
        (
            instance_uuid, start, end, name, email,
            registrant,
            participant,
            user_id,
            get("status") == "in_waiting_room",
            breakout,
            customer,
            get("internal_user") is True,
            flaws,
        ),
    )  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_ID
    return str(value) if number else ""


def _times(join: object, leave: object, duration: object) -> tuple[int, int, Flaw] | None:
    began = read_seconds(join) if isinstance(join, str) else None
    ended = read_seconds(leave) if isinstance(leave, str) else None
    if began is None and ended is None:
        return None
    # The common case first: of whole times, in order, with a length, nothing is to be said.
    sound = began and ended and began[0] < ended[0] and not (began[1] or ended[1])
    if sound and began and ended and isinstance(duration, int) and duration > 1:
        return began[0], ended[0], SOUND
    length = _length(duration)
    flaws = Flaw.NONE
    if (began and began[1]) or (ended and ended[1]):
        flaws |= Flaw.NAIVE_TIME
    if began and ended and began[0] < ended[0]:
        return began[0], ended[0], flaws if length != 0 else flaws | Flaw.UNPROCESSED
    return _repaired(began and began[0], ended and ended[0], length or 0, flaws)


def _repaired(start: int | None, end: int | None, length: int, flaws: Flaw) -> tuple[int, int, Flaw]:
    """Times of a row that lacks one, or whose two times are equal or the wrong way round."""
    if start is None:
        assert end is not None
        flaws |= Flaw.NO_JOIN
        start = max(end - length, EARLIEST)
    elif end is None:
        flaws |= Flaw.NO_LEAVE
        end = min(start + length, LATEST)
    elif end < start:
        flaws |= Flaw.BACKWARDS
        end = min(start + length, LATEST)
    return start, end, flaws if start < end else flaws | Flaw.ZERO_LENGTH


def _length(duration: object) -> int | None:
    """The row's own duration in seconds; None where it has none that can be meant."""
    if isinstance(duration, bool) or not isinstance(duration, (int, float)) or not 0 <= duration <= LATEST:
        return None
    return int(duration)
