"""Putting a programme into the store: whose it is, which stored session each session is, and what it changes.

First everything is found out, as one value that a command shows, a page asks about and a worker judges (`compare`);
then it is stored, if nothing is left to decide (`put_in`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from zoom_sync.domain.adjusting import Adjustment, Kept, adjusted, dropped
from zoom_sync.domain.difference import Coincidence, Difference, coincidences, difference
from zoom_sync.domain.keys import Because, Match, Matching, match_sessions
from zoom_sync.domain.programme import Programme, Session
from zoom_sync.domain.validate import check_sessions
from zoom_sync.errors import ConfigurationError, Problem, Undecided
from zoom_sync.service_layer.archived import refuse_archived
from zoom_sync.service_layer.ports.events import ProgrammeStore


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has said about a programme that is loaded.

    `rename` gives stored keys their new ones. `another` are keys of new sessions that are none of the stored ones,
    whatever they look like. `accept`: all proposals are right. `new_event`: the event is none of the stored ones.
    `drop` names adjustments that do not hold any more, `drop_all` says so of all.
    """

    rename: Mapping[str, str] = field(default_factory=dict)
    another: frozenset[str] = frozenset()
    accept: bool = False
    new_event: bool = False
    drop: frozenset[str] = frozenset()
    drop_all: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A programme beside the store. `programme` has the keys that its sessions will be stored under.

    `found` are matches of sessions without ids; `coincides` are stored events that a new event may be. `stored` is the
    programme that it was compared with, None where the event is new. `kept` are adjustments that hold over what was
    read, of those that there were (`adjusted_before`); `misfits` say why they do not fit what the source says now.
    """

    programme: Programme
    difference: Difference
    stored: Programme | None = field(default=None, repr=False)
    found: Matching = field(default_factory=Matching)
    coincides: tuple[Coincidence, ...] = ()
    accepted: bool = False
    kept: tuple[Kept, ...] = ()
    adjusted_before: tuple[Adjustment, ...] = ()
    misfits: tuple[Problem, ...] = ()

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """What holds over what was read."""
        return tuple(one.adjustment for one in self.kept)

    @property
    def is_needless(self) -> bool:
        """Whether storing it would change nothing at all."""
        return self.stored == self.programme and self.adjustments == self.adjusted_before

    @property
    def renames(self) -> dict[str, str]:
        """The new key of each stored one that is renamed."""
        return {match.stored.key: match.session.key for match in self.difference.renamed}

    @property
    def mark(self) -> str:
        """Stands for exactly this comparison: what was seen is what is stored."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @property
    def can_be_accepted(self) -> bool:
        """Whether all that is open are proposals, to which somebody may say yes."""
        return not self.coincides and not self.difference.unclear and not self.misfits

    @property
    def matches_told(self) -> tuple[Problem, ...]:
        """The matches of sessions without ids, in words."""
        return tuple(_matches(self.found)) if self.found.needs_a_look else ()

    @property
    def open_questions(self) -> tuple[Problem, ...]:
        """What somebody has to decide before the programme can be stored; each says how."""
        matches = () if self.accepted else self.matches_told
        return (*map(_same_event, self.coincides), *matches, *self._renamed(), *self.misfits)

    def _renamed(self) -> Iterable[Problem]:
        for match in self.difference.proposed:
            old, new = match.stored.key, match.session.key
            yield Problem(
                f"`{match.session.title}` ({match.session.start:%Y-%m-%d %H:%M}) may be the stored session {old} under"
                f" the new key {new}: --rename {old}={new} lets it keep its meeting, --another {new} makes it another"
                " session",
                match.session.line,
            )
        for session, others in self.difference.unclear:
            yield Problem(
                f"`{session.title}` ({session.start:%Y-%m-%d %H:%M}), key {session.key}, may be one of the stored"
                f" sessions {', '.join(other.key for other in others)}: --rename OLD={session.key} says which,"
                f" --another {session.key} says none",
                session.line,
            )


def _matches(matching: Matching) -> Iterable[Problem]:
    for match in matching.matches:
        yield Problem(f"`{match.session.title}` is taken for the stored session {match.stored.key}: {match.because}")
    for session in matching.new:
        yield Problem(f"`{session.title}` ({session.start:%Y-%m-%d %H:%M}) is new")
    for session in matching.gone:
        yield Problem(f"the stored session {session.key} (`{session.title}`) is gone")


