"""Looking right before a meeting is changed: who is in it, and what would be lost that the plan did not show.

The plan may be hours old. A meeting that was opened since is left alone until it has ended. Where somebody registered
since, or added to a series, nothing is written: the next plan tells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from zoom_sync.domain.additions import beside_others, fields_with_others, sent_before
from zoom_sync.domain.losses import NOTHING_READ
from zoom_sync.domain.meeting import (
    OCCURRENCES,
    RECURRENCE,
    DesiredMeeting,
    Link,
    ObservedMeeting,
    differences,
    select,
)
from zoom_sync.domain.personal_rooms import NOT_CHANGED, not_adopted
from zoom_sync.domain.phrases import Phrase, joined, then
from zoom_sync.domain.plan import Action, Change
from zoom_sync.domain.plan.effects import losses_of, may_lose
from zoom_sync.domain.plan.rooms import USE_PMI
from zoom_sync.domain.programme import Kind
from zoom_sync.domain.run import ItemState, RunItem
from zoom_sync.service_layer.apply.items import Applying, Outcome, skipped
from zoom_sync.service_layer.at_stake import attached_to

# "duration: 1-1440 minutes"; https://developers.zoom.us/docs/api/webinars/.
LONGEST = timedelta(days=1)


def may_change(
    applying: Applying, item: RunItem, link: Link, want: DesiredMeeting, meeting: ObservedMeeting,
    names: Collection[str],
) -> Outcome | None:  # fmt: skip
    """Why the named fields cannot be written to the meeting as it was read just now; None where they can."""
    if meeting.running or _heard_running(applying, item.event, link):
        why = Phrase("people are in the meeting; it is changed once it has ended")
        return Outcome(ItemState.SKIPPED, why, may_help=True)
    if meeting.personal and set(names) - {USE_PMI}:
        return skipped(NOT_CHANGED)
    written = {*select(want.fields, list(names)), *names}
    if RECURRENCE in written:
        written.add(OCCURRENCES)
    shown = beside_others(meeting, want, sent_before(link)).fields()
    differing = fields_with_others(differences(want.later, shown), want, meeting, sent_before(link))
    fields = tuple(field_change for field_change in differing if field_change.name in written)
    change = Change(Action.UPDATE, item.key, link.host_id, link.meeting_id, fields)
    return _unforeseen(applying, item.accepted, change, want, link, meeting)


def _heard_running(applying: Applying, event: str, link: Link) -> bool:
    """Whether a webhook told that a webinar has begun, and none that it ended; one of the day before was lost."""
    if link.kind is not Kind.WEBINAR or applying.live is None:
        return False
    live = applying.live(event).get(link.key)
    return live is not None and live.since is not None and applying.clock.now() - live.since < LONGEST


def may_end(
    applying: Applying, accepted: Mapping[str, int | None], link: Link, action: Action, meeting: ObservedMeeting,
    want: DesiredMeeting | None = None,
) -> Outcome | None:  # fmt: skip
    """Why a meeting cannot be deleted, or replaced, as it was read just now; None where it can."""
    if meeting.personal:
        return skipped(NOT_CHANGED)
    change = Change(action, link.key, link.host_id, link.meeting_id)
    return _unforeseen(applying, accepted, change, want, link, meeting)


def may_remove(applying: Applying, item: RunItem, meeting: ObservedMeeting) -> Outcome | None:
    """Why a meeting of ours that nothing is linked to cannot be deleted as it was read just now; None where it can."""
    if meeting.personal:
        return skipped(NOT_CHANGED)
    change = Change(Action.DELETE, item.key, meeting.host_id, meeting.meeting_id)
    return _unforeseen(applying, item.accepted, change, None, None, meeting)


def may_adopt(meeting: ObservedMeeting) -> Phrase | None:
    """Why a meeting cannot be taken over; None where it can."""
    return not_adopted(meeting.meeting_id) if meeting.personal else None


def _unforeseen(
    applying: Applying, accepted: Mapping[str, int | None], change: Change, want: DesiredMeeting | None,
    link: Link | None, meeting: ObservedMeeting,
) -> Outcome | None:  # fmt: skip
    """What would be lost beyond what was accepted; it is counted again only where something can be lost."""
    if not may_lose(change, meeting):
        return None
    now = applying.clock.now()
    losses = losses_of(change, want, link, meeting, NOTHING_READ, now)
    if not losses:
        return None
    losses = losses_of(change, want, link, meeting, attached_to(applying.reader, meeting), now)
    new = [loss for loss in losses if not loss.within(accepted)]
    if not new:
        return None
    return skipped(then(joined(loss.told for loss in new), Phrase("that is more than the plan showed: plan again")))
