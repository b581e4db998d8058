"""Updating, adopting and deleting meetings: each is the same done twice as done once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from zoom_sync.domain.additions import LISTS, beside_others, only_ours, with_others
from zoom_sync.domain.hosts import WRITES_PER_DAY, utc_day
from zoom_sync.domain.meeting import (
    TIME_FIELDS,
    DesiredMeeting,
    Link,
    ObservedMeeting,
    Origin,
    applied_in_part,
    differences,
    select,
)
from zoom_sync.domain.panelists import PANELISTS
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import PASSCODE, Action
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.run import RunItem
from zoom_sync.errors import NotFound, UserError
from zoom_sync.service_layer.apply.guarding import may_adopt, may_change, may_end
from zoom_sync.service_layer.apply.items import Applying, Outcome, done, skipped


def update(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Write the planned fields with the programme's values of now. Twice is the same as once."""
    link = applying.links.link(item.event, item.key)
    if link is None or link.meeting_id != item.meeting_id:
        return skipped(Phrase("the session has another meeting by now"))
    now = applying.clock.now()
    if want.begun(now) and not (want.between(now) and TIME_FIELDS.isdisjoint(item.fields)):
        return skipped(Phrase("the session's start is past"))
    names = [name for name in item.fields if name != PANELISTS]  # these have calls of their own, see `inviting`
    found = applying.reader.meeting(link.meeting_id, link.kind)
    refused = may_change(applying, item, link, want, found, names)
    if refused is not None:
        return refused
    if names:
        patch(applying, item.event, link, want, names, found)
    return done()


def patch(
    applying: Applying, event: str, link: Link, want: DesiredMeeting, names: Sequence[str],
    found: ObservedMeeting | None = None,
) -> None:  # fmt: skip
    """Write the named fields of a linked meeting, and commit that. Raises ZoomError, StoreConflict.

    `found` is the meeting as it was read right before: what others added to its lists is written with ours. None where
    it was made just now.
    """
    values = select(want.fields, names)
    if found is not None and not want.exact_lists:
        values = with_others(values, found, link.applied)
    passcode = link.passcode if PASSCODE in names else None

    def before_send() -> None:
        applying.links.count_write(link.host_id, utc_day(applying.clock.now()), WRITES_PER_DAY)

    applying.writer.update(link.meeting_id, link.kind, values, passcode, before_send)
    join_url = link.join_url
    if passcode is not None:
        # "Changing the passcode changes join_url": https://github.com/indico/indico-plugins (vc_zoom 2.3b2)
        join_url = applying.reader.meeting(link.meeting_id, link.kind).join_url
    applied = replace(link, join_url=join_url, applied=applied_in_part(link.applied, want.fields, names))
    applying.links.applied(event, applied, applying.clock.now())
    if applying.drifts is not None:
        applying.drifts.settled(event, link.key, names)


def adopt(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Link a meeting that was made by hand, then bring it up to the programme as the plan showed."""
    found = applying.reader.meeting(str(item.meeting_id), want.kind)
    if (room := may_adopt(found)) is not None:
        return skipped(room)
    link = _linked(applying, item.event, item.key, want, found)
    shown = beside_others(found, want, None).fields()
    names = [change.name for change in differences(want.later, shown) if change.name in item.fields]
    refused = may_change(applying, item, link, want, found, names) if names else None
    if refused is not None:
        return refused
    if names:
        patch(applying, item.event, link, want, names, found)
    return done()


def adopt_meeting(applying: Applying, event: str, key: str, meeting_id: str, kind: Kind) -> Link:
    """Link a meeting that exists on Zoom to a session, as it is.

    Raises:
        ZoomError: it cannot be read. StoreConflict: the session has a meeting, or the meeting a session.
        UserError: it is a personal meeting room.
    """
    found = applying.reader.meeting(meeting_id, kind)
    if (room := may_adopt(found)) is not None:
        raise UserError(room)
    want = applying.profiles.desired(*applying.programmes.sharing(event, key))
    return _linked(applying, event, key, want, found)


def _linked(applying: Applying, event: str, key: str, want: DesiredMeeting, found: ObservedMeeting) -> Link:
    """The committed link. Of its lists only what the programme names counts as ours: the rest others have added."""
    fields = found.fields()
    nothing = {path: None for path in LISTS if path not in want.fields.settings}
    wanted = replace(want.fields, settings={**want.fields.settings, **nothing})
    link = Link(
        key,
        found.meeting_id,
        found.kind,
        found.host_id,
        found.passcode or Passcode(""),
        found.join_url,
        Origin.ADOPTED,
        replace(fields, settings=only_ours(fields.settings, wanted, None)),
    )
    applying.links.finish(event, link, None, applying.clock.now())
    return link


def delete(
    applying: Applying, event: str, meeting_id: str, accepted: Mapping[str, int | None], action: Action = Action.DELETE
) -> Outcome:
    """Delete one of our meetings, never one that is under way or past; one that is gone is only forgotten.

    `accepted` is what may be lost with it. `action` says whether another one stands in its place.
    """
    link = applying.links.of_meeting(event, meeting_id)
    if link is None:
        return skipped(Phrase("another run has deleted it"))
    try:
        found = applying.reader.meeting(meeting_id, link.kind)
    except NotFound:
        applying.links.drop(event, meeting_id, applying.clock.now())
        return done()
    now = applying.clock.now()
    time = found.time(now)
    if found.running or (time is not None and time[0] <= now):
        return skipped(Phrase("the meeting is under way or past"))
    if (refused := may_end(applying, accepted, link, action, found)) is not None:
        return refused
    applying.writer.delete(meeting_id, link.kind)
    applying.links.drop(event, meeting_id, applying.clock.now())
    return done()
