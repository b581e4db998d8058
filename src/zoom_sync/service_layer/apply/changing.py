"""Updating, adopting and deleting meetings: each is the same done twice as done once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
from zoom_sync.domain.plan import PASSCODE
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.run import RunItem
from zoom_sync.errors import NotFound
from zoom_sync.service_layer.apply.items import Applying, Outcome, done, skipped
from zoom_sync.service_layer.looking import read_either


def update(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Write the planned fields with the programme's values of now. Twice is the same as once."""
    link = applying.links.link(item.event, item.key)
    if link is None or link.meeting_id != item.meeting_id:
        return skipped(Phrase("the session has another meeting by now"))
    now = applying.clock.now()
    if want.begun(now) and not (want.between(now) and TIME_FIELDS.isdisjoint(item.fields)):
        return skipped(Phrase("the session's start is past"))
    names = [name for name in item.fields if name != PANELISTS]  # these have calls of their own, see `inviting`
    if names:
        patch(applying, item.event, link, want, names)
    return done()


def patch(applying: Applying, event: str, link: Link, want: DesiredMeeting, names: Sequence[str]) -> None:
    """Write the named fields of a linked meeting, and commit that. Raises ZoomError, StoreConflict."""
    values = select(want.fields, names)
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
    link = applying.links.link(item.event, item.key)
    if link is not None and link.meeting_id == item.meeting_id:
        link = follow(applying, item.event, link, want.kind)
    else:
        link = adopt_meeting(applying, item.event, item.key, str(item.meeting_id), want.kind)
    return _brought_up(applying, item, want, link)


def move(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Give a session that has a meeting another one that exists, and bring that up to the programme."""
    link = applying.links.link(item.event, item.key)
    if link is None:
        return skipped(Phrase("the session has no meeting by now"))
    if link.meeting_id != item.meeting_id:
        link = move_to(applying, item.event, link, str(item.meeting_id), want.kind)
    return _brought_up(applying, item, want, link)


def _brought_up(applying: Applying, item: RunItem, want: DesiredMeeting, link: Link) -> Outcome:
    names = [change.name for change in differences(want.later, link.applied) if change.name in item.fields]
    if names:
        patch(applying, item.event, link, want, names)
    return done()


def adopt_meeting(applying: Applying, event: str, key: str, meeting_id: str, kind: Kind) -> Link:
    """Link a meeting that exists on Zoom to a session, as it is.

    Raises:
        ZoomError: it cannot be read. StoreConflict: the session has a meeting, or the meeting a session.
    """
    link = _as_found(key, applying.reader.meeting(meeting_id, kind))
    applying.links.finish(event, link, None, applying.clock.now())
    return link


def move_to(applying: Applying, event: str, before: Link, meeting_id: str, kind: Kind) -> Link:
    """Give the session of `before` another meeting that exists on Zoom, as it is; the old one stays there.

    Raises:
        ZoomError: it cannot be read. StoreConflict: the session has another meeting by now, or the meeting a session.
    """
    link = _as_found(before.key, applying.reader.meeting(meeting_id, kind))
    applying.links.move(event, before, link, applying.clock.now())
    return link


def follow(applying: Applying, event: str, link: Link, kind: Kind) -> Link:
    """The link of a meeting that was converted on Zoom, as what it is now. Raises ZoomError, StoreConflict."""
    if link.kind is kind:
        return link  # done already
    seen = applying.reader.meeting(link.meeting_id, kind)
    now_it_is = replace(_as_found(link.key, seen), origin=link.origin, version=link.version)
    applying.links.applied(event, now_it_is, applying.clock.now())
    return replace(now_it_is, version=link.version + 1)


def _as_found(key: str, found: ObservedMeeting) -> Link:
    return Link(
        key,
        found.meeting_id,
        found.kind,
        found.host_id,
        found.passcode or Passcode(""),
        found.join_url,
        Origin.ADOPTED,
        found.fields(),
    )


def delete(applying: Applying, event: str, meeting_id: str) -> Outcome:
    """Delete one of our meetings, never one that is under way or past; one that is gone is only forgotten."""
    link = applying.links.of_meeting(event, meeting_id)
    if link is None:
        return skipped(Phrase("another run has deleted it"))
    try:
        found = read_either(applying.reader, meeting_id, link.kind)
    except NotFound:
        applying.links.drop(event, meeting_id, applying.clock.now())
        return done()
    now = applying.clock.now()
    time = found.time(now)
    if found.running or (time is not None and time[0] <= now):
        return skipped(Phrase("the meeting is under way or past"))
    applying.writer.delete(meeting_id, found.kind)
    applying.links.drop(event, meeting_id, applying.clock.now())
    return done()
