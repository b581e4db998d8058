"""Reading what hangs on a meeting that is to be changed: who registered, who are a webinar's panelists.

Asked only of meetings of which a change could take something; what cannot be read stays unknown, and counts as a loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zoom_sync.domain.losses import NOTHING_READ, Attached
from zoom_sync.domain.meeting import ObservedMeeting
from zoom_sync.domain.panelists import listed
from zoom_sync.domain.plan import Observation
from zoom_sync.domain.plan.effects import registration_on
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import InvalidRequest, ZoomError
from zoom_sync.service_layer.looking import in_parallel
from zoom_sync.service_layer.ports.zoom import ZoomReader

COUNTED = ("approved", "pending")
# "Registration has not been enabled for this meeting" is code 404, and 3000 for a webinar: nobody can have registered.
# https://developers.zoom.us/docs/api/meetings/#tag/meetings/GET/meetings/{meetingId}/registrants
NO_REGISTRATION = frozenset({404, 3000})


def look_closer(reader: ZoomReader, seen: Observation, meeting_ids: Sequence[str], threads: int) -> Observation:
    """The observation with these meetings read in full, and with what hangs on them.

    A meeting costs a light call where it was not read in full before; two medium ones where people can register, and
    one for the panelists of a webinar.
    """
    looks = in_parallel(lambda text: _look(reader, seen.meetings[text]), meeting_ids, threads)
    meetings: Mapping[str, ObservedMeeting] = {meeting.meeting_id: meeting for meeting, _ in looks}
    attached = {meeting.meeting_id: found for meeting, found in looks}
    return replace(seen, meetings={**seen.meetings, **meetings}, attached={**seen.attached, **attached})


def _look(reader: ZoomReader, shown: ObservedMeeting) -> tuple[ObservedMeeting, Attached]:
    try:
        full = shown if shown.deep else reader.meeting(shown.meeting_id, shown.kind)
    except ZoomError:
        return shown, NOTHING_READ
    return full, attached_to(reader, full)


def attached_to(reader: ZoomReader, meeting: ObservedMeeting) -> Attached:
    """What hangs on a meeting that was read in full."""
    registrants = registered_on(reader, meeting) if registration_on(meeting) else 0
    return Attached(registrants, _panelists(reader, meeting) if meeting.kind is Kind.WEBINAR else frozenset())


def registered_on(reader: ZoomReader, meeting: ObservedMeeting) -> int | None:
    """How many people have registered for a meeting with registration; None where Zoom does not tell. Two calls."""
    try:
        return sum(reader.count_registrants(meeting.meeting_id, meeting.kind, status) for status in COUNTED)
    except InvalidRequest as error:
        none = error.code in NO_REGISTRATION and "regist" in error.message.casefold()
        return 0 if none else None
    except ZoomError:
        return None


def _panelists(reader: ZoomReader, meeting: ObservedMeeting) -> frozenset[str] | None:
    try:
        return frozenset(listed(reader.panelists(meeting.meeting_id).rows))
    except ZoomError:
        return None
