"""From a listing to a draft: times become instants, the selection is made, sessions are shaped; every remark is told.

The one step that all formats of timetables go through, so that their readers only say what the source says.
Imports the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from zoom_sync.adapters.sources.mapping import Part, SourceMapping
from zoom_sync.adapters.sources.moments import NotAMoment, fixed_zone, in_reach, in_zone
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Source
from zoom_sync.adapters.sources.timetable import MOST_ENTRIES, Listing, Slot, Told
from zoom_sync.domain.keys import key_of_event
from zoom_sync.domain.programme import Event, Session
from zoom_sync.domain.series import as_one_meeting
from zoom_sync.domain.timetable import Aside, Aspect, Entry, Selected, select, shape
from zoom_sync.domain.validate import shown, shown_title, zone_flaw

MOST_NAMED = 10
MOST_OF_STATE = 40

NO_ZONE = "its time has no zone"
_SAFE_ID = re.compile(r"[\w.:+-]{1,80}")

List = Callable[[Source, Findings], Listing | None]


def listing_format(
    name: str,
    recognises: Callable[[str], bool],
    list_: List,
    *,
    recognises_bytes: Callable[[bytes], bool] | None = None,
    table: bool = False,
    paths: bool = False,
    guess: int = 0,
) -> Format:
    """The format of a reader that answers a listing; None where its findings say why there is none."""

    def read(source: Source, findings: Findings) -> Draft:
        listing = list_(source, findings)
        return Draft() if listing is None else assemble(listing, source, findings)

    takes = frozenset(Part) - (set() if table else {Part.TABLE}) - (set() if paths else {Part.PATHS})
    return Format(name, recognises, read, recognises_bytes, takes, guess)


def assemble(listing: Listing, source: Source, findings: Findings) -> Draft:
    """The draft of a listing.

    1. Each entry gets its instants, in its own zone, else in the caller's, else in the source's; where that cannot be
       done the entry says why.
    2. The selection is made. What is left out is told in numbers, with ids.
    3. The chosen entries become sessions. Those that cannot are problems, by their ids.
    """
    mapping = source.mapping
    if len(listing.slots) > MOST_ENTRIES:
        findings.problem(None, f"there are more than {MOST_ENTRIES} entries: is it really one programme?")
        return Draft()
    zone = _event_zone(listing, source, findings)
    slots = [_with_length(slot, mapping.default_length) for slot in listing.slots]
    assumed = [slot.entry for slot, before in zip(slots, listing.slots, strict=True) if slot is not before]
    if assumed:
        findings.note(None, f"taken to last {mapping.default_length} minutes, as requested: {_some(assumed)}")
    entries = [_placed(slot, zone) for slot in slots]
    selected = select(entries, mapping.selection)
    _tell_selection(selected, findings)
    _tell_put_aside(selected, findings)
    title = _title(listing, source, findings)
    shaped = shape(selected.chosen, mapping.shaping, title)
    _tell_no_zone([remark.entry for remark in shaped.problems if remark.text == NO_ZONE], findings)
    for remark in shaped.problems:
        if remark.text != NO_ZONE:
            findings.problem(remark.entry.line, f"{called(remark.entry)} {remark.text}{_titled(remark.entry)}")
    for remark in shaped.notes:
        findings.note(remark.entry.line, f"{called(remark.entry)} {remark.text}")
    for entry in () if selected.chosen else selected.put_aside.get(Aside.WHOLE_DAY, ()):
        findings.problem(entry.line, f"{called(entry)} {entry.flaw}{_titled(entry)}")
    if not selected.chosen and not findings.problems:
        findings.problem(None, "no entry is left that could become a session: look at the notes")
    _tell_mapping(selected, mapping, findings)
    event = _event(listing, source, title, zone, shaped.sessions, findings)
    return Draft(event, as_one_meeting(shaped.sessions), made_keys=shaped.made_keys)


def called(entry: Entry) -> str:
    """What messages call an entry: its id, where that can be shown, else its title."""
    local = (entry.id or "").partition("@")[0]
    safe = _SAFE_ID.fullmatch(local) and ("@" not in (entry.id or "") or re.search(r"[0-9]", local))
    if safe:
        return f"the entry `{local}`"
    return _by_title(entry)


def _titled(entry: Entry) -> str:
    """The title, where the entry is called by its id."""
    return f" (`{shown_title(entry.title)}`)" if entry.title and called(entry) != _by_title(entry) else ""


def _by_title(entry: Entry) -> str:
    title = shown_title(entry.title)
    return f"the entry `{title}`" if title.strip("… ") else "an entry"


# --- times -----------------------------------------------------------------------------------------------------------


def _event_zone(listing: Listing, source: Source, findings: Findings) -> str | None:
    text = source.timezone or source.mapping.timezone
    told = listing.timezone
    if told and zone_flaw(told):
        if not text:
            findings.problem(None, f"the source's zone is not usable; {zone_flaw(told)}; or name it with `--timezone`")
        told = None
    if text and told and text != told:
        floating = any(slot.told.zone is None and _is_floating(slot.told) for slot in listing.slots)
        if floating:
            findings.problem(None, f"the source's zone is `{told}`, but `{text}` was requested: drop one of the two")
        else:
            findings.note(None, f"the source's zone is `{told}`; times are shown in `{text}`, as requested")
    return text or told


def _is_floating(told: Told) -> bool:
    return any(moment is not None and moment.tzinfo is None for moment in (told.start, told.end))


def _with_length(slot: Slot, minutes: int | None) -> Slot:
    told = slot.told
    if minutes is None or told.flaw or told.start is None or told.end is not None or told.length is not None:
        return slot
    return replace(slot, told=replace(told, length=timedelta(minutes=minutes)))


def _placed(slot: Slot, event_zone: str | None) -> Entry:
    if slot.told.whole_day:
        return replace(slot.entry, whole_day=True, flaw=slot.told.flaw)
    if not slot.entry.title and not slot.told.flaw:
        return replace(slot.entry, flaw="has no title: write it")
    try:
        start, end, zone = _instants(slot.told, event_zone)
    except (NotAMoment, OverflowError) as reason:
        return replace(slot.entry, flaw=str(reason) if isinstance(reason, NotAMoment) else "is outside all calendars")
    return replace(slot.entry, start=start, end=end, timezone=zone)


def _instants(told: Told, event_zone: str | None) -> tuple[datetime, datetime, str]:
    """Begin, end and zone. Raises NotAMoment with a text that follows the entry's name."""
    if told.flaw:
        raise NotAMoment(told.flaw)
    if told.start is None:
        raise NotAMoment("has no time: give its start")
    if told.zone and (flaw := zone_flaw(told.zone)):
        raise NotAMoment(f"has a zone that is not usable; {flaw}")
    zone = told.zone or event_zone or fixed_zone(told.start.utcoffset())
    if zone is None:
        raise NotAMoment(NO_ZONE)
    start = _in(told.start, zone, "begin")
    if told.end is None and told.length is None:
        raise NotAMoment("has no length: give its end or its length, or one for all with `--default-length`")
    lasts = None if told.length is None else (start.astimezone(UTC) + told.length).astimezone(start.tzinfo)
    end = lasts if told.end is None else _in(told.end, zone, "end")
    assert end is not None
    if lasts is not None and lasts.astimezone(UTC) != end.astimezone(UTC):
        raise NotAMoment("has an end and a length that do not match: correct one of them")
    return start, end, zone


