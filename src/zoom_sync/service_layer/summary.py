"""The figures of an event from what the store holds; asks nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zoom_sync.domain.programme import Session
from zoom_sync.domain.report import Collected
from zoom_sync.domain.summary import EventFigures, figures_of
from zoom_sync.errors import NotInStore
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
    states: dict[str, list[Collected]] = {}
    for one in reports.states(event):
        states.setdefault(one.key, []).append(one)
    chosen: list[tuple[int, Session]] = [
        (number, session)
        for number, session in enumerate(programme.sessions, 1)
        if (session.key in keys if keys else session.counted)
    ]
    return EventFigures(
        programme.event,
        now,
        tuple(
            figures_of(
                number,
                session,
                reports.attendance(event, session.key),
                reports.questions(event, session.key),
                states.get(session.key, []),
                most_questions=most_questions,
            )
            for number, session in chosen
        ),
    )
