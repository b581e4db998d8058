"""What the store knows of an event, for people and for other programs. Asks nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from zoom_sync.domain.clocks import ClockJump
from zoom_sync.domain.delivery import Heard, Live
from zoom_sync.domain.drift import Drift
from zoom_sync.domain.due import Span, meant
from zoom_sync.domain.meeting import Intent, Link
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan import drift_json, kept_by_zoom, masked_value, refused_by_zoom
from zoom_sync.domain.programme import Event, Session
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.run import Run, RunItem
from zoom_sync.domain.series import of_meeting
from zoom_sync.service_layer.ports.events import AttemptStore, DriftStore, LinkStore, ProgrammeStore
from zoom_sync.service_layer.ports.following import BindingStore
from zoom_sync.service_layer.ports.reports import ReportStore
from zoom_sync.service_layer.ports.runs import RunStore

UNREADABLE = "could not be read"  # of what is said of rows without a time, see `collect.judging`

# An item is a few calls, and each of them is bounded: what was begun longer ago hangs, waits, or is with the dead.
ITEM_TAKES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """One session with its meeting, if it has one, and its reports. `host_name` is for people.

    `drift` is what somebody edited on Zoom, as it was seen when it was last looked at.
    """

    session: Session
    link: Link | None
    intent: Intent | None
    host_name: str
    reports: Mapping[str, Collected]
    drift: tuple[Drift, ...] = ()

    @property
    def state(self) -> str:
        """cancelled; linked; in doubt (a creation was begun and not finished); no meeting."""
        if self.session.cancelled:
            return "cancelled"
        if self.link is not None:
            return "linked"
        return "in doubt" if self.intent is not None else "no meeting"


@dataclass(frozen=True, slots=True)
class EventStatus:
    """An event with all its sessions, in the order of the programme.

    `notes` is what a person should know: creations that may be carried out yet, clocks that jumped.
    """

    event: Event
    sessions: tuple[SessionStatus, ...]
    notes: tuple[Phrase, ...] = ()


def status_of(
    programmes: ProgrammeStore,
    links: LinkStore,
    reports: ReportStore,
    event: str,
    drifts: DriftStore | None = None,
    jumps: Iterable[ClockJump] = (),
    bindings: BindingStore | None = None,
    held: Iterable[Phrase] = (),
) -> EventStatus:
    """The status of an event, with what is noted of clocks that jumped and of its source. Raises NotInStore.

    `held` are notes of runs that hold it up.
    """
    programme = programmes.programme(event)
    known = links.known(event, "")
    names = {host.id: host.name for host in links.hosts(datetime.min.replace(tzinfo=UTC)) or ()}
    collected: dict[str, dict[str, Collected]] = {}
    for state in reports.states(event):
        collected.setdefault(state.key, {})[state.kind] = state
    edited: dict[str, list[Drift]] = {}
    for drift in drifts.drifts(event) if drifts is not None else ():
        edited.setdefault(drift.key, []).append(drift)
    sessions = [
        SessionStatus(
            session,
            of_meeting(session, known.links),
            of_meeting(session, known.intents),
            _host_name(of_meeting(session, known.links), names),
            collected.get(session.key, {}),
            tuple(of_meeting(session, edited) or ()),
        )
        for session in programme.sessions
    ]
    notes = (
        *(of_source(bindings, event) if bindings is not None else ()),
        *arrived_late(links, event),
        *may_arrive(links, event),
        *(jump.note for jump in jumps),
        *held,
    )
    return EventStatus(programme.event, tuple(sessions), notes)


def status_of_session(
    programmes: ProgrammeStore, links: LinkStore, reports: ReportStore, event: str, key: str
) -> EventStatus:
    """The status of one session and of those that are held in the same meeting. Raises NotInStore."""
    group = programmes.sharing(event, key)
    owner = group[0].meeting_key
    link, intent = links.link(event, owner), links.intent(event, owner)
    names = {host.id: host.name for host in links.hosts(datetime.min.replace(tzinfo=UTC)) or ()}
    collected: dict[str, dict[str, Collected]] = {}
    for state in reports.states(event):
        collected.setdefault(state.key, {})[state.kind] = state
    sessions = [
        SessionStatus(session, link, intent, _host_name(link, names), collected.get(session.key, {}))
        for session in group
    ]
    return EventStatus(programmes.event(event), tuple(sessions))


def arrived_late(links: AttemptStore, event: str) -> list[Phrase]:
    """Which meetings Zoom made of creations that had been given up, as far as nobody has seen to them yet."""
    return [
        Phrase(
            "Zoom carried out a creation of session {session!r} late: `zoom-sync apply` takes meeting {id}, or removes "
            "it unless people are in it",
            session=arrival.key,
            id=arrival.meeting_id,
        )
        for arrival in links.looked_at().values()
        if arrival is not None and arrival.event == event
    ]


def held_up(runs: RunStore, event: str, now: datetime, resend: timedelta) -> list[Phrase]:
    """What was handed out for longer than an item takes and has not ended: until it has, the event is not synced.

    Somebody may be at it yet, or it may be with a process that has died. After `resend` it is handed out again.
    """
    return [
        Phrase(
            "run {run} has not ended, and the event waits for it; items that wait: {count}; what nobody is at by then "
            "is handed out again at {moment} UTC",
            run=one.run,
            count=one.count,
            moment=f"{one.handed_at + resend:%Y-%m-%d %H:%M}",
        )
        for one in runs.unended(event)
        if now - one.handed_at > ITEM_TAKES
    ]


def of_source(bindings: BindingStore, event: str) -> list[Phrase]:
    """Which source an event follows, and what is wrong with it."""
    notes = []
    for binding in bindings.all():
        if binding.event != event:
            continue
        seen = binding.seen
        notes.append(Phrase("follows {source}", source=binding.source))
        if seen.trouble and seen.trouble_since:
            notes.append(
                Phrase(
                    "nothing is taken from {source} since {since}: {why}",
                    source=binding.source,
                    since=f"{seen.trouble_since:%Y-%m-%d %H:%M} UTC",
                    why=seen.trouble,
                )
            )
        if seen.unwritten:
            notes.append(Phrase("not written back into {source}: {why}", source=binding.source, why=seen.unwritten))
    return notes


def may_arrive(links: AttemptStore, event: str) -> list[Phrase]:
    """That creations were given up which Zoom may carry out yet."""
    count = len(links.given_up(event))
    note = Phrase(
        "creations given up: {count}; should Zoom carry one out yet, the next plan knows its meeting", count=count
    )
    return [note] if count else []


def _host_name(link: Link | None, names: Mapping[str, str]) -> str:
    return "" if link is None else names.get(link.host_id, link.host_id)


def status_json(status: EventStatus) -> dict[str, Any]:
    """The status as JSON. It holds passcodes and links: it is the result, not a log."""
    sessions = [_session_json(session) for session in status.sessions]
    return {"event": status.event.key, "sessions": sessions, "notes": list(status.notes)}


def still_live(event_status: EventStatus, live: Mapping[str, Live]) -> dict[str, Live]:
    """Who is live, without sessions whose reports are in: the webhook that told of their end was lost."""
    over = {
        session_status.session.key
        for session_status in event_status.sessions
        if any(r.state is ReportState.COMPLETE for r in session_status.reports.values())
    }
    sharing: dict[str, list[Span]] = {}
    for session_status in event_status.sessions:
        session = session_status.session
        sharing.setdefault(session.meeting_key, []).append(Span(session.key, session.start, session.end))
    about = (
        (key, now)
        for owner, now in live.items()
        for key in (meant(sharing[owner], now.since) if owner in sharing and now.since else (owner,))
    )
    return {key: now for key, now in about if key not in over}


def with_webhooks(values: dict[str, Any], live: Mapping[str, Live], heard: Heard) -> dict[str, Any]:
    """The status with what webhooks told: who is live, what came, and what was refused for which reason."""
    sessions = [{**value, "live": _live_json(live.get(value["key"]))} for value in values["sessions"]]
    latest = heard.latest.isoformat() if heard.latest else None
    return {**values, "sessions": sessions, "webhooks": {"latest": latest, "counts": dict(heard.counts)}}


def _live_json(live: Live | None) -> dict[str, Any] | None:
    if live is None:
        return None
    return {"since": live.since.isoformat() if live.since else None, "present": live.present}


def _session_json(session_status: SessionStatus) -> dict[str, Any]:
    session, link = session_status.session, session_status.link
    return {
        "key": session.key,
        "title": session.title,
        "start": session.start.isoformat(),
        "end": session.end.isoformat(),
        "timezone": session.timezone,
        "kind": str(session.kind),
        "cancelled": session.cancelled,
        "public": session.public,
        "rehearsal_of": session.rehearsal_of,
        "room": session.room,
        "expected": session.expected,
        "host": link.host_id if link else None,
        "host_name": session_status.host_name or None,
        "meeting_id": link.meeting_id if link else None,
        "passcode": link.passcode.value if link else None,
        "join_url": link.join_url if link else None,
        "state": session_status.state,
        "synced_at": link.synced_at.isoformat() if link and link.synced_at else None,
        "drift": [drift_json(drift) for drift in session_status.drift],
        "zoom_keeps": zoom_keeps_json(link) if link else [],
        "refused": refused_json(link) if link else [],
        "reports": {kind: collected_json(report) for kind, report in session_status.reports.items()},
    }


def zoom_keeps_json(link: Link) -> list[dict[str, Any]]:
    """The fields of which Zoom keeps another value than the programme's, without e-mail addresses."""
    return [
        {
            "field": name.removeprefix("settings."),
            "sent": masked_value(known.sent),
            "on_zoom": masked_value(known.made),
        }
        for name, known in kept_by_zoom(link)
    ]