def _in(moment: datetime, zone: str, what: str) -> datetime:
    try:
        return in_zone(in_reach(moment.replace(microsecond=0)), zone)
    except NotAMoment as reason:
        raise NotAMoment(f"cannot be placed; its {what} {reason}") from None


def _tell_no_zone(entries: list[Entry], findings: Findings) -> None:
    """One problem for all: the cause is one, and so is the cure."""
    if not entries:
        return
    findings.problem(
        entries[0].line,
        f"no time zone is given for {_some(entries)}: name the place with `--timezone`, such as"
        " `--timezone Europe/Paris`",
    )


# --- what is told ----------------------------------------------------------------------------------------------------


def _tell_selection(selected: Selected, findings: Findings) -> None:
    groups: dict[tuple[Aspect, str], list[Entry]] = {}
    for entry, aspect, value in selected.left_out:
        groups.setdefault((aspect, value.casefold()), []).append(entry)
    taken: dict[str, list[Entry]] = {}
    for entry in selected.chosen:
        if entry.state and entry.state.casefold() not in selected.unclear:
            taken.setdefault(entry.state, []).append(entry)
    for state, those in taken.items():
        findings.note(None, f"taken with the state `{_name(state)}`: {len(those)} of the entries")
    for unclear in selected.unclear.values():
        state = _name(unclear[0].state or "")
        findings.problem(
            unclear[0].line,
            f"it is not known whether entries with the state `{state}` take place: {_some(list(unclear))}. Name the"
            f" states that are meant with `--state`, or leave this one out with"
            f" `without: {{states: [{state}]}}` in a mapping",
        )
    for (aspect, value), entries in groups.items():
        text = f"their {aspect} (`{shown(value)}`)" if value else f"having no {aspect}"
        findings.note(entries[0].line, f"left out by {text}: {_some(entries)}")


