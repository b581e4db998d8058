"""How much a host can hold, told by what is on Zoom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoom_sync.domain.meeting import Link
from zoom_sync.domain.programme import Session
from zoom_sync.simulator.account import BASIC, User
from zoom_sync.simulator.user_operations import concurrent_meetings
from zoom_sync.simulator.world import Meeting
from zoom_sync.simulator.world import World as Zoom


def host_cannot_hold(zoom: Zoom, links: Mapping[str, Link], sessions: Mapping[str, Session], key: str) -> bool:
    """Whether the host of a session's meeting would have more at once than he can hold, where the session is now.

    The other meetings are taken where they are and, ours, where the programme has them. It is judged by Zoom's side
    alone: by what else is to be made, or by what cannot be read just now, nobody's published link may change.
    """
    link, session = links.get(key), sessions.get(key)
    meeting = zoom.meetings.get(int(link.meeting_id)) if link is not None else None
    if meeting is None or session is None or meeting.deleted_at is not None:
        return False
    user = zoom.users[meeting.host_id]
    living = [other for other in zoom.meetings.values() if other.deleted_at is None]
    beside = [other for other in living if other.host_id == user.id and other.id != meeting.id]
    ours = {int(other.meeting_id): sessions.get(name) for name, other in links.items()}
    places = [(ours.get(other.id), other) for other in beside]
    coming = [(*_span(planned), other.is_webinar) for planned, other in places if planned is not None]
    here = [(start, end, other.is_webinar) for other in beside for start, end in spans(other)]
    mine = (*_span(session), meeting.is_webinar)
    return any(too_many(zoom, user, [mine, *others]) > too_many(zoom, user, others) for others in (here, coming))


def too_many(zoom: Zoom, user: User, times: Sequence[tuple[float, float, bool]]) -> int:
    """At how many beginnings of times (start, end, whether of a webinar) there are too many.

    Two meetings at once with a licence that holds two; never two webinars, nor one beside a meeting:
    https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0068522
    """
    room = 2 if concurrent_meetings(zoom, user) == "Plus" and user.type != BASIC else 1
    count = 0
    for start, _, _ in times:
        at_once = [webinar for begin, end, webinar in times if begin <= start < end]
        count += len(at_once) > (1 if any(at_once) else room)
    return count


def spans(meeting: Meeting) -> list[tuple[float, float]]:
    """When a meeting is, in seconds since 1970; nothing for a room without a fixed time."""
    if meeting.occurrences:
        return [(one["start"], one["start"] + one["duration"] * 60) for one in meeting.occurrences]
    return [] if meeting.start is None else [(meeting.start, meeting.start + meeting.duration * 60)]


def _span(session: Session) -> tuple[float, float]:
    return session.start.timestamp(), session.end.timestamp()
