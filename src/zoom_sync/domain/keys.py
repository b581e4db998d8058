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

    `same` are sessions under another key in every respect: the source joins entries or takes them apart, such as those
    of several rooms, and the meeting stays. `matches` are proposals.
    """

    matches: tuple[Match, ...] = ()
    same: tuple[Match, ...] = ()
    new: tuple[Session, ...] = ()
    gone: tuple[Session, ...] = ()

    @property
    def needs_a_look(self) -> bool:
        """Whether a person has to decide: something was matched, or something new may be something gone."""
        return bool(self.matches) or bool(self.new and self.gone)

    def applied_to(self, programme: Programme) -> Programme:
        """The programme with the stored keys."""
        keys = {match.session.key: match.stored.key for match in (*self.same, *self.matches)}
        return replace(programme, sessions=tuple(_with_keys(session, keys) for session in programme.sessions))


def _with_keys(session: Session, keys: Mapping[str, str]) -> Session:
    """The session with other keys, its own and those of the sessions that it names."""

    def named(key: str | None) -> str | None:
        return None if key is None else keys.get(key, key)

    own, owner, rehearsed = keys.get(session.key, session.key), named(session.meeting_of), named(session.rehearsal_of)
    return replace(session, key=own, meeting_of=owner, rehearsal_of=rehearsed)


def match_sessions(read: Sequence[Session], made: Iterable[str], stored: Sequence[Session]) -> Matching:
    """Propose which stored session each session with a made key is.

    Sessions with the same key are the same and no proposal. Of the others, in this order, each time only where exactly
    one session that was read and exactly one stored session are left that agree:

    1. the same title on the same day (by the stored session's zone): its time changed;
    2. the same title: its day changed;
    3. the same begin and end: its title changed.

    Before that, a session with an unknown key, made or not, that has title, begin and end of exactly one stored session
    whose key is gone is that session: nobody need be asked.

    Titles are compared without regard to case and spaces. What is left over is new, or gone.
    """
    made = set(made)
    stored_keys = {session.key for session in stored}
    unknown = [session for session in read if session.key not in stored_keys]
    read_keys = {session.key for session in read}
    rest = [session for session in stored if session.key not in read_keys]
    same = [Match(session, other, Because.ALL) for session, other in _pairs(unknown, rest, _whole)]
    settled = {one.key for match in same for one in (match.session, match.stored)}
    rest = [session for session in rest if session.key not in settled]
    fresh = [session for session in unknown if session.key in made and session.key not in settled]
    matches: list[Match] = []
    for because, sign in _SIGNS:
        pairs = _pairs(fresh, rest, sign)
        matches += [Match(session, other, because) for session, other in pairs]
        taken = {session.key for pair in pairs for session in pair}
        fresh = [session for session in fresh if session.key not in taken]
        rest = [session for session in rest if session.key not in taken]
    return Matching(tuple(matches), tuple(same), tuple(fresh), tuple(rest))


def _whole(session: Session) -> Hashable:
    return _title(session), session.start.astimezone(UTC), session.end.astimezone(UTC)


def _title(session: Session) -> str:
    return " ".join((session.long_title or session.title).split()).casefold()


_SIGNS: tuple[tuple[Because, Callable[[Session], Hashable]], ...] = (
    (Because.TITLE_AND_DAY, lambda session: (_title(session), session.start.date())),
    (Because.TITLE, _title),
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
