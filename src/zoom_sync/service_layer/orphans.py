"""Finding meetings that look like ours and are linked to nothing, and doubles; deleting those that a person names.

Finding is only given a reader. Nothing is deleted that was not found here just before.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import DesiredMeeting, Intent, ObservedMeeting, clean
from zoom_sync.domain.plan import Action, Change
from zoom_sync.domain.plan.effects import losses_of
from zoom_sync.domain.programme import Kind
from zoom_sync.errors import NotFound, Problem, UserError
from zoom_sync.service_layer.at_stake import attached_to
from zoom_sync.service_layer.looking import list_hosts
from zoom_sync.service_layer.observe import host_pool, hosts_of_account
from zoom_sync.service_layer.ports.zoom import ZoomWriter
from zoom_sync.service_layer.sync import Planning

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Orphan:
    """A meeting that nothing is linked to. `event` and `session` are what it looks like, `why` says in what.

    Both are empty for a double: a meeting that looks like no session, but like another unlinked meeting.
    """

    meeting: ObservedMeeting
    host: Host
    event: str
    session: str
    why: str


def find_orphans(planning: Planning) -> list[Orphan]:
    """Look through the hosts' meetings, one list per host. Raises ZoomError, ConfigurationError."""
    loose = loose_meetings(planning, [Kind.MEETING])
    desired = {
        event.key: planning.profiles.each(planning.programmes.programme(event.key).sessions)[0]
        for event in planning.programmes.events()
    }
    alike = list(_alike(loose, desired))
    listed_already = {orphan.meeting.meeting_id for orphan in alike}
    doubles = [orphan for orphan in _doubles(loose) if orphan.meeting.meeting_id not in listed_already]
    return sorted([*alike, *doubles], key=lambda one: (not one.event, one.event, one.session, one.meeting.meeting_id))


def loose_meetings(planning: Planning, kinds: Sequence[Kind]) -> list[tuple[Host, ObservedMeeting]]:
    """Our hosts' meetings that nothing is linked to, one list per host and kind. Raises as `find_orphans` does."""
    now = planning.reader.server_time()
    users = hosts_of_account(planning.reader, planning.links, now)
    hosts = host_pool(users, planning.pool, basic_may_host=planning.basic_may_host)
    by_id = {host.id: host for host in hosts}
    listing = list_hosts(planning.reader, [(host.id, kind) for host in hosts for kind in kinds], planning.threads)
    for host_id, why in listing.unread.items():
        log.warning("host_not_listed", extra={"host": host_id, "reason": why})
    ours = planning.links.linked_ids()
    return [
        (by_id[meeting.host_id], meeting)
        for meeting in listing.meetings
        if meeting.meeting_id not in ours and meeting.host_id in by_id
    ]


def delete_orphans(
    planning: Planning, writer: ZoomWriter, found: Sequence[Orphan], ids: Sequence[str],
    allow_loss: Collection[str] = (),
) -> list[str]:  # fmt: skip
    """Delete the named meetings, which must all be among those `found`; answers their ids.

    Each is read anew first. Nothing at all is deleted if one of them may not be. From those in `allow_loss` people may
    lose something: registrants, the times of a series, panelists.

    Raises:
        UserError: with a problem for each meeting that is no orphan, has begun, is linked by now, may be what a
            creation in doubt has made, or from which people would lose something.
        ZoomError: it cannot be read or deleted.
    """
    orphans = {orphan.meeting.meeting_id: orphan for orphan in found}
    texts = list(dict.fromkeys(ids))
    problems = [
        Problem(f"meeting {meeting_id} is none of the orphans that were found; see `zoom-sync orphans`")
        for meeting_id in texts
        if meeting_id not in orphans
    ]
    now = planning.reader.server_time()
    begun = [
        intent
        for event in planning.programmes.events()
        for intent in planning.links.known(event.key, "").intents.values()
    ]
    ours = planning.links.linked_ids()
    gone = set()
    for meeting_id in texts:
        if meeting_id not in orphans:
            continue
        try:
            meeting = planning.reader.meeting(meeting_id, orphans[meeting_id].meeting.kind)
        except NotFound:
            gone.add(meeting_id)
            continue
        why = "is linked to a session by now" if meeting_id in ours else _why_kept(meeting, begun, now)
        if why is None and meeting_id not in allow_loss:
            why = _would_lose(planning, meeting, now)
        if why:
            problems.append(Problem(f"meeting {meeting_id} {why}"))
    if problems:
        raise UserError("nothing was deleted", problems)
    deleted = [meeting_id for meeting_id in texts if meeting_id not in gone]
    for meeting_id in deleted:
        writer.delete(meeting_id, orphans[meeting_id].meeting.kind)
    return deleted


def _would_lose(planning: Planning, meeting: ObservedMeeting, now: datetime) -> str | None:
    """What people would lose with a meeting; None where that is nothing."""
    change = Change(Action.DELETE, "", meeting.host_id, meeting.meeting_id)
    losses = losses_of(change, None, None, meeting, attached_to(planning.reader, meeting), now)
    if not losses:
        return None
    text = "; ".join(loss.told for loss in losses)
    return f"is not deleted in passing: {text}; needs --allow-loss {meeting.meeting_id}"


def _why_kept(meeting: ObservedMeeting, begun: Sequence[Intent], now: datetime) -> str | None:
    if meeting.running:
        return "is under way"
    if meeting.start is not None and meeting.start <= now:
        return "is past: it is what reports are about"
    if any(meeting.passcode == intent.passcode for intent in begun):
        return "was made by a run that did not end; `zoom-sync apply` links it to its session"
    return None


def _alike(
    loose: Sequence[tuple[Host, ObservedMeeting]], desired: Mapping[str, Sequence[DesiredMeeting]]
) -> Iterator[Orphan]:
    by_topic: dict[str, list[tuple[str, DesiredMeeting]]] = defaultdict(list)
    for event, desired_meetings in desired.items():
        for want in desired_meetings:
            by_topic[want.fields.topic].append((event, want))
    for host, meeting in loose:
        for event, want in by_topic.get(clean(meeting.topic), ()):
            same_time = meeting.start == want.fields.start
            why = "same title and time as the session" if same_time else "same title as the session, another time"
            yield Orphan(meeting, host, event, want.key, why)


def _doubles(loose: Sequence[tuple[Host, ObservedMeeting]]) -> Iterator[Orphan]:
    """Meetings with the title and time of another one. One without a time is a room, not a double."""
    alike: dict[tuple[str, datetime], list[tuple[Host, ObservedMeeting]]] = defaultdict(list)
    for host, meeting in loose:
        if meeting.start is not None:
            alike[clean(meeting.topic), meeting.start].append((host, meeting))
    for group in alike.values():
        for host, meeting in group:
            others = [other.meeting_id for _, other in group if other.meeting_id != meeting.meeting_id]
            if others:
                yield Orphan(meeting, host, "", "", f"same title and time as meeting {', '.join(others)}")


def orphan_json(orphan: Orphan) -> dict[str, Any]:
    """An orphan as JSON, without its link."""
    return {
        "meeting_id": orphan.meeting.meeting_id,
        "host": orphan.host.id,
        "host_name": orphan.host.name,
        "topic": orphan.meeting.topic,
        "start": orphan.meeting.start.isoformat() if orphan.meeting.start else None,
        "event": orphan.event or None,
        "session": orphan.session or None,
        "why": orphan.why,
    }
