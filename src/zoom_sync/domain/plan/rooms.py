"""What is held in a host's personal room is neither taken over nor changed: the room is his own. Pure.

Only a meeting that we made, and that somebody put into a room later, is taken out of it again, as any edited setting is
put back (`drift_settings`): the room stays as it is, and the published link leads to the meeting again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from zoom_sync.domain.meeting import Cause, DesiredMeeting, FieldChange, Link, ObservedMeeting, Origin
from zoom_sync.domain.personal_rooms import NOT_CHANGED, is_personal_id, not_adopted
from zoom_sync.domain.plan.comparing import why_update
from zoom_sync.domain.plan.values import Action, Change, HeldBack

USE_PMI = "settings.use_pmi"


def by_rooms(
    items: Iterable[Change | HeldBack],
    wants: Mapping[str, DesiredMeeting],
    links: Mapping[str, Link],
    meetings: Mapping[str, ObservedMeeting],
) -> Iterator[Change | HeldBack]:
    """The items, with everything held back that would take over or change a personal room."""
    for item in items:
        if isinstance(item, HeldBack):
            yield item
            continue
        want = wants.get(item.key)
        named = want.known_id if want is not None else None
        takes_named = item.action in (Action.CREATE, Action.ADOPT) or item.meeting_id == named
        if takes_named and named and is_personal_id(named):
            yield HeldBack(replace(item, action=Action.ADOPT, meeting_id=named), not_adopted(named))
            continue
        observed = meetings.get(item.meeting_id or "")
        if observed is None or not observed.personal:
            yield item
        else:
            yield from _in_a_room(item, links.get(observed.meeting_id), observed)


def _in_a_room(item: Change, link: Link | None, observed: ObservedMeeting) -> Iterator[Change | HeldBack]:
    if item.action in (Action.ADOPT, Action.MOVE):
        yield HeldBack(item, not_adopted(observed.meeting_id))
        return
    if item.action is not Action.UPDATE or link is None or link.origin is not Origin.CREATED:
        yield HeldBack(item, NOT_CHANGED)
        return
    out = FieldChange(USE_PMI, True, False, False, Cause.ZOOM)
    yield replace(item, fields=(out,), reason=why_update((out,)))
    others = tuple(field for field in item.fields if field.name != USE_PMI)
    if others:
        yield HeldBack(replace(item, fields=others, reason=why_update(others)), NOT_CHANGED, passing=True)
