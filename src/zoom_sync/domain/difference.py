"""What a programme that was read would change in the stored one, session by session, and whose programme it is.

Pure: two programmes in, values out. `load`, a page and a worker that reads a source again judge by the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from zoom_sync.domain.keys import Match, same_title
from zoom_sync.domain.programme import Event, Programme, Session

# Told apart from other changes: what people who hold a link have to know.
_TIMES = ("start", "end", "timezone")
_RETITLED = ("title", "long_title")
_NOT_COMPARED = frozenset({*_TIMES, *_RETITLED, "key", "cancelled", "line", "parts"})


@dataclass(frozen=True, slots=True)
class Changed:
    """A session that differs from the stored one. `fields` are those beside title, time and being called off."""

    session: Session
    stored: Session
    fields: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether it is at another instant, or told in another zone."""
        return _times(self.session) != _times(self.stored)

    @property
    def retitled(self) -> bool:
        """Whether it has another title, the short or the long one."""
        return any(getattr(self.session, name) != getattr(self.stored, name) for name in _RETITLED)

    @property
    def by(self) -> timedelta:
        """How much later it begins; negative where it begins earlier."""
        return self.session.start.astimezone(UTC) - self.stored.start.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs. A session can be moved and retitled at once, and counts in both.

    `stored` tells whether the event is in the store at all. `renamed` are sessions that keep everything they have under
    another key. `proposed` are those that may be renamed ones, and nobody has said so yet: they are neither new nor
    gone; `unclear` those that may be one of several. `event_fields` are the names of what changed of the event itself.
    """

    event: Event
    stored: bool
    total: int
    total_stored: int = 0
    new: tuple[Session, ...] = ()
    moved: tuple[Changed, ...] = ()
    retitled: tuple[Changed, ...] = ()
    called_off: tuple[Changed, ...] = ()
    held_again: tuple[Changed, ...] = ()
    changed: tuple[Changed, ...] = ()
    gone: tuple[Session, ...] = ()
    renamed: tuple[Match, ...] = ()
    proposed: tuple[Match, ...] = ()
    unclear: tuple[tuple[Session, tuple[Session, ...]], ...] = ()
    unchanged: int = 0
    event_fields: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the stored programme says the same already."""
        return self.stored and not any((*self.counts.values(), self.event_fields))

    @property
    def counts(self) -> dict[str, int]:
        """How many sessions there are of each kind of difference."""
        return {
            "new": len(self.new),
            "moved": len(self.moved),
            "retitled": len(self.retitled),
            "called_off": len(self.called_off),
            "held_again": len(self.held_again),
            "changed": len(self.changed),
            "gone": len(self.gone),
            "renamed": len(self.renamed),
            "proposed": len(self.proposed) + len(self.unclear),
        }

    @property
    def by_as_much(self) -> timedelta | None:
        """By how much all sessions that moved did; None where not all did by the same."""
        shifts = {changed.by for changed in self.moved}
        return next(iter(shifts)) if len(shifts) == 1 and shifts != {timedelta()} else None


def difference(
    stored: Programme | None,
    read: Programme,
    *,
    renamed: Sequence[Match] = (),
    proposed: Sequence[Match] = (),
    unclear: Sequence[tuple[Session, tuple[Session, ...]]] = (),
) -> Difference:
    """What `read` changes in `stored`, the programme of the same event.

    `renamed` are the sessions that keep what they have under another key, `proposed` and `unclear` those of which it is
    not decided.
    """
    if stored is None:
        return Difference(read.event, stored=False, total=len(read.sessions), new=read.sessions)
    before = {session.key: session for session in stored.sessions}
    before |= {match.session.key: match.stored for match in renamed}
    open_keys = {match.session.key for match in proposed} | {session.key for session, _ in unclear}
    kept = {match.stored.key for match in (*renamed, *proposed)} | {
        session.key for _, some in unclear for session in some
    }
    read_keys = {session.key for session in read.sessions}
    pairs = [
        _changed(session, before[session.key])
        for session in read.sessions
        if session.key in before and session.key not in open_keys
    ]
    return Difference(
        read.event,
        stored=True,
        total=len(read.sessions),
        total_stored=len(stored.sessions),
        new=tuple(session for session in read.sessions if session.key not in before and session.key not in open_keys),
        moved=tuple(pair for pair in pairs if pair.moved),
        retitled=tuple(pair for pair in pairs if pair.retitled),
        called_off=tuple(pair for pair in pairs if pair.session.cancelled and not pair.stored.cancelled),
        held_again=tuple(pair for pair in pairs if pair.stored.cancelled and not pair.session.cancelled),
        changed=tuple(pair for pair in pairs if pair.fields),
        gone=tuple(session for session in stored.sessions if session.key not in read_keys and session.key not in kept),
        renamed=tuple(renamed),
        proposed=tuple(proposed),
        unclear=tuple(unclear),
        unchanged=sum(_is_unchanged(pair) for pair in pairs),
        event_fields=_event_fields(stored.event, read.event),
    )


