"""The JSON that zoom_sync itself publishes, read back as the programme that it was made from.

What is not published is not there: hosts, profiles, settings, addresses, sessions that are not public.
Imports the domain, the standard library and this room.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from zoom_sync.adapters.sources.json_text import begins_as_json, entries, has_key, mapping, read_json
from zoom_sync.adapters.sources.moments import NotAMoment, in_zone, written_moment
from zoom_sync.adapters.sources.reading import Draft, Findings, Format, Source
from zoom_sync.adapters.sources.timetable import lines, names, one_line
from zoom_sync.adapters.sources.yaml_form import meeting_digits
from zoom_sync.domain.programme import AgendaItem, Event, Kind, KnownMeeting, Passcode, Session
from zoom_sync.domain.series import as_one_meeting
from zoom_sync.domain.validate import zone_flaw


def looks_like_our_json(text: str) -> bool:
    keys = ("event", "sessions", "published_at", "called_off")
    return begins_as_json(text) and all(has_key(text, key) for key in keys)


def read_our_json(source: Source, findings: Findings) -> Draft:
    values = mapping(read_json(source.text, findings))
    if findings.problems:
        return Draft()
    event = mapping(values.get("event"))
    zone = source.timezone or _text(event, "timezone")
    sessions = tuple(_sessions(entries(values.get("sessions")), zone, findings))
    key, title = source.event_key or _text(event, "key"), _text(event, "title")
    if not (key and title and zone):
        findings.problem(None, "this JSON tells no event: its `event` needs `key`, `title` and `timezone`")
        return Draft(None, sessions)
    return Draft(Event(key, title, zone, lines(event.get("description"))), as_one_meeting(sessions))


FORMAT = Format("zoom-sync-json", looks_like_our_json, read_our_json)


def _sessions(values: list[Any], event_zone: str | None, findings: Findings) -> Iterator[Session]:
    for number, one in enumerate(map(mapping, values), 1):
        key, title, zone = (_text(one, name) for name in ("key", "title", "timezone"))
        zone = zone or event_zone
        called = f"session {number}"
        if not (key and title and zone):
            findings.problem(None, f"{called} needs `key`, `title` and `timezone`")
            continue
        if flaw := zone_flaw(zone):
            findings.problem(None, f"{called}: {flaw}")
            continue
        try:
            start, end = _moment(one, "start", zone), _moment(one, "end", zone)
        except (NotAMoment, OverflowError) as reason:
            findings.problem(None, f"{called} has a time that cannot be used: {reason}")
            continue
        yield Session(
            key,
            title,
            start,
            end,
            zone,
            kind=Kind.WEBINAR if one.get("kind") == "webinar" else Kind.MEETING,
            long_title=_text(one, "long_title"),
            description=lines(one.get("description")),
            items=tuple(_items(entries(one.get("items")))),
            known=_known(one),
            room=_text(one, "room"),
            track=_text(one, "track"),
            moderators=names(entries(one.get("moderators"))),
            language=_text(one, "language"),
            cancelled=one.get("cancelled") is True,
            record=one["record"] if isinstance(one.get("record"), bool) else None,
        )


def _text(values: dict[str, Any], name: str) -> str | None:
    return one_line(values.get(name)) or None


def _moment(values: dict[str, Any], name: str, zone: str) -> datetime:
    return in_zone(written_moment(one_line(values.get(name), 60)), zone)


def _items(values: list[Any]) -> Iterator[AgendaItem]:
    for one in map(mapping, values):
        presenter, title = _text(one, "presenter"), _text(one, "title")
        if presenter and title:
            yield AgendaItem(presenter, title, _text(one, "country"))


def _known(values: dict[str, Any]) -> KnownMeeting | None:
    digits, passcode = meeting_digits(one_line(values.get("meeting_id"), 40)), _text(values, "passcode")
    return KnownMeeting(digits, Passcode(passcode) if passcode else None) if digits else None
