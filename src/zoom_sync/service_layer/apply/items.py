"""What doing an item needs, and how it can end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from structlog.contextvars import bound_contextvars

from zoom_sync.domain.delivery import Live
from zoom_sync.domain.meeting import ObservedMeeting
from zoom_sync.domain.phrases import NOTHING, Phrase
from zoom_sync.domain.plan import KEPT_FOR_PROGRAMME
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.run import ItemState, RunItem
from zoom_sync.errors import NoProperAnswer, ZoomError
from zoom_sync.service_layer.observe import HOSTS_ARE_FRESH
from zoom_sync.service_layer.ports.events import DriftStore, LinkStore, PolicyStore, ProgrammeStore
from zoom_sync.service_layer.ports.runs import RunStore
from zoom_sync.service_layer.ports.zoom import Clock, ZoomReader, ZoomWriter
from zoom_sync.service_layer.sync import Profiles

log = logging.getLogger(__name__)


def about(item: RunItem) -> AbstractContextManager[None]:
    """What is logged within bears the item's ids."""
    return bound_contextvars(run=item.run, item=item.id, event_key=item.event, session=item.key)


@dataclass(frozen=True, slots=True)
class Applying:
    """What carrying out a plan needs. `settle` is explained in the package.

    `live` tells which sessions of an event webhooks say to be under way: of a webinar Zoom tells it nowhere else.
    `new_passcode` makes a random one, and is given what the host's account asks of it, where that is known: without
    `policies` nobody is asked. `kept_for_programme`: of each hundred writes of a host's day, how many are never spent
    on putting back what was edited on Zoom.
    """

    programmes: ProgrammeStore
    links: LinkStore
    runs: RunStore
    reader: ZoomReader
    writer: ZoomWriter
    clock: Clock
    profiles: Profiles
    new_passcode: Callable[..., Passcode]
    settle: timedelta
    threads: int = 1
    drifts: DriftStore | None = None
    policies: PolicyStore | None = None
    live: Callable[[str], Mapping[str, Live]] | None = None
    kept_for_programme: int = KEPT_FOR_PROGRAMME

    def passcode_for(self, host_id: str, *, fresh: bool = False) -> Passcode:
        """A new passcode for a meeting of this host. Where he cannot be asked about, it is one that most accounts take.

        What the account asks is looked up once a day, as who its hosts are; `fresh`: now.
        """
        if self.policies is None:
            return self.new_passcode()
        now = self.clock.now()
        kept = self.policies.policy(host_id, datetime.min.replace(tzinfo=UTC))
        policy = None if fresh else self.policies.policy(host_id, now - HOSTS_ARE_FRESH)
        if policy is None:
            try:
                policy = self.reader.passcode_policy(host_id)
            except ZoomError as error:
                log.warning("passcode_policy_unknown", extra={"host": host_id, "reason": str(error)})
                return self.new_passcode()
            policy = replace(policy, forced=kept is not None and kept.forced)
            self.policies.set_policy(host_id, policy, now)
        return self.new_passcode(policy)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an item ended; with `retry_at` it has not, and is to be done again then.

    `may_help` marks what ended for now, though doing it again later may help: workers do, a person decides.
    `held_by_another`: another run may be at it this moment; once that run has ended it, nobody has to wait.
    """

    state: ItemState
    reason: str = ""
    retry_at: datetime | None = None
    may_help: bool = False
    held_by_another: bool = False


def done(reason: Phrase = NOTHING) -> Outcome:
    return Outcome(ItemState.DONE, reason)


def skipped(reason: Phrase) -> Outcome:
    return Outcome(ItemState.SKIPPED, reason)


def failed(reason: Phrase) -> Outcome:
    return Outcome(ItemState.FAILED, reason)


class Listings:
    """Each host's meetings, listed once per run and not once per intent; again only where a later look is needed."""

    def __init__(self, applying: Applying) -> None:
        self._reader = applying.reader
        self._clock = applying.clock
        self._lock = threading.Lock()
        self._listed: dict[tuple[str, Kind], tuple[datetime, Sequence[ObservedMeeting]]] = {}

    def meetings(self, host_id: str, kind: Kind, not_before: datetime) -> Sequence[ObservedMeeting]:
        """The host's meetings as listed at `not_before` or later. Raises ZoomError."""
        with self._lock:
            taken, listed = self._listed.get((host_id, kind), (None, ()))
            if taken is None or taken < not_before:
                taken = self._clock.now()
                found = self._reader.listed(host_id, kind)
                if found.unreadable:  # what is looked for may be that row
                    raise NoProperAnswer(Phrase("a row of the host's list cannot be read"))
                listed = found.meetings
                self._listed[host_id, kind] = (taken, listed)
            return listed
