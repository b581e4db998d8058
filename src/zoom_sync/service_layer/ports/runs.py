"""Work as the store keeps it: runs and their items, what the schedule has done, which webhooks came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from zoom_sync.domain.delivery import Delivery, Heard, Hint, Live, Reception
from zoom_sync.domain.due import Mark, Outlook
from zoom_sync.domain.run import ItemState, Run, RunItem, Step, Unended


class RunStore(Protocol):
    """Runs and their items."""

    def start(self, event: str, kind: str, digest: str, steps: Sequence[Step], now: datetime) -> int:
        """Commit a run with all its items, handed out to whoever starts it; answers its number."""
        ...

    def items(self, run: int) -> Sequence[RunItem]:
        """The items of a run, in order."""
        ...

    def item(self, item: int) -> RunItem:
        """One item. Raises NotInStore."""
        ...

    def take_up(self, item: int) -> RunItem:
        """Commit that an item is begun once more, unless it has ended, and answer it. Raises NotInStore."""
        ...

    def hand_out(self, now: datetime, handed_before: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """(run, item) of what waits and was not handed out since `handed_before`; it is marked as handed out now.

        Runs whose last item has ended without anybody closing them are closed.
        """
        ...

    def give_back(self, run: int | None) -> None:
        """Let what waits be handed out at once: all items of a run, or (None) all that were begun before."""
        ...

    def set_handed(self, item: int, at: datetime) -> None:
        """Count an item as handed out at `at`, so that it is handed out again that much earlier or later."""
        ...

    def under_way(self, event: str, kind: str) -> bool:
        """Whether a run of this kind has items that wait."""
        ...

    def unended(self, event: str) -> Sequence[Unended]:
        """Of each run of the event, what was handed out and has not ended."""
        ...

    def settle(self, item: int, state: ItemState, reason: str, now: datetime) -> None:
        """Commit how an item ended, unless it has ended before; the last one ends its run."""
        ...

    def run(self, run: int) -> Run:
        """One run with its counts. Raises NotInStore."""
        ...

    def recent(self, event: str | None, limit: int) -> Sequence[Run]:
        """The latest runs, newest first."""
        ...


class ScheduleStore(Protocol):
    """When each event was last seen to, and what webhooks told of its meetings."""

    def outlooks(self) -> Sequence[Outlook]:
        """All that tells what is due, for each event."""
        ...

    def claim(self, event: str, task: str, seen: Mark, until: datetime) -> bool:
        """Commit that the task is begun, unless its mark is not `seen` any more: then another one was first."""
        ...

    def done(self, event: str, task: str, claimed_until: datetime, mark: Mark, seen: Iterable[Hint]) -> None:
        """Commit how far the task is now, end the claim, and forget the hints unless they were repeated meanwhile."""
        ...

    def put_off(self, event: str, task: str, claimed_until: datetime, until: datetime) -> None:
        """It could not be done: leave it alone until then."""
        ...

    def release(self) -> None:
        """End all claims: whoever calls knows that nobody else is there."""
        ...


class WebhookStore(Protocol):
    """What webhooks told."""

    def take_in(self, batch: Sequence[Delivery], refused: Mapping[str, int], now: datetime) -> Sequence[Reception]:
        """Commit deliveries in one transaction, and count what was refused; answers what became of each."""
        ...

    def live(self, event: str) -> Mapping[str, Live]:
        """The sessions of an event that are under way."""
        ...

    def heard(self) -> Heard:
        """What came so far."""
        ...

    def forget(self, before: datetime) -> None:
        """Drop what was heard before: repeats do not come so late."""
        ...
