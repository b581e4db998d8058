"""Carrying out a plan, item by item; each item is safe to repeat after dying at any point of it.

Creating is the dangerous step, because Zoom has no idempotency key:

1. An intent with a random passcode is committed just before the request leaves (`LinkStore.begin`, compare-and-set).
2. The meeting is created with that passcode.
3. Its id, link and passcode are committed and the intent is closed, in one transaction (`LinkStore.finish`).

Whoever finds an intent that may have been sent first waits until Zoom must have carried it out and shows it
(`settle`), then looks through the host's new meetings for the one that bears the passcode, and creates only if there
is none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zoom_sync.domain.hosts import WRITES_PER_DAY, next_utc_day, utc_day
from zoom_sync.domain.meeting import (
    DesiredMeeting,
    Intent,
    Link,
    MeetingFields,
    ObservedMeeting,
    Origin,
    applied_after,
    clean,
    compared,
    differences,
    select,
)
from zoom_sync.domain.plan import PASSCODE, Action, Plan
from zoom_sync.domain.programme import Kind, Passcode
from zoom_sync.domain.run import ItemState, RunItem, Step
from zoom_sync.errors import (
    NotFound,
    RateLimited,
    StoreConflict,
    StoreUnavailable,
    ZoomError,
    ZoomSyncError,
)
from zoom_sync.service_layer.observe import in_parallel
from zoom_sync.service_layer.ports import Clock, LinkStore, ProgrammeStore, RunStore, ZoomReader, ZoomWriter
from zoom_sync.service_layer.sync import Profiles

# Zoom's `created_at` and our clock may differ by this much.
CLOCKS_DIFFER = timedelta(minutes=1)
ROUNDS = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applying:
    """What carrying out a plan needs. `new_passcode` makes a random one; `settle` is explained above."""

    programmes: ProgrammeStore
    links: LinkStore
    runs: RunStore
    reader: ZoomReader
    writer: ZoomWriter
    clock: Clock
    profiles: Profiles
    new_passcode: Callable[[], Passcode]
    settle: timedelta
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an item ended; with `retry_at` it has not, and is to be done again then.

    `may_help` marks what ended for now, though doing it again later may help: workers do, a person decides.
    """

    state: ItemState
    reason: str = ""
    retry_at: datetime | None = None
    may_help: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Told after each item: how many of how many are settled, and how this one ended."""

    settled: int
    total: int
    item: RunItem
    outcome: Outcome


def _done(reason: str = "") -> Outcome:
    return Outcome(ItemState.DONE, reason)


def _skipped(reason: str) -> Outcome:
    return Outcome(ItemState.SKIPPED, reason)


def _failed(reason: str) -> Outcome:
    return Outcome(ItemState.FAILED, reason)


class Listings:
    """Each host's meetings, listed once per run and not once per intent; again only where a later look is needed."""

    def __init__(self, applying: Applying) -> None:
        self._reader = applying.reader
        self._clock = applying.clock
        self._lock = threading.Lock()
        self._listed: dict[str, tuple[datetime, Sequence[ObservedMeeting]]] = {}

    def meetings(self, host_id: str, not_before: datetime) -> Sequence[ObservedMeeting]:
        """The host's meetings as listed at `not_before` or later. Raises ZoomError."""
        with self._lock:
            taken, listed = self._listed.get(host_id, (None, ()))
            if taken is None or taken < not_before:
                taken = self._clock.now()
                listed = self._reader.meetings(host_id)
                self._listed[host_id] = (taken, listed)
            return listed


def start_run(applying: Applying, plan: Plan) -> int:
    """Commit what is to be done, before any of it is. Answers the run's number."""
    steps = [
        Step(str(change.action), change.key, change.host_id, change.meeting_id, tuple(f.name for f in change.fields))
        for change in plan.changes
    ]
    return applying.runs.start(plan.event, "apply", plan.digest, steps, applying.clock.now())


