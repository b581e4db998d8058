"""A programme written in the YAML form, so that reading it gives the equal programme back.

Imports the domain, PyYAML, the standard library and this room's reading of times.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from zoom_sync.adapters.sources.moments import NotAMoment, in_zone
from zoom_sync.domain.programme import AgendaItem, Event, Kind, KnownMeeting, Programme, Session


def dump_programme(programme: Programme) -> str:
    """The YAML text: keys in a fixed order, what is default left out, passcodes in quotes."""
    values = {
        "event": _event(programme.event),
        "sessions": [_session(session, programme.event.timezone) for session in programme.sessions],
    }
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


class _Quoted(str):
    """A text of digits that must not look like a number."""

    __slots__ = ()


class _Time(str):
    """A time, which YAML knows without quotes."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes for people: lists indented, texts of several lines as blocks, no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


_Dumper.add_representer(
    _Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)
_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)
_Dumper.add_representer(_Time, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(text)))


def _event(event: Event) -> dict[str, Any]:
    values: dict[str, Any] = {
        "key": event.key,
        "title": event.title,
        "timezone": event.timezone,
        "description": event.description,
    }
    values = {**values, "changes": event.changes and str(event.changes), "freeze_hours": event.freeze_hours}
    certificates = event.certificates.as_mapping() if event.certificates else None
    return _without_gaps({**values, "public": event.public or None, "certificates": certificates})


def _session(session: Session, event_zone: str) -> dict[str, Any]:
    return _without_gaps(
        {
            "key": session.key,
            "title": session.title,
            "long_title": session.long_title,
            "start": _written(session.start, session.timezone),
            "end": _written(session.end, session.timezone),
            "timezone": session.timezone if session.timezone != event_zone else None,
            "kind": session.kind.value if session.kind is not Kind.MEETING else None,
            "profile": session.profile,
            "host": session.host,
            "description": session.description,
            "registration": session.registration.value if session.registration else None,
            "settings": dict(session.settings) or None,
            "room": session.room,
            "track": session.track,
            "moderators": list(session.moderators) or None,
            "language": session.language,
            "expected": session.expected,
            "public": None if session.public else False,
            "cancelled": session.cancelled or None,
            "record": session.record,
            "rehearsal_of": session.rehearsal_of,
            "certificates": session.certificates.as_mapping() or None if session.certificates else None,
            "items": [_item(item, session.timezone) for item in session.items] or None,
            "meeting": _meeting(session.known) if session.known else _without_gaps({"of": session.meeting_of}) or None,
        }
    )


def _item(item: AgendaItem, zone: str) -> dict[str, Any]:
    text = item.emails[0] if len(item.emails) == 1 else None
    several = list(item.emails) if len(item.emails) > 1 else None
    told = {
        "presenter": item.presenter,
        "title": item.title,
        "country": item.country,
        "email": text,
        "emails": several,
    }
    start = _written(item.start, zone) if item.start else None
    return _without_gaps({**told, "start": start, "minutes": item.minutes})


def _meeting(known: KnownMeeting) -> dict[str, Any]:
    passcode = _Quoted(known.passcode.value) if known.passcode else None
    return _without_gaps({"id": _Quoted(known.meeting_id), "passcode": passcode})


def _written(moment: datetime, zone: str) -> _Time:
    """The local time where it names the instant, with an offset where it would name two or none."""
    local = moment.astimezone(ZoneInfo(zone))
    try:
        in_zone(local.replace(tzinfo=None, fold=0), zone)
    except NotAMoment:
        return _Time(local.isoformat())
    return _Time(local.replace(tzinfo=None).isoformat())


def _without_gaps(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
