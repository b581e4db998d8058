"""Whether the work happens, from what the store keeps of it: what was last done, and which processes were last seen.

A process that answers says nothing of the others. So health is judged by deeds: a tick of the schedule that reached a
worker, a sign-in that Zoom let through, an event that was synced when it was due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from zoom_sync.domain.delivery import Heard

# A process writes that it lives this often; who has not for so long is stopped, hangs or was killed.
SEEN_EVERY = timedelta(seconds=20)
GONE_AFTER = timedelta(seconds=90)
# Processes that ended without a word are shown for so long.
FORGOTTEN_AFTER = timedelta(days=7)
# A tick comes every few seconds; without one for so long, and for so many ticks, nothing is done.
STILL_AFTER = timedelta(minutes=5)
STILL_TICKS = 6
# What Zoom or the network does now and then is over by then. Wrong credentials do not pass by themselves.
PASSING = timedelta(minutes=10)
# How long after a sync was due it is overdue.
OVERDUE_AFTER = timedelta(hours=1)
# A webhook whose signature is none of our secret's is told of for so long; one now and then may be a stranger's.
FORGED_FOR = timedelta(hours=24)


class Deed(StrEnum):
    """What is kept of: when it was last done, and since when it fails."""

    SIGN_IN = "sign_in"  # Zoom gave a token
    LOOK = "look"  # the schedule reached who works, and the store
    TICK = "tick"  # the schedule looked what is due, and could ask Zoom
    CONFIG = "config"  # the files of the config folder were read
    WRITE = "write"  # the store took what was written
    MAIL = "mail"  # a notification was taken by the mail server
    MESSENGERS = "messengers"  # a notification was taken by a service such as Slack
    HOOK = "hook"  # a notification was taken by the webhook's address


class Part(StrEnum):
    """The processes of an installation; SERVE is all of them in one."""

    WORKER = "worker"
    BEAT = "beat"
    WEB = "web"
    SERVE = "serve"


class Failing(StrEnum):
    """Why a deed fails."""

    REFUSED = "refused"  # Zoom does not take the credentials
    AWAY = "away"  # Zoom cannot be reached
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of one deed. `failed_since` is None while it succeeds."""

    done_at: datetime | None = None
    tried_at: datetime | None = None
    failed_since: datetime | None = None
    failing: Failing = Failing.OTHER
    why: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that was started and has not ended as it should: `name` is HOST:PID, the times are UTC."""

    part: Part
    name: str
    version: str
    since: datetime
    seen_at: datetime

    def is_alive(self, now: datetime) -> bool:
        """Whether it was seen lately."""
        return now - self.seen_at <= GONE_AFTER


@dataclass(frozen=True, slots=True)
class EventRecord:
    """When an event was last synced and last had a report collected; when its next sync is due, if one is.

    `failing` says why its latest sync failed, where that does not pass by itself.
    """

    event: str
    synced_at: datetime | None = None
    collected_at: datetime | None = None
    sync_due_at: datetime | None = None
    failing: str = ""
    loaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """All that is known of the work at one moment."""

    records: Mapping[Deed, Record] = field(default_factory=dict)
    processes: Sequence[Process] = ()
    events: Sequence[EventRecord] = ()
    webhooks: Heard | None = None

    def record(self, deed: Deed) -> Record:
        """What is kept of a deed; an empty record where it was never tried."""
        return self.records.get(deed, Record())

    def alive(self, *parts: Part, now: datetime) -> bool:
        """Whether a process of one of these parts lives."""
        return any(process.part in parts and process.is_alive(now) for process in self.processes)


class Ailment(StrEnum):
    """The ways in which work stands still."""

    REFUSED = "refused"
    AWAY = "away"
    STILL = "still"
    FAILING = "failing"
    OVERDUE = "overdue"
    CONFIG = "config"
    STORE = "store"
    EVENT = "event"
    UNTOLD = "untold"
    FORGED = "forged"

    @property
    def of_all(self) -> bool:
        """Whether the whole installation stands still by it, and not one event or nothing yet."""
        return self in (Ailment.REFUSED, Ailment.AWAY, Ailment.STILL, Ailment.FAILING, Ailment.STORE)


SAID: Mapping[Ailment, str] = {
    Ailment.REFUSED: "Zoom has let nobody in since {since}",
    Ailment.AWAY: "Zoom has given no token since {since}",
    Ailment.STILL: "nothing has been done since {since}",
    Ailment.FAILING: "the schedule has failed since {since}",
    Ailment.OVERDUE: "{event} should have been synced at {since}, and has not been",
    Ailment.CONFIG: "the configuration has been wrong since {since}, and the last good one is in use",
    Ailment.STORE: "nothing could be stored since {since}",
    Ailment.EVENT: "{event} cannot be synced; the last time was {since}",
    Ailment.UNTOLD: "a way of telling people has failed since {since}",
    Ailment.FORGED: "webhooks are refused: none with a good signature since {since}",
}
ADVICE: Mapping[Ailment, str] = {
    Ailment.REFUSED: "correct ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET as the app's page on Zoom shows"
    " them, check that the app is activated, and restart worker, web or serve; `zoom-sync doctor` tries them",
    Ailment.AWAY: "`zoom-sync doctor` says from this machine what fails; Zoom's own state: https://www.zoomstatus.com",
    Ailment.STILL: "start what is missing: `zoom-sync worker` and `zoom-sync beat`, or `zoom-sync serve`; `zoom-sync "
    "doctor` shows who is alive. Nothing is lost: what is due is done then",
    Ailment.FAILING: "`zoom-sync doctor` tries what the schedule needs",
    Ailment.OVERDUE: "`zoom-sync plan --event KEY` shows what keeps it",
    Ailment.CONFIG: "correct the named lines; nothing has to be restarted",
    Ailment.STORE: "make room on the database's disk, or start it again; `zoom-sync doctor` says what it answers. "
    "Nothing is lost: what was begun is taken up when it is back",
    Ailment.UNTOLD: "put ZOOM_SYNC_SMTP_… or ZOOM_SYNC_NOTIFY_… right, or the server that they name; `zoom-sync "
    "doctor` tries it, `zoom-sync notify --test` sends a test",
    Ailment.FORGED: "set ZOOM_WEBHOOK_SECRET to the secret token on the app's page, and restart web or serve. "
    "Meanwhile everything is done by the clock, only later",
    Ailment.EVENT: "`zoom-sync doctor` and `zoom-sync plan --event KEY` show it; it is tried again every minute",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which work stands still, since when (UTC), why, and the event where it is one event's."""

    ailment: Ailment
    since: datetime
    why: str = ""
    event: str = ""

    @property
    def text(self) -> str:
        """What is the case, in one line."""
        return said(SAID[self.ailment], self.since, self.why, self.event)

    @property
    def advice(self) -> str:
        """What to do about it."""
        return ADVICE[self.ailment]