def _same_event(coincidence: Coincidence) -> Problem:
    key, count = coincidence.event.key, len(coincidence.shared)
    return Problem(
        f"the stored event {key} (`{coincidence.event.title}`) has {count} of these sessions already, such as"
        f" `{coincidence.shared[0].title}` ({coincidence.shared[0].start:%Y-%m-%d %H:%M}): --event {key} brings it"
        " up to this programme, --new says that this is another event, with meetings of its own"
    )


def compare(
    programmes: ProgrammeStore,
    programme: Programme,
    made_keys: Iterable[str] = (),
    said: Said = Said(),
) -> Comparison:
    """What storing a programme would change, and what has to be decided first. Writes nothing.

    `made_keys` are the keys of sessions whose source has no ids. Raises ConfigurationError where what was said is of
    sessions that there are not.
    """
    stored_events = programmes.events()
    if programme.event.key not in {event.key for event in stored_events}:
        _check_said(said, programme, None)
        others = () if said.new_event else (_as_read(programmes, event.key) for event in stored_events)
        return Comparison(programme, difference(None, programme), coincides=coincidences(programme, others))
    refuse_archived(programmes, programme.event.key)
    stored = programmes.programme(programme.event.key)
    _check_said(said, programme, stored)
    named = _named(said, programme, stored)
    settled = {key for match in named for key in (match.session.key, match.stored.key)}
    matching = match_sessions(
        [session for session in programme.sessions if session.key not in settled],
        made_keys,
        [session for session in _as_read(programmes, programme.event.key).sessions if session.key not in settled],
        another=said.another,
    )
    matching = matching.with_stored({session.key: session for session in stored.sessions})
    renamed = (*named, *matching.renamed) if said.accept else named
    proposed = () if said.accept else matching.renamed
    read = matching.applied_to(programme)
    there = tuple(programmes.adjustments(programme.event.key))
    drop = frozenset(adjustment.name for adjustment in there) if said.drop_all else said.drop
    after = adjusted(read, there, {match.stored.key: match.session.key for match in renamed}, drop)
    shown = _cancelled(after.programme) if programmes.is_called_off(programme.event.key) else after.programme
    differs = difference(stored, shown, renamed=renamed, proposed=proposed, unclear=matching.unclear)
    return Comparison(
        after.programme, differs, stored, matching, accepted=said.accept, kept=after.kept, adjusted_before=there,
        misfits=tuple(_misfits(read, after.programme)),
    )  # fmt: skip


def _as_read(programmes: ProgrammeStore, event: str) -> Programme:
    """The stored programme as its source told it: by what that says sessions are found again."""
    there = programmes.adjustments(event)
    return dropped(programmes.programme(event), there, {adjustment.name for adjustment in there}).programme


def _misfits(read: Programme, after: Programme) -> Iterable[Problem]:
    for flaw in sorted(set(check_sessions(after.sessions)) - set(check_sessions(read.sessions)), key=str):
        yield Problem(
            f"what was adjusted by hand does not fit what the source says now: {flaw.message}; --drop-adjustments lets"
            " the source be right",
            flaw.line,
        )


def _cancelled(programme: Programme) -> Programme:
    """As it is stored of an event that is called off."""
    return replace(programme, sessions=tuple(replace(session, cancelled=True) for session in programme.sessions))


def put_in(programmes: ProgrammeStore, compared: Comparison, now: datetime, by: str = "") -> None:
    """Store it; `by` is who loads it.

    Raises:
        Undecided: something is left to decide; nothing is changed.
        StoreConflict: the stored programme changed since it was compared, or a meeting of a renamed session is being
            made right now; nothing is changed.
    """
    questions = compared.open_questions
    if questions and compared.matches_told and not compared.accepted:
        raise Undecided(
            "the source has no ids for its sessions, so they are matched with the stored ones; nothing was changed."
            " Look at the matches, and repeat with --accept-keys if they are right",
            questions,
        )
    if questions:
        raise Undecided(
            "this may be in the store already, under another key; nothing was changed. Say what is meant"
            + (", or --accept-keys if all of these are the stored sessions" if compared.can_be_accepted else ""),
            questions,
        )
    programmes.save(
        compared.programme, now, compared.renames, by, expected=compared.stored, adjustments=compared.adjustments
    )


