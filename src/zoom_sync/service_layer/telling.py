"""Telling people what they have to know, by whichever channels are set: one digest, and nothing twice.

What is told is computed from the store at every tick; the store also keeps what each channel has told. So a process
that dies loses nothing. One that dies between sending and committing sends the same digest once more, with the same id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zoom_sync.domain.due import Outlook
from zoom_sync.domain.notices import Concern, Digest, Memory, Notice, Subject, digest_of, is_over
from zoom_sync.domain.plan.values import masked_value
from zoom_sync.errors import NotSent, StoreError, ZoomSyncError
from zoom_sync.service_layer.hosts_ready import hosts_ready
from zoom_sync.service_layer.noticing import Noticing, notices_of
from zoom_sync.service_layer.ports.runs import ScheduleStore
from zoom_sync.service_layer.ports.telling import Channel, NoticeStore
from zoom_sync.service_layer.ports.zoom import Clock
from zoom_sync.service_layer.sync import Planning

# Longer than any channel takes; who has not ended by then has died.
LEASE = timedelta(minutes=5)
LOOK = "look"
# How often Zoom is asked whether the hosts of the sessions that begin soon are ready: one call for each event.
LOOK_EVERY = timedelta(minutes=15)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling needs. `shortest` is how long two digests are apart at least."""

    noticing: Noticing
    planning: Planning
    schedule: ScheduleStore
    clock: Clock
    channels: Sequence[Channel]
    shortest: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel of which is kept how its last try ended: people who are not told cannot be told so by it."""

    channel: Channel
    keep: Callable[[str], None]  # of why it failed; empty where it did not

    @property
    def name(self) -> str:
        return self.channel.name

    def check(self) -> str:
        return self.channel.check()

    def send(self, digest: Digest) -> str:
        try:
            where = self.channel.send(digest)
        except NotSent as error:
            self.keep(str(error))
            raise
        self.keep("")
        return where


def tell_due(telling: Telling) -> int:
    """Send what is to be told now; answers how many digests were sent. Raises StoreError.

    Whether hosts are ready is asked and recorded in any case: the pages and `status` show it where nobody is told.
    """
    now = _now(telling)
    outlooks = telling.schedule.outlooks()
    _look(telling, outlooks, now)
    if not telling.channels:
        return 0
    notices = [notice for outlook in outlooks for notice in notices_of(telling.noticing, outlook, now)]
    return sum(_tell(telling, channel, notices, now) for channel in telling.channels)


def _now(telling: Telling) -> datetime:
    """Zoom's time; this machine's where Zoom cannot be asked, for then there is the more to tell."""
    try:
        return telling.planning.reader.server_time()
    except ZoomSyncError:
        return telling.clock.now()


def _look(telling: Telling, outlooks: Sequence[Outlook], now: datetime) -> None:
    """Ask Zoom once in a while whether the hosts of what begins soon are ready. What fails is asked again later."""
    soon = now + telling.noticing.ahead
    events = [outlook.event for outlook in outlooks if any(now <= span.start < soon for span in outlook.spans)]
    store = telling.noticing.notices
    last = store.memory(LOOK).sent_at
    if not events or (last is not None and last <= now < last + LOOK_EVERY):
        return
    if store.claim(LOOK, now, now + LEASE) is None:
        return
    for event in events:
        try:
            _ask(telling, event)
        except StoreError:
            raise
        except ZoomSyncError as error:
            log.warning("hosts_not_asked", extra={"event_key": event, "reason": str(error)})
    store.done(LOOK, Memory(now), now)


def _ask(telling: Telling, event: str) -> None:
    found = hosts_ready(telling.planning, event, telling.noticing.ahead)
    concerns = [
        Concern(not_ready.key, str(masked_value(not_ready.told)), not_ready.advice)
        for not_ready in found
        if not_ready.has_meeting
    ]
    telling.noticing.notices.found(event, Subject.NOT_READY, concerns)


def _tell(telling: Telling, channel: Channel, notices: Sequence[Notice], now: datetime) -> bool:
    return tell_by(telling.noticing.notices, channel, channel.name, notices, now, telling.shortest)


def tell_by(
    store: NoticeStore, channel: Channel, name: str, notices: Sequence[Notice], now: datetime, shortest: timedelta
) -> bool:
    """Send by one channel what it has not told yet; what it has, and is over, is forgotten.

    `name` is what is kept of the channel in the store; of several who tell at once, the store lets one.
    Raises StoreError.
    """
    before = store.told(name)
    over = is_over(notices, before)
    if not over and digest_of(notices, before, store.memory(name), now, shortest) is None:
        return False
    memory = store.claim(name, now, now + LEASE)
    if memory is None:
        return False
    before = store.told(name)  # as it is now that nobody else changes it
    digest = digest_of(notices, before, memory, now, shortest)
    if digest is None:
        store.done(name, memory, now, over=over)
        return False
    try:
        where = channel.send(digest)
    except NotSent as error:
        failed = memory.failed(now)
        log.warning("not_told", extra={"channel": name, "reason": str(error), "tries": failed.tries})
        store.done(name, failed, now, over=over)
        return False
    log.info("told", extra={"channel": name, "to": where, "count": len(digest.new)})
    new = frozenset(notice.mark for notice in digest.new)
    store.done(name, Memory(now), now, told=new, over=over)
    return True