def said(template: str, since: datetime, why: str, event: str = "") -> str:
    """A template of one of the languages with what it is about in it."""
    text = template.format(since=f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC", event=event)
    return f"{text}: {why}" if why else text


def still_after(tick: timedelta) -> timedelta:
    """How long the schedule, which looks every `tick`, may be silent before it is said that nothing is done."""
    return max(STILL_AFTER, STILL_TICKS * tick)


def findings_of(
    health: Health, now: datetime, tick: timedelta, watched_since: datetime | None = None
) -> tuple[Finding, ...]:
    """Every way in which work stands still, the cause before what follows from it.

    `tick` is the distance of the schedule's looks. `watched_since` is when whoever asks was started: after a night in
    which all was switched off, the others have time to come up, too.
    """
    findings: list[Finding] = []
    config = health.record(Deed.CONFIG)
    if config.failed_since is not None:
        findings.append(Finding(Ailment.CONFIG, config.failed_since, config.why))
    silent = _silence(health, now, tick, watched_since)
    if silent is not None:
        findings.append(silent)
    sign_in = _sign_in(health.record(Deed.SIGN_IN), now)
    if sign_in is not None:
        findings.append(sign_in)
    findings += _beside(health, now)
    if silent is not None or sign_in is not None:
        return tuple(findings)
    ticks = health.record(Deed.TICK)
    if ticks.failed_since is not None and now - ticks.failed_since > PASSING:
        return (*findings, Finding(Ailment.FAILING, ticks.failed_since, ticks.why))
    failing = [
        Finding(Ailment.EVENT, since, event.failing, event.event)
        for event in health.events
        if event.failing and (since := event.synced_at or event.loaded_at) is not None
    ]
    named = {finding.event for finding in failing}
    if health.record(Deed.LOOK).tried_at is None:
        return (*findings, *failing)  # no schedule was ever at work here: what is due is done by hand
    overdue = [finding for finding in _overdue(health.events, now, watched_since) if finding.event not in named]
    return (*findings, *failing, *overdue)


def _beside(health: Health, now: datetime) -> Iterator[Finding]:
    """What does not stop the work, and would be noticed by nobody: people are not told, webhooks are not let in."""
    for way in (Deed.MAIL, Deed.MESSENGERS, Deed.HOOK):
        record = health.record(way)
        if record.failed_since is not None and now - record.failed_since > PASSING:
            yield Finding(Ailment.UNTOLD, record.failed_since, f"{way}: {record.why}")
    heard = health.webhooks
    if heard is not None and heard.forged is not None and now - heard.forged <= FORGED_FOR:
        good = heard.latest
        if good is None or heard.forged - good > PASSING:
            yield Finding(Ailment.FORGED, good or heard.forged, "ZOOM_WEBHOOK_SECRET is not the app's")


def _sign_in(record: Record, now: datetime) -> Finding | None:
    if record.failed_since is None:
        return None
    if record.failing is Failing.REFUSED:
        return Finding(Ailment.REFUSED, record.failed_since, record.why)
    if now - record.failed_since > PASSING:
        return Finding(Ailment.AWAY, record.failed_since, record.why)
    return None


def _silence(health: Health, now: datetime, tick: timedelta, watched_since: datetime | None) -> Finding | None:
    """Nothing where no schedule was ever at work here: then whoever wants something done does it by hand."""
    last = health.record(Deed.LOOK).tried_at
    workers = [process.since for process in health.processes if process.part is not Part.WEB]
    began = last or min(workers, default=None)
    if began is None or now - max(began, watched_since or began) <= still_after(tick):
        return None
    return Finding(Ailment.STILL, began, _missing(health, now))


def _missing(health: Health, now: datetime) -> str:
    """Who is not there, of those without whom nothing is done."""
    if health.alive(Part.SERVE, now=now):
        return "serve is running and does not get to its schedule"
    gone = [part for part in (Part.WORKER, Part.BEAT) if not health.alive(part, now=now)]
    if gone:
        return "no process of " + " and none of ".join(map(str, gone)) + " is alive"
    return "worker and beat run, and nothing reaches the workers: does one serve the queue `schedule`, is one stopped?"


def _overdue(events: Sequence[EventRecord], now: datetime, watched_since: datetime | None) -> list[Finding]:
    return [
        Finding(Ailment.OVERDUE, due, event=event.event)
        for event in events
        if (due := event.sync_due_at) is not None and now - max(due, watched_since or due) > OVERDUE_AFTER
    ]
