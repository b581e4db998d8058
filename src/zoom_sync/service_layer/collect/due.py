"""What is asked for when: what is settled not at all, what is not yet there the seldomer the older it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zoom_sync.domain.dividing import part_of
from zoom_sync.domain.programme import Kind, Session
from zoom_sync.domain.report import Collected, ReportState
from zoom_sync.domain.series import by_meeting
from zoom_sync.service_layer.collect.kinds import PARTICIPANTS, REPORTS_KEPT, ReportKind, kinds_of
from zoom_sync.service_layer.collect.needs import Collecting

SETTLED = (ReportState.COMPLETE, ReportState.NONE, ReportState.EXPIRED)
# After trouble that passes by itself no pause is longer, for a day since it began: who looks for the first time two
# days after the end and is cut off does not wait for another day.
LONGEST_AFTER_TROUBLE = timedelta(minutes=30)
SHORTEST = timedelta(minutes=10)  # between two looks for an instance where none was listed
LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A session that is over: whether a report of it is due, and which are not finished, as far as they were asked for.

    `end` is when the session is over.
    """

    key: str
    end: datetime
    due: bool
    unfinished: tuple[Collected, ...]


def outstanding(
    collecting: Collecting, event: str, now: datetime, least: timedelta = timedelta(0)
) -> list[Outstanding]:
    """The sessions that are over, have a meeting, and of which a report is due or not finished.

    Between two looks at a report are at least `least`.
    """
    outstandings = []
    for session, held_as, states in _over(collecting, event, now):
        kinds = [kind.name for kind in kinds_of(held_as)]
        due = any(is_due(session, states.get(name), now, least) for name in kinds)
        lacking = tuple(states[name] for name in kinds if name in states and not _is_settled(states[name]))
        if due or lacking:
            outstandings.append(Outstanding(session.key, session.end, due, lacking))
    return outstandings


def due_sessions(collecting: Collecting, event: str, now: datetime) -> list[str]:
    """The sessions that are over, have a meeting, and of which a report is due."""
    return [one.key for one in outstanding(collecting, event, now) if one.due]


def _over(collecting: Collecting, event: str, now: datetime) -> Iterator[tuple[Session, Kind, Mapping[str, Collected]]]:
    """The sessions that count, are over and have a meeting, with what they are held as and their reports' states."""
    states: dict[str, dict[str, Collected]] = {}
    for state in collecting.reports.states(event):
        states.setdefault(state.key, {})[state.kind] = state
    linked = collecting.links.known(event, "").links
    purged = collecting.reports.purged(event)
    sessions = collecting.programmes.programme(event).sessions
    groups = by_meeting(session for session in sessions if session.meeting_key in linked)
    parts = (part_of(session, groups[session.meeting_key]) for session in sessions if session.meeting_key in linked)
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


def is_due(session: Session, before: Collected | None, now: datetime, least: timedelta = timedelta(0)) -> bool:
    """Whether a report is asked for again. A pause is half of the time since the session's end, and at least `least`.

    So a report that never becomes complete, or an app that lacks a scope, costs a few dozen calls until Zoom keeps it
    no longer, and not one every few minutes. What was never asked for is asked for, however long ago it was. After a
    day the times that the meeting was held are looked at once more: Zoom may list one late.
    """
    if before is None or before.checked_at is None:
        return True
    checked, again = before.checked_at, session.end + LOOK_AGAIN
    pause = next_look(session, checked) - checked
    if _is_settled(before):
        if before.kind != PARTICIPANTS or checked >= again:
            return False
        empty = before.state is ReportState.NONE
        return now >= (min(checked + max(pause, least, SHORTEST), again) if empty else again)
    trouble = max(session.end, before.since or session.end)
    if before.state is ReportState.FAILED and not before.lasting and checked < trouble + LOOK_AGAIN:
        pause = min(pause, LONGEST_AFTER_TROUBLE)
    kept = session.end + REPORTS_KEPT
    return now - checked >= max(pause, least) or checked < kept <= now


def next_look(session: Session, checked: datetime) -> datetime:
    """When a report that was not finished when it was last `checked` is due again, if nothing else puts it off."""
    return checked + max(checked - session.end, timedelta(0)) / 2


def _is_settled(before: Collected | None) -> bool:
    return before is not None and before.state in SETTLED
