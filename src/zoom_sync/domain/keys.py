"""Keys of sessions whose source has its own ids, or has none, and finding stored sessions again without ids.

A key must never change, or the session's meeting is not found again. From a source's own id it is made from that id
alone, so that no other entry can change it. Without an id it can only be made from title and time; when either changes,
`match_sessions` proposes which stored session is meant, and a person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from zoom_sync.domain.programme import Programme, Session
from zoom_sync.domain.validate import KEY_MAX, KEY_PATTERN, slug

HASH_LENGTH = 8


def key_of_id(identifier: str) -> str:
    """The key of a source's own id: the id itself where it can be a key, else its letters and a hash of it."""
    lower = identifier.lower()
    if len(lower) <= KEY_MAX and re.fullmatch(KEY_PATTERN, lower):
        return lower
    return _joined(slug(identifier), _hash(identifier))


def key_of_title(title: str, start: datetime) -> str:
    """The key of a session without an id, from its title and its begin on the clock of its zone."""
    return _joined(slug(title) or f"session-{_hash(title)}", f"{start:%Y%m%d-%H%M}")


def key_of_name(name: str, day: str = "") -> str:
    """The key of a room, or of a room's day."""
    return _joined(slug(name) or f"room-{_hash(name)}", day)


def key_of_event(title: str, year: int) -> str:
    """The key of an event that has none of its own; a title without Latin letters is told by a hash."""
    return _joined(slug(title) or f"event-{_hash(title)}", str(year))


def _joined(first: str, last: str) -> str:
    if not last:
        return first[:KEY_MAX].strip("-")
    room = KEY_MAX - len(last) - 1
    head = first[:room].strip("-")
    return f"{head}-{last}" if head else last


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:HASH_LENGTH]


# --- finding stored sessions again -----------------------------------------------------------------------------------


class Because(StrEnum):
    """Why two sessions are thought to be the same."""

    ALL = "same title at the same time"
    SAID = "named so"
    PART = "its id is that of another part of the same session"
    TITLE_AND_START = "same title and start, another key"
    TITLE_AND_DAY = "same title on the same day, another time"
    TITLE = "same title, another day"
    TIME = "same time, another title"


@dataclass(frozen=True, slots=True)
class Match:
    """A proposal: `session`, as it was read, is the stored session `key`."""

    session: Session
    stored: Session
    because: Because


@dataclass(frozen=True, slots=True)
class Matching:
    """What a programme means for the stored one.

    `same` are sessions whose key says nothing against it: the source joins entries or takes them apart, such as those
    of several rooms, or has no ids. `matches` are proposals for sessions without ids; the stored key stays.

    `renamed` are proposals for sessions whose own key is new, and whose title and begin are those of exactly one
    session that is gone: a key was renamed, or a calendar exported anew with other UIDs. `unclear` are those for which
    several are gone that could be meant; each stands beside all of them.
    """

    matches: tuple[Match, ...] = ()
    same: tuple[Match, ...] = ()
    new: tuple[Session, ...] = ()
    gone: tuple[Session, ...] = ()
    renamed: tuple[Match, ...] = ()
    unclear: tuple[tuple[Session, tuple[Session, ...]], ...] = ()

    @property
    def needs_a_look(self) -> bool:
        """Whether a person has to decide: something was matched, or something new may be something gone."""
        return bool(self.matches) or bool(self.new and self.gone)

    def with_stored(self, sessions: Mapping[str, Session]) -> Matching:
        """The same with these as the stored sessions, by their keys."""

        def of(matches: Iterable[Match]) -> tuple[Match, ...]:
            return tuple(replace(match, stored=sessions[match.stored.key]) for match in matches)

        return replace(
            self,
            matches=of(self.matches),
            same=of(self.same),
            gone=tuple(sessions[session.key] for session in self.gone),
            renamed=of(self.renamed),
            unclear=tuple((session, tuple(sessions[each.key] for each in some)) for session, some in self.unclear),
        )

    def applied_to(self, programme: Programme) -> Programme:
        """The programme with the stored keys."""
        keys = {match.session.key: match.stored.key for match in (*self.same, *self.matches)}
        return replace(programme, sessions=tuple(_with_keys(session, keys) for session in programme.sessions))


def _with_keys(session: Session, keys: Mapping[str, str]) -> Session:
    """The session with other keys, its own and those of the sessions that it names."""

    def named(key: str | None) -> str | None:
        return None if key is None else keys.get(key, key)

    own, owner, rehearsed = keys.get(session.key, session.key), named(session.meeting_of), named(session.rehearsal_of)
    parts = tuple(sorted({session.key, *session.parts} - {own}))
    return replace(session, key=own, meeting_of=owner, rehearsal_of=rehearsed, parts=parts)