def _named(said: Said, programme: Programme, stored: Programme) -> tuple[Match, ...]:
    read = {session.key: session for session in programme.sessions}
    there = {session.key: session for session in stored.sessions}
    return tuple(Match(read[new], there[old], Because.SAID) for old, new in said.rename.items())


def _check_said(said: Said, programme: Programme, stored: Programme | None) -> None:
    read = {session.key for session in programme.sessions}
    there = {session.key for session in stored.sessions} if stored else set()
    problems = [
        *(problem for old, new in said.rename.items() for problem in _rename_flaws(old, new, read, there)),
        *(
            Problem(f"--another {key}: the programme has no new session of this key")
            for key in sorted(said.another)
            if key not in read or key in there
        ),
    ]
    if len(set(said.rename.values())) < len(said.rename):
        problems.append(Problem("--rename: two stored sessions cannot become one"))
    if problems:
        raise ConfigurationError("this cannot be done; nothing was changed", problems)


def _rename_flaws(old: str, new: str, read: set[str], there: set[str]) -> Iterable[Problem]:
    option = f"--rename {old}={new}"
    if old not in there:
        yield Problem(f"{option}: the store has no session {old} of this event")
    elif old in read:
        yield Problem(f"{option}: the programme still has a session {old}")
    if new not in read:
        yield Problem(f"{option}: the programme has no session {new}")
    elif new in there:
        yield Problem(f"{option}: the store has a session {new} already")


# --- as JSON ---------------------------------------------------------------------------------------------------------


def comparison_json(compared: Comparison, *, stored: bool) -> dict[str, object]:
    """The comparison for programs. `stored` tells whether it was put into the store."""
    differs = compared.difference
    return {
        "event": differs.event.key,
        "title": differs.event.title,
        "stored": stored,
        "known": differs.stored,
        "sessions": differs.total,
        "counts": {**differs.counts, "unchanged": differs.unchanged},
        "event_fields": list(differs.event_fields),
        "new": [_session_json(session) for session in differs.new],
        "moved": [
            _session_json(changed.session) | {"from": _span_json(changed.stored), "to": _span_json(changed.session)}
            for changed in differs.moved
        ],
        "retitled": [
            _session_json(changed.session) | {"from": changed.stored.title, "to": changed.session.title}
            for changed in differs.retitled
        ],
        "called_off": [_session_json(changed.session) for changed in differs.called_off],
        "held_again": [_session_json(changed.session) for changed in differs.held_again],
        "changed": [_session_json(one.session) | {"fields": list(one.fields)} for one in differs.changed],
        "gone": [_session_json(session) for session in differs.gone],
        "renamed": [_match_json(match) for match in differs.renamed],
        "proposed": [_match_json(match) for match in differs.proposed],
        "unclear": [
            {"new": session.key, "title": session.title, "old": [other.key for other in others]}
            for session, others in differs.unclear
        ],
        "coincides": [
            {"event": coincide.event.key, "title": coincide.event.title, "sessions": len(coincide.shared)}
            for coincide in compared.coincides
        ],
        "kept": [
            {
                "session": one.adjustment.key,
                "field": one.adjustment.field,
                "value": one.adjustment.value,
                "source": one.adjustment.source,
                "by": one.adjustment.by,
                "at": one.adjustment.at.isoformat(),
            }
            for one in compared.kept
        ],
        "questions": [problem.message for problem in compared.open_questions],
    }


def _session_json(session: Session) -> dict[str, object]:
    return {"session": session.key, "title": session.title, "start": session.start.isoformat()}


def _span_json(session: Session) -> dict[str, str]:
    return {"start": session.start.isoformat(), "end": session.end.isoformat(), "timezone": session.timezone}


def _match_json(match: Match) -> dict[str, str]:
    return {
        "old": match.stored.key,
        "new": match.session.key,
        "title": match.session.title,
        "start": match.session.start.isoformat(),
        "because": str(match.because),
    }