def carry_out(
    applying: Applying, run: int, tell: Callable[[Progress], None], waits: Callable[[datetime, int], None]
) -> None:
    """Do every item of a run that is not settled, in this process; waits for those that are in doubt, in rounds.

    What is still not settled after the last round is failed with its reason; the next plan takes it up. `waits` is
    told until when, and for how many items, before each wait.
    """
    listings = Listings(applying)
    items = [item for item in applying.runs.items(run) if item.state is ItemState.WAITING]
    total, settled = len(items), 0
    lock = threading.Lock()

    def do(item: RunItem) -> tuple[RunItem, Outcome]:
        nonlocal settled
        outcome = apply_item(applying, listings, item)
        if outcome.retry_at is None:
            settle_item(applying, item, outcome)
            with lock:
                settled += 1
                tell(Progress(settled, total, item, outcome))
        return item, outcome

    for last in (*(False,) * (ROUNDS - 1), True):
        ended = in_parallel(do, items, applying.threads)
        later = [(item, outcome) for item, outcome in ended if outcome.retry_at is not None]
        if not later:
            return
        if last:
            for item, outcome in later:
                settle_item(applying, item, replace(outcome, state=ItemState.FAILED, retry_at=None))
            return
        when = max(outcome.retry_at for _, outcome in later if outcome.retry_at is not None)
        waits(when, len(later))
        applying.clock.sleep((when - applying.clock.now()).total_seconds())
        items = [item for item, _ in later]


def settle_item(applying: Applying, item: RunItem, outcome: Outcome) -> None:
    """Commit how an item ended."""
    applying.runs.settle(item.id, outcome.state, outcome.reason, applying.clock.now())


def apply_item(applying: Applying, listings: Listings, item: RunItem) -> Outcome:
    """Do one item. Every error that belongs to the item becomes its outcome, so that the others go on."""
    try:
        return _apply(applying, listings, item)
    except StoreConflict as error:
        return _skipped(str(error))
    except RateLimited as error:
        return _limited(applying, item, error)
    except StoreUnavailable as error:
        return Outcome(ItemState.FAILED, str(error), applying.clock.now() + applying.settle)
    except ZoomSyncError as error:
        return Outcome(ItemState.FAILED, str(error), may_help=error.retryable)
    except Exception as error:
        # Unforeseen, and still this item's own: the others go on. Its text may hold anything, so only its kind is told.
        log.exception("item_failed", extra={"item": item.id})
        return _failed(f"unexpected {type(error).__name__}; see the log for item {item.id}")


def _apply(applying: Applying, listings: Listings, item: RunItem) -> Outcome:
    action = Action(item.action)
    if action is Action.DELETE:
        return _delete(applying, item.event, str(item.meeting_id))
    if action is Action.ADOPT and item.meeting_id is None:
        return _look_for(applying, listings, item)
    session = applying.programmes.session(item.event, item.key)
    want = applying.profiles.desired(session)
    if action is Action.UPDATE:
        return _update(applying, item, want)
    if action is Action.ADOPT:
        return _adopt(applying, item, want)
    return _create(applying, listings, item, want)


def _limited(applying: Applying, item: RunItem, error: RateLimited) -> Outcome:
    """The host's day is used up: carried over. Any other limit ends the item with its reason."""
    if error.limit != "host":
        return Outcome(ItemState.FAILED, str(error), may_help=error.limit != "daily")
    now = applying.clock.now()
    applying.links.day_used(item.host_id, utc_day(now), WRITES_PER_DAY)
    return _skipped(f"{error.message}; carried over to {next_utc_day(now):%Y-%m-%d %H:%M} UTC")


# --- create and replace --------------------------------------------------------------------------------------------


def _create(applying: Applying, listings: Listings, item: RunItem, want: DesiredMeeting) -> Outcome:
    """1. Is it done already? 2. Did an earlier attempt make it? 3. Create it."""
    replaces = item.meeting_id
    link = applying.links.link(item.event, item.key)
    if link is not None and link.meeting_id != replaces:
        return _skipped(f"the session has meeting {link.meeting_id} by now")
    intent = applying.links.intent(item.event, item.key)
    if intent is not None:
        doubt = _resolve(applying, listings, item.event, intent)
        if doubt is not None:
            return doubt
        # Goes on with the intent as it was looked for: one that another run has begun since is another run's to finish.
    if want.fields.start <= applying.clock.now():
        return _skipped("the session's start is past; Zoom would put it at the current time")
    wanted = Intent(
        item.key,
        item.host_id,
        want.kind,
        want.fields.topic,
        applying.new_passcode(),
        applying.clock.now(),
        replaces=replaces if link is not None else None,
    )
    if intent is not None:
        # Nothing came of it; since then the programme may want another kind, and the plan another host.
        wanted = replace(intent, host_id=wanted.host_id, kind=wanted.kind, topic=wanted.topic, replaces=wanted.replaces)
    return _send(applying, item, wanted, want.fields)


