"""What Zoom reported and what was made of it, of whom, for how long, and as the pages ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from zoom_sync.domain.attendance import Attendee, Decision, Registration, RegistrationLine
from zoom_sync.domain.instances import Held, Place
from zoom_sync.domain.polls import PollAnswer
from zoom_sync.domain.privacy import Person, Recognise
from zoom_sync.domain.privacy.found import Found, Told
from zoom_sync.domain.questions import Question
from zoom_sync.domain.report import Collected, Counts, Instance, RawReport, Seek
from zoom_sync.domain.retention import Due, Retention


class ReportStore(Protocol):
    """Raw report rows, the state of each report, and what was made of the rows."""

    def keep(self, event: str, key: str, report: RawReport, now: datetime) -> bool:
        """Store one instance's rows in place of those kept before, in one transaction.

        Fewer rows never replace more: what Zoom returned once is not lost. Answers whether they were stored.
        """
        ...

    def raw(self, event: str, key: str, kind: str) -> Iterator[RawReport]:
        """What is kept for a session, instance by instance."""
        ...

    def raw_instances(self, event: str, key: str) -> Sequence[tuple[str, Instance]]:
        """The kind and the instance of each report of which rows are kept for a session, without the rows."""
        ...

    def note(self, event: str, collected: Collected) -> None:
        """Commit the state of one report."""
        ...

    def states(self, event: str, key: str | None = None) -> Sequence[Collected]:
        """The state of every report of an event, or of one of its sessions."""
        ...

    def purged(self, event: str) -> Mapping[str, str]:
        """The sessions whose rows were purged, each with the words that say so: nothing is stored of them again."""
        ...

    def keep_figures(self, event: str, key: str, figures: Mapping[str, Any]) -> None:
        """Keep a session's figures in place of those before, for when its people are purged."""
        ...

    def figures(self, event: str) -> Mapping[str, Mapping[str, Any]]:
        """The figures that were kept, by session."""
        ...

    def instances(self, event: str, key: str | None = None) -> Sequence[Held]:
        """When the meetings of an event, or of one of its sessions, were held, as far as it was seen."""
        ...

    def set_instances(self, event: str, held: Sequence[Held]) -> None:
        """Store what instances are to their sessions. What somebody chose stays as it is."""
        ...

    def choose_instance(self, event: str, key: str, uuid: str, place: Place | None, who: str) -> bool:
        """Store what somebody says that an instance is, None to withdraw it; answers whether there is such a one."""
        ...

    def set_attendance(self, event: str, key: str, attendees: Iterable[Attendee]) -> None:
        """Store the lines of one session in place of those before; the audience that was made of those is let go."""
        ...

    def set_audience(self, event: str, key: str, audience: Mapping[str, Any]) -> None:
        """Store what was made of a session's lines, of how many people there were when, as JSON."""
        ...

    def audience(self, event: str, key: str) -> Mapping[str, Any] | None:
        """What `set_audience` stored; None where the lines were stored by themselves."""
        ...

    def attendance(self, event: str, key: str) -> Iterator[Attendee]:
        """The lines of one session, in their order, a few at a time."""
        ...

    def set_counts(self, event: str, key: str, counts: Counts) -> None:
        """Store a session's counts; not of one that was purged, whose counts stay as they were."""
        ...

    def set_questions(self, event: str, key: str, questions: Sequence[Question]) -> None:
        """Store the questions of one session in place of those before, in one transaction."""
        ...

    def questions(self, event: str, key: str) -> Iterator[Question]:
        """The questions of one session, in their order."""
        ...

    def set_polls(self, event: str, key: str, answers: Iterable[PollAnswer]) -> None:
        """Store the answers to one session's polls and surveys in place of those before, in one transaction."""
        ...

    def polls(self, event: str, key: str) -> Iterator[PollAnswer]:
        """The answers to one session's polls and surveys, in their order; `item` is not kept."""
        ...

    def set_registrations(self, event: str, key: str, told: Iterable[RegistrationLine]) -> None:
        """Store one session's registrations and what came of them, in place of those before, in one transaction."""
        ...

    def registrations(self, event: str, key: str) -> Iterator[RegistrationLine]:
        """One session's registrations with their turnout, then who came unregistered."""
        ...

    def set_absentees(self, event: str, key: str, absent: Iterable[Registration]) -> None:
        """Store who registered for one session and did not come, in place of those before, in one transaction."""
        ...

    def absentees(self, event: str, key: str) -> Iterator[Registration]:
        """Who registered for one session and did not come."""
        ...


class DecisionStore(Protocol):
    """What staff decided on who is one person."""

    def add(self, event: str, key: str, decision: Decision) -> int:
        """Keep a decision on one session's people; answers its number."""
        ...

    def of(self, event: str, key: str) -> Sequence[Decision]:
        """Every decision on one session's people, those that were withdrawn among them, in their order."""
        ...

    def withdraw(self, event: str, key: str, number: int, who: str, now: datetime) -> Decision:
        """Withdraw a decision, once; answers it. Raises NotInStore."""
        ...


class PeopleStore(Protocol):
    """One person over everything that is stored."""

    def look(self, person: Person) -> Found:
        """What is there of a person: from row to row it is known by more, until no row tells anything new.

        Only by what is surely the person's; what is likely so is counted apart.
        """
        ...

    def told(self, person: Recognise) -> Iterator[Told]:
        """Everything that is stored of a person, row by row."""
        ...

    def erase(self, person: Person, now: datetime, tell: Callable[[str], None]) -> Mapping[str, int]:
        """Erase a person from every row, and from every row that will be stored; answers the rows changed per table.

        What is already erased is no row, so a second time answers nothing; one that was interrupted goes on.
        """
        ...

    def pseudonym_key(self) -> bytes:
        """The store's own key for pseudonyms, made when it is first asked for."""
        ...


class RetentionStore(Protocol):
    """What is past its time."""

    def due(self, cutoffs: Mapping[Retention, datetime]) -> Sequence[Due]:
        """What ended before its kind's cutoff and still has rows."""
        ...

    def purge(self, due: Due, before: datetime, now: datetime, tell: Callable[[int], None]) -> int:
        """Remove rows, a few at a time, and say so in the states; answers how many. May be interrupted and repeated."""
        ...

    def compact(self) -> None:
        """Give back the room of what was removed."""
        ...


class ReportPages(Protocol):
    """What pages show of reports, without loading the rest."""

    def attendance_page(self, event: str, key: str, seek: Seek) -> tuple[Sequence[Attendee], int]:
        """The people of one page, and how many there are on all of them."""
        ...

    def counts(self, event: str) -> Mapping[str, Counts]:
        """How many people came and how many questions were asked, by session; a session without either is not there."""
        ...

    def held(self, event: str, key: str = "") -> frozenset[str]:
        """Which kinds of lines an event has, or one of its sessions.

        Each is "attendance", "questions", "polls", "registrations" or "absentees".
        """
        ...
