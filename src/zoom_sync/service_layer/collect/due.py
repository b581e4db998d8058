"""What is asked for when: what is settled not at all, what is not yet there the seldomer the older it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from zoom_sync.domain.dividing import part_of
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.series import by_meeting
from zoom_sync.service_layer.collect.kinds import PARTICIPANTS, ReportKind, kinds_of
from zoom_sync.service_layer.collect.needs import Collecting

SETTLED = (ReportState.COMPLETE, ReportState.NONE, ReportState.EXPIRED)
# After trouble that passes by itself no pause is longer.
LONGEST_AFTER_TROUBLE = timedelta(minutes=30)


def due_sessions(collecting: Collecting, event: str, now: datetime) -> list[str]:
    """The sessions that are over, have a meeting, and of which a report is due."""
    return [
        session.key
        for session, held_as, states in _over(collecting, event, now)
        if due_kinds(session, held_as, states, now)
    ]


def unfinished(collecting: Collecting, event: str, now: datetime) -> dict[str, list[Collected]]:
    """The sessions that are over, have a meeting, and lack a finished report, with the states of those unfinished."""
    found = {}
    for session, held_as, states in _over(collecting, event, now):
        lacking = [kind.name for kind in kinds_of(held_as) if not _is_settled(states.get(kind.name))]
        if lacking:
            found[session.key] = [states[name] for name in lacking if name in states]
    return found


def _over(collecting: Collecting, event: str, now: datetime) -> Iterator[tuple[Session, Kind, Mapping[str, Collected]]]:
    """The sessions that count, are over and have a meeting, with what they are held as and their reports' states."""
    states: dict[str, dict[str, Collected]] = {}
    for one in collecting.reports.states(event):
        states.setdefault(one.key, {})[one.kind] = one
    linked = collecting.links.known(event, "").links
    purged = collecting.reports.purged(event)
    sessions = collecting.programmes.programme(event).sessions
    groups = by_meeting(session for session in sessions if session.meeting_key in linked)
    parts = (part_of(one, groups[one.meeting_key]) for one in sessions if one.meeting_key in linked)
    for part in parts:
        if part.session.counted and purged.keys().isdisjoint((part.session.key, part.kept_by)) and part.over <= now:
            yield part.timed, linked[part.session.meeting_key].kind, states.get(part.session.key, {})


def due_kinds(
    session: Session, held_as: Kind, before: Mapping[str, Collected], now: datetime
) -> tuple[ReportKind, ...]:
    """The kinds of reports of an ended session that are due.

    The participants come with any other report of an instance until they are settled: by them is known when the last
    one left, and so when the others are complete.
    """
    due = [kind for kind in kinds_of(held_as) if is_due(session, before.get(kind.name), now)]
    also = any(kind.of_instance for kind in due) and not _is_settled(before.get(PARTICIPANTS))
    return tuple(kind for kind in kinds_of(held_as) if kind in due or (also and kind.name == PARTICIPANTS))


def is_due(session: Session, before: Collected | None, now: datetime) -> bool:
    """Whether a report is asked for again. A pause is half of the time since the session's end.

    So a report that never becomes complete, or an app that lacks a scope, costs a few dozen calls until Zoom keeps it
    no longer, and not one every few minutes.
    """
    if before is None or before.checked_at is None:
        return True
    if _is_settled(before):
        return False
    pause = max(before.checked_at - session.end, timedelta(0)) / 2
    if before.state is ReportState.FAILED and not before.lasting:
        pause = min(pause, LONGEST_AFTER_TROUBLE)
    return now - before.checked_at >= pause


def _is_settled(before: Collected | None) -> bool:
    return before is not None and before.state in SETTLED