def _resolve(applying: Applying, listings: Listings, event: str, intent: Intent) -> Outcome | None:
    """An attempt may have made the meeting: look for it. None where there is none, so it can be created."""
    wait = _unsettled(applying, intent)
    if wait is not None:
        return wait
    found = _look_up(applying, listings, intent)
    return None if found is None else _link_found(applying, event, intent, found)


def _unsettled(applying: Applying, intent: Intent) -> Outcome | None:
    settled = (intent.attempted_at or intent.created_at) + applying.settle
    if applying.clock.now() < settled:
        return Outcome(ItemState.FAILED, "a creation is in doubt; it is looked for once Zoom must show it", settled)
    return None


def _look_up(applying: Applying, listings: Listings, intent: Intent) -> ObservedMeeting | None:
    """Find the meeting that bears the intent's passcode among the host's new meetings that nobody is linked to."""
    settled = (intent.attempted_at or intent.created_at) + applying.settle
    ours = applying.links.linked_ids()
    since = intent.created_at - CLOCKS_DIFFER
    candidates = [
        row
        for row in listings.meetings(intent.host_id, settled)
        if row.meeting_id not in ours and (row.created_at is None or row.created_at >= since)
    ]
    candidates.sort(key=lambda row: clean(row.topic) != intent.topic)  # the likely one first: one read, not many
    return next(_bearers(applying, candidates, intent), None)


def _bearers(applying: Applying, candidates: Sequence[ObservedMeeting], intent: Intent) -> Iterator[ObservedMeeting]:
    for row in candidates:
        try:
            meeting = applying.reader.meeting(row.meeting_id, row.kind)
        except NotFound:
            continue
        if meeting.passcode == intent.passcode:
            yield meeting


def _link_found(applying: Applying, event: str, intent: Intent, found: ObservedMeeting) -> Outcome:
    link = Link(
        intent.key,
        found.meeting_id,
        found.kind,
        found.host_id,
        intent.passcode,
        found.join_url,
        Origin.CREATED,
        found.fields(),
    )
    return _finish(applying, event, link, intent)


def _send(applying: Applying, item: RunItem, wanted: Intent, fields: MeetingFields) -> Outcome:
    begun: Intent | None = None

    def before_send() -> None:
        nonlocal begun
        now = applying.clock.now()
        counted = None if begun is not None else WRITES_PER_DAY
        begun = applying.links.begin(item.event, begun or wanted, now, utc_day(now), counted)

    try:
        created = applying.writer.create(wanted.host_id, wanted.kind, fields, wanted.passcode, before_send)
    except ZoomError as error:
        if begun is None:
            raise  # nothing left this process
        if not error.outcome_unknown:
            applying.links.close(item.event, begun)
            raise
        settled = (begun.attempted_at or begun.created_at) + applying.settle
        return Outcome(ItemState.FAILED, f"in doubt: {error}", settled)
    link = Link(
        item.key,
        created.meeting_id,
        wanted.kind,
        created.host_id,
        wanted.passcode,
        created.join_url,
        Origin.CREATED,
        applied_after(fields, created.fields()),
    )
    return _finish(applying, item.event, link, begun, _not_taken(fields, created))


def _not_taken(fields: MeetingFields, created: ObservedMeeting) -> str:
    """Which fields Zoom answered otherwise than sent; account settings may be locked."""
    names = [change.name for change in differences(fields, created.fields())] if created.deep else []
    return f"Zoom did not take: {', '.join(names)}" if names else ""


def _finish(applying: Applying, event: str, link: Link, intent: Intent | None, note: str = "") -> Outcome:
    """Commit the link. Where another run linked another meeting meanwhile, ours is surplus and is removed again."""
    try:
        applying.links.finish(event, link, intent, applying.clock.now())
    except StoreConflict:
        if link.meeting_id in applying.links.linked_ids():
            return _done()  # the other run found this very meeting
        if link.origin is not Origin.CREATED:
            raise
        applying.writer.delete(link.meeting_id, link.kind)  # nobody has seen its link yet
        return _skipped("another run gave the session a meeting at the same moment; the second one was removed")
    if intent is not None and intent.replaces is not None:
        return _retire(applying, event, intent.replaces, note)
    return _done(note)


def _retire(applying: Applying, event: str, meeting_id: str, note: str) -> Outcome:
    outcome = _delete(applying, event, meeting_id)
    if outcome.state is ItemState.DONE:
        return _done(note)
    return _done(f"the old meeting {meeting_id} is still there: {outcome.reason}")


