"""An event in figures: what its page and its workbook tell. Values, and how they are counted; standard library only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from zoom_sync.domain.agenda import TimedItem, timed_items
from zoom_sync.domain.attendance import Attendee, Curve, Presence, Role
from zoom_sync.domain.figures import counted_questions, is_counted, only_waited, unanswered
from zoom_sync.domain.programme import Event, Session
from zoom_sync.domain.questions import Question, unanswered_first
from zoom_sync.domain.report import Collected

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """An agenda item with its time, and how many people heard it on average."""

    timed: TimedItem
    people: float


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """A session in figures. `number` is its place in the programme, from 1.

    `roles` counts everybody who was in, by role; `only_waited` who never got further than the waiting room. `by_minute`
    has the most people at one time for each minute of the session, `stayed` how many heard up to a quarter of it, up to
    a half, up to three quarters, and more. `questions` are the first to look at, those that wait for an answer first,
    and without the deleted; `asked` and `unanswered` count them all.
    """

    number: int
    session: Session
    roles: Mapping[Role, int]
    only_waited: int
    curve: Curve
    by_minute: tuple[int, ...]
    stayed: tuple[int, int, int, int]
    items: tuple[ItemFigures, ...]
    asked: int
    unanswered: int
    questions: tuple[Question, ...]
    reports: tuple[Collected, ...]

    @property
    def people(self) -> int:
        """Everybody who was in, whatever the role."""
        return sum(self.roles.values())

    def minute(self, place: int) -> datetime:
        """When a minute of `by_minute` begins, in the session's zone."""
        start = self.session.start
        return (start.astimezone(UTC) + timedelta(minutes=place)).astimezone(start.tzinfo)


@dataclass(frozen=True, slots=True)
class EventFigures:
    """An event in figures, as they were at `at` (aware)."""

    event: Event
    at: datetime
    sessions: tuple[SessionFigures, ...]


def figures_of(
    number: int,
    session: Session,
    attendees: Iterable[Attendee],
    questions: Iterable[Question],
    reports: Sequence[Collected],
    *,
    most_questions: int,
) -> SessionFigures:
    """A session's figures. `attendees` are taken one at a time, so that no number of them needs more memory."""
    presence, roles, stayed, waited = Presence(), Counter[Role](), [0] * QUARTERS, 0
    for attendee in attendees:
        waited += only_waited(attendee)
        if not is_counted(attendee):
            continue
        presence.add(attendee)
        roles[attendee.role] += 1
        stayed[_quarter(attendee.share or 0)] += 1
    curve = presence.curve()
    asked = counted_questions(questions)
    return SessionFigures(
        number, session, dict(roles), waited, curve,
        tuple(curve.by_minute(session.start, session.end)),
        (stayed[0], stayed[1], stayed[2], stayed[3]),
        tuple(ItemFigures(item, curve.mean(item.start, item.end)) for item in timed_items(session)),
        len(asked), unanswered(asked),
        tuple(unanswered_first(asked)[:most_questions]),
        tuple(reports),
    )  # fmt: skip


def _quarter(share: float) -> int:
    """Which quarter of the session a share ends in: 0 for up to a quarter, 3 for more than three quarters."""
    return min(max(ceil(share * QUARTERS) - 1, 0), QUARTERS - 1)