def refused_json(link: Link) -> list[dict[str, str]]:
    """The fields that Zoom refused, with its words."""
    return [
        {"field": name.removeprefix("settings."), "words": masked_value(words)} for name, words in refused_by_zoom(link)
    ]


def collected_json(collected: Collected) -> dict[str, Any]:
    """The state of one report as JSON."""
    return {
        "session": collected.key,
        "kind": collected.kind,
        "state": str(collected.state),
        "rows": collected.rows,
        "total": collected.total,
        "reason": collected.reason,
    }


def run_json(run: Run, items: Sequence[RunItem]) -> dict[str, Any]:
    """A run as JSON, with its items if they are given."""
    values = {
        "run": run.id,
        "event": run.event,
        "kind": run.kind,
        "digest": run.digest,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "counts": dict(run.counts),
    }
    if items:
        values["items"] = [
            {"session": i.key, "action": i.action, "state": str(i.state), "reason": i.reason} for i in items
        ]
    return values


def incomplete(reports: ReportStore, event: str) -> list[str]:
    """In words, which reports are not finished, or have rows that could not be read."""
    return [
        f"{collected.key}: the {collected.kind} report is {collected.state}: {collected.reason}"
        for collected in reports.states(event)
        if collected.state not in (ReportState.COMPLETE, ReportState.NONE) or UNREADABLE in collected.reason
    ]
