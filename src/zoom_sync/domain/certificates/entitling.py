"""Who is entitled to which certificate, and why: from the programme's rules and the merged attendance. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from zoom_sync.domain.attendance import Attendee, EventPeople, Registration, Role
from zoom_sync.domain.attendance.intervals import Interval, length, overlap, union
from zoom_sync.domain.certificates.rules import Basis, CertificateRules, Credits, Enough, SessionCertificate
from zoom_sync.domain.names import folded_name
from zoom_sync.domain.phrases import NOTHING, Phrase
from zoom_sync.domain.privacy.marks import NO_NAMES
from zoom_sync.domain.programme import Programme, Session

# Who works there attends nothing; staff may be given a certificate by name all the same.
OF_THE_HOUSE = frozenset({Role.HOST, Role.STAFF, Role.INTERNAL})


class For(StrEnum):
    """What a certificate is given for."""

    ATTENDING = "attending"
    PRESENTING = "presenting"
    MODERATING = "moderating"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a certificate is of: the key of a session, a day (ISO 8601, in the event's zone), or the event (empty).

    `sessions` are those that count towards it, in the order of the programme.
    """

    basis: Basis
    name: str
    sessions: tuple[Session, ...]

    @property
    def windows(self) -> list[Interval]:
        """When it is held, in seconds since 1970: sessions at the same time count once."""
        return union(sorted(map(_window, self.sessions)))

    @property
    def start(self) -> datetime:
        return min((session.start for session in self.sessions), key=datetime.timestamp)

    @property
    def end(self) -> datetime:
        return max((session.end for session in self.sessions), key=datetime.timestamp)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Whether one person is entitled to one certificate, and why.

    `person` is the person's key over the event. `seconds` is the time in the unit's sessions, `needed` what is enough,
    `whole` what there is. `sessions` are the keys of those that were heard, `titles` what was presented. `held` says
    why it cannot be released yet, whoever is entitled; empty where it can.
    """

    person: str = field(repr=False)
    unit: Unit
    why_for: For
    name: str = field(repr=False)
    email: str | None = field(repr=False)
    entitled: bool
    why: Phrase
    seconds: int = 0
    needed: int = 0
    whole: int = 0
    credits: Mapping[str, float] = field(default_factory=dict)
    sessions: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    held: Phrase = NOTHING


def entitlements(
    programme: Programme,
    lines: Mapping[str, Sequence[Attendee]],
    registrations: Mapping[str, Sequence[Registration]],
    complete: frozenset[str],
    default_share: float,
) -> tuple[Entitlement, ...]:
    """Everybody who was in a session that counts, and who presents or moderates one, with each certificate in question.

    `lines` and `registrations` are by session key; `complete` names the sessions whose attendance is complete.
    `default_share` (0 to 1) is enough where the rules say nothing. Without rules nobody is in question.
    """
    rules = programme.event.certificates
    if rules is None:
        return ()
    people = _People(programme, lines, registrations)
    told: list[Entitlement] = []
    for unit in units(programme, rules):
        missing = [session.key for session in unit.sessions if session.key not in complete]
        held = _not_complete(missing)
        told += (_attending(unit, person, rules, default_share, held) for person in people if person.was_in(unit))
        if rules.presenters:
            told += _on_stage(unit, people, held)
    return tuple(told)


def units(programme: Programme, rules: CertificateRules) -> list[Unit]:
    """What there are certificates of, in the order of the programme: of sessions that are held and count."""
    zone = ZoneInfo(programme.event.timezone)
    found: dict[str, list[Session]] = {}
    for session in programme.sessions:
        if session.counted and _of(session).counts:
            day = f"{session.start.astimezone(zone):%Y-%m-%d}"
            name = {Basis.SESSION: session.key, Basis.DAY: day, Basis.EVENT: ""}[rules.basis]
            found.setdefault(name, []).append(session)
    return [Unit(rules.basis, name, tuple(sessions)) for name, sessions in found.items()]


def _of(session: Session) -> SessionCertificate:
    return session.certificates or SessionCertificate()


def _not_complete(keys: Sequence[str]) -> Phrase:
    return Phrase("the attendance is not complete yet: {sessions}", sessions=list(keys)) if keys else NOTHING


@dataclass(slots=True)
class _Person:
    """One person over the event."""

    key: str
    name: str
    email: str | None
    role: Role
    lines: dict[str, Attendee]

    def was_in(self, unit: Unit) -> bool:
        return any(session.key in self.lines for session in unit.sessions)


class _People:
    """The people of an event by their lines, and how a presenter is found among them."""

    def __init__(
        self,
        programme: Programme,
        lines: Mapping[str, Sequence[Attendee]],
        registrations: Mapping[str, Sequence[Registration]],
    ) -> None:
        ordered = [(session.key, one) for session in programme.sessions for one in lines.get(session.key, ())]
        key_of = EventPeople(ordered).key_of()
        by_key: dict[str, list[tuple[str, Attendee]]] = {}
        for session, one in ordered:
            if one.intervals and (session, one.key) in key_of:
                by_key.setdefault(key_of[session, one.key], []).append((session, one))
        registered = _registered(registrations)
        self._people = [_person(key, theirs, registered) for key, theirs in by_key.items()]

    def __iter__(self) -> Iterator[_Person]:
        return iter(self._people)

    def on_stage(self, session: str, name: str, emails: Sequence[str]) -> _Person | None:
        """Who of a session bears one of the e-mails, or without any the name alone."""
        there = [person for person in self._people if session in person.lines]
        mails = {email.casefold() for email in emails}
        for person in there:
            line = person.lines[session]
            if mails & {mail.casefold() for mail in (line.email or "", *line.emails) if mail}:
                return person
        named = [person for person in there if folded_name(person.lines[session].name) == folded_name(name)]
        return named[0] if len(named) == 1 else None


def _registered(registrations: Mapping[str, Sequence[Registration]]) -> dict[str, str]:
    """The name somebody registered with, by e-mail and by registrant id; of several the first."""
    names: dict[str, str] = {}
    for every in registrations.values():
        for one in every:
            if _is_name(one.name):
                for known in filter(None, (one.email.casefold(), one.registrant_id)):
                    names.setdefault(known, one.name)
    return names


def _person(key: str, theirs: Sequence[tuple[str, Attendee]], registered: Mapping[str, str]) -> _Person:
    """The name is that of the registration, or else the one that most time was spent under."""
    known = (mark for _, one in theirs for mark in ((one.email or "").casefold(), *one.registrant_ids))
    name = next((registered[mark] for mark in known if mark in registered), "")
    times: dict[str, int] = {}
    shown: dict[str, str] = {}
    emails: dict[str, int] = {}
    for _, one in theirs:
        if one.email:
            emails[one.email] = emails.get(one.email, 0) + one.seconds_inside
        if _is_name(one.name):
            folded = folded_name(one.name)
            shown.setdefault(folded, one.name)
            times[folded] = times.get(folded, 0) + one.seconds_inside
    longest = max(times, key=lambda each: times[each], default="")
    role = min((one.role for _, one in theirs), key=tuple(Role).index)
    email = max(emails, key=lambda each: (emails[each], each), default=None)
    return _Person(key, name or shown.get(longest, ""), email, role, dict(theirs))


def _is_name(text: str) -> bool:
    """Whether it can be printed as somebody's name: who was erased has none, nor has a telephone."""
    return folded_name(text) not in NO_NAMES and any(character.isalpha() for character in text)


