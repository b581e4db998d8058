"""What the chosen entries become: sessions, one for each entry, for each room's day, or for each room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from zoom_sync.domain.keys import key_of_id, key_of_name, key_of_title
from zoom_sync.domain.programme import AgendaItem, Kind, Session
from zoom_sync.domain.timetable.entry import Entry, Speaker
from zoom_sync.domain.timetable.states import Standing, standing_of
from zoom_sync.domain.timetable.titling import DEFAULT_TEMPLATE, fill
from zoom_sync.domain.validate import DESCRIPTION_MAX, span_flaw
from zoom_sync.domain.zoom_links import without_ways_in

_NOBODY = {
    "", "tba", "tbd", "tbc", "na", "nn", "none", "nobody", "various", "tobeannounced", "tobeconfirmed", "tobedecided",
    "待定", "待公布", "未定", "àconfirmer", "porconfirmar", "aconfirmar", "wirdnochbekanntgegeben",
}  # fmt: skip


class Per(StrEnum):
    """What gets one meeting."""

    SESSION = "session"
    ROOM_AND_DAY = "room-and-day"
    ROOM = "room"


class SpeakersAs(StrEnum):
    """What is made of the speakers.

    NAMES: the presenters of the agenda. EMAILS: their addresses are kept with the agenda items as well, and make them
    panelists of a webinar.
    ALTERNATIVE_HOSTS: their addresses become the meeting's alternative hosts. NONE: they are left out.
    """

    NAMES = "names"
    EMAILS = "emails"
    ALTERNATIVE_HOSTS = "alternative-hosts"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Shaping:
    """How sessions are made. `hosts` and `profiles` are by room, compared without regard to case."""

    per: Per = Per.SESSION
    title: str | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    profiles: Mapping[str, str] = field(default_factory=dict)
    speakers: SpeakersAs = SpeakersAs.NAMES

    def __bool__(self) -> bool:
        return self != Shaping()


class Remark(NamedTuple):
    """Something to tell about an entry: its text, after the entry's name."""

    entry: Entry
    text: str


@dataclass(frozen=True, slots=True)
class Shaped:
    """The sessions, the keys among theirs that were made from title and time, and what has to be told.

    An entry that could not become a session, or part of one, is in `problems` with the reason.
    """

    sessions: tuple[Session, ...]
    made_keys: frozenset[str]
    problems: tuple[Remark, ...]
    notes: tuple[Remark, ...]


def shape(entries: Iterable[Entry], shaping: Shaping, event_title: str) -> Shaped:
    """Make the sessions.

    An entry is one session however many rooms it is shown in: entries with the same title, begin and end become one
    where they have the same id, no id, or the same speakers.
    """
    whole, problems = _whole(entries)
    merged, notes = _broadcast(whole)
    if shaping.per is Per.SESSION:
        made = [_single(entry, shaping, event_title) for entry in merged]
    else:
        roomless = [entry for entry in merged if not entry.rooms]
        problems += [Remark(entry, f"has no room, and there is one meeting per {shaping.per}") for entry in roomless]
        made, more = _by_room([entry for entry in merged if entry.rooms], shaping, event_title)
        problems += more
    notes += [note for each in made for note in each.notes]
    keys = frozenset(each.session.key for each in made if each.key_is_made)
    return Shaped(tuple(each.session for each in made), keys, tuple(problems), tuple(notes))


class _Made(NamedTuple):
    session: Session
    key_is_made: bool
    notes: list[Remark]


def _whole(entries: Iterable[Entry]) -> tuple[list[Entry], list[Remark]]:
    """The entries that can be sessions, and why the others cannot."""
    whole: list[Entry] = []
    problems: list[Remark] = []
    for entry in entries:
        flaw = entry.flaw
        if flaw is None and (entry.start is None or entry.end is None or entry.timezone is None):
            flaw = "has no time, no length or no zone"
        if flaw is None and entry.start and entry.end:
            flaw = span_flaw(entry.start, entry.end)
        if flaw:
            problems.append(Remark(entry, flaw))
        else:
            whole.append(entry)
    return whole, problems


def _broadcast(entries: Sequence[Entry]) -> tuple[list[Entry], list[Remark]]:
    """Entries that are one session in several rooms put together, in the place of the first of them."""
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        same = groups.setdefault((entry.title.casefold(), entry.start, entry.end), [])
        place = next((number for number, other in enumerate(same) if _is_same(entry, other)), None)
        if place is None:
            same.append(entry)
        else:
            same[place] = _together(same[place], entry)
    merged = sorted((entry for same in groups.values() for entry in same), key=_first_place(entries))
    several = [entry for entry in merged if len(entry.rooms) > 1]
    return merged, [Remark(entry, f"is shown in {len(entry.rooms)} rooms and gets one meeting") for entry in several]


