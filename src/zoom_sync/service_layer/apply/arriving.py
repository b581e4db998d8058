"""Seeing to a meeting that Zoom made of a creation which was given up: link it, or remove it where nobody uses it."""

from __future__ import annotations

from zoom_sync.domain.meeting import DesiredMeeting, Link, ObservedMeeting, Origin
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.run import ItemState, RunItem
from zoom_sync.errors import NotFound
from zoom_sync.service_layer.apply.changing import brought_up
from zoom_sync.service_layer.apply.creating import finish
from zoom_sync.service_layer.apply.guarding import may_remove
from zoom_sync.service_layer.apply.items import Applying, Outcome, done, skipped
from zoom_sync.service_layer.looking import read_either

ANOTHER_RUN = Phrase("another run has seen to it")


def has_arrived(applying: Applying, item: RunItem) -> bool:
    """Whether the item's meeting is one that a given-up creation of the session made."""
    arrival = applying.links.looked_at().get(item.meeting_id or "")
    return arrival is not None and (arrival.event, arrival.key) == (item.event, item.key)


def link_arrived(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Link the meeting to its session, then bring it up to the programme."""
    meeting = _proven(applying, item, want.kind)
    if meeting is None or meeting.passcode is None or not applying.links.claim(meeting.meeting_id):
        return skipped(ANOTHER_RUN)
    link = Link(
        item.key,
        meeting.meeting_id,
        meeting.kind,
        meeting.host_id,
        meeting.passcode,
        meeting.join_url,
        Origin.CREATED,
        meeting.fields(),
        learned={},
    )
    outcome = finish(applying, item.event, link, None)
    kept = applying.links.link(item.event, item.key)
    if outcome.state is ItemState.DONE and kept is not None and kept.meeting_id == link.meeting_id:
        return brought_up(applying, item, want, kept, meeting)
    return outcome


def remove_arrived(applying: Applying, item: RunItem, kind: Kind) -> Outcome:
    """Delete the meeting, which nobody uses: the session has another one, or is no longer in the programme."""
    meeting = _proven(applying, item, kind)
    if meeting is None:
        return skipped(ANOTHER_RUN)
    if meeting.begun(applying.clock.now()) or applying.reader.instances(meeting.meeting_id, meeting.kind):
        return skipped(Phrase("the meeting is under way or past"))
    if (refused := may_remove(applying, item, meeting)) is not None:
        return refused
    if not applying.links.claim(meeting.meeting_id) or meeting.meeting_id in applying.links.linked_ids():
        return skipped(ANOTHER_RUN)
    applying.writer.delete(meeting.meeting_id, meeting.kind)
    return done(
        Phrase("a creation that was given up had made meeting {id} late; it was removed", id=meeting.meeting_id)
    )


def _proven(applying: Applying, item: RunItem, kind: Kind) -> ObservedMeeting | None:
    """The meeting as Zoom shows it now, unless it is gone, linked by now, or bears none of the session's passcodes."""
    meeting_id = str(item.meeting_id)
    if meeting_id in applying.links.linked_ids():
        return None
    try:
        meeting = read_either(applying.reader, meeting_id, kind)
    except NotFound:
        applying.links.claim(meeting_id)
        return None
    marks = {mark.passcode for mark in applying.links.marks() if (mark.event, mark.key) == (item.event, item.key)}
    return meeting if meeting.passcode in marks else None
