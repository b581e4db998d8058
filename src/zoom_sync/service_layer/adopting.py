"""Taking over meetings that were made by hand: those that the programme names, and those that look like its sessions.

Finding is only given a reader. A session gets a meeting by a person's word, or by an exact match where one said that
these need no asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zoom_sync.domain.adopting import Proposal, propose
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.errors import NotFound, StoreConflict
from zoom_sync.service_layer.apply import Applying, adopt_meeting
from zoom_sync.service_layer.orphans import loose_meetings
from zoom_sync.service_layer.sync import Planning


@dataclass(frozen=True, slots=True)
class Adoption:
    """How taking over one meeting ended; `why` is empty where it is linked now."""

    session: str
    meeting_id: str
    why: str = ""


def proposals(planning: Planning, event: str) -> tuple[Proposal, ...]:
    """What meetings of our hosts may be the sessions' that have none. Raises NotInStore, ZoomError.

    A session whose creation is in doubt gets no proposal: `apply` finds its meeting, by what only we know.
    """
    programme = planning.programmes.programme(event)
    known = planning.links.known(event, "")
    taken = {*known.links, *known.intents}
    bare = [session for session in programme.sessions if session.meeting_key not in taken and not session.cancelled]
    if not bare:
        return ()
    wanted = planning.profiles.of_sessions(bare)
    loose = loose_meetings(planning, sorted({want.kind for want in wanted}))
    return propose(wanted, [meeting for _, meeting in loose])


def named(planning: Planning, event: str) -> list[Session]:
    """The sessions whose meeting the programme names, and that are not linked yet. Raises NotInStore."""
    known = planning.links.known(event, "")
    sessions = planning.programmes.programme(event).sessions
    taken = {*known.links, *known.intents}
    return [one for one in sessions if one.known and one.key not in taken and not one.cancelled]


def adopt_each(applying: Applying, event: str, meetings: Sequence[tuple[str, str, Kind]]) -> list[Adoption]:
    """Link each (session, meeting, kind) as it is; one that cannot be is told and stops no other.

    Raises ZoomError where Zoom cannot be asked; what was linked before stays.
    """
    return [_adopt(applying, event, *one) for one in meetings]


def _adopt(applying: Applying, event: str, key: str, meeting_id: str, kind: Kind) -> Adoption:
    found = Adoption(key, meeting_id)
    try:
        begun = {one.passcode for one in applying.links.known(event, "").intents.values()}
        if begun and applying.reader.meeting(meeting_id, kind).passcode in begun:
            return Adoption(key, meeting_id, "it was made by a run that did not end; `zoom-sync apply` links it")
        adopt_meeting(applying, event, key, meeting_id, kind)
    except NotFound:
        return Adoption(key, meeting_id, f"Zoom has no such {kind} on this account (any more)")
    except StoreConflict:
        return Adoption(key, meeting_id, "the session has a meeting, or the meeting a session; see `zoom-sync status`")
    return found


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """A proposal as JSON, without the meeting's link."""
    meeting = proposal.meeting
    return {
        "session": proposal.session,
        "meeting_id": meeting.meeting_id,
        "kind": str(meeting.kind),
        "host": meeting.host_id,
        "topic": meeting.topic,
        "start": meeting.start.isoformat() if meeting.start else None,
        "confidence": proposal.confidence,
        "exact": proposal.exact,
        "ties_with": list(proposal.others),
        "reason": proposal.reason,
    }


def adoption_json(adoption: Adoption) -> dict[str, Any]:
    """How an adoption ended, as JSON."""
    return {"session": adoption.session, "meeting_id": adoption.meeting_id, "reason": adoption.why or None}