def _is_same(entry: Entry, other: Entry) -> bool:
    if entry.id is None or other.id is None:
        return entry.id is None and other.id is None
    if entry.id == other.id:
        return entry.rooms != other.rooms  # the same twice in the same room is a mistake, and told as one
    return _is_named(entry.speakers) and entry.speakers == other.speakers and not set(entry.rooms) & set(other.rooms)


def _is_named(speakers: Sequence[Speaker]) -> bool:
    """Whether it is told who speaks: two entries by "TBA" have nobody in common."""
    return any("".join(re.findall(r"\w+", speaker.name.casefold())) not in _NOBODY for speaker in speakers)


def _together(entry: Entry, other: Entry) -> Entry:
    rooms = tuple(dict.fromkeys((*entry.rooms, *other.rooms)))
    first = min((each for each in (entry.id, other.id) if each), default=None)  # whatever their order in the source
    ids = {each for each in (entry.id, other.id, *entry.more_ids, *other.more_ids) if each}
    tags = tuple(dict.fromkeys((*entry.tags, *other.tags)))
    return replace(entry, rooms=rooms, id=first, tags=tags, more_ids=tuple(sorted(ids - {first})))


def _first_place(entries: Sequence[Entry]) -> Any:
    places: dict[tuple[Any, ...], int] = {}
    for number, entry in enumerate(entries):
        places.setdefault((entry.title.casefold(), entry.start, entry.end), number)
    return lambda entry: places[entry.title.casefold(), entry.start, entry.end]


# --- one meeting per session -----------------------------------------------------------------------------------------


def _single(entry: Entry, shaping: Shaping, event_title: str) -> _Made:
    assert entry.start is not None
    assert entry.end is not None
    assert entry.timezone is not None
    notes: list[Remark] = []
    title, shortened = fill(shaping.title or DEFAULT_TEMPLATE, _values(entry, event_title))
    if shortened:
        notes.append(Remark(entry, "has a title longer than Zoom takes: it is shortened, the full one is kept beside"))
    session = Session(
        key=key_of_id(entry.id) if entry.id else key_of_title(entry.title, entry.start),
        title=title,
        long_title=entry.title[:DESCRIPTION_MAX] if shortened else entry.long_title,
        start=entry.start,
        end=entry.end,
        timezone=entry.timezone,
        kind=entry.kind,
        description=_description(entry, notes),
        profile=entry.profile or _of_room(entry.rooms, shaping.profiles),
        host=entry.host or _of_room(entry.rooms, shaping.hosts),
        settings=_settings([entry], shaping),
        items=_items(entry, shaping),
        known=entry.known,
        room=", ".join(entry.rooms) or None,
        track=entry.track,
        moderators=entry.moderators,
        public=entry.public,
        cancelled=entry.cancelled or standing_of(entry.state) is Standing.CANCELLED,
        language=entry.language,
        expected=entry.expected,
        record=entry.record,
        rehearsal_of=key_of_id(entry.rehearsal_of) if entry.rehearsal_of else None,
        parts=tuple(map(key_of_id, entry.more_ids)),
        line=entry.line,
    )
    return _Made(session, entry.id is None, notes)


def _description(entry: Entry, notes: list[Remark]) -> str | None:
    text = without_ways_in(entry.description)
    if text and len(text) > DESCRIPTION_MAX:
        notes.append(Remark(entry, f"has a description of more than {DESCRIPTION_MAX} characters: it is cut there"))
        return text[: DESCRIPTION_MAX - 1].rstrip() + "…"
    return text


def _items(entry: Entry, shaping: Shaping) -> tuple[AgendaItem, ...]:
    if entry.items:
        return entry.items if shaping.speakers is SpeakersAs.EMAILS else tuple(map(_without_emails, entry.items))
    if not entry.speakers or shaping.speakers is SpeakersAs.NONE:
        return ()
    return (AgendaItem(_names(entry.speakers), entry.title, emails=_emails(entry.speakers, shaping)),)


def _without_emails(item: AgendaItem) -> AgendaItem:
    return replace(item, emails=()) if item.emails else item


def _emails(speakers: Iterable[Speaker], shaping: Shaping) -> tuple[str, ...]:
    if shaping.speakers is not SpeakersAs.EMAILS:
        return ()
    return tuple(speaker.email for speaker in speakers if speaker.email)


