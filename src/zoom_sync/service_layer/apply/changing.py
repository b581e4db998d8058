"""Updating, adopting and deleting meetings: each is the same done twice as done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from zoom_sync.domain.additions import LISTS, beside_others, only_ours
from zoom_sync.domain.hosts import WRITES_PER_DAY
from zoom_sync.domain.meeting import (
    TIME_FIELDS,
    DesiredMeeting,
    Link,
    ObservedMeeting,
    Origin,
    applied_after,
    applied_in_part,
    compared,
    differences,
    plain,
)
from zoom_sync.domain.panelists import PANELISTS
from zoom_sync.domain.phrases import NOTHING, Phrase, joined
from zoom_sync.domain.plan import PASSCODE, Action, kept_by_zoom
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.run import RunItem
from zoom_sync.errors import NotFound, RateLimited, StoreConflict, UserError, ZoomError
from zoom_sync.service_layer.apply.claiming import MOVING, begin_move
from zoom_sync.service_layer.apply.guarding import may_adopt, may_change, may_end
from zoom_sync.service_layer.apply.items import Applying, Outcome, done, skipped
from zoom_sync.service_layer.apply.writing import Written, in_step, learned_from, write
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
    found = applying.reader.meeting(link.meeting_id, link.kind)
    refused = may_change(applying, item, link, want, found, names)
    if refused is not None:
        return refused
    return done(patch(applying, item, link, want, names, found)) if names else done()


def patch(
    applying: Applying, item: RunItem, link: Link, want: DesiredMeeting, names: Sequence[str],
    meeting: ObservedMeeting | None = None,
) -> Phrase:  # fmt: skip
    """Write the named fields of a linked meeting, and commit that and what Zoom made of it; answers what it refused.

    `found` is the meeting as it was read right before: what others added to its lists is written with ours. None where
    it was made just now. Raises ZoomError, StoreConflict.
    """
    try:
        written = write(applying, link, want, names, _counting(applying, item, link, want, names), meeting)
    except ZoomError as error:
        if not error.outcome_unknown and not MOVING.isdisjoint(names):
            applying.links.stays(link.meeting_id)
        raise
    now = applying.clock.now()
    applied = applied_in_part(link.applied, want.fields, [name for name in names if name in written.sent])
    if written.seen is not None:
        applied = applied_after(applied, written.seen)
    after = learned_from(link, want, written, now)
    applying.links.applied(item.event, replace(after, applied=applied), now)
    if applying.drifts is not None:
        applying.drifts.settled(item.event, link.key, [name for name in names if name not in written.refused])
    return _reported(written, after)


def _counting(
    applying: Applying, item: RunItem, link: Link, want: DesiredMeeting, names: Sequence[str]
) -> Callable[[], None]:
    """What is to be done right before the request leaves: counted for the host's day, and his time taken."""
    most = WRITES_PER_DAY
    if _puts_back(link, want, names):
        most -= WRITES_PER_DAY * applying.kept_for_programme // 100

    def before_send() -> None:
        try:
            begin_move(applying, item, link, want, names, most)
        except RateLimited:
            if most == WRITES_PER_DAY:
                raise
            why = Phrase("the rest of the host's creates and updates of today is kept for the programme's own changes")
            raise StoreConflict(why) from None

    return before_send


def _puts_back(link: Link, want: DesiredMeeting, names: Sequence[str]) -> bool:
    """Whether nothing is written but what was sent before."""
    ours, known = compared(want.fields), link.learned or {}
    return all(
        name == PASSCODE or (name in known and name in ours and known[name].sent == plain(ours[name])) for name in names
    )


def _reported(written: Written, after: Link) -> Phrase:
    """What Zoom refused, and of what it keeps another value."""
    phrases = [
        Phrase("Zoom refused {fields}: {why}", fields=name.removeprefix("settings."), why=words)
        for name, words in sorted(written.refused.items())
    ]
    kept = [name.removeprefix("settings.") for name, _ in kept_by_zoom(after) if name in written.sent]
    if kept:
        phrases.append(Phrase("Zoom did not take: {fields}", fields=", ".join(kept)))
    return joined(phrases) if phrases else NOTHING


