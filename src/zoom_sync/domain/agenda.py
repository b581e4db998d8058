"""When each item of a session's agenda was on: told by the programme, or an even share of the time. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.programme import AgendaItem, Session


@dataclass(frozen=True, slots=True)
class TimedItem:
    """An agenda item with its place (from 1) and its time, aware, in the session's zone.

    `estimated`: the programme does not tell this item's time; it is an even share of what the others leave.
    """

    number: int
    item: AgendaItem
    start: datetime
    end: datetime
    estimated: bool

    @property
    def label(self) -> str:
        """The item as reports name it."""
        return f"{self.item.presenter}: {self.item.title}"


def timed_items(session: Session) -> tuple[TimedItem, ...]:
    """The items of a session with their times, in order; they neither overlap nor reach beyond the session.

    1. An item without an end lasts until the next one that tells its begin, or until the session's end.
    2. Items without a begin share that time evenly with the one before them that tells its begin but no end; after
       one that tells both they begin at its end, and before the first one at the session's begin.
    """
    found: list[TimedItem] = []
    begin = session.start
    for first, last in _runs(session.items):
        head, run = session.items[first], session.items[first:last]
        begin = head.start or begin
        if head.start is not None and head.end is not None:
            found.append(TimedItem(first + 1, head, head.start, head.end, estimated=False))
            begin, run = head.end, run[1:]
        until = next((item.start for item in session.items[last:] if item.start is not None), session.end)
        told = head.start is not None and head.end is None and len(run) == 1
        for agenda_item, low, high in _evenly(run, begin, until):
            found.append(TimedItem(len(found) + 1, agenda_item, low, high, estimated=not told))
    return tuple(found)


def item_at(items: Sequence[TimedItem], moment: datetime | None) -> TimedItem | None:
    """The item that was on at `moment` (aware); None between items, outside of all, or where no moment is told."""
    if moment is None:
        return None
    instant = moment.astimezone(UTC)
    return next((item for item in items if item.start <= instant < item.end), None)


def items_flaw(items: Sequence[AgendaItem], start: datetime, end: datetime) -> str | None:
    """What is wrong with the times that items tell, for the session from `start` to `end`; None where nothing is."""
    opens, closes = start.astimezone(UTC), end.astimezone(UTC)  # instants: a clock change may lie in between
    free_from, waiting = opens, 0
    for number, item in enumerate(items, 1):
        if item.start is None:
            waiting += 1
            continue
        begin, stop = item.start.astimezone(UTC), item.end and item.end.astimezone(UTC)
        if stop is not None and stop <= begin:
            return f"item {number} ends before it starts, or at once: correct its `start` or `minutes`"
        if not opens <= begin < closes or (stop or begin) > closes:
            return f"item {number} is not within the session's time: correct its `start` or `minutes`, or the session's"
        if begin < free_from:
            return f"item {number} begins before the item above it is over: put the items in order, without overlap"
        if waiting and begin == free_from:
            return f"no time is left for the item above item {number}: give it a `start`, or this one a later one"
        free_from, waiting = stop or begin, 0 if stop else 1
    if waiting and free_from >= closes:
        return "no time is left for the last item: give it a `start`, or make the one before it shorter"
    return None


def _runs(items: Sequence[AgendaItem]) -> Iterator[tuple[int, int]]:
    """Where a run of items begins and ends: an item that tells its begin, and those after it that do not."""
    begins = [place for place, item in enumerate(items) if item.start is not None or place == 0]
    return zip(begins, [*begins[1:], len(items)], strict=False)


def _evenly(
    items: Sequence[AgendaItem], start: datetime, end: datetime
) -> Iterator[tuple[AgendaItem, datetime, datetime]]:
    # Instants, so that a clock change in between shortens nobody; whole seconds, as attendance is counted in.
    low, zone = start.astimezone(UTC), start.tzinfo
    seconds = max(0, int((end.astimezone(UTC) - low).total_seconds()))
    edges = [low + timedelta(seconds=seconds * place // len(items)) for place in range(len(items) + 1)] if items else []
    for agenda_item, begin, stop in zip(items, edges, edges[1:], strict=False):
        yield agenda_item, begin.astimezone(zone), stop.astimezone(zone)
