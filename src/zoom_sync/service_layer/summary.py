"""The figures of an event from what the store holds; asks nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zoom_sync.domain.agenda import timed_items
from zoom_sync.domain.attendance import audience_by_item
from zoom_sync.domain.kept_figures import audiences_json, figures_json, figures_kept, of_session, polls_json
from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Collected
from zoom_sync.domain.retention import Due, Retention
from zoom_sync.domain.summary import EventFigures, SessionFigures, figures_of
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.kept import kept_of_purged
from zoom_sync.service_layer.ports.events import ProgrammeStore
from zoom_sync.service_layer.ports.reports import ReportStore

MOST_QUESTIONS = 10


def summarise(
    programmes: ProgrammeStore,
    reports: ReportStore,
    event: str,
    keys: Sequence[str],
    now: datetime,
    *,
    most_questions: int = MOST_QUESTIONS,
) -> EventFigures:
    """The figures of the named sessions, or without names of all that count. `most_questions` is per session.

    Raises:
        NotInStore: there is no such event or session.
    """
    programme = programmes.programme(event)
    unknown = set(keys) - {session.key for session in programme.sessions}
    if unknown:
        raise NotInStore(f"event {event!r} has no session {', '.join(sorted(map(repr, unknown)))}")
    kept = kept_of_purged(reports, event)
    states: dict[str, list[Collected]] = {}
    for state in reports.states(event):
        states.setdefault(state.key, []).append(state)
    chosen: list[tuple[int, Session]] = [
        (number, session)
        for number, session in enumerate(programme.sessions, 1)
        if (session.key in keys if keys else session.counted)
    ]
    return EventFigures(
        programme.event,
        now,
        tuple(
            _figures(
                reports,
                programme.event.key,
                (number, session),
                states.get(session.key, []),
                kept.get(session.key),
                most_questions,
            )
            for number, session in chosen
        ),
    )


def keep_figures(programmes: ProgrammeStore, reports: ReportStore, due: Due) -> None:
    """Keep the figures of a session before its people are purged, unless that was begun before.

    A purge that was interrupted has removed some of them already: what was kept when it began holds.
    """
    if due.kind is not Retention.REPORT:
        return
    sessions = enumerate(programmes.programme(due.event).sessions, 1)
    place = next(((number, session) for number, session in sessions if session.key == due.session), None)
    if place is None:
        return
    before = reports.figures(due.event).get(due.session)
    if before is not None and of_session(before, place[1]) and due.session in reports.purged(due.event):
        return
    event, session = due.event, place[1]
    kept = figures_json(_figures(reports, event, place, [], None, 0))
    kept["polls"] = polls_json(reports.polls(event, session.key))
    kept["audiences"] = audiences_json(audience_by_item(reports.attendance(event, session.key), timed_items(session)))
    reports.keep_figures(event, session.key, kept)


def _figures(
    reports: ReportStore,
    event: str,
    place: tuple[int, Session],
    states: Sequence[Collected],
    kept: Mapping[str, Any] | None,
    most_questions: int,
) -> SessionFigures:
    """The figures of what is stored of a session; those that were kept, where it was purged or is being purged."""
    number, session = place
    if kept is not None and of_session(kept, session):
        return figures_kept(number, session, kept, states)
    people, asked = reports.attendance(event, session.key), reports.questions(event, session.key)
    return figures_of(number, session, people, asked, states, most_questions=most_questions)
