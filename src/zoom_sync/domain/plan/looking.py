"""What a look at a linked meeting comes to: what is to be written, what is Zoom's own, what is known from now on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from zoom_sync.domain.additions import beside_others, fields_with_others, sent_before
from zoom_sync.domain.meeting import (
    ABSENT,
    AGENDA_IN_LIST,
    CONFIRMED,
    LAG,
    NOTHING_KNOWN,
    OCCURRENCES,
    RECURRENCE,
    Cause,
    DesiredMeeting,
    FieldChange,
    Learned,
    Link,
    ObservedMeeting,
    alike,
    clip,
    compared,
    plain,
    reads_back,
    settled,
)
from zoom_sync.domain.phrases import Phrase
from zoom_sync.domain.plan.reconciling import Act, Row, act_of, row_of
from zoom_sync.domain.plan.values import PASSCODE, masked_value
from zoom_sync.domain.profiles import NEVER_SHOWN
from zoom_sync.domain.programme import Passcode

JOIN_URL = "join_url"
SHORT = 60
_CAUSES = {Row.EDITED: Cause.ZOOM, Row.BOTH_MOVED: Cause.BOTH}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a linked meeting comes to.

    `fields` differ and are to be written, or are for the drift policy; `refused` differ and are not sent again, with
    Zoom's words. `link` holds what is known from now on, `notes` what people have not been told yet, `rows` the row of
    the table that held for each field.
    """

    link: Link
    fields: tuple[FieldChange, ...] = ()
    refused: tuple[tuple[FieldChange, str], ...] = ()
    notes: tuple[Phrase, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class _Field:
    """One field in front of the table: its values as they are kept, and as they are told."""

    name: str
    want: Any
    shown: Any
    known: Learned
    same: Callable[[Any, Any], bool]
    old: Any = field(default=None)
    new: Any = field(default=None)


def look(want: DesiredMeeting, link: Link, observed: ObservedMeeting, now: datetime) -> Look:
    """Compare a linked meeting with what the programme wants, field by field. Of `link`, what it learns is replaced."""
    learned: dict[str, Learned] = {}
    fields: list[FieldChange] = []
    refused: list[tuple[FieldChange, str]] = []
    notes: list[Phrase] = []
    rows: list[Row] = []
    sent = sent_before(link)
    for item in _fields(want, link, beside_others(observed, want, sent), now):
        row = row_of(
            item.want,
            item.known.sent,
            item.known.made,
            item.shown,
            item.same,
            item.known.refused,
        )
        rows.append(row)
        entry = _learn(item, row, now)
        change = _change(item, row)
        if change is not None:
            fields.append(change)
        if row is Row.REFUSED and item.known.refused is not None:
            refused.append((_told(item, None), item.known.refused.words))
        if change is None and entry is not None and not entry.told and _keeps(item.same, entry):
            notes.append(_zoom_keeps(link.key, item.name, entry))
            entry = replace(entry, told=True)
        if entry is not None:
            learned[item.name] = entry
    written = fields_with_others(fields, want, observed, sent)
    looked = Look(replace(link, learned=learned), written, tuple(refused), tuple(notes), tuple(rows))
    return _way_in(looked, link, observed, now)


def _fields(want: DesiredMeeting, link: Link, observed: ObservedMeeting, now: datetime) -> Iterator[_Field]:
    """Each field that is compared, in the order of the programme; then those that only we have an opinion of."""
    values, known, spans = compared(want.later), knowledge(want, link), want.fields.spans
    shown = _shown(observed, link, values, known)
    applied = compared(link.applied)
    if RECURRENCE not in values:
        known.pop(OCCURRENCES, None)
        if shown.get(RECURRENCE) is not None or known.get(RECURRENCE, NOTHING_KNOWN).sent not in (ABSENT, None):
            values[RECURRENCE] = None  # it is a series, and is to be none
    for name in (*values, *sorted(known.keys() - values.keys() - {PASSCODE, JOIN_URL})):

        def same(have: Any, other: Any, name: str = name) -> bool:
            return alike(name, have, other, spans)

        entry = known.get(name, NOTHING_KNOWN)
        new = values.get(name, ABSENT)
        old = shown.get(name, ABSENT)
        if old is ABSENT and not observed.deep and entry.sent is ABSENT:
            old = applied.get(name, ABSENT)  # a list does not tell; this is what was there when it was last told
        there = plain(old)
        if _may_be_late(entry, plain(new), there, same, now):
            there = ABSENT
        value = applied.get(name) if old is ABSENT else old
        yield _Field(name, plain(new), there, entry, same, value, new)


def knowledge(want: DesiredMeeting, link: Link) -> dict[str, Learned]:
    """What is known of the link's fields. Of a link from before that was kept, what was applied was sent and taken."""
    if link.learned is not None:
        # What can only be told when a meeting is made is of no interest later.
        beyond = compared(want.fields).keys() - compared(want.later).keys()
        return {name: entry for name, entry in link.learned.items() if name not in beyond}
    texts = compared(want.later).keys() | {RECURRENCE}
    applied = {name: plain(value) for name, value in compared(link.applied).items() if name in texts}
    return {name: Learned(value, value, CONFIRMED) for name, value in applied.items()}


def _shown(
    observed: ObservedMeeting, link: Link, values: Mapping[str, Any], known: Mapping[str, Learned]
) -> dict[str, Any]:
    """What this look shows, by Zoom's name; of what it does not tell, nothing."""
    told = observed.fields()
    shown = compared(told)
    for name in observed.unshown:
        if name != "start_time" or not observed.occurrences:
            shown.pop(name, None)
    for path in NEVER_SHOWN:
        shown.pop(f"settings.{path}", None)
    if not observed.series:
        shown |= dict.fromkeys(known.keys() & {RECURRENCE, OCCURRENCES} | values.keys() & {RECURRENCE, OCCURRENCES})
    if observed.deep:
        return shown
    if "agenda" in shown:
        shown["agenda"] = _whole_agenda(told.agenda, known.get("agenda", NOTHING_KNOWN), str(values.get("agenda", "")))
    if observed.series and link.applied.recurrence is not None:
        # A row shows neither the rule nor the first time of a series, but the next one.
        shown = {name: value for name, value in shown.items() if name not in (RECURRENCE, OCCURRENCES)}
        if told.start in link.applied.occurrences:
            shown.pop("start_time", None)
    return shown


def _whole_agenda(head: str, known: Learned, text: str) -> str:
    """A list cuts an agenda: it is what is known to be there, or what is wanted, where that begins the same."""
    for whole in (known.made, known.sent, text):
        if isinstance(whole, str) and whole[:AGENDA_IN_LIST].rstrip() == head[:AGENDA_IN_LIST].rstrip():
            return whole
    return head


def _may_be_late(known: Learned, want: Any, shown: Any, same: Callable[[Any, Any], bool], now: datetime) -> bool:
    """Whether a look may show what was there before our latest write: lists lag. A read right after it tells better.

    A write that lies in the future was dated by a clock that has been set back: it excuses nothing for longer either.
    """
    if known.looks >= CONFIRMED or known.at is None or abs(now - known.at) >= LAG:
        return False
    if known.looks and known.made is not ABSENT and shown is not ABSENT and same(shown, known.made):
        return False
    return ABSENT not in (known.previous, shown) and same(shown, known.previous) and not same(shown, want)


def _learn(field: _Field, row: Row, now: datetime) -> Learned | None:
    """What is known of a field after this look; None for nothing."""
    if row is Row.NO_OPINION:
        return None
    if row is Row.WITHDRAWN:
        # Left as it is, unless we know what was there before us; then it is forgotten once that was written.
        return field.known if field.shown is ABSENT or _resets(field) else None
    if row is Row.IN_STEP:
        return settled(field.known, field.want, field.shown, now)
    if row is Row.ZOOMS_OWN:
        return replace(field.known, made=field.shown, looks=min(CONFIRMED, field.known.looks + 1), seen=ABSENT)
    return field.known if field.shown is ABSENT else replace(field.known, seen=field.shown)


def _resets(field: _Field) -> bool:
    """Whether a field that the programme says nothing of any more is ours to reset, and to what."""
    original, made = field.known.original, field.known.made
    if ABSENT in (original, field.shown) or not field.name.startswith("settings."):
        return False
    return (made is ABSENT or field.same(field.shown, made)) and not field.same(field.shown, original)


def _change(field: _Field, row: Row) -> FieldChange | None:
    act = act_of(row, field.want, field.known.sent)
    if act is Act.RESET and _resets(field):
        return FieldChange(field.name, field.old, field.known.original, field.known.sent, Cause.PROGRAMME)
    if act not in (Act.WRITE, Act.POLICY):
        return None
    return _told(field, _CAUSES.get(row, Cause.PROGRAMME))


def _told(field: _Field, cause: Cause | None) -> FieldChange:
    sent = None if field.known.sent is ABSENT else field.known.sent
    repairs = field.known.repairs
    if repairs is not None and (repairs.sent != field.want or repairs.shown != field.shown):
        repairs = None  # somebody made another value of it: that is another edit
    asks = reads_back(field.name, field.new, field.known)
    return FieldChange(field.name, field.old, field.new, sent, cause, repairs, asks)


# --- Zoom's own ----------------------------------------------------------------------------------------------------


def _keeps(same: Callable[[Any, Any], bool], known: Learned) -> bool:
    """Whether Zoom is known to hold another value than was sent."""
    if known.looks == 0 or ABSENT in (known.sent, known.made) or known.seen is not ABSENT:
        return False
    return not same(known.made, known.sent)


def _zoom_keeps(key: str, name: str, known: Learned) -> Phrase:
    return Phrase(
        "session {session}: Zoom keeps {field} as {value}; {sent} is not sent again",
        session=key, field=name.removeprefix("settings."), value=short(known.made), sent=short(known.sent),
    )  # fmt: skip


def kept_by_zoom(link: Link) -> tuple[tuple[str, Learned], ...]:
    """The fields of which Zoom keeps another value than was sent, by name."""
    spans = link.applied.spans

    def keeps(name: str, known: Learned) -> bool:
        return _keeps(lambda have, other: alike(name, have, other, spans), known)

    apart = (PASSCODE, JOIN_URL)
    return tuple((name, one) for name, one in (link.learned or {}).items() if name not in apart and keeps(name, one))


def refused_by_zoom(link: Link) -> tuple[tuple[str, str], ...]:
    """The fields that Zoom refused, with its words."""
    return tuple((name, one.refused.words) for name, one in (link.learned or {}).items() if one.refused is not None)


def standing_notes(link: Link) -> tuple[Phrase, ...]:
    """What Zoom keeps otherwise than it was sent, and what it refused, as it stands now."""
    kept = [
        Phrase(
            "Zoom keeps {field} as {value}; {sent} is not sent again",
            field=name.removeprefix("settings."), value=short(known.made), sent=short(known.sent),
        )
        for name, known in kept_by_zoom(link)
    ]  # fmt: skip
    refused = [
        Phrase("Zoom refused {fields}: {why}", fields=name.removeprefix("settings."), why=masked_value(words))
        for name, words in refused_by_zoom(link)
    ]
    return (*kept, *refused)


def short(value: Any) -> str:
    """A value for a sentence: without addresses, and cut."""
    hidden = masked_value(value)
    text = f'"{hidden}"' if isinstance(hidden, str) else json.dumps(hidden, ensure_ascii=False)
    return clip(text, SHORT)


# --- the way in ----------------------------------------------------------------------------------------------------


def _way_in(looked: Look, link: Link, observed: ObservedMeeting, now: datetime) -> Look:
    """Passcode and link as they let people in now; what was announced stays known, so that it can be put back.

    "Changing the passcode changes join_url" (https://github.com/indico/indico-plugins, vc_zoom 2.3b2), but a link may
    change without it: a vanity address, or a passcode that is no longer part of the link. Only a look at the meeting by
    itself tells which.
    """
    known = (link.learned or {}).get(PASSCODE, NOTHING_KNOWN)
    if not observed.deep and known.seen is ABSENT:
        entries = {name: one for name, one in (link.learned or {}).items() if name in (PASSCODE, JOIN_URL)}
        return replace(looked, link=replace(looked.link, learned={**(looked.link.learned or {}), **entries}))
    announced = link.passcode.value if known.sent is ABSENT else known.sent
    # A list whose link is as before tells that the passcode is, too.
    shown = _passcode_shown(link, observed) if observed.deep else known.seen
    made = announced if known.made is ABSENT else known.made
    row = row_of(announced, announced, made, shown, lambda have, other: bool(have == other), known.refused)
    learned = dict(looked.link.learned or {})
    learned |= _list_variant(link, observed)
    url = (observed.join_url if observed.deep else "") or link.join_url
    if row in (Row.IN_STEP, Row.NOT_SHOWN, Row.ZOOMS_OWN):
        if known.repairs is not None or known.sent is not ABSENT:
            repairs = known.repairs_at(now)
            learned[PASSCODE] = replace(known, sent=announced, seen=ABSENT, refused=None, repairs=repairs)
        passcode = link.passcode if shown is ABSENT else Passcode(str(shown))
        notes = looked.notes
        if row is Row.ZOOMS_OWN and not known.told:
            learned[PASSCODE] = replace(learned[PASSCODE], told=True)
            notes += (
                Phrase("session {session}: Zoom keeps another passcode; it is used from now on", session=link.key),
            )
        elif url != link.join_url and passcode == link.passcode:
            notes += (
                Phrase("session {session}: Zoom has another join link; it is used from now on", session=link.key),
            )
        now_in = replace(link, passcode=passcode, join_url=url, learned=learned)
        return replace(looked, link=now_in, notes=notes, rows=(*looked.rows, row))
    learned[PASSCODE] = replace(known, sent=announced, seen=shown)
    again = known.repairs is not None and known.repairs.shown == shown
    change = FieldChange(PASSCODE, "***", "***", "***", Cause.ZOOM, known.repairs if again else None, read_back=True)
    now_in = replace(link, passcode=Passcode(str(shown)), join_url=url, learned=learned)
    looked = replace(looked, link=now_in, rows=(*looked.rows, row))
    if row is Row.REFUSED and known.refused is not None:
        return replace(looked, refused=(*looked.refused, (change, known.refused.words)))
    return replace(looked, fields=(*looked.fields, change))


def _passcode_shown(link: Link, observed: ObservedMeeting) -> Any:
    """The passcode that Zoom shows, "" for none; ABSENT where it does not tell."""
    if observed.passcode is not None:
        return observed.passcode.value
    # Zoom leaves the field out where there is none, and then the link loses its part, too.
    place, _, secret = observed.join_url.partition("?")
    moved = place != link.join_url.partition("?")[0] and "pwd=" in secret
    return ABSENT if moved or not place or observed.join_url == link.join_url else ""


def _list_variant(link: Link, observed: ObservedMeeting) -> dict[str, Learned]:
    """The link as lists show it where that is another one, so that not every look has to read the meeting."""
    if observed.listed_url:
        return {} if observed.listed_url == observed.join_url else {JOIN_URL: Learned(made=observed.listed_url)}
    known = (link.learned or {}).get(JOIN_URL)
    return {} if known is None else {JOIN_URL: known}


def link_moved(link: Link, listed_url: str) -> bool:
    """Whether a list shows another join link than it did: the meeting must be read to know why."""
    known = (link.learned or {}).get(JOIN_URL, NOTHING_KNOWN)
    return bool(listed_url) and listed_url not in (link.join_url, known.made)
