"""Doubles, seen before they are made: a meeting that is there already for what a creation would make. Pure.

The same programme from another folder, or another store, has meetings on Zoom that this store knows nothing of; so has
one that somebody clicked together by hand. A creation whose title and start one of our hosts already holds, with
nothing linked to it, waits for a person: it is taken over, or another one is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from zoom_sync.domain.hosts import Host
from zoom_sync.domain.meeting import DesiredMeeting, ObservedMeeting, clean
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan.values import Action, Change, HeldBack, Known, Observation
from zoom_sync.domain.programme import Kind

OPTION = "--allow-double"
_Look = tuple[Kind, str, datetime | None]
T = TypeVar("T")


def by_doubles(
    changes: Sequence[Change],
    wants: Mapping[str, DesiredMeeting],
    known: Known,
    seen: Observation,
    users: Mapping[str, Host],
) -> tuple[list[Change], list[HeldBack]]:
    """The changes, and the creations that are held back because a meeting like theirs is there already.

    A meeting that another change of the plan takes over is that session's.
    """
    allowed: list[Change] = []
    held: list[HeldBack] = []
    ours = _ours(known, seen) | {change.meeting_id for change in changes if change.meeting_id}
    strangers = _by_look(
        (_seen_as(meeting), meeting)
        for meeting in seen.meetings.values()
        if not (meeting.personal or meeting.meeting_id in ours or _may_be_in_doubt(meeting, known))
    )
    for change in changes:
        want = wants.get(change.key)
        makes_one = change.action in (Action.CREATE, Action.REPLACE) and change.key not in known.intents
        if want is None or not makes_one:
            allowed.append(change)
            continue
        look = (want.kind, want.fields.topic, want.fields.start)
        if strangers[look]:
            held.append(HeldBack(change, _why(strangers[look][0], users), needs=OPTION))
        else:
            allowed.append(change)
    return allowed, held


def _by_look(found: Iterable[tuple[_Look, T]]) -> Mapping[_Look, list[T]]:
    by_look: dict[_Look, list[T]] = defaultdict(list)
    for look, t in found:
        by_look[look].append(t)
    return by_look


def _seen_as(meeting: ObservedMeeting) -> _Look:
    return meeting.kind, clean(meeting.topic), meeting.start


def _ours(known: Known, seen: Observation) -> set[str]:
    """The meetings that are linked to some session, or that a creation of ours made."""
    return known.linked_ids | seen.arrived.keys() | seen.made_by_us


def _may_be_in_doubt(meeting: ObservedMeeting, known: Known) -> bool:
    """Whether a creation that was begun, of whatever session, may have made it: it is looked for first."""
    mine = any(
        (intent.host_id, intent.kind, intent.topic) == (meeting.host_id, meeting.kind, clean(meeting.topic))
        for intent in known.intents.values()
    )
    return mine or any(
        (held.host_id, held.kind) == (meeting.host_id, meeting.kind) and held.spans[0][0] == meeting.start
        for held in known.elsewhere
        if not held.id.isdecimal() and held.spans
    )


def _why(meeting: ObservedMeeting, users: Mapping[str, Host]) -> Phrase:
    host = users.get(meeting.host_id)
    return Phrase(
        "host {host} already holds meeting {id} of this title and start, and nothing is linked to it: take it over "
        "(`zoom-sync adopt --propose`), or say with --allow-double that another one is meant",
        host=host.name if host is not None else meeting.host_id,
        id=meeting.meeting_id,
    )
