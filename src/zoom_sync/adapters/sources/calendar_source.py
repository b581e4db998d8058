"""iCalendar (RFC 5545): each event, and each occurrence of a repeated one, is an entry.

Read with the icalendar package. Times with a TZID are told in that zone, UTC times are instants, floating times need
the event's zone. An occurrence's id is its first time and the event's UID, so that it stays when it is moved. Alarms,
to-dos, attendees and links are ignored.

Imports icalendar where a calendar is read, the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.decoding import lines_of
from zoom_sync.adapters.sources.own_calendar import as_published, event_key, language_of
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.recurrence import CannotRepeat, occurrences
from zoom_sync.adapters.sources.timetable import Listing, Slot, Told, lines, names, one_line
from zoom_sync.domain.timetable import Entry, Selection
from zoom_sync.domain.zoom_links import meeting_in

MOST_CHARACTERS = 2 * 1024 * 1024
MOST_LINES = 60_000
MOST_REPEATED = 200  # events that repeat
WHOLE_DAY = "is an all-day entry: give it a start and an end"

_BEGIN = re.compile(r"\A\s*BEGIN:VCALENDAR\s", re.IGNORECASE)
_STATES = {"CANCELLED": "cancelled", "CONFIRMED": "confirmed", "TENTATIVE": "tentative"}
_UTC_NAMES = {"UTC", "Etc/UTC", "Zulu", "GMT", "Etc/GMT"}


class _Unreadable(Exception):
    """Something in an event cannot be read; the text follows the event's name."""


def looks_like_calendar(text: str) -> bool:
    return bool(_BEGIN.match(text))


def read_calendar(source: Source, findings: Findings) -> Listing | None:
    from icalendar import Calendar  # noqa: PLC0415 - heavy, and only calendars need it

    if len(source.text) > MOST_CHARACTERS or source.text.count("\n") > MOST_LINES:
        told = f"this calendar has more than {MOST_CHARACTERS // 1024 // 1024} Mi characters or {MOST_LINES} lines"
        findings.problem(None, f"{told}: is it really a programme?")
        return None
    try:
        calendars = Calendar.from_ical(source.text, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except Exception:  # noqa: BLE001 - a damaged calendar breaks the parser in ways that it does not name
        findings.problem(None, "this calendar is damaged: export it again as .ics")
        return None
    if not events:
        findings.problem(None, "this calendar holds no event")
        return None
    if sum(_repeats(event) for event in events) > MOST_REPEATED:
        findings.problem(None, f"more than {MOST_REPEATED} events of this calendar repeat: is it really a programme?")
        return None
    first = calendars[0]
    _number(events, source.text)
    slots = list(_slots(events, source.mapping.selection))
    language = language_of(one_line(first.get("PRODID")))
    return Listing(
        [as_published(slot, language) for slot in slots] if language else slots,
        title=one_line(_text(first, "X-WR-CALNAME") or _text(first, "NAME"), 200) or None,
        key=event_key(slots) if language else None,
        timezone=one_line(first.get("X-WR-TIMEZONE"), 100) or None,
        description=lines(_text(first, "X-WR-CALDESC") or _text(first, "DESCRIPTION")),
    )


def _text(calendar: Any, name: str) -> str:
    r"""A text that is told of the calendar; of a name that icalendar does not know it leaves `\,`, `\;` and `\n`.

    https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11
    """
    from icalendar import vText  # noqa: PLC0415 - heavy, and only calendars need it

    value = calendar.get(name)
    if value is None or isinstance(value, vText):
        return value or ""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], str(value))


FORMAT = listing_format("icalendar", looks_like_calendar, read_calendar)


