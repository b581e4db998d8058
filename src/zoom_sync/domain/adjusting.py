"""What is changed by hand in a programme that lives elsewhere, and how it fares when that is read again. Pure.

An adjustment is kept beside the programme: of one session, one field, with what the source says of it. It holds until
somebody drops it, or the source says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from zoom_sync.domain.programme import AgendaItem, Programme, Session

TIME = "time"  # start and end, as they are moved together
SETTING = "settings."  # begins the name of a setting of the meeting
PLAIN = ("title", "room", "host", "profile", "cancelled", "public")
FIELDS = ("title", TIME, *PLAIN[1:])  # what can be edited, in the order in which it is shown


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A field of a session that says something else than its source. Values are plain: times are ISO 8601 in UTC."""

    key: str
    field: str
    value: Any
    source: Any
    by: str
    at: datetime

    @property
    def name(self) -> str:
        """What it is called by, where one is chosen among many."""
        return f"{self.key}/{self.field}"


@dataclass(frozen=True, slots=True)
class Kept:
    """An adjustment that holds over what was read. `news`: the source says something else of it than before."""

    adjustment: Adjustment
    session: Session
    news: bool = False


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A programme with its adjustments. `kept` are those that hold; the others are not needed any more."""

    programme: Programme
    kept: tuple[Kept, ...] = ()

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        return tuple(one.adjustment for one in self.kept)


def said(session: Session, field: str) -> Any:
    """What a session says of a field, as a plain value."""
    if field == TIME:
        return [each.astimezone(UTC).isoformat() for each in (session.start, session.end)]
    if field.startswith(SETTING):
        return session.settings.get(field.removeprefix(SETTING))
    return getattr(session, field)


def with_said(session: Session, field: str, value: Any) -> Session:
    """The session with another value of a field. An agenda that tells times moves with the start."""
    if field == TIME:
        return _moved(session, *map(datetime.fromisoformat, value))
    if field.startswith(SETTING):
        name = field.removeprefix(SETTING)
        others = {key: each for key, each in session.settings.items() if key != name}
        return replace(session, settings=others if value is None else {**others, name: value})
    return replace(session, **{field: value})


def _moved(session: Session, start: datetime, end: datetime) -> Session:
    zone = ZoneInfo(session.timezone)
    by = start - session.start.astimezone(UTC)

    def shifted(moment: datetime | None) -> datetime | None:
        return moment and (moment.astimezone(UTC) + by).astimezone(zone)

    def item_shifted(item: AgendaItem) -> AgendaItem:
        return replace(item, start=shifted(item.start), end=shifted(item.end))

    items = tuple(map(item_shifted, session.items)) if by else session.items
    return replace(session, start=start.astimezone(zone), end=end.astimezone(zone), items=items)


def adjusted(
    read: Programme,
    adjustments: Iterable[Adjustment],
    renames: Mapping[str, str] | None = None,
    drop: Collection[str] = (),
) -> Adjusted:
    """What was read, with the adjustments that hold over it.

    `renames` gives stored keys their new ones, `drop` names adjustments that do not hold any more. One whose session is
    gone, or whose source says the same by now, does not either.
    """
    sessions = {session.key: session for session in read.sessions}
    kept = []
    for adjustment in adjustments:
        key = (renames or {}).get(adjustment.key, adjustment.key)
        session = sessions.get(key)
        if session is None or adjustment.name in drop:
            continue
        source = said(session, adjustment.field)
        if source == adjustment.value:
            continue
        sessions[key] = with_said(session, adjustment.field, adjustment.value)
        kept.append(Kept(replace(adjustment, key=key, source=source), sessions[key], news=source != adjustment.source))
    return Adjusted(replace(read, sessions=tuple(sessions[one.key] for one in read.sessions)), tuple(kept))


def edited(
    stored: Programme,
    adjustments: Sequence[Adjustment],
    edits: Iterable[tuple[str, str, Any]],
    by: str,
    at: datetime,
) -> Adjusted:
    """The stored programme with edits (session's key, field, value), and the adjustments that there are then.

    What is edited back to what the source says is no adjustment any more.
    """
    sessions = {session.key: session for session in stored.sessions}
    there = {(adjustment.key, adjustment.field): adjustment for adjustment in adjustments}
    for key, field, value in edits:
        before, earlier = said(sessions[key], field), there.get((key, field))
        source = before if earlier is None else earlier.source
        if value != before:
            sessions[key] = with_said(sessions[key], field, value)
            there[key, field] = Adjustment(key, field, value, source, by, at)
        if value == source:
            there.pop((key, field), None)
    programme = replace(stored, sessions=tuple(sessions[session.key] for session in stored.sessions))
    return Adjusted(
        programme,
        tuple(
            Kept(adjustment, sessions[adjustment.key]) for adjustment in there.values() if adjustment.key in sessions
        ),
    )


def dropped(stored: Programme, adjustments: Sequence[Adjustment], names: Collection[str]) -> Adjusted:
    """The stored programme without these adjustments: what the source said when it was read last."""
    edits = [
        (adjustment.key, adjustment.field, adjustment.source) for adjustment in adjustments if adjustment.name in names
    ]
    return edited(stored, adjustments, edits, "", datetime.min.replace(tzinfo=UTC))
