"""When something is to be done next, from what the store knows: no timer, no memory, so nothing that could be lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.delivery import Hint, Look

DAY = timedelta(days=1)
HALF_A_DAY = timedelta(hours=12)
# What happened on Zoom before we last wrote the meeting, or so shortly after that it is our own write coming back,
# tells nothing new. What somebody else did in these seconds is found by the deep check.
ECHO = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an event is synced: `far` from its sessions, within a day of one, within two hours of one."""

    far: timedelta
    within_a_day: timedelta
    within_hours: timedelta
    hours: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Span:
    """When a session takes place."""

    key: str
    start: datetime
    end: datetime


def meant(sharing: Sequence[Span], at: datetime) -> tuple[str, ...]:
    """Of sessions that share a meeting, those that something which happened in it is about: the ones of about that day.

    It may have happened on no session's day; then the nearest is meant. `sharing` is not empty.
    """
    away = {span.key: max(span.start - at, at - span.end, timedelta()) for span in sharing}
    nearest = min(away.values())
    return tuple(key for key, distance in away.items() if distance <= max(nearest, HALF_A_DAY))


@dataclass(frozen=True, slots=True)
class Mark:
    """What is kept of one task of one event: when it was last done, for the programme loaded when.

    Nobody else is to begin it before `claimed_until`.
    """

    done_at: datetime | None = None
    deep_at: datetime | None = None
    loaded_at: datetime | None = None
    claimed_until: datetime | None = None

    def is_free(self, now: datetime) -> bool:
        """Whether nobody is at it, or whoever was must have died."""
        return self.claimed_until is None or self.claimed_until <= now


@dataclass(frozen=True, slots=True)
class Told:
    """A hint that is about a session of ours, whose meeting we last wrote at `synced_at`."""

    key: str
    hint: Hint
    synced_at: datetime

    @property
    def is_echo(self) -> bool:
        """Whether it is no news: the meeting was written by us at that time, or later."""
        return self.hint.at <= self.synced_at + ECHO


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that tells what is due for an event."""

    event: str
    loaded_at: datetime
    spans: tuple[Span, ...]
    sync: Mark
    collect: Mark
    told: tuple[Told, ...]

    def news(self, *looks: Look) -> tuple[Told, ...]:
        """What webhooks told that asks for one of these looks, and is news."""
        return tuple(one for one in self.told if one.hint.look in looks and not one.is_echo)


def sync_is_due(outlook: Outlook, rhythm: Rhythm, now: datetime) -> bool:
    """Whether an event is to be synced: by the clock, for its programme was loaded anew, or a webhook said so."""
    if outlook.news(Look.SYNC, Look.DEEP) or outlook.loaded_at != outlook.sync.loaded_at:
        return True
    when = next_sync(outlook.spans, outlook.sync.done_at, rhythm)
    return (when is not None and when <= now) or deep_is_due(outlook, now)


def deep_is_due(outlook: Outlook, now: datetime) -> bool:
    """Whether every field is to be compared: once a day while there are sessions to come, or a webhook said so."""
    if outlook.news(Look.DEEP):
        return True
    last = outlook.sync.deep_at or outlook.sync.done_at
    coming = any(span.end > now for span in outlook.spans)
    return coming and last is not None and next_deep(outlook.event, last) <= now


def next_sync(spans: Iterable[Span], last: datetime | None, rhythm: Rhythm) -> datetime | None:
    """When to sync an event that was last synced at `last`; None once its last session is over.

    The interval grows shorter towards each session, and a long interval never reaches over the time from which a
    shorter one holds. An event that was never synced is due since ever.
    """
    coming = [span for span in spans if last is None or span.end > last]
    if not coming:
        return None
    if last is None:
        return datetime.min.replace(tzinfo=UTC)
    times = [last + rhythm.far]
    for span in coming:
        times.append(max(last + rhythm.within_a_day, span.start - DAY))
        if span.start > last:  # once it has begun, there is little that could still be put right
            times.append(max(last + rhythm.within_hours, span.start - rhythm.hours))
    when = min(times)
    return when if any(span.end > when for span in coming) else None


def next_deep(event: str, last: datetime) -> datetime:
    """When to compare every field again: once a day, at a time that follows from the event's key.

    So the deep checks of many events are spread over the day and do not compete for the limits at midnight.
    """
    digest = hashlib.sha256(event.encode()).digest()
    offset = timedelta(seconds=int.from_bytes(digest[:4]) % 86_400)
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    today = midnight + offset
    return today if today > last else today + DAY