def _tell_put_aside(selected: Selected, findings: Findings) -> None:
    for aside, those in selected.put_aside.items():
        findings.note(those[0].line, f"left out, being {aside}: {_some(list(those))}")
    for name in selected.unknown_ids:
        findings.problem(None, f"no entry has the id `{shown(name)}` that is to be left out: look at the notes for ids")


def _tell_mapping(selected: Selected, mapping: SourceMapping, findings: Findings) -> None:
    for aspect, value, there in selected.unknown:
        known = ", ".join(f"`{shown(each)}`" for each in there[:MOST_NAMED]) or "none at all"
        findings.problem(None, f"no entry has the {aspect} `{shown(value)}` that is requested: there are {known}")
    rooms = {room.casefold() for entry in selected.chosen for room in entry.rooms}
    for room in dict.fromkeys((*mapping.shaping.hosts, *mapping.shaping.profiles)):
        if room.casefold() not in rooms and selected.chosen:
            findings.note(None, f"the mapping names the room `{shown(room)}`, in which no chosen entry is held")


def _name(state: str) -> str:
    """A state as messages show it: it is a word, in any script, and no text."""
    return state if len(state) <= MOST_OF_STATE and not re.search(r"[@/`]|[0-9]{5}", state) else shown(state)


def _some(entries: list[Entry]) -> str:
    named = ", ".join(called(entry).removeprefix("the entry ") for entry in entries[:MOST_NAMED])
    rest = f" and {len(entries) - MOST_NAMED} more" if len(entries) > MOST_NAMED else ""
    return f"{len(entries)} of the entries ({named}{rest})"


# --- the event -------------------------------------------------------------------------------------------------------


def _title(listing: Listing, source: Source, findings: Findings) -> str:
    text = source.mapping.title or listing.title
    if text:
        return text
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", re.split(r"[/\\]", source.name)[-1])
    title = " ".join(re.sub(r"[^\w-]+", " ", stem).split())[:80] or "Event"
    findings.note(
        None,
        f"the source does not give the event's title; it is assumed to be `{shown(title)}`; set it with --event-title",
    )
    return title


def _event(
    listing: Listing, source: Source, title: str, zone: str | None, sessions: tuple[Session, ...], findings: Findings
) -> Event | None:
    if not sessions:
        return None
    if zone is None:
        zone = Counter(session.timezone for session in sessions).most_common(1)[0][0]
        if zone.startswith("Etc/"):
            text = f"only offsets from UTC are given, so times are kept in `{zone}`"
            findings.note(None, f"{text}; name the place with `--timezone`, for example `--timezone Europe/Paris`")
    key = source.event_key or source.mapping.key or listing.key or key_of_event(title, sessions[0].start.year)
    return Event(key, title, zone, listing.description)
