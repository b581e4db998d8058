"""Taking over meetings that were made by hand: those that the programme names, and those that look like its sessions.

Finding is only given a reader. A session gets a meeting by a person's word, or by an exact match where one said that
these need no asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from zoom_sync.domain.additions import beside_others, fields_with_others
from zoom_sync.domain.adopting import Proposal, propose
from zoom_sync.domain.alternatives import for_account
from zoom_sync.domain.losses import NOTHING_READ, Loss
from zoom_sync.domain.meeting import FieldChange, differences
from zoom_sync.domain.plan import Action, Change, change_json
from zoom_sync.domain.plan.effects import losses_of, may_lose
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.errors import NotFound, StoreConflict, UserError, ZoomError
from zoom_sync.service_layer.apply import Applying, adopt_meeting
from zoom_sync.service_layer.apply.guarding import may_adopt
from zoom_sync.service_layer.at_stake import attached_to
from zoom_sync.service_layer.orphans import loose_meetings
from zoom_sync.service_layer.sync import Planning


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking over one meeting would come to: what the next plan changes of it, and what people lose by that.

    `why` says why it cannot be taken over; it is empty where it can.
    """

    session: str
    meeting_id: str
    fields: tuple[FieldChange, ...] = ()
    losses: tuple[Loss, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """How taking over one meeting ended; `why` is empty where it is linked now."""

    session: str
    meeting_id: str
    why: str = ""


def preview(planning: Planning, event: str, key: str, meeting_id: str, kind: Kind) -> Preview:
    """What would change and what would be lost. Reads only. Raises ZoomError, NotInStore."""
    found = planning.reader.meeting(meeting_id, kind)
    if (room := may_adopt(found)) is not None:
        return Preview(key, found.meeting_id, why=room)
    want = planning.profiles.desired(*planning.programmes.sharing(event, key))
    users = planning.links.hosts(datetime.min.replace(tzinfo=UTC))
    if users is not None:
        want, _ = for_account(want, users)
    own = beside_others(found, want, None).fields()
    fields = fields_with_others(differences(want.later, own), want, found, None)
    change = Change(Action.ADOPT, key, found.host_id, found.meeting_id, fields)
    attached = attached_to(planning.reader, found) if may_lose(change, found) else NOTHING_READ
    now = planning.reader.server_time()
    return Preview(key, found.meeting_id, fields, losses_of(change, want, None, found, attached, now))


def previews(planning: Planning, event: str, meetings: Sequence[tuple[str, str, Kind]]) -> list[Preview]:
    """The same for several; of one that cannot be read it is told why, and the others are shown."""
    found = []
    for key, meeting_id, kind in meetings:
        try:
            found.append(preview(planning, event, key, meeting_id, kind))
        except ZoomError as error:
            found.append(Preview(key, meeting_id, why=str(error)))
    return found


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
    desired_meetings = planning.profiles.of_sessions(bare)
    loose = loose_meetings(planning, sorted({want.kind for want in desired_meetings}))
    return propose(desired_meetings, [meeting for _, meeting in loose])


def named(planning: Planning, event: str) -> list[Session]:
    """The sessions whose meeting the programme names, and that are not linked yet. Raises NotInStore."""
    known = planning.links.known(event, "")
    sessions = planning.programmes.programme(event).sessions
    taken = {*known.links, *known.intents}
    return [session for session in sessions if session.known and session.key not in taken and not session.cancelled]


def adopt_each(applying: Applying, event: str, meetings: Sequence[tuple[str, str, Kind]]) -> list[Adoption]:
    """Link each (session, meeting, kind) as it is; one that cannot be is told and stops no other.

    Raises ZoomError where Zoom cannot be asked; what was linked before stays.
    """
    return [_adopt(applying, event, *meeting) for meeting in meetings]


def _adopt(applying: Applying, event: str, key: str, meeting_id: str, kind: Kind) -> Adoption:
    adoption = Adoption(key, meeting_id)
    try:
        begun = {intent.passcode for intent in applying.links.known(event, "").intents.values()}
        if begun and applying.reader.meeting(meeting_id, kind).passcode in begun:
            return Adoption(key, meeting_id, "it was made by a run that did not end; `zoom-sync apply` links it")
        adopt_meeting(applying, event, key, meeting_id, kind)
    except UserError as error:
        return Adoption(key, meeting_id, error.message)
    except NotFound:
        return Adoption(key, meeting_id, f"Zoom has no such {kind} on this account (any more)")
    except StoreConflict:
        return Adoption(key, meeting_id, "the session has a meeting, or the meeting a session; see `zoom-sync status`")
    return adoption


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


def preview_json(shown: Preview) -> dict[str, Any]:
    """A preview as JSON, without e-mail addresses."""
    change = change_json(Change(Action.ADOPT, shown.session, "", shown.meeting_id, shown.fields, losses=shown.losses))
    return {
        "session": shown.session,
        "meeting_id": shown.meeting_id,
        "fields": change["fields"],
        "losses": change.get("losses", []),
        "reason": shown.why or None,
    }


def adoption_json(adoption: Adoption) -> dict[str, Any]:
    """How an adoption ended, as JSON."""
    return {"session": adoption.session, "meeting_id": adoption.meeting_id, "reason": adoption.why or None}