def adopt(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Link a meeting that was made by hand, then bring it up to the programme as the plan showed."""
    link = applying.links.link(item.event, item.key)
    found = applying.reader.meeting(str(item.meeting_id), want.kind)
    if (room := may_adopt(found)) is not None:
        return skipped(room)
    if link is not None and link.meeting_id == item.meeting_id:
        link = _followed(applying, item.event, link, want, found)
    else:
        link = _as_found(item.key, want, found, applying)
        applying.links.finish(item.event, link, None, applying.clock.now())
    return brought_up(applying, item, want, link, found)


def move(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Give a session that has a meeting another one that exists, and bring that up to the programme."""
    link = applying.links.link(item.event, item.key)
    if link is None:
        return skipped(Phrase("the session has no meeting by now"))
    found = applying.reader.meeting(str(item.meeting_id), want.kind)
    if (room := may_adopt(found)) is not None:
        return skipped(room)
    if link.meeting_id != item.meeting_id:
        before, link = link, _as_found(item.key, want, found, applying)
        applying.links.move(item.event, before, link, applying.clock.now())
    return brought_up(applying, item, want, link, found)


def brought_up(
    applying: Applying, item: RunItem, want: DesiredMeeting, link: Link, meeting: ObservedMeeting
) -> Outcome:
    """Write what the plan showed of a meeting that was just linked, as far as it differs yet."""
    shown = beside_others(meeting, want, None).fields()
    names = [change.name for change in differences(want.later, shown) if change.name in item.fields]
    if not names:
        return done()
    refused = may_change(applying, item, link, want, meeting, names)
    return refused if refused is not None else done(patch(applying, item, link, want, names, meeting))


def adopt_meeting(
    applying: Applying, event: str, key: str, meeting_id: str, kind: Kind, want: DesiredMeeting | None = None
) -> Link:
    """Link a meeting that exists on Zoom to a session, as it is. What is as wanted already counts as sent.

    Raises:
        ZoomError: it cannot be read. StoreConflict: the session has a meeting, or the meeting a session.
        UserError: it is a personal meeting room.
    """
    found = applying.reader.meeting(meeting_id, kind)
    if (room := may_adopt(found)) is not None:
        raise UserError(room)
    want = want or applying.profiles.desired(*applying.programmes.sharing(event, key))
    link = _as_found(key, want, found, applying)
    applying.links.finish(event, link, None, applying.clock.now())
    return link


def move_to(applying: Applying, event: str, before: Link, meeting_id: str, kind: Kind) -> Link:
    """Give the session of `before` another meeting that exists on Zoom, as it is; the old one stays there.

    Raises:
        ZoomError: it cannot be read. StoreConflict: the session has another meeting by now, or the meeting a session.
        UserError: it is a personal meeting room.
    """
    found = applying.reader.meeting(meeting_id, kind)
    if (room := may_adopt(found)) is not None:
        raise UserError(room)
    want = applying.profiles.desired(*applying.programmes.sharing(event, before.key))
    link = _as_found(before.key, want, found, applying)
    applying.links.move(event, before, link, applying.clock.now())
    return link


def _followed(applying: Applying, event: str, link: Link, want: DesiredMeeting, meeting: ObservedMeeting) -> Link:
    """The link of a meeting that was converted on Zoom, as what it is now. Raises StoreConflict."""
    if link.kind is meeting.kind:
        return link  # done already
    now_it_is = replace(_as_found(link.key, want, meeting, applying), origin=link.origin, version=link.version)
    applying.links.applied(event, now_it_is, applying.clock.now())
    return replace(now_it_is, version=link.version + 1)


def _as_found(key: str, want: DesiredMeeting, meeting: ObservedMeeting, applying: Applying) -> Link:
    """A link to a meeting that exists. Of its lists only what the programme names counts as ours."""
    fields = meeting.fields()
    nothing = {path: None for path in LISTS if path not in want.fields.settings}
    wanted = replace(want.fields, settings={**want.fields.settings, **nothing})
    return Link(
        key,
        meeting.meeting_id,
        meeting.kind,
        meeting.host_id,
        meeting.passcode or Passcode(""),
        meeting.join_url,
        Origin.ADOPTED,
        replace(fields, settings=only_ours(fields.settings, wanted, None)),
        learned=in_step(want.later, beside_others(meeting, want, None), applying.clock.now()),
    )


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
        meeting = read_either(applying.reader, meeting_id, link.kind)
    except NotFound:
        applying.links.drop(event, meeting_id, applying.clock.now())
        return done()
    now = applying.clock.now()
    time = meeting.time(now)
    if meeting.running or (time is not None and time[0] <= now):
        return skipped(Phrase("the meeting is under way or past"))
    if (refused := may_end(applying, accepted, link, action, meeting)) is not None:
        return refused
    applying.writer.delete(meeting_id, meeting.kind)
    applying.links.drop(event, meeting_id, applying.clock.now())
    return done()
