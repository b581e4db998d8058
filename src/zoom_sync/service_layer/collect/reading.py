"""What was made of the reports, handed out session by session; asks the store alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from zoom_sync.domain.agenda import TimedItem, item_at, timed_items
from zoom_sync.domain.attendance import (
    ROLES_OF_PEOPLE,
    Attendee,
    EventPeople,
    EventPerson,
    ItemAudience,
    ItemHearer,
    Registration,
    RegistrationLine,
    Role,
    Turnout,
    audience_by_item,
    hearers,
)
from zoom_sync.domain.figures import counted_questions
from zoom_sync.domain.kept_figures import audiences_kept, polls_kept
from zoom_sync.domain.polls import ChoiceCount, PollAnswer, PollQuestion, Source, count_answers
from zoom_sync.domain.programme import Session
from zoom_sync.domain.questions import Question, unanswered_first
from zoom_sync.errors import NotInStore
from zoom_sync.service_layer.kept import kept_of
from zoom_sync.service_layer.ports.events import ProgrammeStore
from zoom_sync.service_layer.ports.reports import ReportStore


def attendance_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, Attendee]]:
    """The lines of an event's sessions, session by session."""
    for session in _sessions(programmes, event, keys):
        for attendee in reports.attendance(event, session.key):
            yield session, attendee


def questions_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str], *, waiting_first: bool = False
) -> Iterable[tuple[Session, Question]]:
    """The questions of an event's sessions, session by session, each with the agenda item that was on.

    `waiting_first`: within each session the unanswered ones come first.
    """
    for session in _sessions(programmes, event, keys):
        items = timed_items(session)
        asked = reports.questions(event, session.key)
        for question in unanswered_first(asked) if waiting_first else asked:
            on = item_at(items, question.asked_at)
            yield session, replace(question, item=_label(on), item_estimated=on is not None and on.estimated)


def polls_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, PollAnswer]]:
    """The answers to polls and surveys, session by session; those to polls with the agenda item that was on."""
    for session in _sessions(programmes, event, keys):
        items = timed_items(session)
        for answer in reports.polls(event, session.key):
            on = item_at(items, answer.at) if answer.source is Source.POLL else None
            yield session, replace(answer, item=_label(on))


def poll_counts_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, tuple[PollQuestion, ChoiceCount]]]:
    """Each question of each session's polls and surveys with each of its choices."""
    for session in _sessions(programmes, event, keys):
        for question in counted_polls(reports, event, session):
            for choice in question.choices:
                yield session, (question, choice)


def counted_polls(reports: ReportStore, event: str, session: Session) -> tuple[PollQuestion, ...]:
    """The questions of a session's polls and surveys with their counts, which outlive the purge of its people."""
    kept = kept_of(reports, event, session)
    return count_answers(reports.polls(event, session.key)) if kept is None else polls_kept(kept)


def registrations_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, RegistrationLine]]:
    """Who registered and came or did not, and who came unregistered, session by session."""
    for session in _sessions(programmes, event, keys):
        for line in reports.registrations(event, session.key):
            yield session, line


def absentees_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> Iterable[tuple[Session, Registration]]:
    """Who registered and did not come, session by session."""
    for session in _sessions(programmes, event, keys):
        for absent in reports.absentees(event, session.key):
            yield session, absent


def event_people(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str]
) -> tuple[list[EventPerson], list[str]]:
    """Everybody over the named sessions, or all, and the keys of these sessions. Who is one is told of all sessions.

    Raises NotInStore.
    """
    chosen = [session.key for session in _sessions(programmes, event, keys)]
    every = [session.key for session in programmes.programme(event).sessions]
    found = EventPeople((key, attendee) for key in every for attendee in reports.attendance(event, key))
    for key in chosen:
        found.add_questions(key, counted_questions(reports.questions(event, key)))
        lines = (
            registration_line.registration
            for registration_line in reports.registrations(event, key)
            if registration_line.turnout is not Turnout.UNREGISTERED
        )
        found.add_registrations(key, lines)
    people = (person.only(chosen) for person in found.people())
    return [person for person in people if person.seconds or person.registered or not keys], chosen


def items_of(
    programmes: ProgrammeStore, reports: ReportStore, event: str, keys: Sequence[str], least_share: float
) -> Iterable[tuple[Session, ItemHearer]]:
    """Who heard which item, session by session and person by person."""
    for session in _sessions(programmes, event, keys):
        for hearer in hearers(reports.attendance(event, session.key), timed_items(session), least_share):
            yield session, hearer


def audience_of(
    programmes: ProgrammeStore,
    reports: ReportStore,
    event: str,
    keys: Sequence[str],
    roles: frozenset[Role] = ROLES_OF_PEOPLE,
) -> Iterable[tuple[Session, ItemAudience]]:
    """Each session's items with how many heard them; of people that were purged, as many of all roles as were kept."""
    for session in _sessions(programmes, event, keys):
        if (kept := kept_of(reports, event, session)) is not None:
            yield from ((session, item_audience) for item_audience in audiences_kept(kept, session))
            continue
        for item_audience in audience_by_item(
            reports.attendance(event, session.key), timed_items(session), roles=roles
        ):
            yield session, item_audience


def _label(on: TimedItem | None) -> str:
    return on.label if on else ""


def _sessions(programmes: ProgrammeStore, event: str, keys: Sequence[str]) -> Iterator[Session]:
    """The named sessions, or all. Raises NotInStore for a name that is none's."""
    sessions = programmes.programme(event).sessions
    unknown = set(keys) - {session.key for session in sessions}
    if unknown:
        raise NotInStore(f"event {event!r} has no session {', '.join(sorted(map(repr, unknown)))}")
    return (session for session in sessions if not keys or session.key in keys)
