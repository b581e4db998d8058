"""Who is one person over all sessions of an event, with one key. Pure; standard library only.

Within a session the merge has told people apart, so nobody here has two lines of one session. Lines are linked by the
strongest evidence first: an e-mail, then an id or account, then a name that exactly one person bears. A link is refused
where it would contradict: two lines of one session, or two e-mails present at the same time in two sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zoom_sync.domain.attendance.attendee import Attendee, Certainty, Role
from zoom_sync.domain.attendance.identity import digest
from zoom_sync.domain.attendance.registrations import Registration
from zoom_sync.domain.names import folded_name
from zoom_sync.domain.questions import Question


@dataclass(frozen=True, slots=True)
class EventPerson:
    """One person over an event. `key` is the same in every session; `seconds` are inside each session, by its key.

    `attended` are the sessions of which enough was heard, `questions` how many were asked, `answers` what was told on
    registering, by question. `role` is the first of all sessions. Who registered and never came has no sessions.
    """

    key: str = field(repr=False)
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    role: Role
    certainty: Certainty
    seconds: Mapping[str, int]
    attended: frozenset[str]
    questions: int = 0
    registered: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def total(self) -> int:
        """Seconds inside all sessions together."""
        return sum(self.seconds.values())

    def only(self, sessions: Sequence[str]) -> EventPerson:
        """The same, as of these sessions."""
        seconds = {key: self.seconds[key] for key in sessions if key in self.seconds}
        return replace(self, seconds=seconds, attended=self.attended & set(sessions))


Line = tuple[str, Attendee]


class EventPeople:
    """The people of an event, of the lines of its sessions. Bots are none."""

    def __init__(self, lines: Iterable[Line]) -> None:
        """`lines` are (session key, line), session by session in the order of the programme."""
        self._lines = [(session, attendee) for session, attendee in lines if attendee.role is not Role.BOT]
        self._of = list(range(len(self._lines)))
        self._members: dict[int, list[int]] = {place: [place] for place in self._of}
        self._sessions: dict[int, set[str]] = {place: {session} for place, (session, _) in enumerate(self._lines)}
        self._link(_emails)
        self._link(_ids)
        self._link_names()
        self._questions: dict[int, int] = {}
        self._registered: dict[int, set[str]] = {}
        self._answers: dict[int, dict[str, str]] = {}
        self._absent: dict[str, tuple[Registration, set[str], dict[str, str]]] = {}
        self._by_email = self._index(_emails)
        self._by_id = self._index(_ids)

    def add_questions(self, session: str, questions: Iterable[Question]) -> None:
        """Count what was asked: by e-mail, or without one by a name that one person of the session bears."""
        by_name: dict[str, set[int]] = {}
        for place, (key, line) in enumerate(self._lines):
            if key == session:
                by_name.setdefault(folded_name(line.name), set()).add(self._of[place])
        for question in questions:
            person = self._by_email.get((question.email or "").casefold()) if not question.anonymous else None
            if person is None and not question.anonymous and not question.email:
                named = by_name.get(folded_name(question.asker), set())
                person = next(iter(named)) if len(named) == 1 else None
            if person is not None:
                self._questions[person] = self._questions.get(person, 0) + 1

    def add_registrations(self, session: str, registrations: Iterable[Registration]) -> None:
        """Add who registered for a session and what they told: to who came by id or e-mail, else as who never came."""
        for registration in registrations:
            email = registration.email.casefold()
            person = self._by_email.get(email) if email else None
            person = (
                self._by_id.get(registration.registrant_id) if person is None and registration.registrant_id else person
            )
            if person is not None:
                self._registered.setdefault(person, set()).add(session)
                self._answers.setdefault(person, {}).update(registration.answers)
            elif email or registration.registrant_id:
                had = self._absent.setdefault(email or registration.registrant_id, (registration, set(), {}))
                had[1].add(session)
                had[2].update(registration.answers)

    def people(self) -> Iterator[EventPerson]:
        """Everybody, in the order of the first session and line; who only registered comes last."""
        taken: set[str] = set()
        for person in sorted(self._members, key=lambda each: self._members[each][0]):
            yield self._person(person, taken)
        for registration, sessions, answers in self._absent.values():
            known = Certainty.EMAIL if registration.email else Certainty.REGISTRANT
            key = _unique(
                f"{known}:{registration.email.casefold() or registration.registrant_id}",
                taken,
                registration.registrant_id,
            )
            yield EventPerson(
                key,
                registration.name,
                registration.email or None,
                Role.AUDIENCE,
                known,
                {},
                frozenset(),
                0,
                frozenset(sessions),
                answers,
            )

    def key_of(self) -> Mapping[tuple[str, str], str]:
        """The person's key of each line, by session and the line's own key."""
        taken: set[str] = set()
        values = {}
        for person in sorted(self._members, key=lambda each: self._members[each][0]):
            key = self._person(person, taken).key
            values.update({(self._lines[place][0], self._lines[place][1].key): key for place in self._members[person]})
        return values

    def _person(self, person: int, taken: set[str]) -> EventPerson:
        lines = [self._lines[place] for place in sorted(self._members[person])]
        longest = max(lines, key=lambda each: each[1].seconds_inside)[1]
        emails: dict[str, int] = {}
        for _, attendee in lines:
            if attendee.email:
                emails[attendee.email] = emails.get(attendee.email, 0) + attendee.seconds_inside
        email = max(emails, key=lambda each: (emails[each], each), default=None)
        named = next(
            (attendee.name for attendee in (longest, *(attendee for _, attendee in lines)) if attendee.name), ""
        )
        best = min(
            (attendee for _, attendee in lines), key=lambda one: (tuple(Certainty).index(one.certainty), one.key)
        )
        key = f"{Certainty.EMAIL}:{email.casefold()}" if email else best.key
        unsure = best.certainty is Certainty.UNKNOWN and not email
        return EventPerson(
            _unique(f"{key} {lines[0][0]}" if unsure else key, taken, best.key),
            named,
            email,
            min((attendee.role for _, attendee in lines), key=tuple(Role).index),
            best.certainty,
            {session: attendee.seconds_inside for session, attendee in lines if attendee.intervals},
            frozenset(session for session, attendee in lines if attendee.attended),
            self._questions.get(person, 0),
            frozenset(self._registered.get(person, ())),
            self._answers.get(person, {}),
        )

    def _index(self, keys: Callable[[Attendee], Iterable[str]]) -> dict[str, int]:
        values: dict[str, int] = {}
        for place, (_, line) in enumerate(self._lines):
            for key in keys(line):
                values.setdefault(key, self._of[place])
        return values

    def _link(self, keys: Callable[[Attendee], Iterable[str]]) -> None:
        """Join the lines that have a key in common, as far as nothing contradicts."""
        heads: dict[str, list[int]] = {}
        for place, (_, line) in enumerate(self._lines):
            for key in keys(line):
                self._join_first(place, heads.setdefault(key, []))

    def _join_first(self, place: int, heads: list[int]) -> None:
        mine = self._of[place]
        for head in dict.fromkeys(self._of[each] for each in heads):
            if head == mine or not self._contradict(head, mine):
                self._join(head, mine)
                return
        heads.append(place)

    def _contradict(self, person: int, other: int) -> bool:
        if not self._sessions[person].isdisjoint(self._sessions[other]):
            return True
        return any(
            _two_at_once(self._lines[mine][1], self._lines[its][1])
            for mine in self._members[person]
            for its in self._members[other]
        )

    def _join(self, head: int, other: int) -> None:
        if head != other:
            for place in self._members[other]:
                self._of[place] = head
            self._members[head] += self._members.pop(other)
            self._sessions[head] |= self._sessions.pop(other)

    def _link_names(self) -> None:
        """Lines that are known by name only join the one person of that name; where there is none, one another."""
        bearers: dict[str, set[int]] = {}
        for place, (_, line) in enumerate(self._lines):
            if line.certainty not in (Certainty.NAME, Certainty.UNKNOWN) and line.name:
                bearers.setdefault(folded_name(line.name), set()).add(self._of[place])
        heads: dict[str, list[int]] = {}
        for place, (_, line) in enumerate(self._lines):
            name = folded_name(line.name)
            if line.certainty is not Certainty.NAME or not name:
                continue
            persons = {self._of[self._members[each][0]] for each in bearers.get(name, ()) if each in self._members}
            if len(persons) > 1:
                continue  # nobody can tell whose it is
            heads.setdefault(name, sorted(persons))
            self._join_first(place, heads[name])


def _emails(attendee: Attendee) -> Iterable[str]:
    return dict.fromkeys(email.casefold() for email in (attendee.email or "", *attendee.emails) if email)


def _ids(attendee: Attendee) -> Iterable[str]:
    return dict.fromkeys((*attendee.registrant_ids, *attendee.accounts))


def _two_at_once(attendee: Attendee, other: Attendee) -> bool:
    if not attendee.email or not other.email or set(_emails(attendee)) & set(_emails(other)):
        return False
    return any(start < ended and begun < end for start, end in attendee.intervals for begun, ended in other.intervals)


def _unique(key: str, taken: set[str], more: str) -> str:
    text = key if key not in taken else f"{key}~{digest(more, str(len(taken)))}"
    taken.add(text)
    return text


def answers_told(people: Sequence[EventPerson]) -> list[str]:
    """Every question that was answered on registering, in the order they first come."""
    return list(dict.fromkeys(question for person in people for question in person.answers))
