"""Meetings that arrived late, of creations that were given up: which one a session takes, and which are surplus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from zoom_sync.domain.hosts import HostBook
from zoom_sync.domain.meeting import DesiredMeeting, ObservedMeeting
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan.values import Action, Change, HeldBack, Known, Observation


def arrived_for(want: DesiredMeeting, known: Known, seen: Observation, book: HostBook) -> ObservedMeeting | None:
    """The arrived meeting that a session without one takes: of its kind, and with the host the programme names."""
    if want.key in known.links or want.key in known.intents:
        return None
    named = book.find(want.host)
    usable = (
        seen.meetings[meeting_id]
        for meeting_id, key in sorted(seen.arrived.items())
        if key == want.key
        and seen.meetings[meeting_id].kind == want.kind
        and (named is None or named.id == seen.meetings[meeting_id].host_id)
    )
    return next(usable, None)


def surplus(
    desired_meetings: Mapping[str, DesiredMeeting],
    known: Known,
    seen: Observation,
    book: HostBook,
    now: datetime,
    left_out: frozenset[str] = frozenset(),
) -> Iterator[Change | HeldBack]:
    """The arrived meetings that no session takes: removed, unless people are in them or may have been.

    Those of sessions that are `left_out` of the plan stay.
    """
    for meeting_id, key in sorted(seen.arrived.items()):
        meeting = seen.meetings[meeting_id]
        taken = arrived_for(desired_meetings[key], known, seen, book) if key in desired_meetings else None
        # With a creation in doubt, that one is looked for first; of what is past, nobody is misled.
        if key in known.intents or key in left_out or meeting is taken or _is_past(meeting, now):
            continue
        reason = Phrase(
            "Zoom carried out a creation late that had been given up; nobody uses meeting {id}", id=meeting_id
        )
        change = Change(Action.DELETE, key, meeting.host_id, meeting_id, (), reason)
        if meeting.begun(now):
            yield HeldBack(change, Phrase("the meeting is under way"), passing=True)
        else:
            yield change


def _is_past(meeting: ObservedMeeting, now: datetime) -> bool:
    time = meeting.time(now)
    return not meeting.running and time is not None and time[1] <= now
