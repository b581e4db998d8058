"""What people have to be told of an event, from the store; Zoom is asked only whether hosts are ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zoom_sync.domain.due import Outlook
from zoom_sync.domain.notices import Concern, Notice, Subject
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import Plan
from zoom_sync.domain.plan.freezing import OPTION as FROZEN_NEEDS
from zoom_sync.domain.plan.values import masked_value
from zoom_sync.domain.programme import Kind, Programme
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.run import ItemState, Run
from zoom_sync.service_layer.collect.kinds import PARTICIPANTS, REPORTS_KEPT, WEBINAR_PARTICIPANTS_KEPT
from zoom_sync.service_layer.ports.events import LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.following import BindingStore
from zoom_sync.service_layer.ports.reports import ReportStore
from zoom_sync.service_layer.ports.runs import RunStore
from zoom_sync.service_layer.ports.telling import NoticeStore

# An item that failed is told of until a later run did it, among so many of the latest.
LATEST_RUNS = 20
REPORTS_FOR = timedelta(days=7)
# A programme that was just loaded, or a run that has just begun, will have made the meeting in a moment. It is waited
# for so long, and not at all so close to the start.
AT_ONCE = timedelta(minutes=15)
MASS_CHANGE, APPROVAL, FROZEN = "mass_change", "approval", "frozen"
SOURCE, WRITE_BACK = "source", "write_back"
NO_MEETING, IN_DOUBT = "no_meeting", "in_doubt"
# A report is late so long after its session; the setting says otherwise.
HORIZON = timedelta(hours=72)
# What could not be had is told, and known as told, for so long.
TOLD_AFTERWARDS = timedelta(days=30)
OPEN = (ReportState.WAITING, ReportState.PARTIAL)


@dataclass(frozen=True, slots=True)
class Noticing:
    """What noticing needs. `ahead` is how long before a session it has to be ready.

    A report that is not there at the `horizon` after its session is late.
    """

    programmes: ProgrammeStore
    links: LinkStore
    runs: RunStore
    reports: ReportStore
    notices: NoticeStore
    ahead: timedelta
    bindings: BindingStore | None = None
    horizon: timedelta = HORIZON


def held_back(plan: Plan) -> list[Concern]:
    """What of a plan a person has to decide. Mass change is one thing, and so is a freeze, whatever they are about."""
    mass = [] if plan.brake is None or not plan.is_braked else [Concern("", MASS_CHANGE, str(plan.brake.sentence))]
    frozen = sum(1 for held in plan.held_back if held.needs == FROZEN_NEEDS)
    if frozen and plan.frozen_until is not None:
        mass.append(Concern("", FROZEN, str(_frozen(plan.frozen_until, frozen))))
    return mass + [
        Concern(held.change.key, str(held.change.action), str(masked_value(_why(held.why, held.change.reason))))
        for held in plan.held_back
        if held.asks and not held.together
    ]


def _frozen(until: datetime, count: int) -> Phrase:
    moment = f"{until:%Y-%m-%d %H:%M}"
    if count == 1:
        return Phrase("the event is frozen until {moment} UTC, and 1 change is held back", moment=moment)
    return Phrase(
        "the event is frozen until {moment} UTC, and {count} changes are held back", moment=moment, count=count
    )


def _why(why: str, reason: str) -> str:
    return f"{why} ({reason})" if reason and reason not in why else why


def notices_of(noticing: Noticing, outlook: Outlook, now: datetime) -> list[Notice]:
    """All that is to be known of an event now, told before or not. Raises StoreError."""
    programme = noticing.programmes.programme(outlook.event)
    states = noticing.reports.states(outlook.event)
    concernses = {
        Subject.NOT_READY: list(_not_ready(noticing, programme, outlook, now)),
        Subject.FAILED: [
            *noticing.notices.concerns(outlook.event, Subject.FAILED),
            *_failures(noticing, outlook.event),
            *_of_source(noticing, outlook.event),
        ],
        Subject.HELD_BACK: list(noticing.notices.concerns(outlook.event, Subject.HELD_BACK)),
        Subject.LATE: list(_late_reports(noticing, programme, states, outlook, now)),
        Subject.REPORT: list(_ready_reports(states, outlook, now)),
    }
    return [_notice(programme, subject, concern) for subject, concerns in concernses.items() for concern in concerns]


def _notice(programme: Programme, subject: Subject, concern: Concern) -> Notice:
    session = next((one for one in programme.sessions if one.key == concern.key), None)
    title, start = ("", None) if session is None else (session.title, session.start)
    return Notice(subject, programme.event.key, programme.event.title, concern, title, start)


def _not_ready(noticing: Noticing, programme: Programme, outlook: Outlook, now: datetime) -> Iterator[Concern]:
    """Sessions that begin soon: without a meeting, in doubt, or with a host who was found not to be ready."""
    cancelled = {session.key for session in programme.sessions if session.cancelled}
    soon = {
        span.key: span
        for span in outlook.spans
        if now <= span.start < now + noticing.ahead and span.key not in cancelled
    }
    if not soon:
        return
    known = noticing.links.known(outlook.event, "")
    begun = max(
        (run.started for run in noticing.runs.recent(outlook.event, LATEST_RUNS) if _is_open(run)), default=None
    )
    young = [since for since in (_loaded(outlook), begun) if since is not None and now - since < AT_ONCE]
    held_in = {session.key: session.meeting_key for session in programme.sessions}
    linked = {key for key in soon if held_in.get(key, key) in known.links}
    for key, span in soon.items():
        if key not in linked and not (young and span.start > now + AT_ONCE):
            yield Concern(key, IN_DOUBT if held_in.get(key, key) in known.intents else NO_MEETING)
    for concern in noticing.notices.concerns(outlook.event, Subject.NOT_READY):
        if concern.key in linked:
            yield concern


def _loaded(outlook: Outlook) -> datetime | None:
    """When the programme was loaded that was not synced yet."""
    return outlook.loaded_at if outlook.loaded_at != outlook.sync.loaded_at else None


def _is_open(run: Run) -> bool:
    return run.kind == "apply" and run.finished is None


def _failures(noticing: Noticing, event: str) -> Iterator[Concern]:
    """What failed for each session and was not done since. An item that waits tells nothing yet."""
    settled: dict[tuple[str, str], Concern | None] = {}
    runs = [run for run in noticing.runs.recent(event, LATEST_RUNS) if run.kind == "apply"]
    oldest = max((place for place, run in enumerate(runs) if run.counts.get(ItemState.FAILED)), default=-1)
    for run in runs[: oldest + 1]:
        for item in noticing.runs.items(run.id):
            if item.state in (ItemState.DONE, ItemState.FAILED):
                concern = Concern(item.key, item.action, str(masked_value(item.reason)))
                settled.setdefault((item.key, item.action), concern if item.state is ItemState.FAILED else None)
    yield from (one for one in settled.values() if one is not None)


def _of_source(noticing: Noticing, event: str) -> Iterator[Concern]:
    """Why the source that the event follows cannot be used, and what could not be written back into it."""
    for binding in noticing.bindings.all() if noticing.bindings else ():
        if binding.event == event and binding.seen.trouble:
            yield Concern("", SOURCE, str(masked_value(binding.seen.trouble)))
        if binding.event == event and binding.seen.unwritten:
            yield Concern("", WRITE_BACK, str(masked_value(binding.seen.unwritten)))


def _ready_reports(states: Sequence[Collected], outlook: Outlook, now: datetime) -> Iterator[Concern]:
    """Sessions that ended lately and whose reports are there, as far as they can be had."""
    by_key: dict[str, dict[str, Collected]] = {}
    for collected in states:
        by_key.setdefault(collected.key, {})[collected.kind] = collected
    for span in outlook.spans:
        told = by_key.get(span.key, {})
        if now - REPORTS_FOR < span.end <= now and _is_ready(told):
            rows = [
                f"{kind} {collected.rows}"
                for kind, collected in told.items()
                if collected.state is ReportState.COMPLETE
            ]
            yield Concern(span.key, "complete", ", ".join(sorted(rows)))


def _late_reports(
    noticing: Noticing, programme: Programme, states: Sequence[Collected], outlook: Outlook, now: datetime
) -> Iterator[Concern]:
    """Sessions whose attendance is late, each with the day until which Zoom has it; and those where that day is past.

    What was never asked for, in an outage or with a wrong secret, is among them: it is asked for while Zoom has it.
    """
    people = {state.key: state for state in states if state.kind == PARTICIPANTS}
    counted = {session.key: session for session in programme.sessions if session.counted}
    late = [
        span
        for span in outlook.spans
        if span.key in counted
        and span.end + noticing.horizon <= now < span.end + REPORTS_KEPT + TOLD_AFTERWARDS
        and (span.key not in people or people[span.key].state in (*OPEN, ReportState.FAILED, ReportState.EXPIRED))
    ]
    if not late:
        return
    links, purged = noticing.links.known(outlook.event, "").links, noticing.reports.purged(outlook.event)
    for span in late:
        link = links.get(counted[span.key].meeting_key)
        if link is None or span.key in purged or counted[span.key].meeting_key in purged:
            continue
        until = span.end + (WEBINAR_PARTICIPANTS_KEPT if link.kind is Kind.WEBINAR else REPORTS_KEPT)
        collected = people.get(span.key)
        if now >= until or (collected is not None and collected.state is ReportState.EXPIRED):
            what = "given_up"
        else:
            what = "never_asked" if collected is None or collected.checked_at is None else "late"
        yield Concern(span.key, what, f"{until:%Y-%m-%d}")


def _is_ready(told: Mapping[str, Collected]) -> bool:
    people = told.get("participants")
    return (
        people is not None
        and people.state is ReportState.COMPLETE
        and not any(
            collected.state in OPEN or (collected.state is ReportState.FAILED and not collected.lasting)
            for collected in told.values()
        )
    )