def _number(events: list[Any], text: str) -> None:
    """Each event is given the line that it begins on, where as many begin in the text as were read."""
    begins = [number for number, line in enumerate(lines_of(text), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    if len(begins) == len(events):
        for event, number in zip(events, begins, strict=True):
            event.line_in_source = number


def _slots(events: Iterable[Any], selection: Selection) -> Iterator[Slot]:
    """The entries in the order of the file: an override stands in the place of what it overrides."""
    masters: dict[str, Any] = {}
    overrides: dict[str, list[Any]] = {}
    alone: list[Any] = []
    for event in events:
        uid = _uid(event)
        if uid and "RECURRENCE-ID" in event:
            overrides.setdefault(uid, []).append(event)
        elif uid and uid not in masters:
            masters[uid] = event
        else:
            alone.append(event)
    for uid, event in masters.items():
        yield from _series(uid, event, overrides.pop(uid, []), selection)
    for uid, rest in overrides.items():
        yield from (_override(uid, event) for event in rest)
    yield from (_slot(event, _uid(event)) for event in alone)


def _series(uid: str, event: Any, overrides: list[Any], selection: Selection) -> Iterator[Slot]:
    if not _repeats(event) and not overrides:
        yield _slot(event, uid)
        return
    try:
        start = _first(event)
        whens = _whens(event, start, selection)
    except (_Unreadable, CannotRepeat) as reason:
        yield _slot(event, uid, Told(flaw=str(reason), whole_day=str(reason) == WHOLE_DAY))
        yield from (_override(uid, each) for each in overrides)
        return
    moved: dict[datetime | None, list[Any]] = {}
    for each in overrides:
        moved.setdefault(_recurrence_id(each, start), []).append(each)
    whole = _slot(event, uid)
    for when in whens:
        changed = moved.pop(when, [])
        yield from (_override(uid, each) for each in changed)
        if not changed:
            yield _occurrence(whole, uid, when)
    yield from (_override(uid, each) for rest in moved.values() for each in rest)


def _first(event: Any) -> datetime:
    start = _moment(event, "DTSTART")
    if not isinstance(start, datetime):
        raise _Unreadable(WHOLE_DAY if start else "has no time: give its start")
    return start


def _occurrence(whole: Slot, uid: str, when: datetime) -> Slot:
    """An occurrence: as long, in real time, as the first (RFC 5545, section 3.8.5.3)."""
    told = whole.told
    if told.flaw is None and told.start is not None:
        begin, zone = _told_moment(when)
        told = Told(begin, None, _real_length(told) if told.end else told.length, zone)
    return Slot(replace(whole.entry, id=_occurrence_id(uid, when)), told)


def _real_length(told: Told) -> timedelta | None:
    if told.start is None or told.end is None:
        return None
    place = ZoneInfo(told.zone) if told.zone else UTC  # of a floating time the zone does not matter but at changes
    start, end = (each if each.tzinfo else each.replace(tzinfo=place) for each in (told.start, told.end))
    return end.astimezone(UTC) - start.astimezone(UTC)


def _override(uid: str, event: Any) -> Slot:
    when = _when_it_was(event)
    if when is None:
        return _slot(event, uid, Told(flaw="changes one occurrence, but its RECURRENCE-ID cannot be read"))
    identifier = _occurrence_id(uid, when)
    params = attribute(event.get("RECURRENCE-ID"), "params") or {}
    if str(params.get("RANGE", "")).upper() == "THISANDFUTURE":
        return _slot(event, identifier, Told(flaw="changes all later occurrences at once (RANGE=THISANDFUTURE), which"
                                                  " is not read: write each of them"))  # fmt: skip
    return _slot(event, identifier)


def _when_it_was(event: Any) -> datetime | None:
    """The first time of an occurrence that was changed; None where it cannot be read."""
    try:
        when = _moment(event, "RECURRENCE-ID")
    except _Unreadable:
        return None
    return when if isinstance(when, datetime) else None


def _slot(event: Any, identifier: str | None, told: Told | None = None) -> Slot:
    location = one_line(event.get("LOCATION"))
    status = one_line(event.get("STATUS"), 20).upper()
    description = lines(event.get("DESCRIPTION"))
    addresses = [one_line(event.get(name)) for name in ("URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "LOCATION")]
    known, flaw = meeting_in([*addresses, description or ""])
    when = told or _told(event)
    entry = Entry(
        title=one_line(event.get("SUMMARY")),
        id=identifier,
        rooms=names([location]) if not re.match(r"https?://", location) else (),
        state=_STATES.get(status),
        tags=names(_categories(event)),
        description=description,
        known=known,
        line=getattr(event, "line_in_source", None),
    )
    return Slot(entry, replace(when, flaw=flaw) if flaw and not when.flaw else when)


def _categories(event: Any) -> Iterator[str]:
    value = event.get("CATEGORIES")
    for one in value if isinstance(value, list) else [value]:
        yield from map(str, attribute(one, "cats") or ())


# --- times -----------------------------------------------------------------------------------------------------------


def attribute(value: Any, name: str) -> Any:
    """An attribute of a value of icalendar; None where there is none, also of a value that it could not read."""
    try:
        return getattr(value, name, None)
    except ValueError:  # icalendar's `BrokenCalendarProperty`
        return None


def _told(event: Any) -> Told:
    try:
        start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
        length = _length(event)
    except _Unreadable as reason:
        return Told(flaw=str(reason))
    if start is None:
        return Told()
    if not isinstance(start, datetime) or (end is not None and not isinstance(end, datetime)):
        return Told(flaw=WHOLE_DAY, whole_day=True)
    begin, zone = _told_moment(start)
    if end is None:
        return Told(begin, None, length, zone)
    finish, zone_of_end = _told_moment(end)
    return Told(begin, end if end.tzinfo and zone_of_end != zone else finish, length, zone)


def _told_moment(moment: datetime) -> tuple[datetime, str | None]:
    """A time on its zone's clock with the zone, or an instant, or a floating time."""
    place = moment.tzinfo
    if isinstance(place, ZoneInfo) and place.key not in _UTC_NAMES:
        return moment.replace(tzinfo=None, fold=0), place.key
    if place is None:
        return moment, None
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta(0))), None


def _moment(event: Any, name: str) -> datetime | date | None:
    value = event.get(name)
    value = value[0] if isinstance(value, list) else value
    if value is None:
        return None
    moment = attribute(value, "dt")
    if not isinstance(moment, date):
        raise _Unreadable(f"has a {name} that is not a date and time")
    if isinstance(moment, datetime) and moment.tzinfo is None and "TZID" in (attribute(value, "params") or {}):
        raise _Unreadable(f"has a {name} in a zone that is not known: use an IANA name such as `Europe/Paris`")
    return moment


def _length(event: Any) -> timedelta | None:
    value = event.get("DURATION")
    if value is None:
        return None
    first = value[0] if isinstance(value, list) else value
    length = attribute(first, "td") or attribute(first, "dt")
    if not isinstance(length, timedelta):
        raise _Unreadable("has a DURATION that is not a length, such as PT1H30M")
    return length


# --- repetition ------------------------------------------------------------------------------------------------------


def _repeats(event: Any) -> bool:
    return "RRULE" in event or "RDATE" in event


def _whens(event: Any, start: datetime, selection: Selection) -> list[datetime]:
    """When an event occurs, by its rule, its further dates, and without the dates that are taken out."""
    rules = event.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    whens = {start}
    for rule in rules:
        if not isinstance(rule, dict):
            raise _Unreadable("repeats by a rule that cannot be read")
        whens.update(occurrences(rule, start, selection.first, selection.last))
    whens.update(_alike(each, start) for each in _dates(event, "RDATE"))
    whens.difference_update(_alike(each, start) for each in _dates(event, "EXDATE"))
    return sorted(whens, key=_order)


def _dates(event: Any, name: str) -> Iterator[datetime]:
    value = event.get(name, [])
    for one in value if isinstance(value, list) else [value]:
        dates = attribute(one, "dts")
        if dates is None:
            raise _Unreadable(f"has an {name} that is not a date and time")
        for each in dates:
            moment = each.dt[0] if isinstance(each.dt, tuple) else each.dt
            if isinstance(moment, datetime):
                yield moment
            else:
                raise _Unreadable(f"has an {name} without a time of day, which cannot be placed")


def _alike(moment: datetime, start: datetime) -> datetime:
    """An instant told in the way the start is, so that both can be compared."""
    if moment.tzinfo is None or start.tzinfo is None:
        return moment.replace(tzinfo=start.tzinfo)
    return moment.astimezone(start.tzinfo)


def _recurrence_id(event: Any, start: datetime) -> datetime | None:
    when = _when_it_was(event)
    return _alike(when, start) if when else None


def _occurrence_id(uid: str, when: datetime) -> str:
    return f"{when:%Y%m%dT%H%M}-{uid}"


def _order(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _uid(event: Any) -> str | None:
    return one_line(event.get("UID"), 500) or None
