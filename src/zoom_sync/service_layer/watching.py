"""Watching over the work: every process says that it lives, and whichever still does tells that the others do not.

Nothing here needs Zoom. What is the case is computed from the store; who tells it is decided there, too, so that of
many watchers one tells, once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from zoom_sync.domain.due import Outlook, Rhythm, next_sync
from zoom_sync.domain.health import Ailment, Deed, EventRecord, Failing, Finding, Health, findings_of
from zoom_sync.domain.notices import Concern, Digest, Memory, Notice, Subject
from zoom_sync.domain.plan.values import masked_value
from zoom_sync.errors import NotSent, StoreError, Unauthorized, ZoomError, ZoomSyncError
from zoom_sync.network import Unreached
from zoom_sync.service_layer.ports.health import HealthStore
from zoom_sync.service_layer.ports.runs import ScheduleStore, WebhookStore
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
    """What watching needs. `tick` is how often the schedule looks; `since` is when this watcher was started.

    `own_time`: Zoom is a simulator with a time of its own, so what is due by it cannot be told by this machine's clock.
    """

    health: HealthStore
    schedule: ScheduleStore
    notices: NoticeStore
    rhythm: Rhythm
    tick: timedelta
    channels: Sequence[Channel] = ()
    heartbeat: HeartbeatCall | None = None
    since: datetime | None = None
    own_time: bool = False
    webhooks: WebhookStore | None = None
    broker: Callable[[], object] | None = None  # raises ZoomSyncError while what leads to the workers is away


def health_of(watching: Watching, now: datetime) -> Health:
    """What is known of the work at `now`, by this machine's clock. Raises StoreError."""
    collected, failing = watching.health.collected(), watching.health.failing()
    events = []
    for outlook in watching.schedule.outlooks():
        due = None if watching.own_time else _sync_due(outlook, watching.rhythm, now)
        why = failing.get(outlook.event, "") if watching.own_time or due is not None else ""
        had = outlook.sync.done_at, collected.get(outlook.event)
        events.append(EventRecord(outlook.event, *had, due, why, outlook.loaded_at))
    heard = None if watching.webhooks is None else watching.webhooks.heard()
    return Health(watching.health.records(), watching.health.processes(), events, heard)


def _sync_due(outlook: Outlook, rhythm: Rhythm, now: datetime) -> datetime | None:
    """When the event's next sync is due; None where no session is to come."""
    if not any(span.end > now for span in outlook.spans):
        return None
    last = outlook.sync.done_at
    return outlook.loaded_at if last is None else next_sync(outlook.spans, last, rhythm)


def findings(watching: Watching, now: datetime) -> tuple[Finding, ...]:
    """Every way in which work stands still now. Raises StoreError where the store cannot even be read."""
    return judged(watching, health_of(watching, now), now)


def judged(watching: Watching, health: Health, now: datetime) -> tuple[Finding, ...]:
    """What stands still by what is known; whether the store takes anything is tried: on a full disk it only reads."""
    try:
        watching.health.did(Deed.WRITE, now)
    except StoreError as error:
        return (Finding(Ailment.STORE, health.record(Deed.WRITE).done_at or now, str(error)),)
    present = findings_of(health, now, watching.tick, watching.since)
    return tuple(_with_cause(watching, finding) if finding.ailment is Ailment.STILL else finding for finding in present)


def _with_cause(watching: Watching, still: Finding) -> Finding:
    """Why nothing reaches the workers, where that is seen from here: they cannot say so themselves."""
    try:
        if watching.broker is not None:
            watching.broker()
    except ZoomSyncError as error:
        return replace(still, why=f"{still.why}; {masked_value(str(error))}")
    return still


def watch(watching: Watching, now: datetime) -> tuple[Finding, ...]:
    """Tell what stands still to whom it concerns, or call the heartbeat's address where nothing does.

    Answers what was found. Raises StoreError.
    """
    present = findings(watching, now)
    # An event's own trouble is told with what failed, by `telling`.
    notices = [_notice(finding) for finding in present if finding.ailment is not Ailment.EVENT]
    for channel in watching.channels:
        tell_by(watching.notices, channel, f"{channel.name}.{OF_HEALTH}", notices, now, timedelta())
    if watching.heartbeat is not None and not any(finding.ailment.of_all for finding in present):
        _call(watching, watching.heartbeat, now)
    return present


def tell_without_store(channels: Sequence[Channel], finding: Finding) -> list[str]:
    """Tell what cannot be kept that it was told; answers the names of the channels that have it."""
    sent = []
    for channel in channels:
        try:
            channel.send(Digest((_notice(finding),)))
        except NotSent as error:
            log.warning("not_told", extra={"channel": channel.name, "reason": str(error)})
        else:
            sent.append(channel.name)
    return sent


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
    advice = f"; {error.message.advice}" if isinstance(error.message, Unreached) else ""
    store.failed(Deed.SIGN_IN, now, failing, str(masked_value(str(error))) + advice)


def health_json(health: Health, present: Sequence[Finding], now: datetime) -> dict[str, Any]:
    """What is known of the work, for `status --format json` and whoever reads it by machine."""
    return {
        "standing_still": [
            {
                "what": str(finding.ailment),
                "event": finding.event or None,
                "since": finding.since.isoformat(),
                "told": finding.text,
                "advice": finding.advice,
            }
            for finding in present
        ],
        "last": {
            str(deed): done.isoformat() for deed in (Deed.SIGN_IN, Deed.TICK) if (done := health.record(deed).done_at)
        },
        "events": [
            {
                "event": event_record.event,
                "synced_at": _iso(event_record.synced_at),
                "collected_at": _iso(event_record.collected_at),
            }
            for event_record in health.events
        ],
        "processes": [
            {
                "part": str(process.part),
                "name": process.name,
                "version": process.version,
                "since": process.since.isoformat(),
                "seen_at": process.seen_at.isoformat(),
                "alive": process.is_alive(now),
            }
            for process in health.processes
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