def match_sessions(
    read: Sequence[Session],
    made: Iterable[str],
    stored: Sequence[Session],
    *,
    another: frozenset[str] = frozenset(),
) -> Matching:
    """Propose which stored session each session with an unknown key is; `another` are keys that are known to be new.

    Sessions with the same key are the same and no proposal. Of the others, each time only where exactly one session
    that was read and exactly one stored session are left that agree:

    1. one is a part of the other by its id, or its key was made and title, begin and end are the same: nobody is asked;
    2. the key is the source's own, and title and begin are the same: it was renamed;
    3. the key was made, and the title is the same on the same day (by the stored session's zone): its time changed;
    4. or the title is the same: its day changed;
    5. or begin and end are the same: its title changed.

    Titles are compared without regard to case and spaces. What is left over is new, or gone.
    """
    made = set(made)
    stored_keys, read_keys = {session.key for session in stored}, {session.key for session in read}
    unknown = [session for session in read if session.key not in stored_keys | another]
    rest = [session for session in stored if session.key not in read_keys]
    same = _parts(unknown, rest)
    unknown, rest = _without(same, unknown), _without(same, rest)
    fresh = [session for session in unknown if session.key in made]
    same += [Match(session, other, Because.ALL) for session, other in _pairs(fresh, rest, _whole)]
    fresh, rest = _without(same, fresh), _without(same, rest)
    renamed, unclear = _renamed([session for session in unknown if session.key not in made], rest)
    rest = _without(renamed, rest)
    matches: list[Match] = []
    for because, sign in _SIGNS:
        matches += [Match(session, other, because) for session, other in _pairs(fresh, rest, sign)]
        fresh, rest = _without(matches, fresh), _without(matches, rest)
    return Matching(tuple(matches), tuple(same), tuple(fresh), tuple(rest), tuple(renamed), tuple(unclear))


def _without(matches: Iterable[Match], sessions: Iterable[Session]) -> list[Session]:
    settled = {key for match in matches for key in (match.session.key, match.stored.key)}
    return [session for session in sessions if session.key not in settled]


def _parts(unknown: Sequence[Session], rest: Sequence[Session]) -> list[Match]:
    """Sessions of several entries, of which one came or went, so that another one gives the key."""
    whole = {part: session for session in rest for part in session.parts}
    by_key = {session.key: session for session in rest}
    matches: dict[str, Match] = {}
    for session in unknown:
        others = {by_key[part].key for part in session.parts if part in by_key}
        others |= {whole[session.key].key} if session.key in whole else set()
        if len(others) == 1:
            other = by_key[others.pop()]
            matches.setdefault(other.key, Match(session, other, Because.PART))
    return list(matches.values())


def _renamed(
    unknown: Sequence[Session], rest: Sequence[Session]
) -> tuple[list[Match], list[tuple[Session, tuple[Session, ...]]]]:
    """The sessions that exactly one stored one can be, and those that several can be.

    Of several with the same title and start, such as the openings of parallel rooms, room and end tell them apart.
    """
    renamed: list[Match] = []
    for sign in (_place, _whole, _title_and_start):
        pairs = _pairs(_without(renamed, unknown), _without(renamed, rest), sign)
        renamed += [Match(session, other, Because.TITLE_AND_START) for session, other in pairs]
    left: dict[Hashable, list[Session]] = {}
    for other in _without(renamed, rest):
        left.setdefault(_title_and_start(other), []).append(other)
    open_yet = ((session, left.get(_title_and_start(session))) for session in _without(renamed, unknown))
    return renamed, [(session, tuple(others)) for session, others in open_yet if others]


def _place(session: Session) -> Hashable:
    return _whole(session), session.room


def _title_and_start(session: Session) -> Hashable:
    return same_title(session), session.start.astimezone(UTC)


def _whole(session: Session) -> Hashable:
    return same_title(session), session.start.astimezone(UTC), session.end.astimezone(UTC)


def same_title(session: Session) -> str:
    return " ".join((session.long_title or session.title).split()).casefold()


_SIGNS: tuple[tuple[Because, Callable[[Session], Hashable]], ...] = (
    (Because.TITLE_AND_DAY, lambda session: (same_title(session), session.start.date())),
    (Because.TITLE, same_title),
    (Because.TIME, lambda session: (session.start.astimezone(UTC), session.end.astimezone(UTC))),
)


def _pairs(
    fresh: Sequence[Session], rest: Sequence[Session], sign: Callable[[Session], Hashable]
) -> list[tuple[Session, Session]]:
    here, there = Counter(map(sign, fresh)), Counter(map(sign, rest))
    by_sign = {sign(session): session for session in rest if there[sign(session)] == 1}
    return [
        (session, by_sign[sign(session)]) for session in fresh if here[sign(session)] == 1 and sign(session) in by_sign
    ]
