"""Indico's exports: an event with its contributions or sessions, and a timetable.

https://docs.getindico.io/en/stable/http-api/ : `/export/event/ID.json?detail=contributions` and `detail=sessions`, and
`/export/timetable/ID.json`. A session with its contributions is one entry, the contributions are its agenda; what
stands in no session is an entry of its own. Times are told with their zone.

Imports the domain, the standard library and this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from zoom_sync.adapters.sources.assembling import listing_format
from zoom_sync.adapters.sources.json_text import (
    begins_as_json,
    entries,
    has_key,
    mapping,
    read_json,
    told_id,
    told_name,
)
from zoom_sync.adapters.sources.moments import NotAMoment, written_moment
from zoom_sync.adapters.sources.reading import Findings, Source
from zoom_sync.adapters.sources.timetable import Listing, Slot, Told, lines, names, one_line
from zoom_sync.domain.programme import AgendaItem
from zoom_sync.domain.timetable import Entry, Speaker

NOBODY = "—"  # stands where a contribution of a session tells no speaker

_PEOPLE = ("speakers", "presenters", "conveners", "sessionConveners", "primaryauthors")


def looks_like_indico(text: str) -> bool:
    return (
        begins_as_json(text)
        and has_key(text, "results")
        and ("HTTPAPIResult" in text or has_key(text, "_fossil") or has_key(text, "entryType"))
    )


def read_indico(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    if value is None:
        return None
    results = mapping(value).get("results")
    listing = _of_timetable(results) if isinstance(results, dict) else _of_events(entries(results), findings)
    if listing and not listing.slots:
        findings.problem(None, "this export holds no session and no contribution: ask for it with `?detail=sessions`")
        return None
    return listing


FORMAT = listing_format("indico", looks_like_indico, read_indico)


def _of_events(events: list[Any], findings: Findings) -> Listing | None:
    if len(events) != 1:
        findings.problem(None, f"this export holds {len(events)} events: export the one that is meant")
        return None
    event = mapping(events[0])
    listing = Listing(
        title=one_line(event.get("title"), 200) or None,
        key=_key(event.get("id")),
        timezone=one_line(event.get("timezone"), 100) or None,
        description=lines(event.get("description")),
    )
    for session in map(mapping, entries(event.get("sessions"))):
        inner = [mapping(entry) for entry in entries(session.get("contributions"))]
        owner = mapping(session.get("session"))
        title = told_name(session.get("title")) or told_name(owner.get("title"))
        listing.slots.append(_slot(session, "s", title, "Session", inner))
    for values in map(mapping, entries(event.get("contributions"))):
        listing.slots.append(_slot(values, "c", one_line(values.get("title")), "Contribution", []))
    return listing


def _of_timetable(results: dict[str, Any]) -> Listing:
    """Event, days, entries: what is no day is ignored, as Indico puts more beside them in some versions."""
    listing = Listing()
    for number, days in results.items():
        listing.key = listing.key or _key(number)
        for day in mapping(days).values():
            for name, value in mapping(day).items():
                entry = mapping(value)
                kind = one_line(entry.get("entryType"), 40) or "Contribution"
                inner = [mapping(each) for each in mapping(entry.get("entries")).values()]
                title = one_line(entry.get("title"))
                slot_title = one_line(entry.get("slotTitle"))
                if slot_title and slot_title != title:
                    title = f"{title}: {slot_title}" if title else slot_title
                listing.slots.append(_slot({"id": name, **entry}, "", title, kind, inner))
    return listing


def _slot(values: dict[str, Any], prefix: str, title: str, kind: str, inner: list[dict[str, Any]]) -> Slot:
    number = told_id(values.get("id")) or told_id(values.get("db_id"))
    held = sorted((values for values in inner if values.get("entryType") != "Break"), key=_order)
    return Slot(
        Entry(
            title=title,
            id=f"{prefix}{number}" if number else None,
            rooms=names([told_name(values.get("roomFullname")) or told_name(values.get("room"))]),
            track=told_name(values.get("track")) or None,
            type=told_name(values.get("type")) or kind,
            tags=names(entries(values.get("keywords"))),
            speakers=tuple(_people(values)),
            description=lines(values.get("description")),
            items=tuple(_items(held)),
        ),
        _told(values),
    )


def _items(contributions: Iterable[dict[str, Any]]) -> Iterator[AgendaItem]:
    for contribution in contributions:
        people = tuple(_people(contribution))
        title = one_line(contribution.get("title"))
        if title:
            emails = tuple(person.email for person in people if person.email)
            yield AgendaItem(", ".join(person.name for person in people) or NOBODY, title, emails=emails)


def _people(values: dict[str, Any]) -> Iterator[Speaker]:
    for name in _PEOPLE:
        rows = [mapping(entry) for entry in entries(values.get(name))]
        people = [(_full_name(values), one_line(values.get("email"), 200) or None) for values in rows]
        if any(full for full, _ in people):
            yield from (Speaker(full, email) for full, email in people if full)
            return


def _full_name(person: dict[str, Any]) -> str:
    first, last = one_line(person.get("first_name"), 100), one_line(person.get("last_name"), 100)
    if last:
        return f"{first} {last}".strip()
    return one_line(person.get("fullName") or person.get("name") or person.get("displayName"), 200)


def _told(values: dict[str, Any]) -> Told:
    start, end = mapping(values.get("startDate")), mapping(values.get("endDate"))
    zone = one_line(start.get("tz"), 100) or None
    if zone and end and one_line(end.get("tz"), 100) not in {"", zone}:
        return Told(flaw="gives its start and its end in two time zones: correct one of them")
    try:
        return Told(_moment(start), _moment(end), zone=zone)
    except NotAMoment as reason:
        return Told(flaw=f"has a time that {reason}")


def _moment(parts: dict[str, Any]) -> datetime | None:
    if not parts.get("date"):
        return None
    return written_moment(f"{one_line(parts.get('date'), 40)} {one_line(parts.get('time'), 40)}".strip())


def _order(values: dict[str, Any]) -> str:
    start = mapping(values.get("startDate"))
    return f"{start.get('date')} {start.get('time')}"


def _key(number: Any) -> str | None:
    text = told_id(number)
    return f"indico-{text}".lower() if text and text.isalnum() and text.isascii() else None