def _look_for(applying: Applying, listings: Listings, item: RunItem) -> Outcome:
    """An intent whose meeting nobody waits for any more: link what it made, remove it if it is a second one."""
    intent = applying.links.intent(item.event, item.key)
    if intent is None:
        return _skipped("another run has looked for it")
    wait = _unsettled(applying, intent)
    if wait is not None:
        return wait
    found = _look_up(applying, listings, intent)
    link = applying.links.link(item.event, item.key)
    if found is None:
        applying.links.close(item.event, intent)
        return _done("the earlier run had created nothing")
    if link is None or link.meeting_id == intent.replaces:
        return _link_found(applying, item.event, intent, found)
    if found.running:
        return _failed(f"the session has a second meeting, {found.meeting_id}, and people are in it")
    applying.writer.delete(found.meeting_id, found.kind)
    applying.links.close(item.event, intent)
    return _done(f"a second meeting of the session, {found.meeting_id}, was removed")


# --- update, adopt, delete -----------------------------------------------------------------------------------------


def _update(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Write the planned fields with the programme's values of now. Twice is the same as once."""
    link = applying.links.link(item.event, item.key)
    if link is None or link.meeting_id != item.meeting_id:
        return _skipped("the session has another meeting by now")
    if want.fields.start <= applying.clock.now():
        return _skipped("the session's start is past")
    _patch(applying, item.event, link, want, item.fields)
    return _done()


def _patch(applying: Applying, event: str, link: Link, want: DesiredMeeting, names: Sequence[str]) -> None:
    values = select(want.fields, names)
    passcode = link.passcode if PASSCODE in names else None

    def before_send() -> None:
        applying.links.count_write(link.host_id, utc_day(applying.clock.now()), WRITES_PER_DAY)

    applying.writer.update(link.meeting_id, link.kind, values, passcode, before_send)
    join_url = link.join_url
    if passcode is not None:
        # "Changing the passcode changes join_url": https://github.com/indico/indico-plugins (vc_zoom 2.3b2)
        join_url = applying.reader.meeting(link.meeting_id, link.kind).join_url
    applied = replace(link, join_url=join_url, applied=_applied(link.applied, want.fields, names))
    applying.links.applied(event, applied, applying.clock.now())


def _applied(before: MeetingFields, want: MeetingFields, names: Sequence[str]) -> MeetingFields:
    """What is known to be on Zoom now: the named fields as wanted, the others as before."""
    now = compared(before) | select(want, names)
    settings = {name.removeprefix("settings."): value for name, value in now.items() if name.startswith("settings.")}
    return MeetingFields(now["topic"], now["agenda"], now["start_time"], now["duration"], now["timezone"], settings)


def _adopt(applying: Applying, item: RunItem, want: DesiredMeeting) -> Outcome:
    """Link a meeting that was made by hand, then bring it up to the programme as the plan showed."""
    link = adopt_meeting(applying, item.event, item.key, str(item.meeting_id), want.kind)
    names = [change.name for change in differences(want.fields, link.applied)]
    if names:
        _patch(applying, item.event, link, want, names)
    return _done()


def adopt_meeting(applying: Applying, event: str, key: str, meeting_id: str, kind: Kind) -> Link:
    """Link a meeting that exists on Zoom to a session, as it is.

    Raises:
        ZoomError: it cannot be read. StoreConflict: the session has a meeting, or the meeting a session.
    """
    found = applying.reader.meeting(meeting_id, kind)
    link = Link(
        key,
        found.meeting_id,
        found.kind,
        found.host_id,
        found.passcode or Passcode(""),
        found.join_url,
        Origin.ADOPTED,
        found.fields(),
    )
    applying.links.finish(event, link, None, applying.clock.now())
    return link


def _delete(applying: Applying, event: str, meeting_id: str) -> Outcome:
    """Delete one of our meetings, never one that is under way or past; one that is gone is only forgotten."""
    link = applying.links.of_meeting(event, meeting_id)
    if link is None:
        return _skipped("another run has deleted it")
    try:
        found = applying.reader.meeting(meeting_id, link.kind)
    except NotFound:
        applying.links.drop(event, meeting_id, applying.clock.now())
        return _done()
    if found.running or (found.start is not None and found.start <= applying.clock.now()):
        return _skipped("the meeting is under way or past")
    applying.writer.delete(meeting_id, link.kind)
    applying.links.drop(event, meeting_id, applying.clock.now())
    return _done()
