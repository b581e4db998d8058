"""How the difference between a programme and the stored one looks to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from zoom_sync.domain.adjusting import Kept
from zoom_sync.domain.difference import Changed, Difference, shift_text
from zoom_sync.domain.keys import Match
from zoom_sync.domain.programme import Session
from zoom_sync.entrypoints.cli import show
from zoom_sync.entrypoints.cli.session import Format

FIRST_LINES = 5  # of each kind; `--format json` has all

# In the order in which they are told.
_WORDS = {
    "new": "new",
    "moved": "moved",
    "retitled": "retitled",
    "called_off": "called off",
    "held_again": "no longer called off",
    "changed": "changed otherwise",
    "gone": "gone",
    "renamed": "under a new key",
    "proposed": "perhaps under a new key",
}

Row = Sequence[str]


def comparison(differs: Difference, form: Format) -> None:
    """What a programme changes: the counts, and the first sessions of each kind."""
    show.say(_counts(differs))
    if differs.event_fields:
        show.say(f"the event itself: {', '.join(differs.event_fields)} changed")
    if (shift := differs.by_as_much) is not None and len(differs.moved) > 1:
        show.say(f"{len(differs.moved)} of {differs.total} sessions move by {shift_text(shift)}")
    rows = list(_rows(differs))
    if rows:
        show.table(form, ("difference", "session", "title", "what"), rows)


def kept(adjustments: Iterable[Kept]) -> None:
    """What was edited by hand and holds over what was read."""
    for one in adjustments:
        told = one.adjustment
        news = "; the source says something else of it than before" if one.news else ""
        show.say(f"kept: {told.key}: {told.field} adjusted on the page on {told.at:%Y-%m-%d} by {told.by}{news}")


def _counts(differs: Difference) -> str:
    texts = [f"{count} {_WORDS[name]}" for name, count in differs.counts.items() if count]
    return ", ".join([*texts, f"{differs.unchanged} unchanged"])


def _rows(differs: Difference) -> Iterator[Row]:
    yield from _first("new", [_session(session) for session in differs.new])
    yield from _first("moved", [_moved(changed) for changed in differs.moved])
    yield from _first(
        "retitled", [_named(changed.session, f"was: {changed.stored.title}") for changed in differs.retitled]
    )
    yield from _first("called_off", [_session(changed.session) for changed in differs.called_off])
    yield from _first("held_again", [_session(changed.session) for changed in differs.held_again])
    yield from _first("changed", [_named(one.session, ", ".join(one.fields)) for one in differs.changed])
    yield from _first("gone", [_session(session) for session in differs.gone])
    yield from _first("renamed", [_renamed(match) for match in differs.renamed])
    unclear = [_named(session, f"one of: {', '.join(each.key for each in some)}?") for session, some in differs.unclear]
    yield from _first("proposed", [*(_renamed(match) for match in differs.proposed), *unclear])


def _first(kind: str, rows: Sequence[Row]) -> Iterable[Row]:
    textses = [(_WORDS[kind], *row) for row in rows[:FIRST_LINES]]
    more = len(rows) - len(textses)
    return [*textses, (_WORDS[kind], "…", f"and {more} more", "")] if more else textses


def _named(session: Session, what: str) -> Row:
    return session.key, session.title, what


def _session(session: Session) -> Row:
    return _named(session, show.when(session))


def _moved(changed: Changed) -> Row:
    by = f" ({shift_text(changed.by)})" if changed.by != timedelta() else ""
    return _named(changed.session, f"{show.when(changed.stored)} → {show.when(changed.session)}{by}")


def _renamed(match: Match) -> Row:
    return _named(match.session, f"was: {match.stored.key}")
