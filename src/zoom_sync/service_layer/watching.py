"""Watching over the work: every process says that it lives, and whichever still does tells that the others do not.

Nothing here needs Zoom. What is the case is computed from the store; who tells it is decided there, too, so that of
many watchers one tells, once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from zoom_sync.domain.due import Outlook, Rhythm, next_sync
from zoom_sync.domain.health import Deed, EventRecord, Failing, Finding, Health, findings_of
from zoom_sync.domain.notices import Concern, Memory, Notice, Subject
from zoom_sync.domain.plan.values import masked_value
from zoom_sync.errors import NotSent, Unauthorized, ZoomError
from zoom_sync.service_layer.ports.health import HealthStore
from zoom_sync.service_layer.ports.runs import ScheduleStore
from zoom_sync.service_layer.ports.telling import Channel, NoticeStore
from zoom_sync.service_layer.telling import tell_by

# Who calls the heartbeat's address is decided by a claim of this name, which lasts until the next call.
HEARTBEAT = "heartbeat"
HEARTBEAT_EVERY = timedelta(minutes=1)
# A channel's memory of such notices is its own: they wait for nothing else, and nothing else for them.
OF_HEALTH = "health"

log = logging.getLogger(__name__)


class HeartbeatCall(Protocol):
    """Tells somebody outside that all is well."""

    def call(self) -> None:
        """Raises NotSent."""
        ...


@dataclass(frozen=True, slots=True)
class Watching:
    """What watching needs. `tick` is how often the schedule looks; `since` is when this watcher was started."""

    health: HealthStore
    schedule: ScheduleStore
    notices: NoticeStore
    rhythm: Rhythm
    tick: timedelta
    channels: Sequence[Channel] = ()
    heartbeat: HeartbeatCall | None = None
    since: datetime | None = None


def health_of(watching: Watching, now: datetime) -> Health:
    """What is known of the work at `now`, by this machine's clock. Raises StoreError."""
    collected = watching.health.collected()
    events = [
        EventRecord(
            outlook.event,
            outlook.sync.done_at,
            collected.get(outlook.event),
            _sync_due(outlook, watching.rhythm, now),
        )
        for outlook in watching.schedule.outlooks()
    ]
    return Health(watching.health.records(), watching.health.processes(), events)


def _sync_due(outlook: Outlook, rhythm: Rhythm, now: datetime) -> datetime | None:
    """When the event's next sync is due; None where no session is to come."""
    if not any(span.end > now for span in outlook.spans):
        return None
    last = outlook.sync.done_at
    return outlook.loaded_at if last is None else next_sync(outlook.spans, last, rhythm)


def findings(watching: Watching, now: datetime) -> tuple[Finding, ...]:
    """Every way in which work stands still now. Raises StoreError."""
    return findings_of(health_of(watching, now), now, watching.tick, watching.since)


def watch(watching: Watching, now: datetime) -> tuple[Finding, ...]:
    """Tell what stands still to whom it concerns, or call the heartbeat's address where nothing does.

    Answers what was found. Raises StoreError.
    """
    present = findings(watching, now)
    notices = [_notice(finding) for finding in present]
    for channel in watching.channels:
        tell_by(watching.notices, channel, f"{channel.name}.{OF_HEALTH}", notices, now, timedelta())
    if not present and watching.heartbeat is not None:
        _call(watching, watching.heartbeat, now)
    return present


def _notice(finding: Finding) -> Notice:
    concern = Concern("", str(finding.ailment), finding.why)
    return Notice(Subject.STANDS_STILL, finding.event, finding.event, concern, start=finding.since)


def _call(watching: Watching, heartbeat: HeartbeatCall, now: datetime) -> None:
    if watching.notices.claim(HEARTBEAT, now, now + HEARTBEAT_EVERY) is None:
        return
    try:
        heartbeat.call()
    except NotSent as error:
        log.warning("no_heartbeat", extra={"reason": str(error)})
        watching.notices.done(HEARTBEAT, Memory(), now)  # somebody else may get through


def keep_sign_in(store: HealthStore, error: ZoomError | None, now: datetime) -> None:
    """Keep how a sign-in ended. Raises StoreError."""
    if error is None:
        store.did(Deed.SIGN_IN, now)
        return
    failing = Failing.REFUSED if isinstance(error, Unauthorized) else Failing.AWAY
    store.failed(Deed.SIGN_IN, now, failing, str(masked_value(str(error))))