def _window(session: Session) -> Interval:
    return int(session.start.timestamp()), int(session.end.timestamp())


def _inside(session: Session, person: _Person) -> list[Interval]:
    low, high = _window(session)
    line = person.lines.get(session.key)
    return [(max(low, a), min(high, b)) for a, b in (line.intervals if line else ()) if a < high and b > low]


def _attending(unit: Unit, person: _Person, rules: CertificateRules, default_share: float, held: Phrase) -> Entitlement:
    windows = unit.windows
    present = union(sorted(stay for session in unit.sessions for stay in _inside(session, person)))
    seconds, whole = sum(overlap(present, low, high) for low, high in windows), length(windows)
    enough = rules.enough
    if unit.basis is Basis.SESSION:
        enough = _of(unit.sessions[0]).enough or enough
    needed = enough.seconds_of(whole, default_share)
    heard = tuple(session for session in unit.sessions if _heard(session, person, rules, default_share))
    entitled, why = seconds >= needed, _time(seconds, needed, whole)
    if person.role in OF_THE_HOUSE:
        entitled, why = False, Phrase("host, staff or of the host's account")
    return Entitlement(
        person.key, unit, For.ATTENDING, person.name, person.email, entitled, why, seconds, needed, whole,
        _credits(heard, rules), tuple(session.key for session in heard), held=held,
    )  # fmt: skip


def _time(seconds: int, needed: int, whole: int) -> Phrase:
    return Phrase(
        "there for {minutes} of {all_minutes} minutes; {needed} are enough",
        minutes=seconds // 60,
        all_minutes=whole // 60,
        needed=-(-needed // 60),
    )


def _heard(session: Session, person: _Person, rules: CertificateRules, default_share: float) -> bool:
    """Whether enough of one session was heard; the event's minutes are of a session only where certificates are."""
    low, high = _window(session)
    enough = _of(session).enough or (rules.enough if rules.basis is Basis.SESSION else Enough(rules.enough.share))
    return length(_inside(session, person)) >= enough.seconds_of(high - low, default_share)


def _credits(sessions: Iterable[Session], rules: CertificateRules) -> Mapping[str, float]:
    total: dict[str, float] = {}
    for session in sessions:
        low, high = _window(session)
        for kind, hours in (_of(session).credits or Credits()).over(rules.credits).of(high - low).items():
            total[kind] = round(total.get(kind, 0) + hours, 2)
    return total


def _on_stage(unit: Unit, people: _People, held: Phrase) -> Iterator[Entitlement]:
    """One certificate per person and what it is for, however many items or sessions of the unit there are."""
    found: dict[tuple[For, str], Entitlement] = {}
    for session in unit.sessions:
        for why_for, name, emails, title in _roles(session):
            person = people.on_stage(session.key, name, emails)
            key = person.key if person else f"email:{emails[0].casefold()}" if emails else f"name:{folded_name(name)}"
            had = found.get((why_for, key))
            titles = tuple(dict.fromkeys((*(had.titles if had else ()), title)))
            sessions = tuple(dict.fromkeys((*(had.sessions if had else ()), session.key)))
            there = person is not None or bool(had and had.entitled)
            found[why_for, key] = Entitlement(
                key, unit, why_for, had.name if had else name, _email_of(emails, person), there,
                _why_on_stage(there=there), sessions=sessions, titles=titles, held=held,
            )  # fmt: skip
    yield from found.values()


def _email_of(emails: Sequence[str], person: _Person | None) -> str | None:
    if emails:
        return emails[0]
    return person.email if person else None


def _roles(session: Session) -> Iterator[tuple[For, str, tuple[str, ...], str]]:
    for item in session.items:
        yield For.PRESENTING, item.presenter, item.emails, item.title
    for name in session.moderators:
        yield For.MODERATING, name, (), session.long_title or session.title


def _why_on_stage(*, there: bool) -> Phrase:
    if there:
        return Phrase("in the programme, and was there")
    return Phrase("in the programme, but nobody of this name or address was there")
