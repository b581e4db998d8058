"""Conference schedules of the frab family, as frab, pretalx and others export them: schedule.xml and schedule.json.

Both hold conference, days, rooms, events; an event's guid is its id. The XML is parsed with defusedxml: no document
type, no entity, nothing from outside.

Imports defusedxml where XML is read, the domain, the standard library and this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
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
from zoom_sync.adapters.sources.timetable import MOST_ENTRIES, Listing, Slot, Told, lines, names, one_line
from zoom_sync.domain.timetable import Entry, Speaker
from zoom_sync.domain.validate import LANGUAGE_MAX, slug

MOST_ELEMENTS = 40 * MOST_ENTRIES

BEGINNING = 20_000  # characters in which a schedule must show itself

_DURATION = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?|([0-9]{1,5})")


def looks_like_frab_xml(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] == "<" and "<schedule" in text[:BEGINNING]


def looks_like_frab_json(text: str) -> bool:
    return begins_as_json(text) and has_key(text, "schedule") and has_key(text, "conference") and has_key(text, "days")


def read_frab_xml(source: Source, findings: Findings) -> Listing | None:
    root = _root(source.data, findings)
    if root is None:
        return None
    if root.tag != "schedule":
        findings.problem(None, "this XML is not a schedule: its outermost element must be <schedule>")
        return None
    conference = root.find("conference")
    listing = _listing({} if conference is None else {child.tag: child.text or "" for child in conference})
    for day in root.iterfind("day"):
        for room in day.iterfind("room"):
            for event in room.iterfind("event"):
                told = {child.tag: child.text or "" for child in event}
                told |= {"guid": event.get("guid"), "id": event.get("id")}
                persons = [
                    {"name": value.text or "", "email": value.get("email")}
                    for value in event.iterfind("persons/person")
                ]
                if event.findtext("recording/optout", "").strip().casefold() == "true":
                    told["do_not_record"] = "true"
                listing.slots.append(_slot(told, persons, room.get("name") or "", day.get("date")))
    return _if_any(listing, findings)


def read_frab_json(source: Source, findings: Findings) -> Listing | None:
    value = read_json(source.text, findings)
    if value is None:
        return None
    conference = mapping(mapping(mapping(value).get("schedule")).get("conference"))
    listing = _listing(conference)
    for day in map(mapping, entries(conference.get("days"))):
        for room, events in mapping(day.get("rooms")).items():
            for event in map(mapping, entries(events)):
                persons = [mapping(entry) for entry in entries(event.get("persons"))]
                listing.slots.append(_slot(event, persons, room, day.get("date")))
    return _if_any(listing, findings)


XML_FORMAT = listing_format("frab-xml", looks_like_frab_xml, read_frab_xml)
JSON_FORMAT = listing_format("frab-json", looks_like_frab_json, read_frab_json)


def _root(data: bytes, findings: Findings) -> Any:
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - only XML needs it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415 - as above

    if data.count(b"<") > MOST_ELEMENTS * 2:
        findings.problem(None, "this XML has more elements than any programme needs: is it really one?")
        return None
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        findings.problem(None, "this XML has a document type or entities, which are not read: export it again without")
    except ParseError as error:
        findings.problem(error.position[0], "this is not valid XML: export it again")
    except (ValueError, LookupError):
        findings.problem(None, "this XML is in an encoding that is not known: save it as UTF-8")
    return None


def _if_any(listing: Listing, findings: Findings) -> Listing | None:
    if listing.slots:
        return listing
    findings.problem(None, "this schedule holds no event: is a version of it published?")
    return None


def _listing(conference: dict[str, Any]) -> Listing:
    return Listing(
        title=one_line(conference.get("title"), 200) or None,
        key=slug(one_line(conference.get("acronym"), 200)) or None,
        timezone=one_line(conference.get("time_zone_name"), 100) or None,
    )


def _slot(values: dict[str, Any], persons: list[dict[str, Any]], room: str, day: Any) -> Slot:
    abstract, description = lines(values.get("abstract")), lines(values.get("description"))
    speakers = (Speaker(name, one_line(values.get("email"), 200) or None) for values, name in _named(persons))
    return Slot(
        Entry(
            title=one_line(values.get("title")),
            id=told_id(values.get("guid")) or told_id(values.get("code")) or told_id(values.get("id")),
            rooms=names([room or told_name(values.get("room"))]),
            track=told_name(values.get("track")) or None,
            type=told_name(values.get("type")) or None,
            state=told_name(values.get("state") or values.get("status")) or None,
            tags=names(entries(values.get("tags"))),
            speakers=tuple(speakers),
            description=abstract or description,
            language=one_line(values.get("language"), LANGUAGE_MAX) or None,
            record=False if _is_true(values.get("do_not_record")) else None,
        ),
        _told(values, day),
    )


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().casefold() == "true"


def _named(persons: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    for person in persons:
        name = one_line(person.get("public_name") or person.get("name") or person.get("full_public_name"), 200)
        if name:
            yield person, name


def _told(values: dict[str, Any], day: Any) -> Told:
    """`date` is the begin with its offset; older exports have only the day, and the time of day in `start`."""
    date, clock = one_line(values.get("date"), 60), one_line(values.get("start"), 60)
    if not date and not (day and clock):
        return Told()
    try:
        start = written_moment(date if "T" in date or " " in date else f"{date or one_line(day, 40)} {clock}")
    except NotAMoment as reason:
        return Told(flaw=f"has a date that {reason}")
    duration = one_line(values.get("duration"), 20)
    parts = _DURATION.fullmatch(duration)
    if duration and parts is None:
        return Told(flaw="has a duration that is not like 01:30: correct it")
    return Told(start, length=_length(parts) if parts else None)


def _length(parts: re.Match[str]) -> timedelta | None:
    hours, minutes, seconds, plain = (int(part or 0) for part in parts.groups())
    return timedelta(hours=hours, minutes=minutes + plain, seconds=seconds) or None
