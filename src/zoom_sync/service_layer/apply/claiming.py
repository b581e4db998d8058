"""Taking a host's time right before a request leaves: judged by his calendar of now, and kept from other runs.

The calendar is read from the store and judged; its version is raised in the transaction in which the intent, or the
update that is about to be sent, is committed. Where another run was first, it is read and judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from zoom_sync.domain.hosts import WRITES_PER_DAY, Held, HostCalendar, Span, overload, say_overload, utc_day
from zoom_sync.domain.meeting import OCCURRENCES, RECURRENCE, DesiredMeeting, Intent, Link
from zoom_sync.domain.phrases import Phrase, then
from zoom_sync.domain.plan import Action, in_the_making, session_name
from zoom_sync.domain.run import ItemState, RunItem
from zoom_sync.errors import CalendarChanged, StoreConflict
from zoom_sync.service_layer.apply.items import Applying
from zoom_sync.service_layer.apply.seeing import as_seen

T = TypeVar("T")
# Threads of one run that want the same host take turns: each try fails only because another one went on.
LOOKS = 20
MOVING = frozenset({"start_time", "duration", RECURRENCE, OCCURRENCES})


def begin_creation(applying: Applying, item: RunItem, intent: Intent, want: DesiredMeeting) -> Intent:
    """Commit the intent of a creation that is about to be sent, with the time it takes of its host.

    One that was begun before and looked for in vain holds nothing yet: it is judged as if it had never been begun.

    Raises:
        StoreConflict: the host cannot hold it any more, or another run was first. RateLimited: see `LinkStore.begin`.
    """
    intent = replace(intent, spans=want.spans)
    id_ = in_the_making(item.key, item.event)
    new = Held(id_, intent.host_id, want.kind, want.spans, session_name(item.key, item.event))
    now = applying.clock.now()

    def commit(version: int) -> Intent:
        return applying.links.begin(item.event, intent, now, utc_day(now), WRITES_PER_DAY, version)

    return _claimed(applying, item, new, {item.meeting_id or "", id_}, now, commit)


def begin_move(
    applying: Applying, item: RunItem, link: Link, want: DesiredMeeting, names: Sequence[str], most: int
) -> None:
    """Count an update that is about to be sent; where it moves the meeting, with the time it takes of its host.

    `most` is how many writes of the host's day may be used for it. Raises as `begin_creation` does.
    """
    now = applying.clock.now()
    day = utc_day(now)
    if MOVING.isdisjoint(names):
        applying.links.count_write(link.host_id, day, most)
        return
    spans = _moved(link, want)
    new = Held(link.meeting_id, link.host_id, link.kind, spans, session_name(item.key, item.event))

    def commit(version: int) -> None:
        applying.links.take_time(link, spans, now, day, most, version)

    _claimed(applying, item, new, set(), now, commit)


def _moved(link: Link, want: DesiredMeeting) -> tuple[Span, ...]:
    return want.spans if link.kind is want.kind else want.fields.spans


def _claimed(
    applying: Applying,
    item: RunItem,
    new: Held,
    going: set[str],
    now: datetime,
    commit: Callable[[int], T],
) -> T:
    for _ in range(LOOKS):
        calendar = applying.links.calendar(new.host_id, now)
        if not item.overload:
            _judge(applying, item, calendar, new, going)
        try:
            return commit(calendar.version)
        except CalendarChanged:
            continue
    raise StoreConflict(Phrase("other runs keep taking this host's time; plan again"))


def _judge(applying: Applying, item: RunItem, calendar: HostCalendar, new: Held, going: set[str]) -> None:
    """Raises StoreConflict where the host would hold more than he can, and more than without this."""
    if not calendar.known:
        return  # no plan has looked at him yet: a run of an earlier version
    before = [one for one in calendar.held if one.id not in going]
    others = [held for held in before if held.id != new.id]
    if overload(calendar.host, before, [*others, new]) is None:
        return
    planned = _as_planned(applying, item, others)
    mine = [held for held in before if held.id == new.id]
    over = overload(calendar.host, [*planned, *mine], [*planned, new])
    if over is not None:
        raise StoreConflict(then(say_overload(over), Phrase("plan again")))


def _as_planned(applying: Applying, item: RunItem, held: Sequence[Held]) -> list[Held]:
    """The same as it will be once the rest of this run is done: it was judged as a whole."""
    gone: set[str] = set()
    moved: dict[str, tuple[Span, ...]] = {}
    for other in applying.runs.items(item.run):
        # One that was done since the calendar was read counts as done; one that failed leaves things as they were.
        if other.state in (ItemState.FAILED, ItemState.SKIPPED) or other.meeting_id is None or other.id == item.id:
            continue
        if other.action in (Action.DELETE, Action.REPLACE):
            gone.add(other.meeting_id)
        elif other.action == Action.UPDATE and not MOVING.isdisjoint(other.fields):
            want = as_seen(applying, other)  # one that wants something else by now stays where it is
            if want is not None:
                moved[other.meeting_id] = want.spans
    return [replace(one, spans=moved.get(one.id, one.spans)) for one in held if one.id not in gone]