def _settings(entries: Iterable[Entry], shaping: Shaping) -> dict[str, Any]:
    """Zoom's settings: https://developers.zoom.us/docs/api/meetings/ (`alternative_hosts`: addresses, semicolons)."""
    if shaping.speakers is not SpeakersAs.ALTERNATIVE_HOSTS:
        return {}
    texts = [speaker.email for entry in entries for speaker in entry.speakers if speaker.email]
    texts += [email for entry in entries for item in entry.items for email in item.emails]
    return {"alternative_hosts": ";".join(dict.fromkeys(texts))} if texts else {}


# --- one meeting per room --------------------------------------------------------------------------------------------


def _by_room(entries: Sequence[Entry], shaping: Shaping, event_title: str) -> tuple[list[_Made], list[Remark]]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        assert entry.start is not None
        day = f"{entry.start:%Y-%m-%d}" if shaping.per is Per.ROOM_AND_DAY else ""
        groups.setdefault((entry.rooms[0], day), []).append(entry)
    made: list[_Made] = []
    problems: list[Remark] = []
    for (room, day), group in groups.items():
        session, notes = _grouped(room, day, group, shaping, event_title)
        flaw = span_flaw(session.start, session.end)
        if flaw:
            problems.append(Remark(group[0], f"begins the meeting of a room that is too long for one: {flaw}; one"
                                             f" meeting per `{Per.ROOM_AND_DAY}` may be meant"))  # fmt: skip
        else:
            made.append(_Made(session, key_is_made=False, notes=notes))
    return made, problems


def _grouped(
    room: str, day: str, entries: Sequence[Entry], shaping: Shaping, event_title: str
) -> tuple[Session, list[Remark]]:
    ordered = sorted(entries, key=lambda entry: (entry.start, entry.end))
    first = ordered[0]
    ends = max(entry.end for entry in ordered if entry.end)
    assert first.start is not None
    assert first.timezone is not None
    name = f"{room}, {day}" if day else room
    values = {**_values(first, event_title), "title": name, "track": "", "type": "", "speakers": "", "id": ""}
    title, shortened = fill(shaping.title or DEFAULT_TEMPLATE, values)
    known = [entry.known for entry in ordered if entry.known]
    notes = [Remark(first, "begins a meeting whose title is shortened to what Zoom takes")] if shortened else []
    if len({each.meeting_id for each in known}) > 1:
        notes.append(Remark(first, "begins a meeting for which several meeting IDs are told: the first is taken"))
    session = Session(
        key=key_of_name(room, day),
        title=title,
        start=first.start,
        end=ends.astimezone(first.start.tzinfo),
        timezone=first.timezone,
        kind=Kind.WEBINAR if any(entry.kind is Kind.WEBINAR for entry in ordered) else Kind.MEETING,
        profile=next((entry.profile for entry in ordered if entry.profile), None)
        or _of_room((room,), shaping.profiles),
        host=next((entry.host for entry in ordered if entry.host), None) or _of_room((room,), shaping.hosts),
        settings=_settings(ordered, shaping),
        items=tuple(_agenda_item(entry, room, shaping) for entry in ordered),
        known=known[0] if known else None,
        room=room,
        record=False if any(entry.record is False for entry in ordered) else None,
        line=first.line,
    )
    return session, notes


def _agenda_item(entry: Entry, room: str, shaping: Shaping) -> AgendaItem:
    """An entry as one item of its room's meeting; the time stands behind the title."""
    named = _names(entry.speakers) if shaping.speakers is not SpeakersAs.NONE else ""
    presenter = named or entry.track or entry.type or room
    return AgendaItem(presenter, f"{entry.title} ({entry.start:%H:%M})", emails=_emails(entry.speakers, shaping))


def _names(speakers: Iterable[Speaker]) -> str:
    return ", ".join(speaker.name for speaker in speakers)


def _of_room(rooms: Iterable[str], by_room: Mapping[str, str]) -> str | None:
    folded = {room.casefold(): value for room, value in by_room.items()}
    return next((folded[room.casefold()] for room in rooms if room.casefold() in folded), None)


def _values(entry: Entry, event_title: str) -> dict[str, str]:
    assert entry.start is not None
    return {
        "title": entry.title,
        "room": ", ".join(entry.rooms),
        "track": entry.track or "",
        "type": entry.type or "",
        "speakers": _names(entry.speakers),
        "day": f"{entry.start:%Y-%m-%d}",
        "start": f"{entry.start:%H:%M}",
        "event": event_title,
        "id": entry.id or "",
    }
