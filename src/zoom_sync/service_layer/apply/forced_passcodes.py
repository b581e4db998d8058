"""Accounts that give new meetings passcodes of their own: there the passcode that was sent is no mark of ours.

That an account does so, its answers to creations tell, and it is kept. From then on a creation in doubt is known by
what else was sent with it: by its title and its times, of a meeting that a program made and that nobody is linked to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from zoom_sync.domain.meeting import Intent, ObservedMeeting, clean
from zoom_sync.errors import NotFound
from zoom_sync.service_layer.apply.items import Applying, Listings


def note_forced(applying: Applying, intent: Intent, created: ObservedMeeting) -> bool:
    """Whether Zoom gave the new meeting another passcode than it was sent; that is kept."""
    forced = created.passcode is not None and created.passcode != intent.passcode
    if forced and applying.policies is not None:
        applying.policies.note_forced(intent.host_id, applying.clock.now())
    return forced


def is_forced(applying: Applying) -> bool:
    """Whether Zoom has ever done so on this account."""
    return applying.policies is not None and applying.policies.forces_passcodes()


def made_by(applying: Applying, listings: Listings, intent: Intent, settled: datetime) -> ObservedMeeting | None:
    """What the creation made, by all that can be compared but the passcode; of several, the first one.

    Each attempt may have made one: the others, of which nobody has seen a link, are removed.
    """
    ours = applying.links.linked_ids()
    rows = (row for row in listings.meetings(intent.host_id, intent.kind, settled) if row.meeting_id not in ours)
    return _first(applying, list(_alike(applying, rows, intent))[: intent.attempts])


def probably_made(applying: Applying, listings: Listings, intent: Intent) -> ObservedMeeting | None:
    """What the creation probably made, where nobody knows whether the account gives passcodes of its own.

    A program made it for the same host, with the same title and times, while the creation was under way. Nothing is
    taken from anybody by that: it is linked, so that it is not forgotten, and deleted by name only.
    """
    attempted = intent.attempted_at or intent.created_at
    since, until = intent.created_at - applying.settle, attempted + applying.settle
    ours = applying.links.linked_ids()
    rows = (
        row
        for row in listings.meetings(intent.host_id, intent.kind, until)
        if row.meeting_id not in ours and row.created_at is not None and since <= row.created_at <= until
    )
    return next(_alike(applying, rows, intent), None)


def made_before(
    applying: Applying, listings: Listings, intent: Intent, created: ObservedMeeting
) -> ObservedMeeting | None:
    """What earlier attempts have made, where only this one shows that their passcodes were not to be looked for.

    Where there is something, the meeting that was just `created` is removed, too.
    """
    ours = applying.links.linked_ids() | {created.meeting_id}
    listed = listings.meetings(intent.host_id, intent.kind, intent.created_at)
    earlier = list(_alike(applying, (row for row in listed if row.meeting_id not in ours), intent))
    if not earlier:
        return None
    applying.writer.delete(created.meeting_id, created.kind)
    return _first(applying, earlier[: intent.attempts - 1])


def _first(applying: Applying, made: Sequence[ObservedMeeting]) -> ObservedMeeting | None:
    for surplus in made[1:]:
        if not surplus.begun(applying.clock.now()):
            applying.writer.delete(surplus.meeting_id, surplus.kind)
    return made[0] if made else None


def _alike(applying: Applying, rows: Iterable[ObservedMeeting], intent: Intent) -> Iterator[ObservedMeeting]:
    for row in rows:
        if clean(row.topic) != intent.topic or row.spans != intent.spans:
            continue
        try:
            meeting = applying.reader.meeting(row.meeting_id, row.kind)
        except NotFound:
            continue
        if meeting.by_api:
            yield meeting
