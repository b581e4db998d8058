"""Which entries of a timetable become sessions: by room, track, type, state and tag.

Compared without regard to case and outer spaces. What is left out is answered with its reason, never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from zoom_sync.domain.keys import key_of_id
from zoom_sync.domain.timetable.entry import Entry
from zoom_sync.domain.timetable.states import Standing, standing_of


class Aspect(StrEnum):
    """What an entry can be chosen by."""

    ROOM = "room"
    TRACK = "track"
    TYPE = "type"
    STATE = "state"
    TAG = "tag"


PAUSES = ("break", "pause", "茶歇", "休息")
USUALLY_WITHOUT: Mapping[Aspect, tuple[str, ...]] = {Aspect.TYPE: PAUSES}


class Aside(StrEnum):
    """Why an entry is left out whatever it says of itself."""

    NAMED = "named one by one"
    OTHER_DAYS = "not on the days that are asked for"
    WHOLE_DAY = "all-day entries, without a start and an end"


@dataclass(frozen=True, slots=True)
class Selection:
    """`only`: an entry needs one of the values of each aspect that is named. `without`: none of these.

    `without_ids` leaves out single entries. `first` and `last` are the days, in an entry's own zone, that it begins on.
    """

    only: Mapping[Aspect, tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[Aspect, tuple[str, ...]] = field(default_factory=dict)
    without_ids: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        named = any(self.only.values()) or any(self.without.values()) or bool(self.without_ids)
        return named or self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class Selected:
    """The chosen entries in their order; the others, each with the aspect and value that decided ("" for none).

    `unknown` are values that were asked for and that no entry has, each with the values that there are. `unclear` are
    chosen entries by a state of which it is not known whether such sessions take place. `put_aside` are entries
    that are left out for what they are, and `unknown_ids` the ids that were to be left out and that no entry has.
    """

    chosen: tuple[Entry, ...]
    left_out: tuple[tuple[Entry, Aspect, str], ...]
    unknown: tuple[tuple[Aspect, str, tuple[str, ...]], ...]
    unclear: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    put_aside: Mapping[Aside, tuple[Entry, ...]] = field(default_factory=dict)
    unknown_ids: tuple[str, ...] = ()


def select(entries: Iterable[Entry], selection: Selection) -> Selected:
    """Choose. An entry in several rooms is chosen by any of them, and keeps only the chosen ones."""
    entries = tuple(entries)
    only = {aspect: {_plain(value) for value in values} for aspect, values in selection.only.items() if values}
    without = {aspect: {_plain(value) for value in _without(aspect, selection)} for aspect in Aspect}
    chosen: list[Entry] = []
    unclear: dict[str, list[Entry]] = {}
    left_out: list[tuple[Entry, Aspect, str]] = []
    put_aside: dict[Aside, list[Entry]] = {}
    names = {_plain(each) for each in selection.without_ids}
    for entry in entries:
        aside = _aside(entry, names, selection)
        if aside:
            put_aside.setdefault(aside, []).append(entry)
            continue
        reason = _reason_against(entry, only, without)
        if reason:
            left_out.append((entry, *reason))
        else:
            chosen.append(_in_rooms(entry, only.get(Aspect.ROOM), without[Aspect.ROOM]))
            if Aspect.STATE not in only and entry.state and standing_of(entry.state) is Standing.UNKNOWN:
                unclear.setdefault(_plain(entry.state), []).append(entry)
    entrieses = {state: tuple(those) for state, those in unclear.items()}
    aside_by_reason = {aside: tuple(those) for aside, those in put_aside.items()}
    there = {name for entry in entries for name in _names_of(entry)}
    lost = tuple(each for each in selection.without_ids if _plain(each) not in there)
    return Selected(
        tuple(chosen), tuple(left_out), tuple(_unknown(entries, selection)), entrieses, aside_by_reason, lost
    )


def values_of(entry: Entry, aspect: Aspect) -> tuple[str, ...]:
    """What an entry says of an aspect."""
    if aspect is Aspect.ROOM:
        return entry.rooms
    if aspect is Aspect.TAG:
        return entry.tags
    single = {Aspect.TRACK: entry.track, Aspect.TYPE: entry.type, Aspect.STATE: entry.state}[aspect]
    return (single,) if single else ()


def _without(aspect: Aspect, selection: Selection) -> tuple[str, ...]:
    usual = () if selection.only.get(aspect) else USUALLY_WITHOUT.get(aspect, ())
    return (*usual, *selection.without.get(aspect, ()))


def _reason_against(
    entry: Entry, only: Mapping[Aspect, set[str]], without: Mapping[Aspect, set[str]]
) -> tuple[Aspect, str] | None:
    for aspect in Aspect:
        texts = values_of(entry, aspect)
        wanted, unwanted = only.get(aspect), without[aspect]
        if wanted is not None and not any(_plain(value) in wanted for value in texts):
            return aspect, texts[0] if texts else ""
        bad = [value for value in texts if _plain(value) in unwanted]
        if aspect is Aspect.STATE and wanted is None and not _is_held(entry):
            return aspect, entry.state or ""
        if bad and (aspect is not Aspect.ROOM or len(bad) == len(texts)):  # shown in another room as well: still held
            return aspect, bad[0]
    return None


def _aside(entry: Entry, names: set[str], selection: Selection) -> Aside | None:
    if names & _names_of(entry):
        return Aside.NAMED
    day = entry.start.date() if entry.start else None
    before = day is not None and selection.first is not None and day < selection.first
    after = day is not None and selection.last is not None and day > selection.last
    if before or after:
        return Aside.OTHER_DAYS
    return Aside.WHOLE_DAY if entry.whole_day else None


def _names_of(entry: Entry) -> set[str]:
    """What an entry can be named by: its id, whole and as messages show it, and the key that is made of it."""
    if not entry.id:
        return set()
    return {_plain(entry.id), _plain(entry.id.partition("@")[0]), key_of_id(entry.id)}


def _is_held(entry: Entry) -> bool:
    """Whether an entry takes place, or nobody knows; what a field tells to be cancelled stays, to be told."""
    return standing_of(entry.state) in {Standing.HELD, Standing.UNKNOWN} or entry.cancelled


def _in_rooms(entry: Entry, texts: set[str] | None, unwanted: set[str]) -> Entry:
    rooms = tuple(
        room for room in entry.rooms if (texts is None or _plain(room) in texts) and _plain(room) not in unwanted
    )
    return entry if rooms == entry.rooms else replace(entry, rooms=rooms)


def _unknown(entries: tuple[Entry, ...], selection: Selection) -> Iterable[tuple[Aspect, str, tuple[str, ...]]]:
    for aspect, values in selection.only.items():
        there = {_plain(value): value for entry in entries for value in values_of(entry, aspect)}
        yield from ((aspect, value, tuple(sorted(there.values()))) for value in values if _plain(value) not in there)


def _plain(value: str) -> str:
    return " ".join(value.split()).casefold()