def _times(session: Session) -> tuple[datetime, datetime, str]:
    # In UTC: in the hour that a change of clocks repeats, Python calls the times of two zones never equal.
    return session.start.astimezone(UTC), session.end.astimezone(UTC), session.timezone


def _changed(session: Session, stored: Session) -> Changed:
    names = (field.name for field in fields(Session) if field.name not in _NOT_COMPARED)
    return Changed(session, stored, tuple(name for name in names if getattr(session, name) != getattr(stored, name)))


def _is_unchanged(pair: Changed) -> bool:
    same = pair.session.cancelled == pair.stored.cancelled and pair.session.key == pair.stored.key
    return same and not (pair.moved or pair.retitled or pair.fields)


def _event_fields(stored: Event, read: Event) -> tuple[str, ...]:
    return tuple(field.name for field in fields(Event) if getattr(stored, field.name) != getattr(read, field.name))


def shift_text(shift: timedelta) -> str:
    """How much later, as people say it: `+12 h`, `-30 min`, `+1 d 2 h`."""
    minutes = round(abs(shift).total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    texts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "min")) if count]
    return f"{'-' if shift < timedelta() else '+'}{' '.join(texts) or '0 min'}"


# --- whose programme it is -------------------------------------------------------------------------------------------

# Of the sessions of the smaller of two programmes: how many are shared by two programmes of one event at least.
_SHARED_AT_LEAST = 1 / 3


@dataclass(frozen=True, slots=True)
class Coincidence:
    """A stored event that a new programme may be: `shared` of its sessions, the programme's own, are stored there."""

    event: Event
    shared: tuple[Session, ...]


def coincidences(read: Programme, stored: Iterable[Programme]) -> tuple[Coincidence, ...]:
    """The stored events that a programme under a new event key may be, the likeliest first.

    Two sessions coincide where they have title and begin in common, or the id and the title, or the id while both
    programmes are of the same days: keys such as `talk-1` stand in next year's programme too. A third of the smaller
    programme has to coincide, so that one lunch at the same hour proves nothing.
    """
    found = []
    for other in stored:
        shared = _shared(read, other)
        if shared and len(shared) >= _SHARED_AT_LEAST * min(len(read.sessions), len(other.sessions)):
            found.append(Coincidence(other.event, shared))
    return tuple(sorted(found, key=lambda coincidence: -len(coincidence.shared)))


def _shared(read: Programme, other: Programme) -> tuple[Session, ...]:
    by_key: Mapping[str, Session] = {session.key: session for session in other.sessions}
    titles = {(same_title(session), session.start.astimezone(UTC)) for session in other.sessions}
    same_days = _overlap(_span(read), _span(other))

    def coincides(session: Session) -> bool:
        if (same_title(session), session.start.astimezone(UTC)) in titles:
            return True
        there = by_key.get(session.key)
        return there is not None and (same_days or same_title(there) == same_title(session))

    return tuple(session for session in read.sessions if coincides(session))


def _span(programme: Programme) -> tuple[datetime, datetime] | None:
    if not programme.sessions:
        return None
    return min(session.start for session in programme.sessions), max(session.end for session in programme.sessions)


def _overlap(one: tuple[datetime, datetime] | None, other: tuple[datetime, datetime] | None) -> bool:
    return one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]
